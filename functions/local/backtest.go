package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"leeway/core/monitor"
	"leeway/core/report"
)

type backtestFlags struct {
	bucket, model string
	config        string
	from, to      string
	output, out   string
}

var backtestOutputs = []string{"text", "json", "html", "markdown", "svg"}

func (s *shell) backtestCommand() *cobra.Command {
	var f backtestFlags
	command := &cobra.Command{
		Use:   "backtest --bucket DIR --model NAME",
		Short: "Replay stored windows under other settings",
		Long: "backtest judges a model's stored windows again, in order, under a changed\n" +
			"configuration: which alarms there would have been, which would have been missed,\n" +
			"and at what rate. It reads the stored profiles, never the logs, and writes nothing\n" +
			"to the bucket. Windows may be made longer (days into weeks), not shorter. --config is\n" +
			"a whole configuration: what it does not say has its default.",
		Example: "  leeway backtest --bucket ./bucket --model churn --config changed.yaml\n" +
			"  leeway backtest --bucket ./bucket --model churn --from 2026-10-01 --to 2026-11-01 --out backtest.html",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.backtest(cmd.Context(), &f) },
	}
	flags := command.Flags()
	flags.StringVar(&f.bucket, "bucket", "", "`DIR` of the bucket")
	flags.StringVar(&f.model, "model", "", "`NAME` of the model")
	flags.StringVar(&f.config, "config", "", "`FILE` with the whole configuration to try (default: the model's own)")
	flags.StringVar(&f.from, "from", "", "first `DAY` (2026-10-01) or instant (RFC 3339)")
	flags.StringVar(&f.to, "to", "", "`DAY` or instant to stop before")
	flags.StringVarP(&f.output, "output", "o", "", formHelp("form", backtestOutputs))
	flags.StringVar(&f.out, "out", "", "`FILE` to write to instead of stdout")
	return command
}

func (s *shell) backtest(ctx context.Context, f *backtestFlags) error {
	options := &monitor.BacktestOptions{}
	var early, late error
	options.From, early = moment("--from", f.from)
	options.To, late = moment("--to", f.to)
	output, wrong := form(f.output, f.out, backtestOutputs)
	if err := errors.Join(wrong, early, late); err != nil {
		return err
	}
	if f.from != "" && f.to != "" && !options.From.Before(options.To) {
		return usage{fmt.Sprintf("--from %s is not before --to %s: no window lies between them", f.from, f.to)}
	}
	if f.config != "" {
		changed, err := s.settings(f.config)
		if err != nil {
			return err
		}
		options.Config = changed
	}
	m, err := s.known(ctx, &baselineFlags{bucket: f.bucket, model: f.model})
	if err != nil {
		return err
	}
	b, err := m.Backtest(ctx, f.model, options)
	if err != nil {
		return err
	}
	return s.emit(f.out, func(w io.Writer) error {
		switch output {
		case "json":
			return report.BacktestJSON(w, b)
		case "html":
			return report.BacktestHTML(w, b)
		case "markdown":
			return report.BacktestMarkdown(w, b)
		case "svg":
			return report.BacktestSVG(w, b)
		}
		return report.BacktestText(w, b, &report.TextOptions{Color: f.out == "" && colourful(w), Width: width(w)})
	})
}

// moment reads a day or an instant; "" is the zero time.
func moment(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage{fmt.Sprintf("%s %s is no day: write 2026-10-01 or 2026-10-01T12:00:00Z", flag, text)}
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leeway/core/check/all"
	"leeway/core/check/cause"
	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/infra/prometheus"
)

func (s *shell) explainCommand() *cobra.Command {
	var bucket string
	command := &cobra.Command{
		Use:   "explain NAME",
		Short: "Explain a metric, a verdict, a severity, a cause or a finding",
		Long: "explain says what a name in a report means: formula, range, when to use it, its\n" +
			"source, and what to do about it. A finding is named by its id; with --bucket its\n" +
			"latest evidence is shown too.",
		Example: "  leeway explain psi\n  leeway explain verdict\n  leeway explain drift.js_distance.lead_time --bucket ./bucket",
		Args:    arguments(1, 1, "a NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.explain(cmd.Context(), args[0], bucket)
		},
	}
	command.Flags().StringVar(&bucket, "bucket", "", "`DIR` to look a finding up in")
	return command
}

// words are the names that are no metrics.
var words = map[string]string{
	"verdict": "The outcome of a window, and of each family of checks in it:\n" +
		"  ok       nothing significant changed\n" +
		"  warn     something changed for certain, but less than what policy.material calls worth an alert\n" +
		"  alert    something changed for certain and by more than that, or the contract is broken\n" +
		"  unknown  too few rows to tell what would matter; the report says how many it would need\n" +
		"  invalid  the input cannot be read; it is in quarantine, with the reason\n" +
		"\"For certain\" means: over all tests of the window together, the chance that an unchanged\n" +
		"window gets an alarm is at most policy.false_alarms (0.01 unless configured).\n" +
		"Do: open the findings, gravest first; each has a hint.\n",
	"severity": "How grave a finding is: alert (significant and material), warn (significant, below the\n" +
		"material threshold), unknown (could not be told at this number of rows), info (never an alarm).\n",
	"effect": "The part of a metric's value that is beyond the noise floor: what is left after taking away\n" +
		"what two samples of this size would show though nothing had changed.\n",
	"noise_floor": "What a metric would be, in expectation, between two samples of these sizes if nothing had\nchanged. No distance between samples is ever zero; comparing it with zero is how monitors cry wolf.\n",
	"q_value":     "A p-value corrected for all tests of the window together: the smallest policy.false_alarms at\nwhich it is significant. Tests about how good the model was, its output, the features, whole rows, the cells and the\ntable have a share of the budget each (a tenth at least for the first two, a twentieth for rows and\nfor the table), divided by Holm's method (1979) within: many features do not bury the others.\n",
	"p_value":     "The chance of evidence at least as strong as this if nothing had changed. One test among many:\nsee q_value for the corrected one.\n",
	"threshold":   "The smallest effect worth an alert, per metric: policy.material in the configuration, else the\nmetric's default.\n",
	"detectable":  "The smallest effect that the window would have shown with 80% power at its number of rows.\n",
	"cause": "A fault upstream that explains a finding: a unit that changed, a default that took over. It is told\n" +
		"from drift by undoing it: the two sides then agree. docs/causes.md lists the kinds.\n",
	"contributions": "The cells of a column (ranges of numbers, categories) that carry most of its change, the largest\n" +
		"part of the Jensen-Shannon divergence first, each with the share of both sides' values in it.\n",
	"baseline": "The stored, versioned, approved profile that current data are compared with. Without data in\n" +
		"reference/<model>/ the first batch becomes a proposed baseline: nobody has said that it is good.\n" +
		"Do: leeway baseline list, then leeway baseline approve.\n",
}

func (s *shell) explain(ctx context.Context, name, bucket string) error {
	if check, rest, ok := strings.Cut(name, "."); ok {
		return s.explainFinding(ctx, name, check, rest, bucket)
	}
	key := strings.ToLower(strings.ReplaceAll(name, "-", "_"))
	for _, verdict := range []string{"ok", "warn", "alert", "unknown", "invalid"} {
		if key == verdict {
			key = "verdict"
		}
	}
	if text, ok := words[strings.TrimPrefix(key, "leeway_")]; ok {
		_, err := io.WriteString(s.stdout, text)
		return err
	}
	if text := exposed(key); text != "" {
		_, err := fmt.Fprintf(s.stdout, "%s (on /metrics)\n\n  %s\n", key, text)
		return err
	}
	key = strings.TrimPrefix(key, "leeway_")
	for _, desc := range append(all.Metrics(), all.Events()...) {
		if desc.Name == key || desc.Check+"_"+desc.Name == key {
			return describe(s.stdout, &desc)
		}
	}
	for i := range cause.Table {
		if cause.Table[i].Name == key {
			return describeFault(s.stdout, &cause.Table[i])
		}
	}
	return &fault.Error{Kind: fault.NotFound, Object: name, Err: fmt.Errorf("no metric, verdict or finding has this name"), Hint: suggestion(key)}
}

// exposed is the help of a metric that /metrics always has, "" for others.
func exposed(name string) string {
	var page bytes.Buffer
	if err := prometheus.Write(&page, nil, nil, prometheus.Text); err != nil {
		return "" // a buffer takes everything
	}
	for line := range strings.Lines(page.String()) {
		if text, found := strings.CutPrefix(line, "# HELP "+name+" "); found {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

func suggestion(key string) string {
	var names []string
	for _, desc := range append(all.Metrics(), all.Events()...) {
		names = append(names, desc.Name)
	}
	for _, fault := range cause.Table {
		names = append(names, fault.Name)
	}
	for word := range words {
		names = append(names, word)
	}
	slices.Sort(names)
	if nearest := fault.Nearest(key, names); nearest != "" {
		return "did you mean " + nearest + "?"
	}
	return "docs/metrics.md and docs/causes.md list them all"
}

func describe(w io.Writer, d *metric.Desc) error {
	_, err := fmt.Fprintf(w, "%s (check %s)\n\n  %s\n", d.Name, d.Check, d.Help)
	line := func(label, text string) {
		if text != "" && err == nil {
			_, err = fmt.Fprintf(w, "  %-8s  %s\n", label, strings.ReplaceAll(text, "\n", "\n            "))
		}
	}
	fmt.Fprintln(w)
	line("formula", d.Formula)
	isMetric := d.Low < d.High
	if isMetric {
		line("range", fmt.Sprintf("%v to %v%s", number(d.Low), number(d.High), unit(d.Unit)))
	}
	line("better", d.Better)
	line("needs", d.Needs)
	line("laws", strings.Join(d.Laws, "; "))
	line("use", d.Use)
	line("source", d.Cite)
	if isMetric {
		line("in sinks", d.FullName())
	}
	return err
}

// describeFault explains a cause.
func describeFault(w io.Writer, f *cause.Fault) error {
	_, err := fmt.Fprintf(w, "%s (a cause: a fault upstream that explains a finding)\n\n  %s\n\n  needs     %s\n  told by   %s\n  do        %s\n", f.Name, f.Help, f.Needs, f.How, f.Use)
	return err
}

func unit(name string) string {
	if name == "" {
		return ""
	}
	return " (" + name + ")"
}

func number(x float64) string {
	switch fmt.Sprint(x) {
	case "+Inf":
		return "no upper bound"
	case "-Inf":
		return "no lower bound"
	}
	return fmt.Sprint(x)
}

// explainFinding explains a finding by its id, check.metric.column, with its
// newest evidence where a bucket is given.
func (s *shell) explainFinding(ctx context.Context, id, check, rest, bucket string) error {
	name, where, _ := strings.Cut(rest, ".")
	about := "all rows"
	if column, err := url.PathUnescape(where); err == nil && where != "" {
		about = fmt.Sprintf("%q", column)
	}
	if err := s.explain(ctx, name, ""); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.stdout, "\nHere it is a finding of the %s checks about %s.\n", check, about); err != nil {
		return err
	}
	if bucket == "" {
		return nil
	}
	found, r, err := s.latestFinding(ctx, bucket, id)
	if err != nil {
		return err
	}
	return evidence(s.stdout, found, r)
}

func evidence(w io.Writer, f *report.Finding, r *report.Report) error {
	_, err := fmt.Fprintf(w, "\nLast seen: model %s, window %s to %s, report %s\n  %s: %s\n", r.Model, r.Window.Start, r.Window.End, r.ID, f.Severity, f.Message)
	show := func(label string, x *float64) {
		if x != nil && err == nil {
			_, err = fmt.Fprintf(w, "  %-12s %.6g\n", label, *x)
		}
	}
	show("value", f.Value)
	show("noise floor", f.NoiseFloor)
	show("effect", f.Effect)
	show("threshold", f.Threshold)
	show("p-value", f.P)
	show("q-value", f.Q)
	if f.Cause != nil && err == nil {
		_, err = fmt.Fprintf(w, "  cause: %s: %s\n", f.Cause.Kind, f.Cause.Evidence)
	}
	if carried := f.Carried(5); carried != "" && err == nil {
		_, err = fmt.Fprintf(w, "  most of it: %s\n", carried)
	}
	if f.Hint != "" && err == nil {
		_, err = fmt.Fprintf(w, "  do: %s\n", f.Hint)
	}
	return err
}

// latestFinding looks a finding up in the newest window of a bucket that has it.
func (s *shell) latestFinding(ctx context.Context, bucket, id string) (*report.Finding, *report.Report, error) {
	pipeline, err := s.openBucket(bucket)
	if err != nil {
		return nil, nil, err
	}
	names, err := pipeline.DB.Models(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		history, err := pipeline.DB.History(ctx, name, time.Time{}, time.Time{})
		if err != nil {
			return nil, nil, err
		}
		for _, summary := range slices.Backward(history) {
			if !slices.ContainsFunc(summary.Findings, func(f state.FindingSummary) bool { return f.ID == id }) {
				continue
			}
			r, err := pipeline.DB.Report(ctx, name, summary.Report)
			if err != nil {
				return nil, nil, err
			}
			at := slices.IndexFunc(r.Findings, func(f report.Finding) bool { return f.ID == id })
			return &r.Findings[at], r, nil
		}
	}
	return nil, nil, &fault.Error{Kind: fault.NotFound, Object: bucket, Err: fmt.Errorf("no report has the finding %s", id), Hint: "leeway explain without --bucket explains its metric"}
}

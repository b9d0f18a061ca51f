package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/report/plain"
	"leeway/functions/internal/boot"
	"leeway/infra/local/filestore"
	"leeway/infra/webhook"
)

func (s *shell) runCommand() *cobra.Command {
	var bucket, output, fail string
	command := &cobra.Command{
		Use:   "run --bucket DIR",
		Short: "Process everything pending in a bucket, then exit",
		Long: "run reads every batch under logs/<model>/ that is new or was rewritten, and makes a\n" +
			"report for each window that it touches; so do labels under labels/<model>/, for the\n" +
			"windows that their rows are in. For cron and CI: running it again with\n" +
			"nothing new does nothing. The new reports' verdicts go to stdout, with --output json\n" +
			"as CloudEvents, one per line; the log, one JSON object per line, goes to stderr.\n" +
			"A file that some program is still writing is left for the next run, and said.",
		Example: "  leeway run --bucket ./bucket",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := errors.Join(oneOf("--output", output, []string{"text", "json"}), failOn(fail).check()); err != nil {
				return err
			}
			return s.runOnce(cmd.Context(), bucket, output, failOn(fail))
		},
	}
	command.Flags().StringVar(&bucket, "bucket", "", "`DIR` that holds logs/, reference/, config/ and state/")
	command.Flags().StringVarP(&output, "output", "o", "text", "form of the list of new reports: text, json")
	command.Flags().StringVar(&fail, "fail-on", "alert", "exit with 3 on: warn, alert, never")
	return command
}

func (s *shell) runOnce(ctx context.Context, bucket, output string, fail failOn) error {
	pipeline, err := s.openBucket(bucket)
	if err != nil {
		return err
	}
	if err := s.tellStrays(ctx, pipeline, bucket); err != nil {
		return err
	}
	worst, began := report.OK, time.Now()
	for {
		var unlisted, unwritten error
		looked := time.Now()
		err = pipeline.RunAll(ctx, func(r *monitor.Result) {
			worst = monitor.Graver(worst, r.Verdict())
			unlisted = errors.Join(unlisted, s.list(r, output))
			unwritten = errors.Join(unwritten, left(r))
		})
		if err = errors.Join(err, unlisted); err != nil {
			return err
		}
		if unwritten == nil {
			return fail.code(worst)
		}
		if looked.Sub(began) > patience { // however long a look takes, the last one begins then
			return unwritten
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lull):
		}
	}
}

// patience is for how long run waits for files that somebody is still writing.
const patience = 2 * time.Second

// left is an error for each file that is not processed because somebody is
// still writing it.
func left(r *monitor.Result) error {
	var all error
	for _, key := range slices.Sorted(maps.Keys(r.Waiting)) {
		all = errors.Join(all, &fault.Error{Kind: fault.Unavailable, Object: key, Err: errors.New("is still being written"), Hint: "run again once it is whole"})
	}
	return all
}

// list prints a line for each new report: words, or events as JSON.
func (s *shell) list(result *monitor.Result, output string) error {
	for _, r := range result.Reports {
		line := fmt.Sprintf("%-8s %s  %s  %s", r.Verdict, r.Model, span(r.Window), r.Summary)
		if output == "json" {
			data, err := ready(r)
			if err != nil {
				return err
			}
			line = string(data)
		}
		if _, err := fmt.Fprintln(s.stdout, line); err != nil {
			return err
		}
	}
	for _, note := range alike(result.Notes) {
		s.say("%s: %s", result.Model, note)
	}
	for _, err := range result.Unread {
		s.say("%s: no label of a file is taken: %v", result.Model, err)
	}
	if result.Unused != nil {
		s.say("%s: %v", result.Model, result.Unused)
	}
	if n := len(result.Reports); n > 0 && result.Reports[n-1].Reference.Proposed {
		s.say("%s: the baseline is only proposed: leeway baseline approve --bucket DIR --model %[1]s %s, or put reference data into reference/%[1]s/",
			result.Model, result.Reports[n-1].Reference.Baseline)
	}
	if n := len(result.Unread); n > 0 && output == "text" {
		if _, err := fmt.Fprintf(s.stdout, "%-8s %s  %s could not be read: see quarantine/\n", report.Invalid, result.Model, plain.Plural(int64(n), "label file", "label files")); err != nil {
			return err
		}
	}
	if result.Invalid > 0 && output == "text" {
		_, err := fmt.Fprintf(s.stdout, "%-8s %s  %d of %d batches could not be read: see quarantine/\n", report.Invalid, result.Model, result.Invalid, result.Batches)
		return err
	}
	return nil
}

// ready is the event that tells of a new report.
func ready(r *report.Report) ([]byte, error) {
	event, err := monitor.ReportReady(r)
	if err != nil {
		return nil, err
	}
	return json.Marshal(event)
}

// span is a window in short: its first day, or its first instant where it is
// shorter than a day.
func span(w *report.Window) string {
	if w == nil {
		return "-"
	}
	return strings.TrimSuffix(w.Start, "T00:00:00Z")
}

// openBucket wires the pipeline to a folder.
func (s *shell) openBucket(dir string) (*monitor.Monitor, error) {
	if dir == "" {
		return nil, usage{"needs --bucket DIR: the folder that holds logs/, reference/ and state/"}
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, pathError(dir, err)
	}
	if !info.IsDir() {
		return nil, &fault.Error{Kind: fault.Invalid, Object: dir, Err: errors.New("is not a folder"), Hint: "name the folder that holds logs/"}
	}
	store, err := filestore.Open(dir)
	if err != nil {
		return nil, fault.In(dir, err)
	}
	observe := boot.Observer(slog.New(slog.NewJSONHandler(s.stderr, nil)))
	return boot.Wire(boot.Parts{
		Data: store, State: store, Observe: observe, IDKey: []byte(os.Getenv("LEEWAY_ID_KEY")), Location: location(dir),
		Sinks: monitor.Sinks{"webhook": webhook.OpenSink}, Triggers: monitor.Triggers{"webhook": webhook.OpenTrigger},
	}), nil
}

// location is the folder as a URL.
func location(dir string) string {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String()
}

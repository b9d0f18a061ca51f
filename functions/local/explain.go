package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leeway/core/check"
	"leeway/core/check/all"
	"leeway/core/check/cause"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/glossary"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/report/plain"
	"leeway/core/segment"
	"leeway/core/state"
	"leeway/infra/prometheus"
)

func (s *shell) explainCommand() *cobra.Command {
	var bucket string
	command := &cobra.Command{
		Use:   "explain NAME",
		Short: "Explain a metric, a finding, a field of a report or a key of the configuration",
		Long: "explain says what a name in a report, on /metrics or in a configuration means:\n" +
			"formula, range, when to use it, its source, and what to do about it. A finding is\n" +
			"named by its id; with --bucket its latest evidence is shown too.",
		Example: "  leeway explain psi\n  leeway explain verdict\n  leeway explain noise_floor\n  leeway explain performance.moved\n  leeway explain policy.false_alarms\n  leeway explain drift.js_distance.lead_time --bucket ./bucket",
		Args:    arguments(1, 1, "a NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.explain(cmd.Context(), args[0], bucket)
		},
	}
	command.Flags().StringVar(&bucket, "bucket", "", "`DIR` to look a finding up in")
	return command
}

func (s *shell) explain(ctx context.Context, name, bucket string) error {
	if strings.Trim(name, ". ") == "" {
		return usage{"explain needs a NAME: leeway explain --help shows how"}
	}
	if config.Explain(name) == "" {
		if check, rest, _ := strings.Cut(name, "."); rest != "" {
			return s.explainFinding(ctx, name, check, rest, bucket)
		}
	}
	text := meaning(name)
	if text == "" {
		return &fault.Error{Kind: fault.NotFound, Object: name, Err: errors.New("no metric, verdict, finding, cause, field of a report or key of the configuration has this name"), Hint: meant(name, slices.Concat(report.Fields(), config.Keys(), terms(), metrics(), causes()))}
	}
	_, err := io.WriteString(s.stdout, text)
	return err
}

// meaning is all that there is to say of a name, "" if it is unknown. What it
// names is looked for where people meet names first.
func meaning(name string) string {
	key := strings.ToLower(strings.ReplaceAll(name, "-", "_"))
	bare := strings.TrimPrefix(key, "leeway_")
	for _, look := range []func() string{
		func() string { return word(name) },
		func() string { return word(bare) },
		func() string { return exposed(key) },
		func() string { return catalogued(bare) },
		func() string { return named(bare) },
		func() string { return field(bare) },
		func() string { return setting(name) },
	} {
		if text := look(); text != "" {
			return text + also(bare, text)
		}
	}
	return ""
}

// also is the key of the configuration that is called like what a text is about, for
// a word may be both; "" for none.
func also(key, text string) string {
	own := setting(key)
	if own == "" || own == text || strings.Contains(text, "(in the configuration;") {
		return ""
	}
	return "\n" + own
}

// word is a word of the glossary.
func word(key string) string {
	t := glossary.Find(key)
	if t == nil {
		return ""
	}
	text := fmt.Sprintf("%s: %s.\n", strings.Join(t.Names, ", "), strings.ReplaceAll(t.Meaning, "`", ""))
	if t.More != "" {
		text += "\n" + indented(t.More)
	}
	return text
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n"
}

// exposed is the help of a metric that /metrics always has.
func exposed(name string) string {
	var page bytes.Buffer
	if err := prometheus.Write(&page, nil, nil, prometheus.Text); err != nil {
		return "" // a buffer takes everything
	}
	for line := range strings.Lines(page.String()) {
		if text, found := strings.CutPrefix(line, "# HELP "+name+" "); found {
			return fmt.Sprintf("%s (on /metrics)\n\n  %s\n", name, strings.TrimSpace(text))
		}
	}
	return ""
}

// catalogued is a metric, or a finding that is none.
func catalogued(key string) string {
	called := func(d *metric.Desc) bool { return d.Name == key || d.Check+"_"+d.Name == key }
	for _, desc := range all.Metrics() {
		if called(&desc) {
			return describe(&desc, "in sinks", desc.FullName())
		}
	}
	for _, desc := range all.Events() {
		if called(&desc) {
			return describe(&desc, "", "")
		}
	}
	return ""
}

// ofCheck is a metric of a check, or a finding of it that is none.
func ofCheck(family, name string) string {
	for _, desc := range slices.Concat(all.Metrics(), all.Events()) {
		if desc.Check == family && desc.Name == name {
			return catalogued(family + "_" + name)
		}
	}
	return ""
}

// placed is a field of a report by its path.
func placed(path string) string {
	help := report.Help(path)
	if help == "" {
		return ""
	}
	text := fmt.Sprintf("%s (in a report; leeway schema report has them all)\n\n  %s\n", path, help)
	steps := strings.Split(path, ".")
	last := steps[len(steps)-1]
	if about := len(steps) - 2; last == "verdict" && about >= 0 && word(steps[about]) != "" {
		last = steps[about] // a verdict on something has words of its own
	}
	if more := word(last); more != "" {
		text += "\n" + more
	}
	return text
}

func describe(d *metric.Desc, label, more string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (check %s)\n\n  %s\n\n", d.Name, d.Check, d.Help)
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-8s  %s\n", label, strings.ReplaceAll(text, "\n", "\n            "))
		}
	}
	line("formula", d.Formula)
	if d.Low < d.High {
		line("range", fmt.Sprintf("%v to %v%s", number(d.Low), number(d.High), unit(d.Unit)))
	} else {
		line("range", "none: it is there or it is not")
	}
	line("better", d.Better)
	line("needs", d.Needs)
	line("laws", strings.Join(d.Laws, "; "))
	line("use", d.Use)
	line("source", d.Cite)
	line(label, more)
	return b.String()
}

// named is a cause.
func named(key string) string {
	for i := range cause.Table {
		if f := &cause.Table[i]; f.Name == key {
			return fmt.Sprintf("%s (a cause: a fault upstream that explains a finding)\n\n  %s\n\n  needs     %s\n  told by   %s\n  do        %s\n", f.Name, f.Help, f.Needs, f.How, f.Use)
		}
	}
	return ""
}

// field is a field of a report that no other table explains.
func field(key string) string {
	places := report.Explain(key)
	if len(places) == 0 {
		return ""
	}
	text := fmt.Sprintf("%s (in a report; leeway schema report has them all)\n\n", key)
	for _, place := range places {
		text += fmt.Sprintf("  in %s: %s\n", place.In, place.Help)
	}
	return text
}

// setting is a key of the configuration, alone or with those that it is in.
func setting(name string) string {
	help := config.Explain(name)
	if help == "" {
		return ""
	}
	return fmt.Sprintf("%s (in the configuration; docs/config.md has all keys)\n\n%s", name, indented(help))
}

// meant names the nearest name that there is.
func meant(name string, names []string) string {
	slices.Sort(names)
	if nearest := fault.Nearest(strings.ToLower(name), names); nearest != "" {
		return "did you mean " + nearest + "?"
	}
	return "docs/metrics.md, docs/causes.md, docs/glossary.md and docs/config.md list them all"
}

// metrics are the names of metrics, and of findings that are none.
func metrics() (names []string) {
	for _, desc := range append(all.Metrics(), all.Events()...) {
		names = append(names, desc.Name)
	}
	return names
}

func causes() (names []string) {
	for i := range cause.Table {
		names = append(names, cause.Table[i].Name)
	}
	return names
}

func terms() (names []string) {
	for i := range glossary.Terms {
		names = append(names, strings.ToLower(glossary.Terms[i].Names[0]))
	}
	return names
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

// decoded is a label as it was before it became part of an id.
func decoded(piece string) string {
	if text, err := url.PathUnescape(piece); err == nil {
		return text
	}
	return piece
}

// subjectOf reads what an id says of where a finding is: a column, a segment, a
// column in a segment, or neither.
func subjectOf(where string) string {
	if where == "" {
		return "all rows"
	}
	var column, part string
	for piece := range strings.SplitSeq(where, ".") {
		text := decoded(piece)
		if _, _, ok := segment.Parse(text); ok {
			part = segment.Words(text)
		} else {
			column = strings.TrimPrefix(column+"."+text, ".")
		}
	}
	switch {
	case column == "":
		return "the segment " + part
	case part != "":
		return fmt.Sprintf("%q in the segment %s", column, part)
	}
	return fmt.Sprintf("%q", column)
}

// explainFinding explains a finding by its id, check.metric.column, with its
// newest evidence where a bucket is given.
func (s *shell) explainFinding(ctx context.Context, id, family, rest, bucket string) error {
	name, where, _ := strings.Cut(rest, ".")
	about := subjectOf(where)
	if name == check.SliceErrors { // its conditions look like a segment
		about = "the slice " + decoded(where)
	}
	text := ofCheck(family, name)
	if text == "" {
		if text = placed(id); text != "" {
			_, err := io.WriteString(s.stdout, text)
			return err
		}
		text = catalogued(name)
	}
	if text == "" {
		return &fault.Error{Kind: fault.NotFound, Object: id, Err: fmt.Errorf("no metric or finding is called %q", name), Hint: meant(name, metrics())}
	}
	if _, err := io.WriteString(s.stdout, text); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.stdout, "\nHere it is a finding of the %s checks about %s.\n", family, about); err != nil {
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
	show := func(label, text string) {
		if text != "" && err == nil {
			_, err = fmt.Fprintf(w, "  %-12s %s\n", label, text)
		}
	}
	show("value", amount(f.Value))
	if f.Interval != nil {
		show("interval", fmt.Sprintf("%.6g to %.6g", f.Interval[0], f.Interval[1]))
	}
	show("noise floor", amount(f.NoiseFloor))
	show("effect", amount(f.Effect))
	show("threshold", amount(f.Threshold))
	show("detectable", amount(f.Detectable))
	show("p-value", chance(f.P))
	show("q-value", chance(f.Q))
	show("compared", fmt.Sprintf("%s of the reference, %s now", plain.Count(f.NReference), plain.Count(f.NCurrent)))
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

func amount(x *float64) string {
	if x == nil {
		return ""
	}
	return fmt.Sprintf("%.6g", *x)
}

// chance is a p-value; the smallest ones are only known to be that.
func chance(p *float64) string {
	if p == nil {
		return ""
	}
	return plain.P(*p)
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

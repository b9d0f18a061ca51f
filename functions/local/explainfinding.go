package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"leeway/core/check"
	"leeway/core/check/all"
	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/report/plain"
	"leeway/core/segment"
	"leeway/core/state"
)

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
	if whole := ending(path); help == "" && whole != "" {
		path, help = whole, report.Help(whole)
	}
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

// ending is the one path of a report that ends in that, "" if there is none or another.
func ending(path string) (whole string) {
	for _, one := range report.Paths() {
		if strings.HasSuffix(one, "."+path) && report.Help(one) != "" {
			if whole != "" {
				return ""
			}
			whole = one
		}
	}
	return whole
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
		return &fault.Error{Kind: fault.NotFound, Object: id, Err: fmt.Errorf("no metric, finding or place in a report is called %q", name), Hint: near(id, family+"."+name)}
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

// near names what an id that nobody knows may have meant, of which begin are the first two parts.
func near(id, begin string) string {
	if report.Help(begin) != "" {
		return meant(id, report.Paths())
	}
	return meant(begin, slices.Concat(dotted(), report.Paths()))
}

// dotted are the names of metrics and findings with those of their checks.
func dotted() (names []string) {
	for _, desc := range slices.Concat(all.Metrics(), all.Events()) {
		names = append(names, desc.Check+"."+desc.Name)
	}
	return names
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

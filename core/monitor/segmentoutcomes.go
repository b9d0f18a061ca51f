package monitor

import (
	"fmt"
	"slices"

	"leeway/core/check"
	"leeway/core/check/performance"
	"leeway/core/outcome"
	"leeway/core/segment"
)

// outcomesBySegment adds how good predictions were in each segment that has a
// profile, where labels are known, and whether they got worse there.
func outcomesBySegment(to *check.Outcome, in *check.Input) error {
	if in.Groups == nil || in.Groups.Current == nil || in.Labelled == nil {
		return nil
	}
	for i := range in.Groups.Current.Cut {
		now := &in.Groups.Current.Cut[i]
		if !now.Segment {
			continue
		}
		for k := range now.Parts {
			key := keyOf(now, &now.Parts[k])
			if in.Reference.Segment(key) == nil || now.Parts[k].Summary == nil || now.Parts[k].Summary.Labelled == 0 {
				continue
			}
			labelled := &check.Labelled{Current: now.Parts[k].Summary}
			if before := in.Groups.Reference; before != nil {
				labelled.Reference = before.Cut[i].Parts[k].Summary
			}
			if err := addOutcomes(to, in, key, labelled); err != nil {
				return fmt.Errorf("segment %s: %w", key, err)
			}
		}
	}
	return nil
}

// keyOf names a part of a cut as core/segment does.
func keyOf(c *outcome.Cut, p *outcome.Part) string {
	d := segment.Division{By: slices.Clone(c.Columns)}
	slices.Sort(d.By)
	var values []string
	for _, name := range d.By {
		values = append(values, p.Values[slices.Index(c.Columns, name)])
	}
	return d.Key(values)
}

func addOutcomes(to *check.Outcome, in *check.Input, key string, l *check.Labelled) error {
	found, err := (performance.Check{}).Evaluate(&check.Input{Schema: in.Schema, Segment: key, Labelled: l})
	if err != nil {
		return fmt.Errorf("performance checks: %w", err)
	}
	for _, sample := range found.Samples {
		sample.Labels.Segment = key
		to.Samples = append(to.Samples, sample)
	}
	if l.Current.Labelled < fewestTested || l.Reference == nil || l.Reference.Labelled < fewestTested {
		return nil
	}
	for _, e := range found.Evidence {
		to.Evidence = append(to.Evidence, ofSegment(key, e))
	}
	return nil
}

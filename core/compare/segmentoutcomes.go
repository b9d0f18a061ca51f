package compare

import (
	"fmt"
	"slices"

	"leeway/core/check"
	"leeway/core/check/performance"
	"leeway/core/outcome"
	"leeway/core/profile"
	"leeway/core/segment"
)

// OutcomesBySegment adds how good predictions were in each segment that has a
// profile, where labels are known, and whether they got worse there.
func OutcomesBySegment(to *check.Outcome, in *check.Input) error {
	if in.Groups == nil || in.Groups.Current == nil || in.Labelled == nil {
		return nil
	}
	for i := range in.Groups.Current.Cut {
		now := &in.Groups.Current.Cut[i]
		if !now.Segment {
			continue
		}
		was := &outcome.Cut{Parts: make([]outcome.Part, len(now.Parts)), Rest: &outcome.Part{}}
		if in.Groups.Reference != nil {
			was = &in.Groups.Reference.Cut[i]
		}
		for k := range now.Parts {
			if err := addPart(to, in, keyOf(now, &now.Parts[k]), &was.Parts[k], &now.Parts[k]); err != nil {
				return err
			}
		}
		if now.Rest == nil {
			continue
		}
		if err := addPart(to, in, keyOf(now, now.Rest), was.Rest, now.Rest); err != nil {
			return err
		}
	}
	return nil
}

// addPart adds that of a part, if it is a segment of both sides and has labels.
func addPart(to *check.Outcome, in *check.Input, key string, before, now *outcome.Part) error {
	at := slices.IndexFunc(in.Reference.Segments, func(s profile.Segment) bool { return s.Key == key })
	if at < 0 || none(in, at) || now.Summary == nil || now.Summary.Labelled == 0 {
		return nil
	}
	if err := addOutcomes(to, in, key, &check.Labelled{Reference: before.Summary, Current: now.Summary}); err != nil {
		return fmt.Errorf("segment %s: %w", key, err)
	}
	return nil
}

// keyOf names a part of a cut, or its rest, as core/segment does.
func keyOf(c *outcome.Cut, p *outcome.Part) string {
	d := segment.Division{By: slices.Clone(c.Columns)}
	slices.Sort(d.By)
	if p == c.Rest {
		return d.Key(nil)
	}
	var values []string
	for _, name := range d.By {
		values = append(values, p.Values[slices.Index(c.Columns, name)])
	}
	return d.Key(values)
}

func addOutcomes(to *check.Outcome, in *check.Input, key string, l *check.Labelled) error {
	found, err := (performance.Check{}).Evaluate(&check.Input{Schema: in.Schema, Segment: key, Labelled: l, Wanted: in.Wanted})
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

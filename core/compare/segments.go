package compare

import (
	"fmt"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/check/all"
	"leeway/core/check/quality"
	"leeway/core/collect"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/segment"
)

// only is a profile with the segments that the configuration asks for.
func (c *Comparison) only(p *profile.Dataset) *profile.Dataset {
	if len(p.Segments) == 0 {
		return p
	}
	asked := map[string]bool{}
	for _, by := range collect.DividedBy(c.Config, c.Contract) {
		asked[(&segment.Division{By: by}).Key(nil)] = true
	}
	return p.Without(func(division string) bool { return !asked[division] })
}

// fewestTested is how many current rows a segment must have to be tested.
const fewestTested = 30

// bySegment runs the checks on the rows of each segment.
func bySegment(in *check.Input) (whole check.Outcome, err error) {
	contracts := map[string]*parted{}
	for i := range in.Reference.Segments {
		key := in.Reference.Segments[i].Key
		cur := in.Current.Segment(key)
		if none(in, i) {
			continue
		}
		one := check.Input{
			Segment: key, Reference: in.Reference.Segments[i].Profile, Current: cur,
			Methods: in.Methods, Start: in.Start, End: in.End,
		}
		if in.Known != nil {
			one.Known = in.Known.Segment(key)
		}
		by := segment.DivisionOf(key)
		if contracts[by] == nil {
			contracts[by] = contractOf(in, key)
		}
		one.Schema = contracts[by].schema
		if err := addSegment(&whole, &one, contracts[by].promised); err != nil {
			return whole, fmt.Errorf("segment %s: %w", key, err)
		}
	}
	return whole, OutcomesBySegment(&whole, in)
}

// none tells whether there is nothing to compare in a segment of the reference: no
// row of either side is in it (where every value has its own, there are no others);
// or it is the rest of a division of which the sides know other values, as two
// baselines may, so that it is not the same rest.
func none(in *check.Input, i int) bool {
	ref := &in.Reference.Segments[i]
	cur := in.Current.Segment(ref.Key)
	if cur == nil || ref.Profile.Rows == 0 && cur.Rows == 0 {
		return true
	}
	_, values, _ := segment.Parse(ref.Key)
	return values == nil && !slices.Equal(keysOf(in.Reference, ref.Key), keysOf(in.Current, ref.Key))
}

// keysOf lists the segments that a profile has of a division.
func keysOf(p *profile.Dataset, division string) (keys []string) {
	for i := range p.Segments {
		if key := p.Segments[i].Key; segment.DivisionOf(key) == division {
			keys = append(keys, key)
		}
	}
	return keys
}

// parted is the contract of the segments of a division.
type parted struct {
	schema   *schema.Schema
	promised map[string]bool // columns with a configured range or list
}

// contractOf is the contract of the columns that the segments of a division keep.
// What share of values may be missing is promised of all rows, not of each
// segment: there it is held against the reference.
func contractOf(in *check.Input, key string) *parted {
	by, _, _ := segment.Parse(key)
	contract, promised := *in.Schema, map[string]bool{}
	contract.Columns = nil
	for _, c := range in.Schema.Columns {
		if c.Role.Drifts() && (c.Kind.Quantitative() || c.Kind.Discrete()) && !slices.Contains(by, c.Name) {
			c.Missing = nil
			promised[c.Name] = c.Min != nil || c.Max != nil || c.Allowed != nil
			contract.Columns = append(contract.Columns, c)
		}
	}
	return &parted{&contract, promised}
}

// addSegment adds what the checks say of one segment.
func addSegment(to *check.Outcome, in *check.Input, promised map[string]bool) error {
	for _, family := range all.OfSegments {
		outcome, err := family.Evaluate(in)
		if err != nil {
			return fmt.Errorf("%s checks: %w", family.Name(), err)
		}
		for _, sample := range outcome.Samples {
			sample.Labels.Segment = in.Segment
			to.Samples = append(to.Samples, sample)
		}
		if in.Current.Rows < fewestTested || in.Reference.Rows < fewestTested {
			continue
		}
		for _, e := range outcome.Evidence {
			if leftToDrift(&e, promised) {
				continue
			}
			to.Evidence = append(to.Evidence, ofSegment(in.Segment, e))
		}
	}
	return nil
}

// ofSegment names the segment in evidence.
func ofSegment(key string, e check.Evidence) check.Evidence {
	e.Labels.Segment = key
	e.Message = inSegment(key, e.Message)
	return e
}

// leftToDrift tells whether evidence is of what a segment did not have before: a
// category, a value, more than one. That is nothing new in a part of the rows, where
// what others have comes and goes with a few customers; how much of it there is, drift
// tells. What the configuration promises is held all the same.
func leftToDrift(e *check.Evidence, promised map[string]bool) bool {
	held := promised[e.Labels.Column] && e.Metric != "constant"
	return !held && quality.ByKnown(policy.Key(e.Check, e.Metric, e.Labels))
}

// inSegment begins a sentence with where it holds.
func inSegment(key, message string) string {
	if rest, found := strings.CutPrefix(message, "The "); found {
		message = "the " + rest
	}
	return "In " + segment.Words(key) + ": " + message
}

// segments completes what the policy says of segments by how many rows they have;
// those with too few to be tested are unknown.
func (m *Measured) segments(judged []report.Segment) []report.Segment {
	known := map[string]report.Segment{}
	for _, one := range judged {
		known[one.Name] = one
	}
	var list []report.Segment
	for i := range m.in.Reference.Segments {
		ref := &m.in.Reference.Segments[i]
		cur := m.in.Current.Segment(ref.Key)
		if none(m.in, i) {
			continue
		}
		one, tested := known[ref.Key]
		if !tested {
			one = report.Segment{Name: ref.Key, Verdict: report.Unknown}
		}
		one.NReference, one.NCurrent = ref.Profile.Rows, cur.Rows
		list = append(list, one)
	}
	return list
}

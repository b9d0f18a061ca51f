package main

import (
	"math/rand/v2"

	"leeway/core/check"
	"leeway/core/check/all"
	"leeway/core/frame"
	"leeway/core/metric"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

// columnsOf is the contract of a table with these shapes.
func columnsOf(shapes []shape) []schema.Column {
	columns := make([]schema.Column, len(shapes))
	for i, s := range shapes {
		columns[i] = schema.Column{Name: s.name, Kind: schema.Numeric, Role: schema.Feature}
		if s.text != nil {
			columns[i].Kind = schema.Categorical
		}
		if s.identifies {
			columns[i].Role = schema.ID
		}
	}
	return columns
}

// draw makes the profile of n rows. missing is the share of cells that are
// empty, day the number of the window in its series.
func draw(r *rand.Rand, shapes []shape, n int, missing float64, day int, keep *profile.Options) *profile.Dataset {
	block := &frame.Block{Columns: make([]frame.Column, len(shapes))}
	sources := make([]func(row, rows int) float64, len(shapes))
	for i, s := range shapes {
		block.Columns[i].Type = frame.Float
		switch {
		case s.text != nil:
			block.Columns[i].Type, block.Columns[i].Symbols = frame.Symbol, frame.NewSymbols()
		case s.window != nil:
			sources[i] = s.window(r, day)
		default:
			sources[i] = func(int, int) float64 { return s.number(r) }
		}
	}
	builder := profile.New(columnsOf(shapes), keep)
	for done := 0; done < n; done += block.Rows {
		block.Rows, block.First = min(frame.BlockRows, n-done), int64(done+1)
		for i := range shapes {
			c := &block.Columns[i]
			c.States, c.Floats, c.Codes = make([]frame.State, block.Rows), make([]float64, block.Rows), make([]uint32, block.Rows)
			for row := range block.Rows {
				switch {
				case missing > 0 && !shapes[i].identifies && r.Float64() < missing:
					c.States[row] = frame.Missing
				case shapes[i].text != nil:
					c.Codes[row] = c.Symbols.Intern([]byte(shapes[i].text(r)))
				default:
					c.Floats[row] = sources[i](done+row, n)
				}
			}
		}
		builder.Add(block)
	}
	return builder.Profile()
}

// evaluate runs every check on a pair of profiles.
func evaluate(shapes []shape, reference, current *profile.Dataset) (check.Outcome, error) {
	return outcome(&check.Input{Schema: &schema.Schema{Columns: columnsOf(shapes)}, Reference: reference, Current: current})
}

// evaluateNext does so for a window of a series, of which it is known how the
// windows of the reference differ.
func evaluateNext(shapes []shape, reference, current *profile.Dataset, variation map[string][]metric.Deviate) (check.Outcome, error) {
	return outcome(nextInput(shapes, reference, current, variation))
}

func nextInput(shapes []shape, reference, current *profile.Dataset, variation map[string][]metric.Deviate) *check.Input {
	return &check.Input{
		Schema: &schema.Schema{Columns: columnsOf(shapes)}, Reference: reference, Current: current,
		Series: true, Variation: variation,
	}
}

func outcome(in *check.Input) (check.Outcome, error) {
	var whole check.Outcome
	for _, family := range all.Checks {
		out, err := family.Evaluate(in)
		if err != nil {
			return whole, err
		}
		whole.Evidence = append(whole.Evidence, out.Evidence...)
		if out.Traits != nil {
			whole.Traits = out.Traits
		}
		if out.Paces != nil {
			whole.Paces = out.Paces
		}
		whole.Later = append(whole.Later, out.Later...)
	}
	return whole, nil
}

// alarmed tells whether the policy alarms at all, or about the named column.
func alarmed(evidence []check.Evidence, o policy.Options, column string) bool {
	for _, f := range policy.Judge(evidence, &o).Findings {
		if f.Severity != report.SeverityAlert && f.Severity != report.SeverityWarn {
			continue
		}
		if column == "" || f.Labels.Column == column {
			return true
		}
	}
	return false
}

package vary

import (
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/check"
	"leeway/core/check/performance"
	"leeway/core/frame"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/profile"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/state"
	"leeway/core/truth"
)

// What came true in the windows of a reference is kept beside their profiles, where
// it has labels of its own: how windows differ in it is the noise that performance
// and labels of later ones are held against, as profiles are for drift.

// Bounds on what is kept of it.
const (
	mostTrue   = 128     // windows; of a longer reference every fifth is kept, and again
	trueRows   = 2048    // of the sample of rows of one
	trueCells  = 100_000 // of the same: of wide tables fewer rows
	trueValues = 4096    // distinct scores or errors of one, then cells
	judgedTrue = 48      // windows that are compared with the whole
)

// cameTrue is what came true in windows of a reference. A nil receiver wants nothing.
type cameTrue struct {
	whole   *truth.Outcomes // they share its classes
	known   []cases.Column
	columns []schema.Column // of the file
	shape   *outcome.Shape  // nil until there is a row
	all     map[state.Window]*trueWindow
	stride  int64
	taker   *outcome.Taker
}

// trueWindow is one of them.
type trueWindow struct {
	admits  *outcome.Admission
	summary *outcome.Summary
	cases   *cases.Sample
	sampler *cases.Taker
}

// newCameTrue gets ready for a file; nil where no label is to be had from it.
func newCameTrue(whole *truth.Outcomes, contract *schema.Schema, columns []schema.Column) *cameTrue {
	if whole == nil || len(contract.ByRole(schema.Label)) == 0 {
		return nil
	}
	return &cameTrue{whole: whole, known: cases.ColumnsOf(contract), columns: columns, all: map[state.Window]*trueWindow{}, stride: 1}
}

// of is what takes rows of a window; nil for one that is not kept.
func (c *cameTrue) of(window state.Window) func(*frame.Block, []uint64) {
	if c == nil || c.whole.Shape == nil || !strides(window, c.stride) || window == (state.Window{}) {
		return nil
	}
	if c.shape == nil {
		one := *c.whole.Shape.Bare()
		one.Budget = trueValues
		c.shape, c.taker = &one, outcome.NewTaker(&one, c.columns)
	}
	one := c.all[window]
	if one == nil {
		one = &trueWindow{admits: outcome.Blanks(c.shape)}
		one.summary, one.cases = c.empty()
		one.sampler = one.cases.Taker(c.columns)
		c.all[window] = one
		if c.thin(); c.all[window] == nil {
			return nil
		}
	}
	return func(block *frame.Block, hashes []uint64) {
		for row := range block.Rows {
			said := c.taker.Row(block, row)
			if said.Actual = one.admits.Label(said.Actual); math.IsNaN(said.Actual) {
				continue
			}
			one.summary.Add(said)
			one.sampler.Add(block, row, hashes[row], 0, said)
		}
	}
}

// empty is what there is of a window before its first row.
func (c *cameTrue) empty() (*outcome.Summary, *cases.Sample) {
	return outcome.New(c.shape), cases.New(c.shape, c.known, min(trueRows, trueCells/max(len(c.known), 1)))
}

// thin keeps every fifth window while there are too many.
func (c *cameTrue) thin() {
	for len(c.all) > mostTrue {
		c.stride *= thinned
		for window := range c.all {
			if !strides(window, c.stride) {
				delete(c.all, window)
			}
		}
	}
}

// merge adds what came true by another file; either may be nil.
func (c *cameTrue) merge(file *cameTrue) *cameTrue {
	switch {
	case file == nil || file.shape == nil:
		return c
	case c == nil:
		return file
	}
	c.stride = max(c.stride, file.stride)
	for window, one := range file.all {
		if known := c.all[window]; known != nil {
			known.summary.Merge(one.summary)
			known.cases.Merge(one.cases)
		} else {
			c.all[window] = one
		}
	}
	for window := range c.all {
		if !strides(window, c.stride) {
			delete(c.all, window)
		}
	}
	c.thin()
	return c
}

// parts are the windows to compare with the whole, oldest first: those with enough
// labels, save the ones that are cut off.
func (c *cameTrue) parts(cut []state.Window) []route.Part {
	var all []route.Part
	for window, one := range c.all {
		if one.summary.Labelled >= FewestRows && !slices.Contains(cut, window) {
			all = append(all, route.Part{Window: window})
		}
	}
	slices.SortFunc(all, func(a, b route.Part) int { return a.Window.Compare(b.Window) })
	return Judged(all)
}

// Judged are those of some windows, oldest first, that are compared with the whole in what
// came true: all of them, or of many 48, spread over the hours of the day and the days of
// the week.
func Judged(all []route.Part) []route.Part {
	if len(all) > judgedTrue {
		return spread(all, judgedTrue)
	}
	return all
}

// ofLabels adds how the windows of a reference differ from the whole in what came
// true: what the tests of performance and of labels say of windows that are known to
// be good.
func (w *Windows) ofLabels(to map[string][]metric.Deviate, contract *schema.Schema) error {
	if w.failed || w.err != nil || w.came == nil {
		return w.err
	}
	whole := w.came.whole
	before := whole.Sum(nil)
	if before == nil || before.Labelled == 0 {
		return nil
	}
	for _, one := range w.came.parts(w.cut()) {
		if err := w.stop.now(); err != nil {
			return err
		}
		now := w.came.all[one.Window]
		var table check.Cases
		if whole.Sampled() {
			table.Reference, _, table.Current, _ = cases.Tables(whole.Own(), &cases.Side{Sample: now.cases, Label: cases.Own})
		}
		if err := RememberLabels(to, contract, &check.Labelled{Reference: before, Current: now.summary, Cases: &table}); err != nil {
			return err
		}
	}
	return nil
}

// RememberLabels adds what the tests of performance and of labels say of a window that is
// part of a reference, which has labels itself or got them later.
func RememberLabels(to map[string][]metric.Deviate, contract *schema.Schema, l *check.Labelled) error {
	outcome, err := performanceOf(contract, l)
	if err == nil {
		Remember(to, &outcome, float64(l.Current.Labelled)/float64(l.Reference.Labelled))
	}
	return err
}

// performanceOf is what these tests say of part of a reference against all of it.
func performanceOf(contract *schema.Schema, l *check.Labelled) (check.Outcome, error) {
	return performance.Check{}.Evaluate(&check.Input{Schema: contract, Reference: &profile.Dataset{}, Current: &profile.Dataset{}, Wanted: check.Tests, Labelled: l})
}

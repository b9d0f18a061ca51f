// Package cause tells faults upstream from drift, and names them: a unit that
// changed, a default that took over, two columns exchanged, a category spelt
// otherwise.
//
// There is one table of faults, [Table]. A fault is a row: what went wrong, how
// it is told, what to do, and a detector that looks at the profiles of a column.
// A detector undoes the fault on the reference (multiplies by a hundred, cuts at
// a bound, folds upper case) and speaks only if that explains the change: the two
// sides then agree, within what noise alone leaves between samples of these
// sizes, or what is left is less than what the fault did, because the data drifted
// besides. And only where the fault left a mark that no ordinary change leaves,
// in data that can show it: a factor of 1.6 is not a change from miles to
// kilometres unless the data can tell it from 1.62, and of a column with one
// value nothing can be told. So what is named can be believed, and most drift has
// no name.
//
// Causes explain findings that are alarms already; they never make one, and
// change nothing about how grave it is. [Explain] also fills in which cells of a
// column carry its change.
package cause

import (
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// Fault is a row of the table of faults.
type Fault struct {
	Name  string
	Help  string // what went wrong, in one sentence
	Needs string // what must be known of the column
	How   string // how it is told from drift
	Use   string // what to do about it
	find  func(*column) *found
}

// found is what a detector has to say.
type found struct {
	cause   report.Cause // Kind is filled in by explain
	message string       // the finding in a sentence, in the place of what it said
	short   string       // the same in a few words, for further findings on the column
	hint    string
	missing bool // also explains why values are no longer missing
	strange bool // explains only what the reference never had: the rest of the change is another
	aside   bool // is certain, but not what changed most
	sure    bool // no other fault looks like it, whatever it explains
	likely  bool // something else may look like it
}

// Explain fills in, for each alarm about a column, the cells that carry the
// change and the fault that explains it; and for times that moved, by how much.
// The first finding about a column tells the fault in full, further ones in
// short.
func Explain(in *check.Input, findings []report.Finding) {
	w := &window{in: in, columns: map[string]*column{}, changed: changed(findings)}
	told := map[string]bool{}
	for i := range findings {
		f := &findings[i]
		name := f.Labels.Column
		if f.Metric == "shifted_time" {
			f.Cause = w.clockMoved(f)
			continue
		}
		if !alarm(f.Severity) || name == "" || f.Labels.Segment != "" || f.Check == "fairness" {
			continue
		}
		c := w.column(name)
		if c == nil {
			continue
		}
		if f.Check == "drift" {
			f.Contributions = c.contributions()
		}
		if why := c.explain(); why != nil && why.explains(f) {
			why.tell(f, !told[name])
			told[name] = true
		}
	}
}

func alarm(s report.Severity) bool {
	return s == report.SeverityAlert || s == report.SeverityWarn
}

// changed lists the columns with an alarm of drift, ascending.
func changed(findings []report.Finding) []string {
	var names []string
	for i := range findings {
		if f := &findings[i]; alarm(f.Severity) && f.Check == "drift" && f.Labels.Column != "" && f.Labels.Segment == "" {
			names = append(names, f.Labels.Column)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// explains tells whether the fault is why this finding was made.
func (w *found) explains(f *report.Finding) bool {
	switch {
	case f.Check == "drift":
		return !w.strange
	case f.Metric == "unseen_category_ratio", f.Metric == "out_of_range_ratio":
		return true
	case f.Metric == "constant":
		return !w.strange
	case f.Metric == "missing_ratio":
		return w.missing
	}
	return false
}

// tell puts the fault into a finding.
func (w *found) tell(f *report.Finding, full bool) {
	cause := w.cause
	cause.Likely = w.likely
	f.Cause = &cause
	f.Hint = w.hint
	message, short := w.message, w.short
	if w.likely {
		message, short = "Probably: "+message, "probably "+short
	}
	if full && !w.aside {
		f.Message = message
	} else {
		f.Message = strings.TrimSuffix(f.Message, ".") + ": " + short + "."
	}
}

// window is the comparison whose columns are explained.
type window struct {
	in      *check.Input
	columns map[string]*column
	changed []string // columns that drifted
	reader  reader
	swaps   []*column
	listed  bool                       // swaps are known
	prints  map[print][]*schema.Column // nil: nobody asked
}

// column is one column on both sides.
type column struct {
	*window
	name     string
	contract *schema.Column
	ref, cur *profile.Column
	a, b     sample      // the values of both sides, at the same resolution
	thin     bool        // a and b are thinned, for a first look
	table    *table      // the categories of both sides; nil unless all are known
	steps    *[2]float64 // of a and b; nil: nobody asked
	own      float64     // the gap between a and b; 0: nobody asked
	full     *column     // of a thinned column: the one that is not; nil: nobody asked
	outline  *outline    // nil: nobody asked
	known    bool        // explain was asked before
	why      *found
}

// column finds a column that both sides have values of; nil otherwise.
func (w *window) column(name string) *column {
	if c, known := w.columns[name]; known {
		return c
	}
	var c *column
	contract, ref, cur := w.in.Schema.Column(name), w.in.Reference.Column(name), w.in.Current.Column(name)
	if contract != nil && ref != nil && cur != nil && ref.Valid() > 0 && cur.Valid() > 0 {
		c = &column{window: w, name: name, contract: contract, ref: ref, cur: cur}
		if ref.Numeric != nil && cur.Numeric != nil {
			c.numbers(false)
		}
		c.table = newTable(ref.Categories, cur.Categories)
	}
	w.columns[name] = c
	return c
}

// explain finds the fault that no other looks like, or that explains most; the
// first of the table of equals.
func (c *column) explain() *found {
	if c.known {
		return c.why
	}
	c.known = true
	if c.thin && c.likeliest() == nil { // as most drift
		return nil
	}
	c.why = c.whole().likeliest()
	return c.why
}

func (c *column) likeliest() (why *found) {
	for i := range Table {
		f := Table[i].find(c)
		if f == nil {
			continue
		}
		f.cause.Kind = Table[i].Name
		if f.sure {
			return f
		}
		if why == nil || f.cause.Explains > why.cause.Explains+0.02 {
			why = f
		}
	}
	return why
}

// numbers reads the values of both sides, thinned where there are many unless
// all are wanted.
func (c *column) numbers(all bool) {
	a, b := sketch.Align(c.ref.Numeric.Grid, c.cur.Numeric.Grid)
	if c.thin = !all && a.Len()+b.Len() > 4*thinTo; c.thin {
		c.a = c.reader.read(a, c.ref.Numeric).thinned()
		c.b = c.reader.read(b, c.cur.Numeric).thinned()
		return
	}
	c.a, c.b = within(a, c.ref.Numeric), within(b, c.cur.Numeric)
}

// whole is the column with all of its values.
func (c *column) whole() *column {
	if !c.thin {
		return c
	}
	if c.full == nil {
		q := *c
		q.steps, q.own, q.outline = nil, 0, nil
		q.numbers(true)
		c.full = &q
	}
	return c.full
}

// title is the column's name in a sentence.
func (c *column) title() string { return "`" + c.name + "`" }

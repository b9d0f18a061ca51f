// Package truth collects what was predicted and what came true: of rows that have their label
// themselves ([Outcomes]), and of those whose labels come in files of their own ([Labels]). Both
// sides of a comparison are held against each other here, as far as labels go; nothing is judged.
package truth

import (
	"math"

	"leeway/core/cases"
	"leeway/core/check"
	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// Outcomes is what the files of a collection say of predictions and of what came
// true. Both sides of a comparison share the shape.
type Outcomes struct {
	Shape   *outcome.Shape // nil until the contract is known, and where nothing can be judged
	Joined  bool           // label files come too, or rows are grouped: predictions wait in the ledger
	Key     []byte         // of the hashes of ids
	Cases   int            // how many rows are wanted in a sample that labels can be joined to
	Said    bool           // what was said is wanted of all rows, with a label or without: of current ones
	Against *Outcomes      // of the reference, which current labels are held against; nil: these are it
	IDs     []string       // names of the label files' columns, to tell which id they mean; nil: not known

	ledger  *ledger.Ledger   // with Joined
	summary *outcome.Summary // without
	named   bool             // the files have ids
	said    *outcome.Said    // of rows without a label; with Joined of all
	cases   *cases.Sample    // with Cases; without Joined of rows with a label
	without *cases.Sample    // without Joined: of those without one

	admits *outcome.Admission // which labels count; nil: all
	came   []int64            // without Joined: rows by the class of their label, whether it counts or not

	predicted []int64 // without Joined: rows without a label by what was predicted
}

// Anew forgets what was taken of a contract that turned out to be another one.
func (o *Outcomes) Anew() {
	if o != nil {
		o.Shape, o.ledger = nil, nil
	}
}

// id is the column that labels are joined by: of several ids the first that the
// label files have.
func (o *Outcomes) id(contract *schema.Schema) *schema.Column {
	all := contract.ByRole(schema.ID)
	for _, c := range all {
		for _, name := range o.IDs {
			if name == c.Name {
				return c
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// Kept are the predictions as they are stored, with the windows that they are of; nil
// where nothing can be judged.
func (o *Outcomes) Kept(contract *schema.Schema, windows []ledger.Window) []byte {
	if o.ledger == nil || !KeepsLedger(contract) {
		return nil
	}
	o.ledger.Cases, o.ledger.Windows = o.cases, windows
	return o.ledger.Encode()
}

// Sum is what came true: of the rows' own labels, or of those that labels hold.
func (o *Outcomes) Sum(labels *ledger.Labels) *outcome.Summary {
	switch {
	case o == nil || o.Shape == nil:
		return nil
	case o.ledger != nil:
		if labels == nil {
			labels = &ledger.Labels{}
		}
		s, _ := labels.Join(o.ledger)
		return s
	}
	return o.summary
}

// joined is what label files have for the rows, where what came true knows of no label; else
// nobody asks.
func (o *Outcomes) joined(labels *ledger.Labels, came *outcome.Summary) *check.Joined {
	if o == nil || o.ledger == nil || came == nil || came.Labelled > 0 {
		return nil
	}
	digest := labels.Match(o.Shape, ledger.Of(o.ledger))
	return JoinedOf(&digest)
}

// unlabelled is what was said of rows without a label, where that is wanted.
func (o *Outcomes) unlabelled(labels *ledger.Labels) *outcome.Said {
	switch {
	case o == nil || !o.Said:
		return nil
	case o.ledger == nil: // what was said is of these alone
		return o.said
	}
	said := outcome.NewSaid(o.Shape)
	for row := range o.rows(labels) {
		if math.IsNaN(row.Actual) {
			said.Add(row)
		}
	}
	return said
}

// rows are the predictions, with the labels that there are; nil where they were
// not kept.
func (o *Outcomes) rows(labels *ledger.Labels) outcome.Rows {
	if o == nil || o.ledger == nil {
		return nil
	}
	return labels.Outcomes(o.Shape, ledger.Of(o.ledger))
}

// Grouped are both sides' rows by their groups; nil where rows are not grouped.
// labels may be nil: then the rows' own count.
func Grouped(reference, current *Outcomes, labels *Labels) *check.Groups {
	of := labels.sides()
	return Split(current.Shape, reference.rows(of.reference), current.rows(of.current))
}

// Split is rows of both sides by their groups; nil where these are not grouped, or nothing is
// known of current ones.
func Split(shape *outcome.Shape, reference, current outcome.Rows) *check.Groups {
	if shape == nil || shape.Groups == nil || current == nil {
		return nil
	}
	all := &check.Groups{}
	all.Reference, all.Current = outcome.Split(shape, reference, current)
	return all
}

// Said is what current rows were said to be, beside what came true of the
// reference's; nil where nothing was said that labels could tell right or wrong. labels may
// be nil: rows' own count.
func Said(reference, current *Outcomes, labelled *check.Labelled, labels *Labels) *check.Said {
	if current.said == nil {
		return nil
	}
	said := &check.Said{Current: current.said}
	if current.summary != nil {
		said.Current = outcome.NewSaid(current.Shape)
		said.Current.Merge(current.said)
		said.Current.Merge(current.summary.Said)
	}
	if labelled != nil {
		said.Reference = labelled.Reference
	} else {
		said.Reference = reference.Sum(labels.sides().reference)
	}
	return said
}

// tables are the labelled rows of the samples of both sides, which share the shape;
// nil where one has no sample.
func (j joining) tables(reference, current *Outcomes) *check.Cases {
	if reference == nil || current == nil || current.cases == nil {
		return nil
	}
	all := &check.Cases{}
	now := current.side(j.current)
	if reference.cases == nil {
		all.Current, all.Rest = now.Sample.Table(now.Label, math.MaxUint64), now.Rest(math.MaxUint64)
		return all
	}
	all.Reference, all.Before, all.Current, all.Rest = cases.Tables(reference.side(j.reference), now)
	return all
}

// side is the sample with its labels; labels may be nil: then rows' own.
func (o *Outcomes) side(labels *ledger.Labels) *cases.Side {
	return &cases.Side{Sample: o.cases, Without: o.without, Label: o.label(labels)}
}

// label is the label of a row that counts; labels may be nil: then its own.
func (o *Outcomes) label(labels *ledger.Labels) cases.Label {
	of := cases.Own
	if labels != nil {
		of = labels.Of
	}
	return func(id uint64, own float64) float64 { return o.admits.Label(of(id, own)) }
}

// KeepsLedger tells whether predictions under a contract can be judged one day, or
// are looked at by groups.
func KeepsLedger(contract *schema.Schema) bool {
	shape := outcome.NewShape(contract, 0)
	return shape != nil && (shape.Groups != nil || len(contract.ByRole(schema.ID))+len(contract.ByRole(schema.Label)) > 0)
}

// JoinedOf is how labels of files fitted.
func JoinedOf(d *ledger.Digest) *check.Joined {
	return &check.Joined{Contradicted: d.Contradicted, Corrected: d.Corrected, Repeated: d.Repeated, Unread: d.Unread}
}

// Ledger are the predictions that wait for labels; nil where none are kept.
func (o *Outcomes) Ledger() *ledger.Ledger { return o.ledger }

// Sampled tells whether there is a sample of rows.
func (o *Outcomes) Sampled() bool { return o.cases != nil }

// Own is the sample with the rows' own labels.
func (o *Outcomes) Own() *cases.Side { return &cases.Side{Sample: o.cases, Label: o.label(nil)} }

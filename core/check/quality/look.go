package quality

import (
	"slices"
	"strings"

	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
)

// look is one look at a column.
type look struct {
	name  string // of the metric or the event, "" for descriptions
	known bool   // it is held against check.Input.Known
	fits  func(*profile.Column) bool
	take  func(*column)
}

// looks are all of them, in the order of samples in a report.
var looks = []look{
	{"missing_ratio", false, whatever, (*column).missing},
	{"type_mismatch_ratio", false, whatever, (*column).mistyped},
	{"", false, whatever, (*column).distinct},
	{"distinct_ratio", false, text, (*column).distinctRatio},
	{"", false, numeric, (*column).numbers},
	{"out_of_range_ratio", true, numeric, (*column).outOfRange},
	{"outlier_ratio", false, numeric, (*column).outliers},
	{"unseen_category_ratio", true, categorical, (*column).unseen},
	{"constant", true, whatever, (*column).constant},
}

func whatever(*profile.Column) bool      { return true }
func numeric(c *profile.Column) bool     { return c.Numeric != nil }
func categorical(c *profile.Column) bool { return c.Numeric == nil && c.Categories != nil }

// ByKnown tells whether a finding, by its id, or an extreme, by its key, comes of
// check.Input.Known.
func ByKnown(id string) bool {
	return slices.ContainsFunc(looks, func(l look) bool { return l.known && strings.HasPrefix(id, prefix(l.name)) })
}

// prefix is what ids of a metric's findings begin with.
func prefix(name string) string { return Name + "." + name + "." }

// column is one column under examination.
type column struct {
	*window
	contract *schema.Column
	ref, cur *profile.Column // ref may be nil: the reference lacks the column
	own      *profile.Column // the reference's, where ref is that of all that is known
	labels   metric.Labels
}

func (w *window) column(contract *schema.Column, ref, cur *profile.Column) {
	c := &column{w, contract, ref, cur, ref, metric.Labels{Column: contract.Name}}
	if r := contract.Role; r == schema.Prediction || r == schema.Score || r == schema.Label {
		c.labels.Role = string(r)
	}
	known := c
	if w.in.Known != nil {
		known = &column{w, contract, w.in.Known.Column(contract.Name), cur, ref, c.labels}
	}
	for i := range looks {
		switch l := &looks[i]; {
		case !l.fits(cur):
		case l.known:
			l.take(known)
		default:
			l.take(c)
		}
	}
}

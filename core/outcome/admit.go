package outcome

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"leeway/core/schema"
)

// Standing is what a label's class is to a comparison.
type Standing uint8

// The standings.
const (
	Known   Standing = iota // the reference's labels or the model have it
	Fresh                   // several classes: neither has it, and it may be one
	Blank                   // it says that there is no label: "n/a"
	Foreign                 // it is none of the task's classes: "0.87", or 1 where they are words
)

// fewForeign is the share of foreign labels up to which the others are taken: left
// out, they cannot move a share of right predictions by much more than that.
const fewForeign = 0.05

// Admission says which labels of the current side can be held against what the
// reference and the model call the classes; nil takes all.
//
// Known is what the reference's labels are or what was predicted, and of a binary
// task one class more where these know only one. Words for a missing value that are
// not predicted (nor, of several classes, in the reference's labels) are blank. What
// else there is, is foreign in a binary task; in one of several classes it is a fresh
// class, which counts like any other, unless it is a number where all known classes
// are words, a word where they are numbers, or a fraction where they are integers.
type Admission struct {
	shape     *Shape
	known     []bool // by code
	firm      bool   // the reference has labels
	numbers   int    // how many of the known classes are numbers, and how many of these integers
	integers  int
	classes   int
	standings []Standing // by code, as far as it was asked for
	closed    bool       // what is not known is foreign, of a binary task
	refused   bool

	predicted []int64        // of current rows, by code
	usual     map[int32]bool // classes of the reference; nil: not known
}

// Admit gets ready to judge labels by what came true of the reference (nil: nothing is
// known of it) and how often each class was predicted, by code. It gives nil for numbers.
func Admit(shape *Shape, reference *Summary, predicted []int64) *Admission {
	if shape == nil || shape.Task == schema.Regression {
		return nil
	}
	a := &Admission{shape: shape, predicted: predicted, usual: usually(shape, reference)}
	for _, code := range shape.Scored {
		a.know(code)
	}
	a.knowAll(predicted)
	if reference != nil {
		a.knowAll(reference.Said.Predicted)
		a.firm = reference.Labelled > 0
		a.knowAll(reference.Came)
	}
	if shape.Task == schema.Binary && a.classes < 2 {
		a.know(shape.Positive)
	}
	return a
}

// Blanks takes all labels but words for a missing value, of a binary task: of the
// reference, whose labels say what the classes are.
func Blanks(shape *Shape) *Admission {
	if shape == nil || shape.Task != schema.Binary {
		return nil
	}
	return &Admission{shape: shape, classes: -1}
}

// Open tells whether only the current labels can say what the second class of a
// binary task is.
func (a *Admission) Open() bool {
	return a != nil && !a.closed && a.shape.Task == schema.Binary && a.classes >= 0 && a.classes < 2
}

func (a *Admission) knowAll(counts []int64) {
	for code, n := range counts {
		if n > 0 {
			a.know(int32(code))
		}
	}
}

func (a *Admission) know(code int32) {
	for len(a.known) <= int(code) {
		a.known = append(a.known, false)
	}
	if a.known[code] {
		return
	}
	a.known[code] = true
	a.count(code, 1)
}

// count counts a known class, or takes it back.
func (a *Admission) count(code int32, by int) {
	a.classes += by
	if x, ok := schema.PlainNumber(a.shape.Classes.Key(code)); ok {
		a.numbers += by
		if x == math.Trunc(x) {
			a.integers += by
		}
	}
}

// Label is a label, NaN where it does not count.
func (a *Admission) Label(class float64) float64 {
	if a == nil || math.IsNaN(class) {
		return class
	}
	if s := a.Standing(int32(class)); a.refused || s == Blank || s == Foreign {
		return math.NaN()
	}
	return class
}

// Standing is that of a class.
func (a *Admission) Standing(code int32) Standing {
	for len(a.standings) <= int(code) {
		a.standings = append(a.standings, a.find(int32(len(a.standings))))
	}
	return a.standings[code]
}

func (a *Admission) find(code int32) Standing {
	known := int(code) < len(a.known) && a.known[code]
	switch {
	case known:
		return Known
	case code != a.shape.Positive && blank(a.shape.Classes.Key(code)):
		return Blank
	case a.classes < 0:
		return Known
	case a.Open(): // until it is settled which
		return Known
	case a.shape.Task == schema.Binary || !a.fits(a.shape.Classes.Key(code)):
		return Foreign
	}
	return Fresh
}

// fits tells whether a class has the form of the known ones.
func (a *Admission) fits(key string) bool {
	x, is := schema.PlainNumber(key)
	switch {
	case a.classes == 0:
		return true
	case a.numbers == 0:
		return !is
	case a.integers == a.classes:
		return is && x == math.Trunc(x)
	case a.numbers == a.classes:
		return is
	}
	return true
}

// blank tells whether a text stands for a missing value: those of contract texts in
// columns of numbers, and what people write for none.
func blank(text string) bool {
	switch strings.ToLower(text) {
	case "", "na", "n/a", "nan", "null", "none", "-", "?":
		return true
	}
	return false
}

// Plain tells whether there is nothing to judge: all these classes are known.
func (a *Admission) Plain(classes *Classes) bool {
	if a == nil {
		return true
	}
	if a.Open() || a.alien() {
		return false
	}
	for code := range classes.names {
		if own, there := a.shape.Classes.Find(classes.names[code]); !there || a.Standing(own) != Known {
			return false
		}
	}
	return true
}

// Odd is what is odd about the labels of one side.
type Odd struct {
	Labels  int64 // all, but blank ones
	Classes []ClassCount
	Known   []string // classes that the reference's labels or the model have, in order
	Firm    bool     // the reference has labels, so that what it does not have is news
	Refused bool     // too many are foreign, or none is known: no label was taken
	Strange []string // classes of the reference's labels, where none of them counts: it predicts others, see [Summary.Apart]

	Respelt *Respelt // predictions in other words, which are then not Known, so that no label was taken; nil: they are not

	Count [4]int64 // labels by standing
	Both  []Totals // classes of the reference's labels and of these: see Unseen
}

// LeftOut is how many labels do not count.
func (o *Odd) LeftOut() int64 {
	if o.Refused {
		return o.Labels + o.Count[Blank]
	}
	return o.Count[Blank] + o.Count[Foreign]
}

// Totals are the labels of one class on both sides.
type Totals struct{ Reference, Current int64 }

// ClassCount is how many labels are of a class that is not known.
type ClassCount struct {
	Name string
	Standing
	Labels int64
}

// Predicts adds to what current rows were predicted to be, by code.
func (a *Admission) Predicts(counts []int64) {
	if a != nil {
		a.predicted = Add(a.predicted, counts)
	}
}

// Judge settles what counts, given how many labels of the current side are of each
// class, by code, and says what is odd about them; nil for nothing.
func (a *Admission) Judge(came []int64, reference *Summary) *Odd {
	if a == nil {
		return nil
	}
	a.close(came)
	o := &Odd{Firm: a.firm, Strange: a.strange(reference)}
	o.count(a, came)
	foreign := o.Count[Foreign]
	a.refused = o.Labels > 0 && (o.Count[Known] == 0 || foreign > 1 && float64(foreign) > fewForeign*float64(o.Labels))
	if o.Labels > 0 && len(o.Strange) == 0 {
		if r := a.respelt(came, reference); r != nil && (!a.refused || r.Labels > 0) {
			o.Respelt, a.refused = r, true
			a.forget()
			o.count(a, came)
		}
	}
	o.Refused = a.refused
	o.tell(a, came, reference)
	return o
}

// count counts labels by their standing, given how many are of each class, by code.
func (o *Odd) count(a *Admission, came []int64) {
	o.Count, o.Classes = [4]int64{}, nil
	for code, n := range came {
		if n == 0 {
			continue
		}
		s := a.Standing(int32(code))
		if o.Count[s] += n; s != Known {
			o.Classes = append(o.Classes, ClassCount{a.shape.Classes.Name(int32(code)), s, n})
		}
	}
	o.Labels = o.Count[Known] + o.Count[Fresh] + o.Count[Foreign]
	slices.SortFunc(o.Classes, func(x, y ClassCount) int {
		return cmp.Or(cmp.Compare(y.Labels, x.Labels), cmp.Compare(x.Name, y.Name))
	})
}

// tell adds the known classes, and how often each class is a label.
func (o *Odd) tell(a *Admission, came []int64, reference *Summary) {
	var known []int32
	for code, is := range a.known {
		if is {
			known = append(known, int32(code))
		}
	}
	o.Known = a.called(known)
	if reference == nil {
		return
	}
	for code := range max(len(came), len(reference.Came)) {
		both := Totals{at(reference.Came, code), at(came, code)}
		if s := a.Standing(int32(code)); both != (Totals{}) && s != Blank {
			o.Both = append(o.Both, both)
		}
	}
}

func at(counts []int64, code int) int64 {
	if code < len(counts) {
		return counts[code]
	}
	return 0
}

// close finds the second class of a binary task that knows one: that of the most
// labels, and of as many the first in order. Where labels are of two other classes
// there is none.
func (a *Admission) close(came []int64) {
	if !a.Open() {
		return
	}
	best, others, usual := int32(-1), 0, false
	for code, n := range came {
		c := int32(code)
		switch {
		case n == 0 || a.Standing(c) != Known:
		case code < len(a.known) && a.known[code]:
			usual = true
		default:
			others++
			if best < 0 || n > came[best] || n == came[best] && a.shape.Classes.Key(c) < a.shape.Classes.Key(best) {
				best = c
			}
		}
	}
	a.closed, a.standings = true, a.standings[:0]
	if best < 0 || others > 1 && !usual {
		return
	}
	a.know(best)
	if best != a.shape.Positive {
		a.shape.negative = &best
	}
}

// Counted adds one to the count of a class; NaN is none.
func Counted(counts []int64, class float64) []int64 {
	if !(class >= 0) {
		return counts
	}
	for len(counts) <= int(class) {
		counts = append(counts, 0)
	}
	counts[int(class)]++
	return counts
}

// Add adds counts by code to others.
func Add(to, from []int64) []int64 {
	for len(to) < len(from) {
		to = append(to, 0)
	}
	for code, n := range from {
		to[code] += n
	}
	return to
}

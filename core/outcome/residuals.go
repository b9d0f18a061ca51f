package outcome

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/frame"
	"leeway/core/sketch"
)

// Residual is how far off predictions of a regression were: rows with the same
// prediction, error and weight.
type Residual struct {
	Predicted float64
	Size      float64 // |prediction - label|
	High      bool    // the prediction is above the label
	Weight    float64 // of each row; 1 without weights
	Rows      int64

	hash uint64
}

// Residuals are residuals by their predictions. Beyond a budget of distinct ones
// they are a sample, those of the smallest hashes: the same for any order and any
// split, each with all its rows.
type Residuals struct {
	budget int
	whole  bool
	list   []Residual
	fresh  int // how many were added since the list was sorted
}

func newResiduals(budget int) *Residuals { return &Residuals{budget: budget, whole: true} }

func (r *Residuals) add(predicted, off, weight float64) {
	size := math.Abs(off)
	hash := frame.HashFloat(predicted) ^ frame.Mix(frame.HashFloat(size)+frame.HashFloat(weight))
	r.list = append(r.list, Residual{predicted + 0, size, off > 0, weight, 1, frame.Mix(hash)})
	if r.fresh++; r.fresh > r.budget {
		r.settle()
	}
}

// settle adds up what is equal and keeps to the budget.
func (r *Residuals) settle() {
	if r.fresh == 0 {
		return
	}
	r.fresh = 0
	slices.SortFunc(r.list, func(a, b Residual) int { return cmp.Or(cmp.Compare(a.hash, b.hash), a.compare(&b)) })
	kept := r.list[:0]
	for _, next := range r.list {
		if last := len(kept) - 1; last >= 0 && kept[last].same(&next) {
			kept[last].Rows += next.Rows
		} else {
			kept = append(kept, next)
		}
	}
	if len(kept) > r.budget {
		kept, r.whole = kept[:r.budget], false
	}
	r.list = kept
}

func (r *Residual) same(o *Residual) bool { return r.hash == o.hash && r.compare(o) == 0 }

// compare orders them by all but their number.
func (r *Residual) compare(o *Residual) int {
	if c := cmp.Or(cmp.Compare(r.Predicted, o.Predicted), cmp.Compare(r.Size, o.Size), cmp.Compare(r.Weight, o.Weight)); c != 0 || r.High == o.High {
		return c
	}
	if o.High {
		return -1
	}
	return 1
}

// Label is what came true.
func (r *Residual) Label() float64 {
	if r.High {
		return r.Predicted - r.Size
	}
	return r.Predicted + r.Size
}

func (r *Residuals) merge(o *Residuals) {
	r.list = append(r.list, o.list...)
	r.fresh += len(o.list)
	r.whole = r.whole && o.whole
	r.settle()
}

// Sorted lists them in the order of predictions; whole tells whether none is left
// out.
func (r *Residuals) Sorted() (list []Residual, whole bool) {
	r.settle()
	list = slices.Clone(r.list)
	slices.SortFunc(list, func(a, b Residual) int { return a.compare(&b) })
	return list, r.whole
}

// weigh is the weight of a row; not ok where it has none that can be used.
func (s *Shape) weigh(r *Row) (weight float64, ok bool) {
	if !s.Weighted {
		return 1, true
	}
	return r.Weight, r.Weight > 0 && r.Weight <= sketch.MaxWeight
}

// Package stat computes distances between two samples, tests of "nothing
// changed", and intervals. It knows numbers only: no columns, no profiles.
//
// Samples come as [Weighted] (ascending distinct values with counts), two of
// them as a [Pair]; counts in cells that both sides share come as [Cells]; whole
// rows as a [Joint]. Every function is total: where a
// result is undefined it returns an error whose text is the reason, never NaN
// and never a guess. Inputs must be finite; that is the readers' promise.
//
// What agrees with whom: ks, Cramér-von Mises, Anderson-Darling, wasserstein,
// energy, Jensen-Shannon and chi-squared follow SciPy to 1e-9 relative, p-values to 1e-6 (scripts/golden).
// [KSP] ignores ties, as SciPy does: it is conservative where values repeat.
// For deciding whether a column changed use [Pair.Change] and [Cells.Change], which
// know the ties and stay calibrated far out in the tail.
//
// This package alone imports gonum, which panics or returns surprising values
// on raw counts: arguments are checked here first.
package stat

import "errors"

// Reasons why a result is undefined.
var (
	ErrEmpty     = errors.New("one side has no values")
	ErrConstant  = errors.New("the reference does not vary")
	ErrFew       = errors.New("needs at least two values on each side")
	ErrOverflow  = errors.New("the values are too large for a finite result")
	ErrOneCell   = errors.New("all values fall into one cell")
	ErrColumns   = errors.New("needs two columns that vary")
	ErrRows      = errors.New("needs at least 20 rows on each side")
	ErrBound     = errors.New("no two columns vary enough together to show a change")
	ErrApart     = errors.New("the sides have too few values in common")
	ErrUndefined = errors.New("undefined for these values")
)

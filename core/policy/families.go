package policy

import (
	"slices"

	"leeway/core/check"
)

// family is what a test is about. Tests share the budget with their own family
// first, so that hundreds of features do not bury a change of what the model
// says.
type family int

const (
	principal family = iota // whether the model became worse, by its main metric, once labels are there
	outcomes                // how good predictions were otherwise
	people                  // how groups of people are treated
	weakest                 // slices in which they became worse
	output                  // columns that come out of the model, and the labels
	features                // the values of the other columns
	whole                   // rows, and what columns do together
	cells                   // whether the other columns hold what they should
	table                   // the table itself: its number of rows, rows that repeat
	segments                // the rows of a segment, whatever it is about
	families                // how many there are
)

func familyOf(e *check.Evidence) family {
	switch drift := e.Check == "drift"; {
	case e.Labels.Segment != "":
		return segments
	case e.Metric == check.SliceErrors && e.Check == "performance":
		return weakest
	case e.Check == "performance" && slices.Contains(main, e.Metric):
		return principal
	case e.Check == "performance":
		return outcomes
	case e.Check == "fairness":
		return people
	case e.Labels.Column == "" && drift:
		return whole
	case e.Labels.Column == "":
		return table
	case e.Labels.Role != "":
		return output
	case drift:
		return features
	}
	return cells
}

// leastShare is the share of the budget that a family has at least, if it has as
// much as one test that can get as low as it takes. Whether the model became worse is what
// people ask first, and one test must not pay for all columns: it has a quarter, as the primary
// endpoint of a trial has; that costs each of the others a fifth of a standard error at most.
var leastShare = [families]float64{principal: 0.25, outcomes: 0.1, weakest: 0.2, people: 0.05, output: 0.1, whole: 0.05, table: 0.05}

// segmentsShare is what the segments have at most beside other families. They are
// as many times as many tests as there are segments; without a bound those of all
// rows would be left with next to nothing.
const segmentsShare = 0.2

// anyShare is what a family has at least that has any test. Faults that cannot
// come by chance need next to nothing.
const anyShare = 0.01

// scales are the levels at which tests are counted: between the budgets that
// people set and what is left of them for one test of a table.
var scales = [...]float64{1e-2, 1e-3, 1e-4}

// counts is how many continuous tests a test counts for: how often it gets as
// low as they do.
func counts(e *check.Evidence) (n float64) {
	for _, x := range scales {
		n += chance(e, x) / x / float64(len(scales))
	}
	return n
}

// split divides the budget among the families by what their tests count for,
// as if there were none, but with their least shares. In tables of a few columns
// without labels every share is above its least one: nobody loses anything. The shares depend
// on what tests can find, not on what they found. n is what each family counts
// for, tests how many it has.
func split(n [families]float64, tests [families]int) (shares [families]float64) {
	var fixed [families]bool
	rest, all := 1.0, 0.0
	for f := range families {
		fixed[f] = tests[f] == 0
		all += n[f]
	}
	if others := all - n[segments]; others > 0 && n[segments] > segmentsShare*all {
		shares[segments], fixed[segments] = segmentsShare, true
		rest, all = 1-segmentsShare, others
	}
	for range families {
		var next, more float64
		for f := range families {
			if fixed[f] {
				continue
			}
			least := max(leastShare[f]*min(n[f], 1), anyShare)
			if shares[f] = float64(rest * n[f] / all); !(shares[f] >= least) {
				shares[f], fixed[f] = least, true
				next, more = next+least, more+n[f]
			}
		}
		if next == 0 {
			break
		}
		rest, all = rest-next, all-more
	}
	return toWhole(shares)
}

// toWhole scales shares so that they add up to 1.
func toWhole(shares [families]float64) [families]float64 {
	var all float64
	for _, s := range shares {
		all += s
	}
	if all == 0 {
		return shares
	}
	for f := range shares {
		shares[f] /= all
	}
	return shares
}

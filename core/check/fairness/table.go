package fairness

import (
	"math"

	"leeway/core/metric"
)

// method is a metric with the function that computes it.
type method struct {
	metric.Desc
	labels bool // of rows with a label
	of     func(*view) []value
}

const (
	of       = " The sensitive column, or several joined by commas for combinations of their values (all of them together, where there are two or three), is the label `column`."
	interval = "; 95% interval: Newcombe's limits for pairs of groups, the lower one for all pairs at once (Tukey's range)"
	grown    = "; tested against the reference: whether the difference of two groups grew, each group by a hypergeometric draw and by how it differed between windows of the reference, all pairs at once, material from 0.05"
	takesNo  = "two groups with the rate; a group without it takes no part, and neither do rows without a value in the column"
	tests    = ". Groups of fewer than 10 rows on either side are left out of tests"
	coming   = "labels; "
)

var (
	byColumn = []string{"column"}
	byGroup  = []string{"column", "group"}
	laws     = []string{"the same for any order of rows and any split into files", "the same however groups are called"}
)

// Table lists every metric of the family.
var Table = finish([]method{
	{Desc: metric.Desc{Name: "group_rows", Unit: "rows", High: math.Inf(1), Labels: byGroup,
		Help:    "Rows of a group." + of,
		Formula: "current rows with these values; a number of more than 10 distinct values in the reference is cut at the reference's quarters; the 250 largest groups have a sample of their own",
		Use:     "How much the rates of a group can be relied on. Groups too small to tell anything are named in a finding.",
		Needs:   "a column of role sensitive, and predictions or scores; the interval of a count is the count", Cite: "a count"},
		of: (*view).groups},
	{Desc: metric.Desc{Name: "selection_rate", Unit: "ratio", High: 1, Labels: byGroup,
		Help:    "Share of a group that is predicted positive.",
		Formula: "rows of the group predicted positive / its rows with a prediction (a prediction, else score >= 0.5); Wilson's 95% interval",
		Use:     "What the demographic parity metrics are made of: see which group is treated unlike the others.",
		Needs:   "a class to compare by: the positive one of a binary task, `positive` in the configuration of several classes", Cite: "fairlearn.metrics.selection_rate"},
		of: (*view).selected},
	{Desc: metric.Desc{Name: "demographic_parity_difference", Unit: "ratio", High: 1, Better: "lower", Labels: byColumn,
		Help:    "How much more often one group is predicted positive than another.",
		Formula: "max - min of selection_rate over groups" + interval + grown,
		Use:     "Whether groups are treated alike, whatever they deserve. Groups may differ for good reasons; that the difference grew wants one. See which columns of the group changed.",
		Needs:   takesNo + tests, Cite: "fairlearn.metrics.demographic_parity_difference; interval: Newcombe (1998), Hayter (1984)"},
		of: one(func(v *view) value { return v.gap(selection, 1) })},
	{Desc: metric.Desc{Name: "demographic_parity_ratio", Unit: "ratio", High: 1, Better: "higher", Labels: byColumn,
		Help:    "How often the group that is predicted positive least is, compared with the one that is most.",
		Formula: "min / max of selection_rate over groups; 95% interval: limits of Donner and Zou for pairs of groups, the upper one for all pairs at once. Tested against 0.8, or what policy.material says: likelihood ratio of two groups, all pairs at once (Bonferroni)",
		Use:     "The rule of four fifths: below 0.8 is taken for adverse impact in US employment. Broken since the reference is a warning; broken there already, a note. Declare it (policy.material: {demographic_parity_ratio: 0.8}) to be alerted whenever it is broken for certain.",
		Needs:   takesNo + "; undefined where nobody is predicted positive" + tests, Cite: "29 CFR 1607.4(D); fairlearn.metrics.demographic_parity_ratio; interval: Donner and Zou (2012)"},
		of: one((*view).ratio)},
	{Desc: metric.Desc{Name: "equal_opportunity_difference", Unit: "ratio", High: 1, Better: "lower", Labels: byColumn,
		Help:    "How much better positive cases of one group are found than those of another.",
		Formula: "max - min over groups of the true positive rate" + interval + grown,
		Use:     "Whether those who deserve the positive outcome get it alike, in every group.",
		Needs:   coming + takesNo + tests, Cite: "Hardt, Price and Srebro (2016); fairlearn.metrics.equal_opportunity_difference"},
		labels: true, of: one(func(v *view) value { return v.gap(truePositive, 1) })},
	{Desc: metric.Desc{Name: "equalized_odds_difference", Unit: "ratio", High: 1, Better: "lower", Labels: byColumn,
		Help:    "How differently the model errs in one group and another.",
		Formula: "the larger of the gaps (max - min over groups) of the true and of the false positive rate" + interval + "; tested against the reference by the false positive rate (equal_opportunity_difference tests the other), material from 0.05",
		Use:     "Whether mistakes of either kind fall on groups alike. Look at false positives where a positive prediction does harm.",
		Needs:   coming + takesNo + "; both gaps" + tests, Cite: "Hardt, Price and Srebro (2016); fairlearn.metrics.equalized_odds_difference"},
		labels: true, of: one((*view).odds)},
	{Desc: metric.Desc{Name: "predictive_parity_difference", Unit: "ratio", High: 1, Better: "lower", Labels: byColumn,
		Help:    "How much more a positive prediction means in one group than in another.",
		Formula: "max - min over groups of precision" + interval + grown,
		Use:     "Whether a positive prediction can be relied on alike in every group. Where groups differ in how often they come out positive, it cannot be had together with equalized odds.",
		Needs:   coming + takesNo + tests, Cite: "Chouldechova (2017)"},
		labels: true, of: one(func(v *view) value { return v.gap(precision, 1) })},
})

// one makes a method of a single value.
func one(of func(*view) value) func(*view) []value {
	return func(v *view) []value { return []value{of(v)} }
}

// finish writes what all have in common.
func finish(all []method) []method {
	for i := range all {
		all[i].Check, all[i].Laws = Name, laws
	}
	return all
}

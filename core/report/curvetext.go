package report

import (
	"cmp"
	"slices"
	"strings"

	"leeway/core/report/plain"
)

// mostPairs is how many groups a line of text names.
const mostPairs = 5

// lines are what the curves say in words, a line each.
func (c *Curves) lines() []string {
	if c == nil || c.Current == nil {
		return nil
	}
	var all []string
	if q := c.Current.Residuals; q != nil {
		text := "Half of the errors lie between " + plain.Number(q.Q25) + " and " + plain.Number(q.Q75)
		if c.Reference != nil && c.Reference.Residuals != nil {
			q = c.Reference.Residuals
			text += " (reference: " + plain.Number(q.Q25) + " and " + plain.Number(q.Q75) + ")"
		}
		return append(all, text+", prediction minus label.")
	}
	if len(c.Current.ROC) == 1 {
		text := "Of the positive cases " + c.Current.found() + " are found where 10% of the negative ones are taken for positive"
		if c.Reference != nil && len(c.Reference.ROC) == 1 {
			text += " (reference: " + c.Reference.found() + ")"
		}
		all = append(all, text+".")
	}
	if text := c.Current.meant(); text != "" {
		all = append(all, "Scores and how often they came true: "+text+".")
	}
	return all
}

// found is the true positive rate at a false positive rate of 10%.
func (c *CurveSide) found() string { return readAt(c.ROC[0].FPR, c.ROC[0].TPR, 0.1) }

// meant pairs scores with how often they came true, those of the most rows, in
// their order.
func (c *CurveSide) meant() string {
	largest := make([]int, len(c.Reliability))
	for i := range largest {
		largest[i] = i
	}
	slices.SortStableFunc(largest, func(a, b int) int { return cmp.Compare(c.Reliability[b].Rows, c.Reliability[a].Rows) })
	largest = largest[:min(len(largest), mostPairs)]
	slices.Sort(largest)
	var parts []string
	for _, i := range largest {
		parts = append(parts, plain.Number(rounded(c.Reliability[i].Expected))+" → "+plain.Share(c.Reliability[i].Observed))
	}
	return strings.Join(parts, ", ")
}

package state

import "leeway/core/report"

// Shape is the distribution of a column in a few numbers: enough to draw it
// over time without reading the reports.
type Shape struct {
	Quantiles *[5]float64 `json:"q,omitempty"`   // 5%, 25%, 50%, 75%, 95% of a quantitative column
	Top       []Share     `json:"top,omitempty"` // the largest categories of a discrete one, at most six
}

// Share is a category with its share of the valid values.
type Share struct {
	Name  string  `json:"name"`
	Share float64 `json:"share"`
}

// MaxTop is how many categories a Shape holds.
const MaxTop = 6

// ShapeOf sums up one side of a column; the zero Shape for a column that is
// not there or has no valid values.
func ShapeOf(d *report.Description) Shape {
	if d == nil || d.Rows <= d.Missing+d.Mistyped {
		return Shape{}
	}
	var s Shape
	if q := d.Quantiles; q != nil {
		s.Quantiles = &[5]float64{q.Q05, q.Q25, q.Q50, q.Q75, q.Q95}
	}
	valid := float64(d.Rows - d.Missing - d.Mistyped)
	for _, category := range d.Top[:min(len(d.Top), MaxTop)] {
		s.Top = append(s.Top, Share{category.Name, float64(category.Count) / valid})
	}
	return s
}

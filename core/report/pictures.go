package report

import (
	"html/template"
	"math"
	"slices"

	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// Picture is one chart of how good predictions were, with its numbers as a table
// for whoever does not see it.
type Picture struct {
	Title string
	Note  string // how to read it
	Chart template.HTML
	Wide  bool // it needs more width than others
	Heads []string
	Rows  [][]string
}

// Pictures draws the curves of both sides: order and meaning of scores and the
// confusion matrix of classes, predictions and residuals of numbers. None without
// labels.
func (p *Performance) Pictures() []Picture {
	if p == nil || p.Curves == nil {
		return nil
	}
	c := p.Curves
	var all []Picture
	for i := range classesOf(c) {
		all = append(all, c.roc(i), c.precisionRecall(i))
	}
	if p.Task == "regression" {
		all = append(all, c.predicted(), c.spread())
	} else {
		all = append(all, c.reliability(), c.matrices())
	}
	return slices.DeleteFunc(all, func(one Picture) bool { return one.Chart == "" })
}

// classesOf are the classes that have curves, on either side.
func classesOf(c *Curves) []string {
	var names []string
	for _, s := range []*CurveSide{c.Current, c.Reference} {
		if s == nil {
			continue
		}
		for i := range s.PrecisionRecall {
			if !slices.Contains(names, s.PrecisionRecall[i].Class) {
				names = append(names, s.PrecisionRecall[i].Class)
			}
		}
	}
	return names
}

// of names the class of curves where there are several.
func (c *Curves) of(i int) (class, words string) {
	names := classesOf(c)
	if len(c.Classes) <= 2 && len(names) == 1 {
		return names[i], ""
	}
	return names[i], " of " + plain.Name(names[i], 24)
}

func (c *Curves) roc(i int) Picture {
	class, of := c.of(i)
	find := func(s *CurveSide) (x, y []float64) {
		if s != nil {
			for k := range s.ROC {
				if s.ROC[k].Class == class {
					return s.ROC[k].FPR, s.ROC[k].TPR
				}
			}
		}
		return nil, nil
	}
	p := Picture{Title: "ROC curve" + of, Note: "Positive cases found against negative ones taken for positive, at every threshold; the dots are the predictions that were made.", Heads: []string{"False positive rate", "Reference", "Current"}}
	return c.curve(p, find, class, []float64{0.01, 0.05, 0.1, 0.2, 0.5}, &chart.Plane{
		Title: p.Title, Across: "false positive rate", Up: "true positive rate", Unit: true, Even: true, Level: math.NaN(),
	}, func(o *operating) *[2]float64 { return &[2]float64{o.fpr, o.tpr} })
}

func (c *Curves) precisionRecall(i int) Picture {
	class, of := c.of(i)
	find := func(s *CurveSide) (x, y []float64) {
		if s != nil {
			for k := range s.PrecisionRecall {
				if s.PrecisionRecall[k].Class == class {
					return s.PrecisionRecall[k].Recall, s.PrecisionRecall[k].Precision
				}
			}
		}
		return nil, nil
	}
	p := Picture{Title: "Precision and recall" + of, Note: "Of the cases taken for positive, how many are, against how many of all positive ones are found.", Heads: []string{"Recall", "Reference", "Current"}}
	return c.curve(p, find, class, []float64{0.1, 0.25, 0.5, 0.75, 0.9}, &chart.Plane{
		Title: p.Title, Across: "recall", Up: "precision", Unit: true, Level: math.NaN(),
	}, func(o *operating) *[2]float64 { return &[2]float64{o.tpr, o.precision} })
}

// curve draws a curve of both sides, with what was predicted marked on it, and
// reads it at some places.
func (c *Curves) curve(p Picture, find func(*CurveSide) (x, y []float64), class string, at []float64, plane *chart.Plane, mark func(*operating) *[2]float64) Picture {
	traces := [2]*chart.Trace{}
	for i, s := range []*CurveSide{c.Reference, c.Current} {
		x, y := find(s)
		if len(x) == 0 {
			continue
		}
		traces[i] = &chart.Trace{X: x, Y: y}
		if o := c.operates(s, class); o != nil {
			traces[i].Mark = mark(o)
		}
	}
	if traces[0] == nil && traces[1] == nil {
		return Picture{}
	}
	plane.Reference, plane.Current = traces[0], traces[1]
	for _, x := range at {
		row := []string{plain.Share(x)}
		for _, t := range traces {
			if t == nil {
				row = append(row, "–")
			} else {
				row = append(row, readAt(t.X, t.Y, x))
			}
		}
		p.Rows = append(p.Rows, row)
	}
	plane.Text = sentenceOf(p)
	p.Chart = chart.DrawPlane(plane)
	return p
}

// readAt is the height of a curve at x, "–" where it has none there.
func readAt(xs, ys []float64, x float64) string {
	for i := len(xs) - 1; i >= 0; i-- {
		switch {
		case xs[i] > x:
		case i == len(xs)-1 || xs[i] == x:
			return plain.Share(ys[i])
		default:
			part := (x - xs[i]) / (xs[i+1] - xs[i])
			return plain.Share(ys[i] + float64(part*(ys[i+1]-ys[i])))
		}
	}
	return "–"
}

// sentenceOf reads a table of three columns out.
func sentenceOf(p Picture) string {
	text := ""
	for _, row := range p.Rows {
		text += p.Heads[0] + " " + row[0] + ": reference " + row[1] + ", current " + row[2] + ". "
	}
	return text
}

// operating is where the predictions lie on the curves of a class.
type operating struct{ fpr, tpr, precision float64 }

// operates is that of a side, nil where it cannot be told.
func (c *Curves) operates(s *CurveSide, class string) *operating {
	k := slices.Index(c.Classes, class)
	if s == nil || s.Confusion == nil || k < 0 || c.Other && k == len(c.Classes)-1 {
		return nil
	}
	var hits, guessed, actual, total float64
	for i, row := range s.Confusion {
		for j, n := range row {
			total += n
			if i == k {
				actual += n
			}
			if j == k {
				guessed += n
			}
		}
	}
	hits = s.Confusion[k][k]
	if !(actual > 0 && guessed > 0 && total > actual) {
		return nil
	}
	return &operating{(guessed - hits) / (total - actual), hits / actual, hits / guessed}
}

func (c *Curves) reliability() Picture {
	p := c.groups(Picture{
		Title: "Reliability", Note: "How often cases came true, by how high they were scored; the larger the dot, the more rows. On the line scores are probabilities.",
		Heads: []string{"", "Mean score", "Came true", "95% interval", "Rows"},
	}, &chart.Plane{Title: "Reliability", Across: "mean score", Up: "share that came true", Unit: true, Even: true, Level: math.NaN()})
	return p
}

func (c *Curves) predicted() Picture {
	return c.groups(Picture{
		Title: "Predicted and actual", Note: "Mean label of rows with much the same prediction, ten groups of a tenth of the rows. On the line predictions are right on average.",
		Heads: []string{"", "Mean prediction", "Mean label", "95% interval", "Rows"},
	}, &chart.Plane{Title: "Predicted and actual", Across: "mean prediction", Up: "mean label", Even: true, Level: math.NaN()})
}

// groups draws what came true of rows that are much alike.
func (c *Curves) groups(p Picture, plane *chart.Plane) Picture {
	for i, s := range []*CurveSide{c.Reference, c.Current} {
		if s == nil || len(s.Reliability) == 0 {
			continue
		}
		t := &chart.Trace{}
		var rows float64
		for k := range s.Reliability {
			rows += float64(s.Reliability[k].Rows)
		}
		for _, g := range s.Reliability {
			row := []string{[]string{"Reference", "Current"}[i], plain.Number(g.Expected), plain.Number(g.Observed), "", plain.Count(g.Rows)}
			t.X, t.Y, t.Sizes = append(t.X, g.Expected), append(t.Y, g.Observed), append(t.Sizes, float64(g.Rows)/rows)
			low, high := g.Observed, g.Observed
			if g.Interval != nil {
				low, high = g.Interval[0], g.Interval[1]
				row[3] = plain.Number(low) + " to " + plain.Number(high)
			}
			t.Low, t.High = append(t.Low, low), append(t.High, high)
			p.Rows = append(p.Rows, row)
		}
		if i == 0 {
			t.Low, t.High = nil, nil // one side's whiskers are enough
			plane.Reference = t
		} else {
			plane.Current = t
			plane.Text = "Current: from " + plain.Number(t.X[0]) + ", of which " + plain.Number(t.Y[0]) + " was observed, to " +
				plain.Number(t.X[len(t.X)-1]) + ", of which it was " + plain.Number(t.Y[len(t.Y)-1]) + "."
		}
	}
	if plane.Reference == nil && plane.Current == nil {
		return Picture{}
	}
	p.Chart = chart.DrawPlane(plane)
	return p
}

func (c *Curves) matrices() Picture {
	m := &chart.Confusion{Title: "Confusion matrix", Classes: c.Classes, Other: c.Other}
	if c.Current != nil {
		m.Current = c.Current.Confusion
	}
	if c.Reference != nil {
		m.Reference = c.Reference.Confusion
	}
	if m.Current == nil && m.Reference == nil {
		return Picture{}
	}
	return Picture{
		Title: "Confusion matrix", Note: "Rows by what came true, columns by what was predicted; shares are of the row.",
		Chart: chart.DrawConfusion(m), Wide: len(c.Classes) > 3,
	}
}

// spread draws how far off predictions were.
func (c *Curves) spread() Picture {
	d := c.Residuals
	if d == nil {
		return Picture{}
	}
	p := Picture{Title: "Residuals", Note: "Prediction minus label: right of zero predictions are too high.", Heads: []string{"Quantile", "Reference", "Current"}}
	p.Chart = chart.Overlay(&chart.Distribution{Title: "Residuals: prediction minus label", Edges: d.Edges, Reference: d.Reference, Current: d.Current})
	for _, q := range []struct {
		name string
		of   func(*Quantiles) float64
	}{
		{"5%", func(q *Quantiles) float64 { return q.Q05 }}, {"25%", func(q *Quantiles) float64 { return q.Q25 }}, {"Median", func(q *Quantiles) float64 { return q.Q50 }},
		{"75%", func(q *Quantiles) float64 { return q.Q75 }}, {"95%", func(q *Quantiles) float64 { return q.Q95 }},
	} {
		row := []string{q.name, "–", "–"}
		for i, s := range []*CurveSide{c.Reference, c.Current} {
			if s != nil && s.Residuals != nil {
				row[1+i] = plain.Number(q.of(s.Residuals))
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

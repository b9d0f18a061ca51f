package report

import (
	"html/template"
	"math"
	"strings"

	"leeway/core/metric"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// card is what one group of findings shows.
type card struct {
	Level            chart.Level
	Badge            template.HTML
	Name, Kind, Role string
	First            claim
	Others           []claim         // further findings on the same column
	Lesser           []template.HTML // still further ones, their sentences alone
	Chart            template.HTML
	Figures          [][3]string
}

// claim is one finding.
type claim struct {
	Badge                        template.HTML
	Name                         string
	Message, Hint                template.HTML
	Metric, Scope, Value, Judged string
	Why                          template.HTML
	Carried                      string
	Meter                        template.HTML
	Numbers                      [][2]string
}

// line is a row of the table of columns.
type line struct {
	Name, Kind, Role       string
	Badge, Spark           template.HTML
	Missing, What, Typical string
	Body                   bool
	Chart                  template.HTML
	Figures                [][3]string
}

// claimsShown is how many findings on one column are shown in full.
const claimsShown = 3

func (p *page) findings(r *Report, d detail) {
	groups := r.groups()
	shown := min(len(groups), d.cards)
	for _, g := range groups[:shown] {
		p.Cards = append(p.Cards, g.card())
	}
	rest, left := groups[shown:], 0
	for _, g := range rest {
		for _, f := range g.Findings {
			if len(p.Lines) >= d.lines {
				left++
				continue
			}
			p.Lines = append(p.Lines, claim{Badge: chart.Badge(chart.Level(f.Severity)), Name: f.subject(nameWidth), Message: rich(f.Message, 240)})
		}
	}
	p.More = plain.Plural(int64(len(p.Lines)+left), "more finding", "more findings")
	if left > 0 {
		p.Beyond = plain.Count(int64(left)) + " further findings are in the JSON report."
	}
}

func (g *group) card() card {
	c := card{Level: chart.Level(g.severity()), Badge: chart.Badge(chart.Level(g.severity())), Name: g.Findings[0].subject(nameWidth)}
	if g.Column != nil {
		c.Name, c.Kind, c.Role = plain.Name(g.Column.Name, nameWidth), string(g.Column.Kind), string(g.Column.Role)
		c.Chart, c.Figures = g.Column.picture(), g.Column.figures()
	}
	for i, f := range g.Findings {
		if i >= claimsShown {
			c.Lesser = append(c.Lesser, rich(f.Message, 200))
			continue
		}
		if k := f.claim(); i == 0 {
			c.First = k
		} else {
			k.Meter = ""
			c.Others = append(c.Others, k)
		}
	}
	const lesser = 10
	if extra := len(c.Lesser) - lesser; extra > 0 {
		c.Lesser = append(c.Lesser[:lesser], template.HTML(plain.Plural(int64(extra), "more finding", "more findings")))
	}
	return c
}

func (f *Finding) claim() claim {
	level := chart.Level(f.Severity)
	c := claim{
		Badge: chart.Badge(level), Message: rich(f.Message, sentence), Hint: rich(f.Hint, sentence),
		Metric: plain.Name(f.Metric, 40), Scope: f.scope(nameWidth), Value: f.amount(), Judged: f.judged(), Numbers: f.numbers(),
		Why: rich(f.why(), sentence), Carried: f.Carried(5),
	}
	if f.Value != nil && f.Threshold != nil && f.Check != "performance" && !f.ruled() { // the limit of a fall is no length from zero
		m := chart.Measure{
			Title: "Value against the alert limit", Text: strings.TrimSuffix(c.Value+", "+c.Judged, ", ") + ".",
			Value: *f.Value, Limit: *f.Threshold + metric.Float(orZero(f.NoiseFloor)), Noise: metric.Float(f.NoiseFloor),
			Low: math.NaN(), High: math.NaN(), Level: level,
		}
		if f.Interval != nil {
			m.Low, m.High = f.Interval[0], f.Interval[1]
		}
		c.Meter = chart.Meter(&m)
	}
	return c
}

func orZero(x *float64) *float64 {
	if x == nil {
		return new(float64)
	}
	return x
}

// picture is the chart of a column's two sides, "" where there is none.
func (c *Column) picture() template.HTML {
	d := c.drawn()
	switch {
	case d == nil:
		return ""
	case d.Names != nil:
		return chart.Bars(d)
	}
	return chart.Overlay(d)
}

func (p *page) columns(r *Report, d detail) {
	worst := r.worst()
	all := r.gravest()
	for _, c := range all[:min(len(all), d.rows)] {
		what, typical := c.typical(24)
		row := line{Name: plain.Name(c.Name, nameWidth), Kind: string(c.Kind), Role: string(c.Role),
			Missing: c.missing(), What: what, Typical: typical, Body: d.bodies}
		if level := chart.Level(worst[c.Name]); level != chart.None {
			row.Badge = chart.Badge(level)
		}
		if drawn := c.drawn(); drawn != nil {
			row.Spark = chart.Spark(drawn)
		}
		if d.bodies {
			row.Chart, row.Figures = c.picture(), c.figures()
		}
		p.Rows = append(p.Rows, row)
	}
	p.ColumnsNote = "Reference → current; columns with findings first."
	if d.bodies {
		p.ColumnsNote += " Open one for its distribution and numbers."
	}
	if left := len(all) - len(p.Rows); left > 0 {
		p.RowsBeyond = plain.Plural(int64(left), "more column is", "more columns are") + " in the JSON report."
	}
}

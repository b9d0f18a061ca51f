package chart

import (
	"html/template"
	"math"
	"slices"
	"strings"

	"leeway/core/report/plain"
)

// Plane is a drawing with numbers on both axes: curves, or groups of rows as dots
// with whiskers, of both sides.
type Plane struct {
	Title  string
	Text   string // for screen readers: its main numbers
	Across string // what the axes are
	Up     string
	Unit   bool    // both axes go from 0 to 1; else they fit what is drawn, both alike
	Even   bool    // a line from corner to corner, where both are equal
	Level  float64 // a horizontal line, NaN for none

	Reference, Current *Trace // nil: there is no such side
}

// Trace is one side in a Plane.
type Trace struct {
	X, Y  []float64
	Low   []float64 // the ends of whiskers, nil for none
	High  []float64
	Sizes []float64 // 0 to 1, the sizes of dots; nil: a line without dots
	Mark  *[2]float64
}

const (
	planeHeight = 300
	planeTop    = 24
	planePlot   = 232
)

// DrawPlane draws a Plane: the reference grey and dashed, the current side blue.
func DrawPlane(p *Plane) template.HTML {
	s, ok := p.scale()
	if !ok {
		return template.HTML(`<p class="soft small">Nothing to draw for ` + safe(p.Title, 60) + `.</p>`)
	}
	var b strings.Builder
	b.WriteString(`<div class="chart plane">`)
	head(&b, "", planeHeight, p.Title, p.Text)
	p.axes(&b, s)
	b.WriteString(`<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" y="24" height="232">`)
	if p.Even {
		b.WriteString(`<path class="even" d="M0 1000L1000 0"/>`)
	}
	if finite(p.Level) {
		b.WriteString(`<path class="even" d="`)
		point(&b, 'M', 0, 1000*s.down(p.Level))
		b.WriteString(`H1000"/>`)
	}
	p.Reference.line(&b, "ref", s)
	p.Current.line(&b, "cur", s)
	b.WriteString("</svg>")
	p.Reference.dots(&b, "ref", s)
	p.Current.dots(&b, "cur", s)
	b.WriteString("</svg></div>")
	return template.HTML(b.String())
}

// scale is that of both axes.
func (p *Plane) scale() (scale, bool) {
	low, high := math.Inf(1), math.Inf(-1)
	any := false
	for _, t := range []*Trace{p.Reference, p.Current} {
		if t == nil {
			continue
		}
		any = any || len(t.X) > 0
		for _, x := range slices.Concat(t.X, t.Y, t.Low, t.High) {
			if finite(x) {
				low, high = min(low, x), max(high, x)
			}
		}
	}
	if p.Unit {
		return scale{0, 1}, any
	}
	margin := 0.05 * (high - low)
	if margin == 0 {
		margin = max(math.Abs(low)*0.05, 1e-9)
	}
	s := scale{low - margin, high + margin}
	return s, any && finite(s.low) && finite(s.high) && s.low < s.high
}

// along is how far to the right v lies, 0 to 1.
func (s scale) along(v float64) float64 { return 1 - s.down(v) }

// axes draws the raster with its labels, and what the axes are.
func (p *Plane) axes(b *strings.Builder, s scale) {
	b.WriteString(`<text class="axis-title" x="-34" y="11">` + safe(p.Up, 60) + `</text>`)
	for _, v := range ticks(s.low, s.high, 5) {
		y := planeTop + planePlot*s.down(v)
		b.WriteString(`<line class="grid" x1="0" x2="100%" y1="`)
		coordinate(b, math.Round(y))
		b.WriteString(`" y2="`)
		coordinate(b, math.Round(y))
		b.WriteString(`"/><text x="-6" text-anchor="end" y="`)
		coordinate(b, y+4)
		b.WriteString(`">` + template.HTMLEscapeString(plain.Number(v)) + `</text>`)
		at := percent(s.along(v))
		b.WriteString(`<line class="grid" x1="` + at + `" x2="` + at + `" y1="24" y2="256"/>`)
		b.WriteString(`<text text-anchor="middle" x="` + at + `" y="272">` + template.HTMLEscapeString(plain.Number(v)) + `</text>`)
	}
	b.WriteString(`<line class="axis" x1="0" x2="100%" y1="256" y2="256"/><text class="axis-title" x="50%" y="293" text-anchor="middle">` + safe(p.Across, 60) + `</text>`)
}

// line draws the curve, or what joins the dots.
func (t *Trace) line(b *strings.Builder, class string, s scale) {
	if t == nil || len(t.X) < 2 {
		return
	}
	b.WriteString(`<path class="` + class + `" d="`)
	for i := range t.X {
		point(b, command(i == 0), math.Round(1000*s.along(t.X[i])), math.Round(1000*s.down(t.Y[i])))
	}
	b.WriteString(`"/>`)
}

// dots draws the groups with their whiskers, and the mark.
func (t *Trace) dots(b *strings.Builder, class string, s scale) {
	if t == nil {
		return
	}
	height := func(v float64) { coordinate(b, planeTop+planePlot*s.down(v)) }
	for i := range t.Low {
		at := percent(s.along(t.X[i]))
		b.WriteString(`<line class="whisker" x1="` + at + `" x2="` + at + `" y1="`)
		height(t.Low[i])
		b.WriteString(`" y2="`)
		height(t.High[i])
		b.WriteString(`"/>`)
	}
	for i := range t.Sizes {
		b.WriteString(`<circle class="` + class + `" cx="` + percent(s.along(t.X[i])) + `" cy="`)
		height(t.Y[i])
		b.WriteString(`" r="`)
		coordinate(b, 2.5+3.5*math.Sqrt(min(max(t.Sizes[i], 0), 1)))
		b.WriteString(`"/>`)
	}
	if t.Mark != nil {
		b.WriteString(`<circle class="mark ` + class + `" r="4.5" cx="` + percent(s.along(t.Mark[0])) + `" cy="`)
		height(t.Mark[1])
		b.WriteString(`"/>`)
	}
}

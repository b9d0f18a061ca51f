package chart

import (
	"html/template"
	"math"
	"slices"
	"strings"

	"leeway/core/report/plain"
)

// Distribution is what one column holds on both sides: the share of each
// side's values in the same cells. Numbers have Edges, one more than cells and
// ascending; categories have Names.
type Distribution struct {
	Title     string
	Edges     []float64
	Names     []string
	Other     bool      // the last name stands for all others
	Reference []float64 // nil: there is no such side
	Current   []float64
}

// cells is how many cells can be drawn: 0 where the parts do not fit together.
func (d *Distribution) cells() int {
	n := max(len(d.Reference), len(d.Current))
	fits := func(side []float64) bool { return side == nil || len(side) == n }
	switch {
	case !fits(d.Reference) || !fits(d.Current):
		return 0
	case d.Names == nil && len(d.Edges) != n+1, d.Names != nil && len(d.Names) != n:
		return 0
	}
	return n
}

const (
	overlayHeight = 136
	plotHeight    = 112 // the rest is for the labels of the axis
	plotTop       = 14  // room for the label of the tallest cell
)

// Overlay draws two distributions of numbers over each other: the reference as
// a grey area, the current side as a blue outline. An end cell much wider than
// its neighbours holds a tail; it is drawn as wide as they are and set apart,
// so that a tail does not flatten the picture.
func Overlay(d *Distribution) template.HTML {
	n := d.cells()
	if n == 0 || d.Edges == nil {
		return empty(d.Title)
	}
	at := positions(d.Edges)
	top := peak(d)
	var b strings.Builder
	b.WriteString(`<div class="chart">`)
	head(&b, "overlay", overlayHeight, d.Title, d.describe())
	b.WriteString(`<line class="grid" x1="0" x2="100%" y1="14" y2="14"/>`)
	b.WriteString(`<svg viewBox="0 0 1000 100" preserveAspectRatio="none" width="100%" y="14" height="98">`)
	step(&b, "r", d.Reference, at, top)
	step(&b, "c", d.Current, at, top)
	b.WriteString(`</svg><line class="axis" x1="0" x2="100%" y1="112" y2="112"/>`)
	text(&b, 0, plotTop-4, "", plain.Share(top))
	axis(&b, d.Edges, at)
	b.WriteString("</svg></div>")
	return template.HTML(b.String())
}

// empty stands for a chart whose parts are missing.
func empty(title string) template.HTML {
	return template.HTML(`<p class="soft small">No distribution to show for ` + safe(title, 60) + `.</p>`)
}

// peak is the largest share of either side.
func peak(d *Distribution) float64 {
	top := 0.0
	for _, share := range slices.Concat(d.Reference, d.Current) {
		if share > top && !math.IsInf(share, 1) {
			top = share
		}
	}
	if top == 0 {
		return 1
	}
	return top
}

// span is where a cell is drawn, as shares of the width.
type span struct{ from, to float64 }

// positions lays cells out in proportion to their width, tails apart.
func positions(edges []float64) []span {
	n := len(edges) - 1
	widths := make([]float64, n)
	for i := range widths {
		widths[i] = edges[i+1] - edges[i]
		if !(widths[i] > 0) || math.IsInf(widths[i], 0) {
			widths[i] = 0
		}
	}
	low, high := tails(widths)
	gap := 0.0
	if n > 2 {
		gap = middle(widths[1:n-1]) / 2
	}
	total, at := 0.0, make([]span, n)
	for i, width := range widths {
		if high && i == n-1 {
			total += gap
		}
		at[i] = span{total, total + width}
		total += width
		if low && i == 0 {
			total += gap
		}
	}
	for i := range at {
		if total == 0 { // nothing has a width: equal parts
			at[i] = span{float64(i) / float64(n), float64(i+1) / float64(n)}
			continue
		}
		at[i] = span{at[i].from / total, at[i].to / total}
	}
	return at
}

// tails tells which end cells hold a tail, and narrows those.
func tails(widths []float64) (low, high bool) {
	n := len(widths)
	if n < 4 {
		return false, false
	}
	usual := middle(widths[1 : n-1])
	squeeze := func(i int) bool {
		if widths[i] <= 1.5*usual {
			return false
		}
		widths[i] = usual
		return true
	}
	return squeeze(0), squeeze(n - 1)
}

// middle is the median of a few widths.
func middle(widths []float64) float64 {
	sorted := slices.Sorted(slices.Values(widths))
	return sorted[len(sorted)/2]
}

// step draws one side as a path of steps, closed along the axis. Neighbours of
// the same height are one step.
func step(b *strings.Builder, class string, shares []float64, at []span, top float64) {
	if shares == nil {
		return
	}
	b.WriteString(`<path class="` + class + `" d="`)
	height := func(i int) float64 { return 100 - 100*min(max(shares[i], 0)/top, 1) }
	end := math.NaN()
	for i, cell := range at {
		if cell.from != end {
			if i > 0 {
				b.WriteString("V100")
			}
			point(b, 'M', 1000*cell.from, 100)
		}
		if i == 0 || cell.from != end || height(i) != height(i-1) {
			point(b, 'V', height(i))
		}
		if i == len(at)-1 || at[i+1].from != cell.to || height(i+1) != height(i) {
			point(b, 'H', 1000*cell.to)
		}
		end = cell.to
	}
	b.WriteString(`V100"/>`)
}

// axis labels round numbers, and the tails by their border.
func axis(b *strings.Builder, edges []float64, at []span) {
	n := len(at)
	widths := make([]float64, n)
	for i := range widths {
		widths[i] = edges[i+1] - edges[i]
	}
	low, high := tails(widths)
	whole := centred(edges[1:n]) || centred(edges)
	first, last, taken := 0, n, [2]float64{-1, 2}
	if low {
		first, taken[0] = 1, 0.04
		label := "< " + plain.Number(edges[1])
		if whole {
			label = "≤ " + plain.Number(edges[1]-0.5)
		}
		text(b, 0, overlayHeight-8, "", label)
	}
	if high {
		last, taken[1] = n-1, 0.96
		label := "≥ " + plain.Number(edges[n-1])
		if whole {
			label = "≥ " + plain.Number(edges[n-1]+0.5)
		}
		text(b, 1, overlayHeight-8, "", label)
	}
	for _, value := range ticks(edges[first], edges[last], 5) {
		if whole && value != math.Trunc(value) {
			continue
		}
		x := place(value, edges, at, first, last)
		if x > taken[0]+0.09 && x < taken[1]-0.09 {
			text(b, x, overlayHeight-8, "", plain.Number(value))
		}
	}
}

// centred tells whether cells are those of whole numbers, each in the middle
// of one.
func centred(edges []float64) bool {
	for i, edge := range edges {
		if math.Abs(edge-math.Trunc(edge)) != 0.5 || i > 0 && edge-edges[i-1] != 1 {
			return false
		}
	}
	return len(edges) > 0
}

// place is where a value lies between the edges first and last.
func place(value float64, edges []float64, at []span, first, last int) float64 {
	for i := first; i < last; i++ {
		if value <= edges[i+1] || i == last-1 {
			width := edges[i+1] - edges[i]
			if !(width > 0) {
				return at[i].from
			}
			return at[i].from + float64((at[i].to-at[i].from)*(value-edges[i])/width)
		}
	}
	return 0
}

// describe says in words where each side is densest.
func (d *Distribution) describe() string {
	side := func(name string, shares []float64) string {
		best := 0
		for i, share := range shares {
			if share > shares[best] {
				best = i
			}
		}
		if len(shares) == 0 || !(shares[best] > 0) {
			return name + ": no values."
		}
		return name + ": most common is " + d.cell(best) + " with " + plain.Share(shares[best]) + "."
	}
	return side("Reference", d.Reference) + " " + side("Current", d.Current)
}

// cell names a cell.
func (d *Distribution) cell(i int) string {
	if d.Names != nil {
		return d.name(i)
	}
	if centred(d.Edges[i : i+2]) {
		return plain.Number(d.Edges[i] + 0.5)
	}
	return plain.Number(d.Edges[i]) + " to " + plain.Number(d.Edges[i+1])
}

func (d *Distribution) name(i int) string {
	if d.Other && i == len(d.Names)-1 {
		return "all others"
	}
	return plain.Name(d.Names[i], 40)
}

package chart

import (
	"html/template"
	"math"
	"strings"

	"leeway/core/report/plain"
)

// Bars draws two distributions of categories as a table: a name, a pair of
// bars (reference above current) and the two shares in numbers.
func Bars(d *Distribution) template.HTML {
	n := d.cells()
	if n == 0 || d.Names == nil {
		return empty(d.Title)
	}
	top := peak(d)
	var b strings.Builder
	b.WriteString(`<table class="bars chart"><caption><span class="hidden">` + safe(d.Title, 120) +
		`: share of values, reference and current</span></caption><tbody>`)
	for i := range n {
		b.WriteString("<tr")
		if d.Other && i == n-1 {
			b.WriteString(` class="other"`)
		}
		name := template.HTMLEscapeString(d.name(i))
		b.WriteString(`><th scope="row" title="` + name + `"><bdi>` + name + `</bdi></th><td><svg aria-hidden="true">`)
		bar(&b, "r", d.Reference, i, 0, top)
		bar(&b, "c", d.Current, i, 8, top)
		b.WriteString("</svg></td><td>" + template.HTMLEscapeString(pair(d.Reference, d.Current, i)) + "</td></tr>")
	}
	b.WriteString("</tbody></table>")
	return template.HTML(b.String())
}

// bar draws one bar; a share above nothing is always seen.
func bar(b *strings.Builder, class string, shares []float64, i, y int, top float64) {
	if shares == nil || !(shares[i] > 0) {
		return
	}
	b.WriteString(`<rect class="` + class + `" y="` + string(rune('0'+y)) + `" height="7" rx="1.5" width="` + percent(max(shares[i]/top, 0.004)) + `"/>`)
}

// pair writes a share on both sides.
func pair(reference, current []float64, i int) string {
	share := func(side []float64) string {
		if side == nil {
			return "–"
		}
		return plain.Share(side[i])
	}
	return share(reference) + " → " + share(current)
}

// sparkCells is how many cells a thumbnail shows at most.
const sparkCells = 20

// Spark draws a thumbnail of either kind of distribution, hidden from screen
// readers: put the numbers beside it.
func Spark(d *Distribution) template.HTML {
	n := d.cells()
	if n == 0 {
		return ""
	}
	small := *d
	per := (n + sparkCells - 1) / sparkCells
	small.Reference, small.Current = joined(d.Reference, per), joined(d.Current, per)
	cells := max(len(small.Reference), len(small.Current))
	var b strings.Builder
	b.WriteString(`<svg class="spark" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">`)
	if d.Names != nil {
		columns(&b, &small, cells)
	} else {
		at := make([]span, cells)
		for i := range at {
			at[i] = span{float64(i) / float64(cells), float64(i+1) / float64(cells)}
		}
		top := peak(&small)
		step(&b, "r", whole(small.Reference), at, top)
		step(&b, "c", whole(small.Current), at, top)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// columns draws pairs of upright bars side by side.
func columns(b *strings.Builder, d *Distribution, cells int) {
	top := peak(d)
	wide := 1000 / float64(cells)
	for side, class := range []string{"r", "c"} {
		shares := [][]float64{d.Reference, d.Current}[side]
		if shares == nil {
			continue
		}
		b.WriteString(`<path class="` + class + `" d="`)
		for i, share := range shares {
			if !(share > 0) {
				continue
			}
			x := math.Round(wide*float64(i) + wide*(0.12+0.38*float64(side)))
			point(b, 'M', x, 100)
			point(b, 'V', math.Round(100-max(100*min(share/top, 1), 2)))
			point(b, 'h', math.Round(wide*0.38))
			b.WriteString("V100")
		}
		b.WriteString(`"/>`)
	}
}

// joined adds up runs of cells.
func joined(shares []float64, per int) []float64 {
	if shares == nil {
		return nil
	}
	sums := make([]float64, (len(shares)+per-1)/per)
	for i, share := range shares {
		sums[i/per] += share
	}
	return sums
}

// whole rounds shares to what a thumbnail can show, for short paths.
func whole(shares []float64) []float64 {
	for i, share := range shares {
		shares[i] = math.Round(share*1000) / 1000
	}
	return shares
}

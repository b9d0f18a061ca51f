package dash

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"leeway/core/state"
)

// named is how many categories have a colour of their own; all others share one.
const named = 7

// shares draws the shares of categories over time as stacked columns: the
// baseline on the left, then every window.
func shares(columns []*state.ColumnSummary, history []state.Summary, baseline state.Shape) (template.HTML, []legend) {
	names := largest(columns, baseline)
	if len(names) == 0 {
		return "", nil
	}
	var windows [][]float64 // nil where there are no values
	for _, column := range columns {
		if column == nil {
			windows = append(windows, nil)
			continue
		}
		windows = append(windows, split(column.Shape, names))
	}
	base := split(baseline, names)
	var last []float64
	for _, window := range windows {
		if window != nil {
			last = window
		}
	}
	return stack(base, windows, history), legends(names, base, last)
}

// largest chooses the categories that are shown by name: those with the
// largest share in any window or in the baseline, the largest of the baseline
// first, so that colours do not jump when windows come and go.
func largest(columns []*state.ColumnSummary, baseline state.Shape) []string {
	peak, base := map[string]float64{}, map[string]float64{}
	for _, one := range baseline.Top {
		base[one.Name], peak[one.Name] = one.Share, one.Share
	}
	for _, column := range columns {
		if column == nil {
			continue
		}
		for _, one := range column.Top {
			peak[one.Name] = max(peak[one.Name], one.Share)
		}
	}
	names := make([]string, 0, len(peak))
	for name := range peak {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(peak[b], peak[a]), cmp.Compare(a, b)) })
	names = names[:min(len(names), named)]
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(base[b], base[a]), cmp.Compare(a, b)) })
	return names
}

// split gives the share of each name and, last, of all others; nil for a shape
// without values.
func split(shape state.Shape, names []string) []float64 {
	if shape.Top == nil {
		return nil
	}
	parts := make([]float64, len(names)+1)
	rest := 1.0
	for _, one := range shape.Top {
		if at := slices.Index(names, one.Name); at >= 0 {
			parts[at] = one.Share
			rest -= one.Share
		}
	}
	parts[len(names)] = max(rest, 0)
	if parts[len(names)] < 1e-9 {
		parts[len(names)] = 0
	}
	return parts
}

func legends(names []string, base, last []float64) []legend {
	at := func(parts []float64, i int) float64 {
		if parts == nil {
			return 0
		}
		return parts[i]
	}
	var all []legend
	for i, name := range names {
		all = append(all, legend{Class: "k" + strconv.Itoa(i), Name: name, Reference: at(base, i), Newest: at(last, i)})
	}
	if n := len(names); at(base, n) > 0 || at(last, n) > 0 {
		all = append(all, legend{Class: "kx", Name: "all others", Other: true, Reference: at(base, n), Newest: at(last, n)})
	}
	return all
}

// stack draws the columns into one stretched drawing, one path per category.
func stack(base []float64, windows [][]float64, history []state.Summary) template.HTML {
	n := len(windows)
	wide := max(1, float64(n)/16) // of the baseline
	offset := 0.0
	if base != nil {
		offset = wide * 1.25
	}
	var b strings.Builder
	b.WriteString(`<div class="chart stack"><svg role="img" preserveAspectRatio="none" viewBox="0 0 `)
	b.WriteString(decimal(offset + float64(n)))
	b.WriteString(` 1000"><title>Share of each category over time, the baseline at the left</title>`)
	left, width := .05, .9
	if n > 100 { // gaps of less than a pixel would only flicker
		left, width = 0, 1
	}
	parts := 0
	for _, window := range append([][]float64{base}, windows...) {
		parts = max(parts, len(window))
	}
	for k := range parts {
		class := "k" + strconv.Itoa(k)
		if k == parts-1 {
			class = "kx"
		}
		b.WriteString(`<path class="` + class + `" d="`)
		layer(&b, base, k, 0, wide)
		for i, window := range windows {
			layer(&b, window, k, offset+float64(i)+left, width)
		}
		b.WriteString(`"/>`)
	}
	b.WriteString(`</svg>`)
	stackAxis(&b, base != nil, offset, history)
	b.WriteString(`</div>`)
	return template.HTML(b.String()) // numbers, dates and fixed words alone
}

// stackAxis writes the dates below, in HTML: text in a stretched drawing would
// be stretched with it.
func stackAxis(b *strings.Builder, baseline bool, offset float64, history []state.Summary) {
	n, labels := len(history), marks(history)
	b.WriteString(`<p class="axis" aria-hidden="true">`)
	if baseline {
		b.WriteString(`<span style="left:0">Baseline</span>`)
	}
	mark := func(i int, side string, at float64) {
		b.WriteString(`<span class="` + side + `" style="left:` + decimal(100*at/(offset+float64(n))) + `%">` + labels[i] + `</span>`)
	}
	if n > 2 {
		mark(0, "", offset)
		mark(n/2, "middle", offset+float64(n/2)+.5)
	}
	if n > 0 {
		mark(n-1, "end", offset+float64(n))
	}
	b.WriteString(`</p>`)
}

// layer appends the piece of category k in one column.
func layer(b *strings.Builder, parts []float64, k int, x, width float64) {
	if k >= len(parts) || parts[k] <= 0 {
		return
	}
	below := 0.0
	for _, part := range parts[:k] {
		below += part
	}
	b.WriteString("M" + decimal(x) + " " + decimal(1000*(1-below)) + "v-" + decimal(1000*parts[k]) + "h" + decimal(width) + "v" + decimal(1000*parts[k]) + "z")
}

// decimal writes a coordinate with two decimals at most.
func decimal(x float64) string { return strconv.FormatFloat(float64(int64(x*100+.5))/100, 'f', -1, 64) }

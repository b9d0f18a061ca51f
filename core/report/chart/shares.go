package chart

import (
	"html/template"
	"math"
	"strings"

	"leeway/core/report/plain"
)

// Shares draws a share of each window as a bar, 0 to 1, under the same windows as
// [Lines]: how many of its labels have come. NaN is a gap.
func Shares(title string, moments []Moment, shares []float64) template.HTML {
	if len(moments) == 0 || len(moments) != len(shares) {
		return empty(title)
	}
	const top, plot, height = 14, 44, 62
	var b strings.Builder
	b.WriteString(`<div class="chart shares-over">`)
	head(&b, "", height, title, sharesText(shares))
	b.WriteString(`<line class="grid" x1="0" x2="100%" y1="14" y2="14"/><text x="0" y="10">100%</text>`)
	n := float64(len(moments))
	for i, m := range moments {
		if !finite(shares[i]) {
			continue
		}
		part := min(max(shares[i], 0), 1)
		open, shut := link(m.Link, m.Title)
		b.WriteString(pointed(open, len(moments)) + `<rect rx="1.5" x="` + percent((float64(i)+0.1)/n) + `" width="` + percent(0.8/n) + `" y="`)
		coordinate(&b, top+plot*(1-part))
		b.WriteString(`" height="`)
		coordinate(&b, max(plot*part, 1))
		b.WriteString(`">`)
		if m.Title != "" {
			b.WriteString("<title>" + safe(m.Title, 160) + "</title>")
		}
		b.WriteString("</rect>" + shut)
	}
	b.WriteString(`<line class="axis" x1="0" x2="100%" y1="58" y2="58"/></svg></div>`)
	return template.HTML(b.String())
}

// sharesText says what the first and the last share are.
func sharesText(shares []float64) string {
	first, last := math.NaN(), math.NaN()
	for _, x := range shares {
		if finite(x) {
			if last = x; !finite(first) {
				first = x
			}
		}
	}
	if !finite(first) {
		return ""
	}
	return "From " + plain.Share(first) + " to " + plain.Share(last) + "."
}

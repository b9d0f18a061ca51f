package chart

import (
	"html/template"
	"strings"
)

// Whiskers are numbers with intervals on one scale, such as a rate of each group.
type Whiskers struct {
	Title     string
	Low, High float64 // the scale
	Limit     float64 // a vertical line, NaN for none
	Rows      []Whisker
}

// Whisker is one number.
type Whisker struct {
	Name      string
	Note      string  // below the name
	Value     float64 // NaN: unknown
	Low, High float64 // its interval, NaN for none
	Text      string  // the number in words, or why there is none
	Level     Level
}

// DrawWhiskers draws a table: a name, a dot with its interval, the number.
func DrawWhiskers(w *Whiskers) template.HTML {
	if len(w.Rows) == 0 || !finite(w.Low) || !finite(w.High) || !(w.Low < w.High) {
		return empty(w.Title)
	}
	at := func(x float64) string { return percent((x - w.Low) / (w.High - w.Low)) }
	var b strings.Builder
	b.WriteString(`<table class="whiskers chart"><caption><span class="hidden">` + safe(w.Title, 120) + `</span></caption><tbody>`)
	for i := range w.Rows {
		row := &w.Rows[i]
		name := safe(row.Name, 60)
		b.WriteString(`<tr class="` + row.Level.class() + `"><th scope="row" title="` + name + `"><bdi>` + name + `</bdi>`)
		if row.Note != "" {
			b.WriteString(`<small>` + safe(row.Note, 60) + `</small>`)
		}
		b.WriteString(`</th><td><svg aria-hidden="true"><line class="grid" x1="0" x2="100%" y1="12" y2="12"/>`)
		if finite(w.Limit) && w.Limit > w.Low && w.Limit < w.High {
			b.WriteString(`<line class="limit" x1="` + at(w.Limit) + `" x2="` + at(w.Limit) + `" y1="0" y2="24"/>`)
		}
		if finite(row.Low) && finite(row.High) {
			b.WriteString(`<line class="span" x1="` + at(row.Low) + `" x2="` + at(row.High) + `" y1="12" y2="12"/>`)
		}
		if finite(row.Value) {
			b.WriteString(`<circle r="5" cy="12" cx="` + at(row.Value) + `"/>`)
		}
		b.WriteString("</svg></td><td>" + safe(row.Text, 60) + "</td></tr>")
	}
	b.WriteString("</tbody></table>")
	return template.HTML(b.String())
}

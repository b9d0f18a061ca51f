package chart

import (
	"html/template"
	"math"
	"strings"
)

// Measure is one value with what it is judged by. Unknown numbers are NaN.
type Measure struct {
	Title     string
	Text      string // the value in words, for screen readers
	Value     float64
	Limit     float64 // from here on it is worth an alert
	Noise     float64 // what no change would give
	Low, High float64 // interval of Value
	Level     Level
}

// Meter draws a value as a bar against its limit (a vertical stroke), with the
// noise floor in grey and the interval as a whisker. The scale starts at zero;
// the sign of a value is not drawn. Nothing is drawn without value and limit.
func Meter(m *Measure) template.HTML {
	value, limit := math.Abs(m.Value), math.Abs(m.Limit)
	if !finite(value) || !finite(limit) || limit == 0 && value == 0 {
		return ""
	}
	low, high := math.Abs(m.Low), math.Abs(m.High)
	low, high = math.Min(low, high), math.Max(low, high)
	top := math.Max(value, limit) * 1.12
	if finite(high) {
		top = math.Max(top, math.Min(high*1.04, 3*top))
	}
	var b strings.Builder
	b.WriteString(`<div class="chart meter ` + m.Level.class() + `">`)
	head(&b, "", 34, m.Title, m.Text)
	b.WriteString(`<rect class="track" y="6" width="100%" height="10" rx="3"/>`)
	b.WriteString(`<rect class="value" y="6" height="10" rx="3" width="` + percent(math.Max(value/top, 0.004)) + `"/>`)
	if finite(m.Noise) && m.Noise > 0 {
		b.WriteString(`<rect class="noise" y="6" height="10" rx="3" width="` + percent(m.Noise/top) + `"/>`)
	}
	if finite(low) && finite(high) {
		b.WriteString(`<line class="span" y1="11" y2="11" x1="` + percent(low/top) + `" x2="` + percent(high/top) + `"/>`)
	}
	at := percent(limit / top)
	b.WriteString(`<line class="limit" y1="1" y2="21" x1="` + at + `" x2="` + at + `"/>`)
	text(&b, limit/top, 31, "", "alert limit")
	b.WriteString("</svg></div>")
	return template.HTML(b.String())
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

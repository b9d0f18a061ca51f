// Package chart draws what the report and the dashboard show, as HTML with SVG
// made on the server: no script, the same bytes for the same input.
//
// Charts have no width of their own: they fill what contains them, and text
// keeps its size while shapes stretch. Colours come from the classes of
// report.Theme, which has to be on the page. Every chart names itself to a
// screen reader by a title and a description with its main numbers; [Bars] is
// a table with bars in it, and for the others a caller shows the numbers near
// by. Titles and names may come from users' data: they are made safe here.
//
// Draw two distributions with [Overlay] (numbers), [Bars] (categories) or
// [Spark] (a thumbnail of either); one value against its limit with [Meter];
// many windows with [Timeline], [Lines] and [Heatmap].
package chart

import (
	"html/template"
	"math"
	"strconv"
	"strings"

	"leeway/core/report/plain"
)

// Level is the tone of a mark: a verdict or a severity of the report by its
// own word, or "" for none.
type Level string

// The levels.
const (
	None    Level = ""
	OK      Level = "ok"
	Info    Level = "info"
	Unknown Level = "unknown"
	Warn    Level = "warn"
	Alert   Level = "alert"
	Invalid Level = "invalid"
)

// Word is the level for people: "Too few rows" for unknown.
func (l Level) Word() string {
	switch l {
	case OK:
		return "OK"
	case Info:
		return "Note"
	case Unknown:
		return "Unknown"
	case Warn:
		return "Warning"
	case Alert:
		return "Alert"
	case Invalid:
		return "Unreadable"
	}
	return "None"
}

// Icon is the level's sign, a shape of its own for each, hidden from screen
// readers: put the word beside it.
func Icon(l Level) template.HTML {
	shape := ""
	switch l {
	case OK:
		shape = `<path d="M4 12.5l5.5 5.5L20 7"/>`
	case Info:
		shape = `<path d="M12 11v6.5M12 6.5v.01"/><circle cx="12" cy="12" r="10"/>`
	case Unknown:
		shape = `<path d="M8 8.5a4 4 0 1 1 5.5 3.7c-1 .5-1.5 1.1-1.5 2.3M12 19v.01"/>`
	case Warn:
		shape = `<path d="M12 3.5L2.5 20h19zM12 10v4.5M12 17.2v.01"/>`
	case Alert:
		shape = `<path d="M12 3.5v10M12 19.5v.01"/>`
	case Invalid:
		shape = `<path d="M6 6l12 12M18 6L6 18"/>`
	default:
		shape = `<path d="M5 12h14"/>`
	}
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">` + shape + `</svg>`)
}

// Badge is the icon and the word of a level in one pill.
func Badge(l Level) template.HTML {
	return template.HTML(`<span class="badge ` + l.class() + `">` + string(Icon(l)) + l.Word() + `</span>`)
}

// class is the level as a class name, "none" for whatever is not known.
func (l Level) class() string {
	switch l {
	case OK, Info, Unknown, Warn, Alert, Invalid:
		return string(l)
	}
	return "none"
}

// Legend says which of the two distributions is which.
func Legend(reference, current string) template.HTML {
	return template.HTML(`<div class="legend chart"><span><svg aria-hidden="true"><rect class="r" width="16" height="12" rx="2"/></svg>` +
		safe(reference, 80) + `</span><span><svg aria-hidden="true"><rect class="c" width="16" height="12" rx="2"/></svg>` + safe(current, 80) + `</span></div>`)
}

// safe is a text from anywhere, for HTML text or a quoted attribute.
func safe(s string, width int) string {
	return template.HTMLEscapeString(plain.Name(s, width))
}

// head opens a drawing that names itself.
func head(b *strings.Builder, class string, height int, title, desc string) {
	b.WriteString(`<svg class="`)
	b.WriteString(class)
	b.WriteString(`" role="img" width="100%" height="`)
	b.WriteString(strconv.Itoa(height))
	b.WriteString(`"><title>`)
	b.WriteString(safe(title, 120))
	b.WriteString("</title>")
	if desc != "" {
		b.WriteString("<desc>")
		b.WriteString(template.HTMLEscapeString(plain.Text(desc)))
		b.WriteString("</desc>")
	}
}

// coordinate writes x with one decimal at most.
func coordinate(b *strings.Builder, x float64) {
	x = math.Round(10*x) / 10
	if math.IsNaN(x) || math.IsInf(x, 0) || x == 0 {
		x = 0 // also for minus zero
	}
	b.WriteString(strconv.FormatFloat(x, 'f', -1, 64))
}

// point writes a path command with its numbers.
func point(b *strings.Builder, command byte, numbers ...float64) {
	b.WriteByte(command)
	for i, x := range numbers {
		if i > 0 {
			b.WriteByte(' ')
		}
		coordinate(b, x)
	}
}

// percent writes a position across the whole width.
func percent(x float64) string {
	var b strings.Builder
	coordinate(&b, 100*math.Min(math.Max(x, 0), 1))
	return b.String() + "%"
}

// text writes a label at a share of the width.
func text(b *strings.Builder, x, y float64, class, label string) {
	anchor := "middle"
	switch {
	case x < 0.04:
		anchor = "start"
	case x > 0.96:
		anchor = "end"
	}
	b.WriteString(`<text x="` + percent(x) + `" y="`)
	coordinate(b, y)
	b.WriteString(`" text-anchor="` + anchor + `"`)
	if class != "" {
		b.WriteString(` class="` + class + `"`)
	}
	b.WriteString(">" + template.HTMLEscapeString(plain.Text(label)) + "</text>")
}

// ticks are about count round numbers within [low, high].
func ticks(low, high float64, count int) []float64 {
	step := Step(high-low, count)
	if step == 0 {
		return nil
	}
	var at []float64
	for i := math.Ceil(low/step - 1e-9); i*step <= high+step*1e-9 && len(at) < 4*count; i++ {
		at = append(at, i*step+0) // + 0: no minus zero
	}
	return at
}

// Step is the round number (1, 2 or 5 times a power of ten) that divides span
// into at most parts pieces; 0 where there is none.
func Step(span float64, parts int) float64 {
	if !(span > 0) || math.IsInf(span, 0) || parts < 1 {
		return 0
	}
	raw := span / float64(parts)
	exponent := math.Floor(math.Log10(raw))
	power := math.Pow(10, exponent)
	if power == 0 || math.IsInf(power, 0) {
		return 0
	}
	for _, factor := range []float64{1, 2, 5, 10} {
		if step := round(factor, exponent); step >= raw*(1-1e-9) {
			return step
		}
	}
	return 10 * power
}

// round is factor * 10^exponent, as near as a float64 can be to the decimal.
func round(factor, exponent float64) float64 {
	if exponent < 0 {
		return factor / math.Pow(10, -exponent)
	}
	return factor * math.Pow(10, exponent)
}

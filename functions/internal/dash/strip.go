package dash

import (
	"html/template"
	"strconv"
	"strings"

	"leeway/core/report"
)

// cell is one window of a strip.
type cell struct {
	level report.Verdict
	title string // what the pointer shows
}

// stripHeight is in units of the drawing; a window is one unit wide.
const stripHeight = 16

// top is where a cell begins: the graver, the taller.
var top = map[report.Verdict]int{report.OK: 11, report.Unknown: 8, report.Warn: 5, report.Alert: 0, report.Invalid: 0}

// strip draws verdicts small, for a list: an SVG without text that fills the
// width it is given.
func strip(cells []cell, label string) template.HTML {
	var b strings.Builder
	b.Grow(256 + 96*len(cells))
	b.WriteString(`<svg class="strip" role="img" preserveAspectRatio="none" viewBox="0 0 ` + strconv.Itoa(max(len(cells), 24)) +
		` 16" aria-label="` + template.HTMLEscapeString(label) + `">`)
	shift := max(0, 24-len(cells)) // few windows stand at the right, where the newest are
	for i, c := range cells {
		from, known := top[c.level]
		if !known {
			continue
		}
		b.WriteString(`<path class="` + string(levelOf(c.level)) + `" d="M` + strconv.Itoa(i+shift) + `.1 ` + strconv.Itoa(from) +
			`h.8V` + strconv.Itoa(stripHeight) + `h-.8z"><title>` + template.HTMLEscapeString(c.title) + `</title></path>`)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // every text in it is escaped above
}

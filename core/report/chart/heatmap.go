package chart

import (
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Map is a grid of rows (columns of the data, say) by windows.
type Map struct {
	Title   string
	Rows    []Row
	Columns []string                     // label of each window, for the axis
	Cells   [][]Cell                     // by row, then by window
	Link    func(row, column int) string // of a cell that is an alarm; nil for none
	Tip     func(row, column int) string // on hovering over such a cell; nil for none
}

// Row names a row.
type Row struct {
	Name string
	Link string // "" for none
}

// Cell is one value of a Map. A quiet cell is shaded by Score: how far it is
// on the way to an alert, 0 to 1. None is left blank.
type Cell struct {
	Level Level
	Score float64
}

const (
	rowHeight = 18
	maxLinks  = 2000 // beyond that, alarms are drawn without links of their own
	manyCells = 90   // columns from which a narrow screen scrolls
)

// Heatmap draws a Map. Neighbours in a row that look the same are one piece of
// one path for all cells of that look; alarms may carry links.
func Heatmap(m *Map) template.HTML {
	if len(m.Rows) == 0 || len(m.Columns) == 0 || len(m.Cells) != len(m.Rows) {
		return empty(m.Title)
	}
	var b strings.Builder
	b.Grow(1 << 14)
	b.WriteString(`<div class="chart heat"><ol>`)
	for _, row := range m.Rows {
		open, shut := link(row.Link, "")
		name := safe(row.Name, 60)
		b.WriteString(`<li title="` + name + `">` + open + "<bdi>" + name + "</bdi>" + shut + "</li>")
	}
	b.WriteString(`</ol><div class="scroll`)
	if len(m.Columns) > manyCells {
		b.WriteString(" long")
	}
	b.WriteString(`">`)
	height := rowHeight * len(m.Rows)
	head(&b, "", height+22, m.Title, m.describe())
	b.WriteString(`<svg viewBox="0 0 ` + strconv.Itoa(len(m.Columns)) + ` ` + strconv.Itoa(len(m.Rows)) +
		`" preserveAspectRatio="none" width="100%" height="` + strconv.Itoa(height) + `">`)
	m.paths(&b)
	m.links(&b)
	b.WriteString("</svg>")
	below(&b, m.Columns, float64(height+16))
	b.WriteString("</svg></div></div>")
	return template.HTML(b.String())
}

// looks are the classes of cells.
var looks = []string{"q0", "q1", "q2", "q3", "qu", "qw", "qa"}

// look is the index of a cell's class, -1 for a blank one.
func (c Cell) look() int {
	switch c.Level {
	case OK, Info:
		if !(c.Score > 0) {
			return 0
		}
		return min(int(math.Min(c.Score, 1)*4), 3)
	case Unknown:
		return 4
	case Warn:
		return 5
	case Alert, Invalid:
		return 6
	}
	return -1
}

// single tells whether cells of a look are drawn one by one, with links.
func (m *Map) single(look int) bool {
	return look >= 5 && m.Link != nil && m.alarms() <= maxLinks
}

func (m *Map) alarms() int {
	count := 0
	for _, row := range m.Cells {
		for _, c := range row {
			if c.look() >= 5 {
				count++
			}
		}
	}
	return count
}

// paths draws every run of alike cells that has no links.
func (m *Map) paths(b *strings.Builder) {
	pieces := make([][]byte, len(looks))
	linked := m.single(5)
	for y, row := range m.Cells {
		row = row[:min(len(row), len(m.Columns))]
		for x := 0; x < len(row); {
			look, from := row[x].look(), x
			for x++; x < len(row) && row[x].look() == look; x++ {
			}
			if look < 0 || linked && look >= 5 {
				continue
			}
			pieces[look] = piece(pieces[look], from, y, x-from)
		}
	}
	for look, path := range pieces {
		if path != nil {
			b.WriteString(`<path class="` + looks[look] + `" d="`)
			b.Write(path)
			b.WriteString(`"/>`)
		}
	}
}

// piece appends a rectangle of n cells; a sliver is left free between rows and,
// by the stretched width, between runs.
func piece(path []byte, x, y, n int) []byte {
	path = append(path, 'M')
	path = strconv.AppendInt(path, int64(x), 10)
	path = append(path, ' ')
	path = strconv.AppendInt(path, int64(y), 10)
	path = append(path, 'h')
	path = strconv.AppendInt(path, int64(n), 10)
	path = append(path, "v.9h-"...)
	path = strconv.AppendInt(path, int64(n), 10)
	return append(path, 'z')
}

// links draws alarms one by one.
func (m *Map) links(b *strings.Builder) {
	if !m.single(5) {
		return
	}
	alarms := m.alarms()
	for y, row := range m.Cells {
		for x, c := range row[:min(len(row), len(m.Columns))] {
			look := c.look()
			if look < 5 {
				continue
			}
			tip := ""
			if m.Tip != nil {
				tip = m.Tip(y, x)
			}
			open, shut := link(m.Link(y, x), tip)
			open = pointed(open, alarms)
			b.WriteString(open + `<path class="` + looks[look] + `" d="`)
			b.Write(piece(nil, x, y, 1))
			b.WriteString(`">`)
			if tip != "" {
				b.WriteString("<title>" + safe(tip, 160) + "</title>")
			}
			b.WriteString("</path>" + shut)
		}
	}
}

func (m *Map) describe() string {
	warn, alert := 0, 0
	for _, row := range m.Cells {
		for _, c := range row {
			switch c.look() {
			case 5:
				warn++
			case 6:
				alert++
			}
		}
	}
	return strconv.Itoa(len(m.Rows)) + " rows by " + strconv.Itoa(len(m.Columns)) + " windows: " +
		strconv.Itoa(alert) + " alerts, " + strconv.Itoa(warn) + " warnings."
}

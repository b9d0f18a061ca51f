package report

import (
	"math"
	"slices"
	"strings"

	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// picture shows both distributions under a finding about their shape: small
// bars of numbers, the categories that moved most.
func (t *terminal) picture(c *Column, f *Finding) {
	if c == nil || c.Distribution == nil || f.Check == "quality" && !strings.HasPrefix(f.Metric, "out") && !strings.HasPrefix(f.Metric, "unseen") {
		return
	}
	d := c.Distribution
	if d.Names != nil {
		if moved := d.moved(3, (t.width-6)/3-14); moved != "" && f.Contributions == nil {
			t.wrapped("  ", moved)
		}
		return
	}
	if d.Reference == nil || d.Current == nil {
		return
	}
	cells := min(len(d.Reference), (t.width-24)/2, 20)
	ref, cur := sparks(d.Reference, d.Current, cells)
	low, high := c.extent()
	line := "reference " + ref + "  current " + t.paint(cur, "34")
	if rest := t.width - 22 - 2*cells; low != "" && plain.Width(low+high)+6 <= rest {
		line += t.paint("  "+low+" to "+high, dim)
	}
	t.line("  ", line)
}

// extent is the smallest and the largest value of both sides, "" if unknown.
func (c *Column) extent() (low, high string) {
	least, most := math.Inf(1), math.Inf(-1)
	for _, d := range []*Description{c.Reference, c.Current} {
		if d != nil && d.Min != nil && d.Max != nil {
			least, most = min(least, *d.Min), max(most, *d.Max)
		}
	}
	if least > most {
		return "", ""
	}
	return plain.Number(least), plain.Number(most)
}

// blocks are the bars of a thumbnail, from a trace to the whole height.
var blocks = []rune("▁▂▃▄▅▆▇█")

// sparks draws both sides on one scale; a cell without values is a dot.
func sparks(reference, current []float64, cells int) (ref, cur string) {
	ref0, cur0 := squeeze(reference, cells), squeeze(current, cells)
	top := 0.0
	for _, share := range slices.Concat(ref0, cur0) {
		top = max(top, share)
	}
	draw := func(shares []float64) string {
		var b strings.Builder
		for _, share := range shares {
			switch {
			case !(share > 0):
				b.WriteRune('·')
			default:
				b.WriteRune(blocks[min(int(share/top*float64(len(blocks))), len(blocks)-1)])
			}
		}
		return b.String()
	}
	return draw(ref0), draw(cur0)
}

// squeeze shares n cells out over fewer, each whole cell to where it begins.
func squeeze(shares []float64, cells int) []float64 {
	if cells < 1 || len(shares) == 0 {
		return nil
	}
	cells = min(cells, len(shares))
	sums := make([]float64, cells)
	for i, share := range shares {
		sums[i*cells/len(shares)] += share
	}
	return sums
}

// moved names the categories whose share changed most: "PRT 43% → 31%".
func (d *Distribution) moved(count, width int) string {
	if d.Reference == nil || d.Current == nil {
		return ""
	}
	order := make([]int, len(d.Names))
	for i := range order {
		order[i] = i
	}
	change := func(i int) float64 { return math.Abs(d.Current[i] - d.Reference[i]) }
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case change(a) > change(b):
			return -1
		case change(a) < change(b):
			return 1
		}
		return 0
	})
	var parts []string
	for _, i := range order[:min(count, len(order))] {
		if change(i) == 0 {
			break
		}
		name := plain.Name(d.Names[i], max(width, 8))
		if d.Other && i == len(d.Names)-1 {
			name = "all others"
		}
		parts = append(parts, name+" "+arrow(plain.Share(d.Reference[i]), plain.Share(d.Current[i])))
	}
	return strings.Join(parts, ", ")
}

// field is a column of the terminal's table.
type field struct {
	title string
	rank  int // the fields of higher rank go first when it gets narrow
	right bool
	cells []string
	tones []chart.Level
	width int
}

// columns writes the table of all columns.
func (t *terminal) columns(r *Report) {
	if len(r.Columns) == 0 {
		return
	}
	t.heading("Columns", plain.Plural(int64(len(r.Columns)), "column", "columns")+", reference → current")
	rows := r.gravest()
	more := len(rows) - textColumns
	rows = rows[:min(len(rows), textColumns)]
	t.table(t.fit(t.fields(rows, r.worst())), len(rows))
	if more > 0 {
		t.line(t.paint("… "+plain.Plural(int64(more), "more column", "more columns")+" without graver findings", dim))
	}
}

// table writes fields side by side, their titles first.
func (t *terminal) table(fields []field, rows int) {
	for i := -1; i < rows; i++ {
		var b strings.Builder
		for n := range fields {
			f := &fields[n]
			text, codes := f.title, []string{dim}
			if i >= 0 {
				text, codes = f.cells[i], nil
				if f.tones != nil {
					codes = []string{toneCodes[f.tones[i]]}
				}
			}
			text = plain.Clip(text, f.width)
			pad := strings.Repeat(" ", f.width-plain.Width(text))
			if len(codes) > 0 && codes[0] != "" {
				text = t.paint(text, codes...)
			}
			if f.right {
				text, pad = pad+text, ""
			}
			b.WriteString(text)
			if n < len(fields)-1 {
				b.WriteString(pad + "  ")
			}
		}
		t.line(strings.TrimRight(b.String(), " "))
	}
}

func (t *terminal) fields(rows []*Column, worst map[string]Severity) []field {
	name := field{title: "column"}
	state := field{title: "finding"}
	missing := field{title: "missing", rank: 1}
	typical := field{title: "typical", rank: 3}
	picture := field{title: "distribution", rank: 2}
	kind := field{title: "kind", rank: 4}
	for _, c := range rows {
		level := chart.Level(worst[c.Name])
		word := "–"
		if level != chart.None {
			word = glyphs[level] + " " + level.Word()
		}
		what, text := c.typical(16)
		name.cells = append(name.cells, plain.Name(c.Name, 28))
		kind.cells = append(kind.cells, string(c.Kind))
		missing.cells = append(missing.cells, c.missing())
		typical.cells = append(typical.cells, what+" "+text)
		picture.cells = append(picture.cells, c.thumbnail())
		state.cells, state.tones = append(state.cells, word), append(state.tones, level)
	}
	return []field{name, kind, missing, typical, picture, state}
}

// thumbnail is both distributions in eight cells each.
func (c *Column) thumbnail() string {
	d := c.Distribution
	if d == nil || len(d.Reference) == 0 || len(d.Current) == 0 {
		return ""
	}
	ref, cur := sparks(d.Reference, d.Current, 8)
	return ref + " " + cur
}

// fit drops fields, then narrows the name, until a row fits the terminal.
func (t *terminal) fit(fields []field) []field {
	total := func() int {
		sum := 2 * (len(fields) - 1)
		for i := range fields {
			sum += fields[i].width
		}
		return sum
	}
	for i := range fields {
		f := &fields[i]
		f.width = plain.Width(f.title)
		for _, cell := range f.cells {
			f.width = max(f.width, plain.Width(cell))
		}
		if f.rank == 3 {
			f.width = min(f.width, 36)
		}
	}
	for total() > t.width {
		worst := 0
		for i := range fields {
			if fields[i].rank > fields[worst].rank {
				worst = i
			}
		}
		if fields[worst].rank == 0 {
			break
		}
		fields = slices.Delete(fields, worst, worst+1)
	}
	if over := total() - t.width; over > 0 {
		fields[0].width = max(fields[0].width-over, 8)
	}
	return fields
}

package chart

import (
	"html/template"
	"math"
	"strconv"
	"strings"

	"leeway/core/report/plain"
)

// Confusion is a confusion matrix: rows by actual class, columns by predicted
// one.
type Confusion struct {
	Title     string
	Classes   []string
	Current   [][]float64 // nil: there is no such side
	Reference [][]float64 // nil: there is no such side
	Other     bool        // the last class stands for all others
}

// DrawConfusion draws a confusion matrix as a table with the share of its row
// behind each number: right ones blue, wrong ones red. Below it is the share that
// the reference has there.
func DrawConfusion(c *Confusion) template.HTML {
	shown, before := c.Current, c.Reference
	if shown == nil {
		shown, before = c.Reference, nil
	}
	if len(shown) == 0 || len(shown) != len(c.Classes) {
		return empty(c.Title)
	}
	var b strings.Builder
	b.WriteString(`<div class="scroll" tabindex="0" role="group" aria-label="` + safe(c.Title, 120) + `"><table class="confusion"><caption class="hidden">` + safe(c.Title, 120) +
		`: rows by actual class, columns by predicted class</caption><thead><tr><td></td><th scope="colgroup" class="over" colspan="` + strconv.Itoa(len(c.Classes)) + `">predicted</th></tr><tr><th scope="col" class="over">actual</th>`)
	for i := range c.Classes {
		b.WriteString(`<th scope="col">` + c.name(i) + `</th>`)
	}
	b.WriteString("</tr></thead><tbody>")
	for i, row := range shown {
		b.WriteString(`<tr><th scope="row">` + c.name(i) + `</th>`)
		for j := range row {
			c.cell(&b, shown, before, i, j)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table></div>")
	return template.HTML(b.String())
}

func (c *Confusion) name(i int) string {
	name := `<bdi>` + safe(c.Classes[i], 24) + `</bdi>`
	if c.Other && i == len(c.Classes)-1 {
		return "<em>" + name + "</em>"
	}
	return name
}

func (c *Confusion) cell(b *strings.Builder, shown, before [][]float64, i, j int) {
	class := "miss"
	if i == j {
		class = "hit"
	}
	share := part(shown[i], j)
	b.WriteString(`<td class="` + class + `" style="--p:` + strconv.Itoa(int(math.Round(100*share))) + `%"><b>`)
	if n := shown[i][j]; n == math.Trunc(n) && n < 1e15 {
		b.WriteString(plain.Count(int64(n)))
	} else {
		b.WriteString(template.HTMLEscapeString(plain.Number(n)))
	}
	b.WriteString(`</b> ` + shareText(share))
	if before != nil && i < len(before) && j < len(before[i]) {
		b.WriteString(`<small>reference ` + shareText(part(before[i], j)) + `</small>`)
	}
	b.WriteString("</td>")
}

// part is the share of a row that a cell has; 0 of an empty row.
func part(row []float64, j int) float64 {
	total := 0.0
	for _, x := range row {
		total += x
	}
	if !(total > 0) || !finite(total) || !(row[j] >= 0) {
		return 0
	}
	return row[j] / total
}

func shareText(x float64) string { return template.HTMLEscapeString(plain.Share(x)) }

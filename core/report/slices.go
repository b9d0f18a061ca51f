package report

import (
	"bytes"
	"html/template"
	"slices"

	"leeway/core/metric"
	"leeway/core/report/plain"
)

// Slices is what a search found of slices in which the model became worse.
type Slices struct {
	Rows     int64   `json:"rows"`     // labelled rows that were searched
	Searched float64 `json:"searched"` // slices that there could be
	Found    []Slice `json:"found"`    // the surest first; none is much the same as another
}

// Slice is one of them.
type Slice struct {
	Name       string           `json:"name"`
	Conditions []SliceCondition `json:"conditions"`
	Finding    string           `json:"finding"` // its ID
	Severity   Severity         `json:"severity"`
	Message    string           `json:"message"`
	Rows       int64            `json:"rows"`
	Share      float64          `json:"share"` // of the labelled rows
	Wrong      float64          `json:"wrong"` // share of its rows with a wrong prediction, or a large error
	Elsewhere  float64          `json:"elsewhere"`
	Reference  *float64         `json:"reference,omitempty"` // of the slice's rows in the reference
	RowsBefore int64            `json:"n_reference"`
}

// SliceCondition is a category, a range (above < x <= up_to) or that a value is
// missing.
type SliceCondition struct {
	Column   string   `json:"column"`
	Category *string  `json:"category,omitempty"`
	Above    *float64 `json:"above,omitempty"`
	UpTo     *float64 `json:"up_to,omitempty"`
	Missing  bool     `json:"missing,omitempty"`
}

func (s *Slices) sound() *Slices {
	if s == nil {
		return nil
	}
	sound := *s
	sound.Found = list(slices.Clone(s.Found))
	for i := range sound.Found {
		one := &sound.Found[i]
		one.Conditions = list(one.Conditions)
		one.Reference = metric.Number(metric.Float(one.Reference))
	}
	if !finite(sound.Searched) {
		sound.Searched = 0
	}
	return &sound
}

// cells are a row of the table of slices.
func (s *Slice) cells() (name, rows, wrong, elsewhere, reference string) {
	reference = "–"
	if s.Reference != nil {
		reference = plain.Share(*s.Reference)
	}
	return plain.Name(s.Name, 60), plain.Count(s.Rows) + " (" + plain.Share(s.Share) + ")", plain.Share(s.Wrong), plain.Share(s.Elsewhere), reference
}

const slicesNote = "where predictions became wrong more often than elsewhere"

// slices writes the table for a terminal.
func (t *terminal) slices(s *Slices) {
	if s == nil || len(s.Found) == 0 {
		return
	}
	t.heading("Worst slices", slicesNote)
	name, rows := field{title: "where"}, field{title: "rows", right: true, rank: 2}
	wrong, elsewhere, before := field{title: "wrong", right: true}, field{title: "elsewhere", right: true, rank: 1}, field{title: "reference", right: true, rank: 1}
	for i := range s.Found {
		n, r, w, e, b := s.Found[i].cells()
		name.cells, rows.cells, wrong.cells = append(name.cells, n), append(rows.cells, r), append(wrong.cells, w)
		elsewhere.cells, before.cells = append(elsewhere.cells, e), append(before.cells, b)
	}
	t.table(t.fit([]field{name, rows, wrong, elsewhere, before}), len(s.Found))
}

// markdownSlices writes the table for Markdown.
func (r *Report) markdownSlices(b *bytes.Buffer) {
	if r.Slices == nil || len(r.Slices.Found) == 0 {
		return
	}
	b.WriteString("\n### Worst slices\n\n" + slicesNote + "\n\n")
	row(b, "Where", "Rows", "Wrong", "Elsewhere", "Reference")
	row(b, "---", "---:", "---:", "---:", "---:")
	for i := range r.Slices.Found {
		name, rows, wrong, elsewhere, before := r.Slices.Found[i].cells()
		row(b, code(name), inert(rows), inert(wrong), inert(elsewhere), inert(before))
	}
}

// worst is the table for the page.
type worst struct {
	Note string
	Rows []worstRow
}

type worstRow struct {
	Cells   [5]string
	Message template.HTML
}

func (p *page) slices(r *Report) {
	if r.Slices == nil || len(r.Slices.Found) == 0 {
		return
	}
	p.Slices = &worst{Note: slicesNote}
	for i := range r.Slices.Found {
		s := &r.Slices.Found[i]
		one := worstRow{Message: rich(s.Message, 400)}
		one.Cells[0], one.Cells[1], one.Cells[2], one.Cells[3], one.Cells[4] = s.cells()
		p.Slices.Rows = append(p.Slices.Rows, one)
	}
}

package report

import (
	"bytes"
	"fmt"

	"leeway/core/report/plain"
)

// Compat is what another tool would say of the same data, for people who come
// from it. It is no part of the verdict.
type Compat struct {
	Tool       string         `json:"tool"`
	Version    string         `json:"version"`
	Columns    int            `json:"columns"` // how many the tool compares
	Drifted    int            `json:"drifted"`
	Undecided  int            `json:"undecided"` // compared by it, not reproduced here
	Share      *float64       `json:"share"`     // drifted / columns
	DriftShare float64        `json:"drift_share"`
	Dataset    *bool          `json:"dataset_drift"` // null where the undecided columns decide it
	Scores     []CompatColumn `json:"scores"`
	Skipped    []CompatColumn `json:"skipped"` // columns that the tool does not compare
}

// CompatColumn is the other tool's word on one column. Reason says why there is
// none.
type CompatColumn struct {
	Column    string   `json:"column"`
	Type      string   `json:"type"` // what the tool takes the column for
	Method    string   `json:"method,omitempty"`
	Title     string   `json:"title,omitempty"` // what its reports call the method
	Score     *float64 `json:"score"`
	Threshold *float64 `json:"threshold,omitempty"`
	Drifted   *bool    `json:"drifted"`
	Reason    string   `json:"reason,omitempty"`
}

func (c *Compat) sound() *Compat {
	if c == nil {
		return nil
	}
	sound := *c
	sound.Scores, sound.Skipped = list(c.Scores), list(c.Skipped)
	return &sound
}

// heading names the tool: "Evidently 0.7.23 would say".
func (c *Compat) heading() string {
	name := plain.Name(c.Tool, 12)
	if c.Tool == "evidently" {
		name = "Evidently"
	}
	return name + " " + plain.Name(c.Version, 8) + " would say"
}

// summary is the tool's verdict on the table.
func (c *Compat) summary() string {
	if c.Share == nil {
		return "nothing: it compares none of these columns"
	}
	verdict := "dataset drift hangs on the columns that are not reproduced"
	switch {
	case c.Dataset != nil && *c.Dataset:
		verdict = "dataset drift"
	case c.Dataset != nil:
		verdict = "no dataset drift"
	}
	text := fmt.Sprintf("%s: %d of %s drifted (%s; it takes %s)", verdict, c.Drifted,
		plain.Plural(int64(c.Columns), "column", "columns"), plain.Share(*c.Share), plain.Share(c.DriftShare))
	if c.Undecided > 0 {
		text += ", " + plain.Count(int64(c.Undecided)) + " not reproduced"
	}
	return text
}

// cells are a row of the table: method, score, threshold, drifted.
func (s *CompatColumn) cells() (method, score, threshold, drifted string) {
	method, drifted = s.Title, "–"
	switch {
	case s.Drifted != nil && *s.Drifted:
		drifted = "drifted"
	case s.Drifted != nil:
		drifted = "no"
	}
	if s.Score != nil {
		score = plain.Number(*s.Score)
	}
	if s.Threshold != nil {
		threshold = plain.Number(*s.Threshold)
	}
	if s.Reason != "" {
		method = s.Reason
	}
	return plain.Prose(method, 80), score, threshold, drifted
}

// compat writes the table for a terminal.
func (t *terminal) compat(c *Compat) {
	if c == nil {
		return
	}
	t.heading(c.heading(), "for comparison, no part of the verdict")
	t.wrapped("", c.summary())
	name, kind, method := field{title: "column"}, field{title: "type", rank: 4}, field{title: "method", rank: 3}
	score, limit, state := field{title: "score", right: true}, field{title: "threshold", rank: 2, right: true}, field{title: "drifted"}
	rows := c.Scores[:min(len(c.Scores), textColumns)]
	for i := range rows {
		m, s, l, d := rows[i].cells()
		name.cells, kind.cells = append(name.cells, plain.Name(rows[i].Column, 28)), append(kind.cells, plain.Name(rows[i].Type, 12))
		method.cells, score.cells = append(method.cells, m), append(score.cells, s)
		limit.cells, state.cells = append(limit.cells, l), append(state.cells, d)
	}
	if len(rows) > 0 {
		t.table(t.fit([]field{name, kind, method, score, limit, state}), len(rows))
	}
	if more := len(c.Scores) - len(rows); more > 0 {
		t.line(t.paint("… "+plain.Plural(int64(more), "more column", "more columns")+": --output json has them all", dim))
	}
}

// markdownCompat writes the table for Markdown, folded away.
func (r *Report) markdownCompat(b *bytes.Buffer) {
	c := r.Compat
	if c == nil {
		return
	}
	b.WriteString("\n<details><summary>" + inert(c.heading()) + ": " + inert(c.summary()) + "</summary>\n\n")
	row(b, "Column", "Type", "Method", "Score", "Threshold", "Drifted")
	row(b, "---", "---", "---", "---:", "---:", "---")
	for i := range c.Scores {
		if i == markdownRows || b.Len() > markdownSize-1000 {
			b.WriteString("\n… " + plain.Plural(int64(len(c.Scores)-i), "more column", "more columns") + "\n")
			break
		}
		method, score, threshold, drifted := c.Scores[i].cells()
		row(b, code(plain.Name(c.Scores[i].Column, nameWidth)), inert(plain.Name(c.Scores[i].Type, 12)), inert(method), inert(score), inert(threshold), drifted)
	}
	b.WriteString("\n</details>\n")
}

// compared is the table for the page.
type compared struct {
	Title, Summary, Beyond string
	Rows                   [][6]string
}

func (p *page) compat(r *Report, d detail) {
	c := r.Compat
	if c == nil {
		return
	}
	p.Compat = &compared{Title: c.heading(), Summary: c.summary()}
	for i := range c.Scores[:min(len(c.Scores), d.rows)] {
		method, score, threshold, drifted := c.Scores[i].cells()
		p.Compat.Rows = append(p.Compat.Rows, [6]string{plain.Name(c.Scores[i].Column, nameWidth), plain.Name(c.Scores[i].Type, 12), method, score, threshold, drifted})
	}
	if left := len(c.Scores) - len(p.Compat.Rows); left > 0 {
		p.Compat.Beyond = plain.Plural(int64(left), "more column is", "more columns are") + " in the JSON report."
	}
}

package schema

import (
	"slices"
	"strings"
)

// Match is a contract laid over one file.
type Match struct {
	// Columns says how to read each column of the file, in file order. A
	// renamed column carries the name of the contract. A column that the
	// contract does not know is inferred; it has a role of its own only where
	// the contract has no column of that role.
	Columns []Column

	Missing    []string          // columns of the contract that the file lacks
	Late       []string          // labels that the file lacks: they usually come later, so they are not Missing
	Unexpected []string          // columns of the file that the contract does not know
	Renamed    map[string]string // ids and times under another name: name in the contract -> name in the file
}

// Match lays the contract over the columns of a file. Names must be equal to
// the byte, with one exception: where the file lacks the contract's only
// missing id, and exactly one unexpected column looks like an id, that is
// taken for it; likewise the time. Ignored columns are neither missed nor
// unexpected. The layout of instants is found anew for every file, since
// another format may write them otherwise.
func (s *Schema) Match(heads []Head) Match {
	m := Match{Columns: make([]Column, len(heads))}
	known := map[string]int{}
	for i := range s.Columns {
		known[s.Columns[i].Name] = i
	}
	found := map[string]bool{}
	var strange []int // heads that the contract does not know
	for i := range heads {
		if at, ok := known[heads[i].Name]; ok && !found[heads[i].Name] {
			found[heads[i].Name] = true
			m.Columns[i] = s.Columns[at].over(&heads[i])
			continue
		}
		strange = append(strange, i)
	}
	m.infer(heads, strange)
	for _, role := range []Role{ID, Timestamp} {
		strange = m.rename(s, heads, strange, found, role)
	}
	for _, i := range strange {
		c := &m.Columns[i]
		m.Unexpected = append(m.Unexpected, c.Name)
		if c.Role != Feature && len(s.ByRole(c.Role)) > 0 && c.Role != ID {
			c.Role, c.Class = Feature, ""
		}
	}
	for i := range s.Columns {
		switch c := &s.Columns[i]; {
		case found[c.Name] || c.Role == Ignore:
		case c.Role == Label:
			m.Late = append(m.Late, c.Name)
		default:
			m.Missing = append(m.Missing, c.Name)
		}
	}
	return m
}

// infer infers the columns that the contract does not know, by themselves.
func (m *Match) infer(heads []Head, strange []int) {
	if len(strange) == 0 {
		return
	}
	unknown := make([]Head, len(strange))
	for i, at := range strange {
		unknown[i] = heads[at]
	}
	guess, _ := Infer(unknown)
	for i, at := range strange {
		m.Columns[at] = guess.Columns[i]
	}
}

// rename takes the one strange column of a role for the one missing column of
// that role. It gives the columns that remain strange.
func (m *Match) rename(s *Schema, heads []Head, strange []int, found map[string]bool, role Role) []int {
	var lacking *Column
	for _, c := range s.ByRole(role) {
		if found[c.Name] {
			continue
		}
		if lacking != nil {
			return strange
		}
		lacking = c
	}
	candidate := -1
	for at, i := range strange {
		if m.Columns[i].Role != role {
			continue
		}
		if candidate >= 0 {
			return strange
		}
		candidate = at
	}
	if lacking == nil || candidate < 0 {
		return strange
	}
	i := strange[candidate]
	found[lacking.Name] = true
	m.Columns[i] = lacking.over(&heads[i])
	if m.Renamed == nil {
		m.Renamed = map[string]string{}
	}
	m.Renamed[lacking.Name] = heads[i].Name
	var rest []int
	for at, other := range strange {
		if at != candidate {
			rest = append(rest, other)
		}
	}
	return rest
}

// over is the column as this file is to be read.
func (c *Column) over(head *Head) Column {
	laid := *c
	if c.Kind != Time {
		return laid
	}
	best := detected{layout: c.Layout}
	present := 0
	for i := range head.Cells {
		cell := &head.Cells[i]
		if cell.Native == NativeNull || cell.Text == "" || isAbsent(strings.TrimSpace(cell.Text)) {
			continue
		}
		present++
		if _, ok := cell.time(c.Layout); ok && c.Layout != AnyLayout {
			best.count++
		}
	}
	if present > 0 && float64(best.count) < almostAll*float64(present) {
		if found := detect(head.Cells, slices.Concat(textLayouts, epochLayouts)); found.count > best.count {
			best = found
		}
	}
	laid.Layout = best.layout
	return laid
}

package csv

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"leeway/core/fault"
	"leeway/core/format/cell"
	"leeway/core/internal/numeral"
	"leeway/core/schema"
)

// given takes the configured names. A header that says the same is skipped.
func (d *Dialect) given(names, first []string) error {
	d.Names, d.Header = names, slices.Equal(names, first)
	if len(names) != len(first) {
		return fault.New(fault.Invalid, fmt.Sprintf("%d columns, but header names %d", len(first), len(names)), "mend header in the configuration")
	}
	return nil
}

// Headless takes the first record for data whatever it looks like: other files
// of the same origin have no header. A header of the very names that columns
// without one get is one. It gives the notes of Detect, as they are now.
func (d *Dialect) Headless() []string {
	names := numbered(len(d.Names))
	d.Header, d.Names = slices.Equal(names, d.Names), names
	return d.describe()
}

func numbered(columns int) []string {
	names := make([]string, columns)
	for i := range names {
		names[i] = fmt.Sprintf("column_%d", i+1)
	}
	return names
}

// name decides whether the first record is a header and names the columns.
func (d *Dialect) name(records [][]string) []string {
	first := records[0]
	d.Header = isHeader(first, records[1:])
	if !d.Header {
		d.Names = numbered(len(first))
		if len(first) == 1 {
			return []string{"no header: the column is called column_1 (name it with header: in the configuration)"}
		}
		return []string{fmt.Sprintf("no header: columns are called column_1 to column_%d (name them with header: in the configuration)", len(first))}
	}
	var changed []string
	d.Names, changed = unique(first)
	if len(changed) > 0 {
		return []string{"empty or repeated column names became " + strings.Join(changed, ", ")}
	}
	return nil
}

// unique makes names distinct: an empty one becomes column_N, a repeated one
// gets a number.
func unique(names []string) (distinct, changed []string) {
	seen, next := map[string]bool{}, map[string]int{}
	for i, name := range names {
		name = strings.TrimSpace(name)
		if name == "" {
			name = fmt.Sprintf("column_%d", i+1)
		}
		base := name
		for seen[name] {
			name = fmt.Sprintf("%s_%d", base, max(next[base], 2))
			next[base] = max(next[base], 2) + 1
		}
		if name != strings.TrimSpace(names[i]) && len(changed) < 5 {
			changed = append(changed, name)
		}
		seen[name] = true
		distinct = append(distinct, name)
	}
	return distinct, changed
}

// isHeader weighs for each column whether its first cell is of another sort
// than the cells below it. Without evidence a first record is a header.
func isHeader(first []string, rest [][]string) bool {
	votes := 0
	for column, name := range first {
		votes += vote(name, column, rest)
	}
	return votes >= 0
}

func vote(name string, column int, rest [][]string) int {
	typed, same, total := 0, 0, 0
	for _, record := range rest {
		if column >= len(record) || strings.TrimSpace(record[column]) == "" {
			continue
		}
		total++
		if measured(record[column]) {
			typed++
		}
		if record[column] == name {
			same++
		}
	}
	switch {
	case measured(name):
		return -1
	case total > 0 && typed*10 >= total*8:
		return 1
	case same > 0, len(name) > 120, len(strings.Fields(name)) > 6:
		return -1
	}
	return 0
}

// measured tells whether a cell is a number or an instant: no name of a column.
func measured(text string) bool {
	trimmed := cell.Trim([]byte(text))
	if _, ok := numeral.Float(trimmed); ok {
		return true
	}
	if !bytes.ContainsAny(trimmed, "0123456789") {
		return false
	}
	_, ok := schema.ParseTime(trimmed, "")
	return ok
}

package schema

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const dataDir = "../../../shared/data"

// heads reads the first rows of a data set with the standard library alone,
// so that this test judges inference and not our readers.
func heads(t *testing.T, name string) []Head {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dataDir, name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("no data set %s: it lies beside the repository, in ../shared/data", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(name, ".gz") {
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	switch {
	case strings.Contains(name, ".jsonl"):
		return jsonHeads(t, data)
	case strings.Contains(name, ".tsv"), strings.Contains(name, ".txt"):
		return lineHeads(data)
	}
	return csvHeads(t, data)
}

func csvHeads(t *testing.T, data []byte) []Head {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return tableHeads(rows)
}

func lineHeads(data []byte) []Head {
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		rows = append(rows, strings.Split(strings.TrimRight(line, "\r\n"), "\t"))
	}
	return tableHeads(rows)
}

// tableHeads takes the first row for names, unless it is plainly data.
func tableHeads(rows [][]string) []Head {
	names := rows[0]
	if _, err := fmt.Sscanf(names[0], "%f", new(float64)); err == nil || names[0] == "A11" || len(names) == 1 {
		names = nil
		for i := range rows[0] {
			names = append(names, fmt.Sprintf("column_%d", i+1))
		}
	} else {
		rows = rows[1:]
	}
	list := make([]Head, len(names))
	for i, name := range names {
		list[i].Name = name
		for _, row := range rows[:min(len(rows), 10000)] {
			if i < len(row) {
				list[i].Cells = append(list[i].Cells, Cell{NativeText, row[i]})
			}
		}
	}
	return list
}

func jsonHeads(t *testing.T, data []byte) []Head {
	var list []Head
	at := map[string]int{}
	for line := range bytes.Lines(data) {
		var row map[string]json.RawMessage
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		for name, value := range row {
			if _, ok := at[name]; !ok {
				at[name] = len(list)
				list = append(list, Head{Name: name})
			}
			cell := Cell{NativeNumber, string(value)}
			switch value[0] {
			case '"':
				cell.Native = NativeText
				if err := json.Unmarshal(value, &cell.Text); err != nil {
					t.Fatal(err)
				}
			case '[':
				cell.Native = NativeList
			}
			list[at[name]].Cells = append(list[at[name]].Cells, cell)
		}
	}
	slices.SortFunc(list, func(a, b Head) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// describe writes a schema compactly: the task, then every group of columns of
// one role, kind and layout, in order of first appearance.
func describe(s *Schema) string {
	var order []string
	groups := map[string][]string{}
	for _, c := range s.Columns {
		group := strings.TrimSpace(strings.TrimPrefix(string(c.Role), string(Feature)) + " " + string(c.Kind))
		if c.Layout != "" && c.Layout != ISO {
			group += " " + string(c.Layout)
		}
		if groups[group] == nil {
			order = append(order, group)
		}
		groups[group] = append(groups[group], strings.ReplaceAll(c.Name, " ", "_"))
	}
	text := strings.TrimSpace("task "+string(s.Task)+" "+s.Positive) + "\n"
	for _, group := range order {
		text += group + ": " + runs(groups[group]) + "\n"
	}
	return text
}

// runs joins names; more than six that are numbered in sequence, or that are
// the states of a one-hot encoding, are shortened to the first and the last.
func runs(names []string) string {
	follows := func(a, b string) bool {
		i := len(strings.TrimRight(a, "0123456789"))
		n, err := strconv.Atoi(a[i:])
		return err == nil && b == a[:i]+strconv.Itoa(n+1) || strings.HasPrefix(a, "State_") && strings.HasPrefix(b, "State_")
	}
	var parts []string
	for i := 0; i < len(names); {
		end := i + 1
		for end < len(names) && follows(names[end-1], names[end]) {
			end++
		}
		if end-i > 6 {
			parts = append(parts, names[i]+".."+names[end-1])
		} else {
			parts = append(parts, names[i:end]...)
		}
		i = end
	}
	return strings.Join(parts, " ")
}

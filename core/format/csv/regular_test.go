package csv

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/format/cell"
	"leeway/core/frame"
	"leeway/core/schema"
)

// readAll reads rows as text through the Reader; a missing cell is "∅".
func readAll(t testing.TB, data []byte, d *Dialect) [][]string {
	t.Helper()
	columns := make([]schema.Column, len(d.Names))
	for i := range columns {
		columns[i].Kind = schema.Text
	}
	r := NewReader(bytes.NewReader(data), d, columns, cell.DefaultWords)
	var rows [][]string
	var block frame.Block
	for {
		if err := r.Next(&block); errors.Is(err, io.EOF) {
			return rows
		} else if err != nil {
			t.Fatal(err)
		}
		for row := range block.Rows {
			cells := make([]string, len(columns))
			for i := range columns {
				if c := &block.Columns[i]; c.States != nil && c.States[row] == frame.Missing {
					cells[i] = "∅"
				} else {
					cells[i] = string(c.Bytes(row))
				}
			}
			rows = append(rows, cells)
		}
	}
}

// readPlainly reads the same record by record.
func readPlainly(data []byte, d *Dialect) [][]string {
	var rows [][]string
	skip := d.Header
	for _, record := range d.records(data, true, len(data)+1) {
		if empty := len(record) == 1 && record[0] == "" && len(d.Names) != 1; empty {
			continue
		}
		if skip {
			skip = false
			continue
		}
		if len(record) != len(d.Names) {
			continue
		}
		for i := range record {
			if record[i] == "" {
				record[i] = "∅"
			}
		}
		rows = append(rows, record)
	}
	return rows
}

// alike holds both ways against each other, with so many copies of the data
// that all of the fast way's loops turn.
func alike(t *testing.T, data []byte) {
	t.Helper()
	for _, copies := range []int{1, 2, 70} {
		for _, comma := range []byte{',', '\t', none} {
			for _, quotes := range []bool{true, false} {
				many := bytes.Repeat(data, copies)
				d := &Dialect{Comma: comma, Quotes: quotes, Names: make([]string, max(1, 1+bytes.Count(firstLine(data), []byte{comma})))}
				want, got := readPlainly(many, d), readAll(t, many, d)
				if !cmp.Equal(want, got) {
					t.Fatalf("%d copies of %q by %q, quotes %v (-want +got):\n%.1000s", copies, data, comma, quotes, cmp.Diff(want, got))
				}
			}
		}
	}
}

func firstLine(data []byte) []byte {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	return line
}

var shapes = []string{
	"a,b,c\n", "1,2,3\n4,5\n6,7,8\n", "a,b\r\nc,d\r\n", "a,b\n\nc,d\n", "a\tb,c\n", "x\n", "\n\n\n", ",\n", ",,\n,,,\n",
	"\"a\",b\nc,d\n", "a,\"b\nb\"\nc,d\n", "a,b\"b\n", "a,\"b\"\"b\"\n", "a,\"b\n", "é,ü\nß,a\n", "a,\xff\n", "a,b", "a,b\nc",
	"a,b\r\r\n", "\r\n", "a,\r\n", "\x00,\x00\n", strings.Repeat("x", 61) + ",yy\n" + strings.Repeat("z", 130) + ",1\n",
}

func TestRegularRowsReadAsTheyWouldOneByOne(t *testing.T) {
	for _, data := range shapes {
		alike(t, []byte(data))
	}
	var b strings.Builder
	for i := range 300 { // every length of a field meets every place in a stride
		fmt.Fprintf(&b, "%s,%d,%s\n", strings.Repeat("k", i%90), i, strings.Repeat("v", i*7%40))
	}
	alike(t, []byte(b.String()))
}

func FuzzRegular(f *testing.F) {
	for _, data := range shapes {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 4096 {
			alike(t, data)
		}
	})
}

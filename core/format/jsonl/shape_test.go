package jsonl

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

// texts reads rows as text; a missing cell is "∅".
func texts(t testing.TB, data []byte, keys *Keys) ([][]string, []frame.Fault) {
	t.Helper()
	columns := make([]schema.Column, len(keys.names))
	for i := range columns {
		columns[i] = schema.Column{Name: keys.names[i], Kind: schema.Text}
	}
	r := NewReader(bytes.NewReader(data), keys, columns, cell.NoWords)
	var rows [][]string
	var block frame.Block
	for {
		if err := r.Next(&block); errors.Is(err, io.EOF) {
			return rows, r.Faults()
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

// alike holds the reading of a file, where lines are compared with the one
// before, against that of each line alone, where there is none.
func alike(t *testing.T, data []byte) {
	t.Helper()
	keys, _, err := Heads(data, true, 1)
	if err != nil {
		return
	}
	got, faults := texts(t, data, keys)
	var want [][]string
	bad, lines := int64(0), int64(0)
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		rows, found := texts(t, line, keys)
		want = append(want, rows...)
		if len(cell.Trim(line)) > 0 {
			lines++
		}
		for _, f := range found {
			bad += f.Count
		}
	}
	if !cmp.Equal(want, got) {
		t.Fatalf("%q (-alone +in a row):\n%.1000s", data, cmp.Diff(want, got))
	}
	for _, f := range faults {
		if bad -= f.Count; f.Row < 1 || f.Row > lines {
			t.Errorf("%q: a fault in row %d of %d: %+v", data, f.Row, lines, f)
		}
	}
	if bad != 0 {
		t.Errorf("%q: %d faults more alone than in a row", data, bad)
	}
}

var lines = []string{
	`{"a":1,"b":"x"}`, `{"a":2,"b":"y"}`, `{"a":-2.5e3,"b":""}`, `{"a":null,"b":"a longer text than eight bytes"}`, `{"b":"x","a":1}`,
	`{"a": 1, "b": "x"}`, `{"a":1}`, `{}`, `{"a":1,"b":"x","new":3}`, `{"a":1,"b":"x","new":[1,{"k":"]"}]}`, `{"a":[1,2],"b":"x"}`,
	`{"a":1,"b":"t\tq\"\u00e4\ud83d\ude00"}`, `{"a":1,"b":"bad \x"}`, `{"a":1,"b":"\\"}`, `{"a":1,"a":"\\\\n","b":"\\n"}`, `{"a":"\\\\n","a":"\\\\n","b":"x"}`,
	`{"a":1,"b":{"c":{"d":true}}}`, `{"a":{"x":1},"b":"x"}`, `{"a":1,"b":"x"`, `{"a":1,"b":"x}`, `{"a":1,"b":"x"} `, `{"a":1,"b":"x"}x`, `{"a":true,"b":"x"}`,
	`{"a":NaN,"b":"x"}`, `{"a":nul,"b":"x"}`, `{"a":1 ,"b":"x"}`, `{"a":1 2,"b":"x"}`, `{"a":1]2,"b":"x"}`, `{"a":1}}`, `  {"a":1,"b":"x"}`, ``, `null`, `[]`,
	`{"a":1,"b":"é"}`, "{\"a\":1,\"b\":\"\xff\"}", "{\"a\":1,\"b\":\"x\"}\r", `{"a_name_of_more_than_sixteen_bytes":1,"b":"x"}`, `{"a_name_of_more_than_sixteen_bytes":2,"b":"y"}`,
	`{"a_name_of_more_than_seventeen_b":2,"b":"y"}`, `{"":1}`, `{"a\u0062":1}`, `{"ab":1}`, `{"a":[1,"` + "`" + `],"b":"x"}`, `{"a":"[","b":"]"}`,
}

func TestLinesReadAsTheyWouldAlone(t *testing.T) {
	for _, one := range lines {
		for _, two := range lines {
			for _, end := range []string{"\n", ""} {
				alike(t, []byte(one+"\n"+two+"\n"+two+"\n"+one+"\n"+two+end))
			}
		}
	}
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, `{"n":%d,"k":%q,"x":{"y":%g,"z":[%d]}}`+"\n", i, strings.Repeat("k", i%70), float64(i)/7, i)
		if i%500 == 0 {
			fmt.Fprintf(&b, `{"n":%d}`+"\n", i)
		}
	}
	alike(t, []byte(b.String()))
}

func FuzzLines(f *testing.F) {
	for i, line := range lines {
		f.Add(line, lines[(i*7+1)%len(lines)])
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		alike(t, []byte(one+"\n"+two+"\n"+two+"\n"+one))
	})
}

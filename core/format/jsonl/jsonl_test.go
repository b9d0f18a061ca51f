package jsonl_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"leeway/core/fault"
	"leeway/core/format/cell"
	"leeway/core/format/jsonl"
	"leeway/core/frame"
	"leeway/core/schema"
)

// read gives the names and all rows of a file as text; a missing cell is "∅".
func read(t testing.TB, data string, src io.Reader) (names []string, rows [][]string, faults []frame.Fault, err error) {
	t.Helper()
	keys, heads, err := jsonl.Heads([]byte(data), true, 100)
	if err != nil {
		return nil, nil, nil, err
	}
	var columns []schema.Column
	for _, head := range heads {
		names = append(names, head.Name)
		columns = append(columns, schema.Column{Name: head.Name, Kind: schema.Text})
	}
	r := jsonl.NewReader(src, keys, columns, cell.NoWords)
	var block frame.Block
	for {
		err := r.Next(&block)
		if errors.Is(err, io.EOF) {
			return names, rows, r.Faults(), nil
		}
		if err != nil {
			return names, rows, r.Faults(), err
		}
		for row := range block.Rows {
			var cells []string
			for i := range block.Columns {
				c := &block.Columns[i]
				if c.States != nil && c.States[row] == frame.Missing {
					cells = append(cells, "∅")
				} else {
					cells = append(cells, string(c.Bytes(row)))
				}
			}
			rows = append(rows, cells)
		}
	}
}

func TestRead(t *testing.T) {
	for _, test := range []struct {
		name, data string
		names      []string
		rows       [][]string
	}{
		{"flat", `{"a":1,"b":"x"}` + "\n" + `{"a":2.50,"b":"y"}`, []string{"a", "b"}, [][]string{{"1", "x"}, {"2.50", "y"}}},
		{"order does not matter", "{\"a\":1,\"b\":2}\n{\"b\":4,\"a\":3}\n", []string{"a", "b"}, [][]string{{"1", "2"}, {"3", "4"}}},
		{"absent and null", "{\"a\":1}\n{\"b\":null}\n{\"a\":\"\",\"b\":true}\n", []string{"a", "b"}, [][]string{{"1", "∅"}, {"∅", "∅"}, {"", "true"}}},
		{"nested", `{"u":{"age":3,"at":{"x":1}},"v":[1,{"k":"]"}]}`, []string{"u.age", "u.at.x", "v"}, [][]string{{"3", "1", `[1,{"k":"]"}]`}}},
		{"escapes", `{"a":"tab\t\"q\" \u00e4 \ud83d\ude00 \ud800 \\","b":"x"}`, []string{"a", "b"}, [][]string{{"tab\t\"q\" ä 😀 \uFFFD \\", "x"}}},
		{"numbers of Python", `{"a":NaN,"b":1e-5}`, []string{"a", "b"}, [][]string{{"∅", "1e-5"}}},
		{"the last of two equal keys", `{"a":1,"a":2}`, []string{"a"}, [][]string{{"2"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, src := range []io.Reader{strings.NewReader(test.data), iotest.OneByteReader(strings.NewReader(test.data))} {
				names, rows, faults, err := read(t, test.data, src)
				if err != nil || len(faults) > 0 {
					t.Fatalf("%v %v", err, faults)
				}
				if diff := cmp.Diff(test.names, names); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(test.rows, rows); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestBadLinesAreCountedAndTheRestIsRead(t *testing.T) {
	data := "{\"a\":1}\n{\"a\":\nnot json\n{\"a\":2,\"new\":3}\n{\"a\":4} x\n\n{\"a\":5}\n"
	keys, heads, err := jsonl.Heads([]byte(data[:8]), true, 10)
	if err != nil {
		t.Fatal(err)
	}
	r := jsonl.NewReader(strings.NewReader(data), keys, []schema.Column{{Name: heads[0].Name, Kind: schema.Numeric}}, cell.NoWords)
	var got []float64
	var block frame.Block
	for r.Next(&block) == nil {
		got = append(got, block.Columns[0].Floats...)
	}
	if diff := cmp.Diff([]float64{1, 2, 5}, got); diff != "" {
		t.Error(diff)
	}
	want := []frame.Fault{
		{What: "lines that are no JSON object", Row: 2, Text: `{"a":`, Count: 3},
		{Column: "new", What: "keys that the beginning of the file does not have: not read", Row: 4, Text: "3", Count: 1},
	}
	if diff := cmp.Diff(want, r.Faults()); diff != "" {
		t.Error(diff)
	}
}

func TestNoObjectAtAll(t *testing.T) {
	if _, _, err := jsonl.Heads([]byte("{nonsense\n"), true, 10); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
}

func TestNothingIsAllocatedPerRow(t *testing.T) {
	var b strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&b, `{"id":"id%06d","x":%d.25,"k":%q}`+"\n", i, i, []string{"a", "b"}[i%2])
	}
	data := b.String()
	keys, _, err := jsonl.Heads([]byte(data[:4000]), false, 10)
	if err != nil {
		t.Fatal(err)
	}
	columns := []schema.Column{{Name: "id", Kind: schema.Text}, {Name: "x", Kind: schema.Numeric}, {Name: "k", Kind: schema.Categorical}}
	got := testing.AllocsPerRun(3, func() {
		r := jsonl.NewReader(strings.NewReader(data), keys, columns, cell.NoWords)
		var block frame.Block
		for r.Next(&block) == nil {
		}
	})
	if got > 300 {
		t.Errorf("%v allocations for 50,000 rows", got)
	}
}

// FuzzLine holds single lines against encoding/json: what it takes for a flat
// object of strings and numbers is read, with the same texts.
func FuzzLine(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `{"a":"\u00e9\n","b":null}`, `{"a":{"b":[1,2]}}`, `{"a":1,}`, `{"a" : -1.5e3 }`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\n") {
			return
		}
		names, rows, _, err := read(t, line, strings.NewReader(line))
		var flat map[string]any
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.UseNumber()
		if decoder.Decode(&flat) != nil || decoder.More() || err != nil || len(rows) != 1 || strings.ToValidUTF8(line, "") != line {
			return
		}
		for i, name := range names {
			switch want := flat[name].(type) {
			case string:
				if rows[0][i] != want {
					t.Errorf("%s: %q read as %q", line, want, rows[0][i])
				}
			case json.Number:
				if rows[0][i] != want.String() {
					t.Errorf("%s: %q read as %q", line, want, rows[0][i])
				}
			}
		}
	})
}

func TestKeysThatComeLate(t *testing.T) {
	const after = 2000
	for _, n := range []int{10, 400, 511, 3000, 9000} {
		var b strings.Builder
		for i := range n + after {
			if i < n {
				fmt.Fprintf(&b, "{\"a\":%d}\n", i)
			} else {
				fmt.Fprintf(&b, "{\"a\":%d,\"strange\":1,\"late\":%d}\n", i, i)
			}
		}
		keys, heads, err := jsonl.Heads([]byte(b.String()), true, 10)
		if err != nil || len(heads) != 1 {
			t.Fatal(err, heads)
		}
		columns := []schema.Column{{Name: "a", Kind: schema.Numeric}, {Name: "never", Kind: schema.Numeric}, {Name: "late", Kind: schema.Numeric}}
		for range 2 { // the keys stay as they are
			r := jsonl.NewReader(strings.NewReader(b.String()), keys, columns, cell.NoWords)
			rows, found := 0, 0
			err = frame.Each(r, func(block *frame.Block) {
				late := &block.Columns[2]
				if len(block.Columns) != 3 || !block.Columns[1].Absent() {
					t.Error("a column is there that no line has")
				}
				for row := range block.Rows {
					switch {
					case late.Absent() || late.States != nil && late.States[row] == frame.Missing:
						if rows+row >= n {
							t.Fatalf("%d: row %d is missing", n, rows+row)
						}
					case late.Floats[row] != float64(rows+row):
						t.Fatalf("%d: row %d is %v", n, rows+row, late.Floats[row])
					default:
						found++
					}
				}
				rows += block.Rows
			})
			faults := r.Faults()
			if err != nil || rows != n+after || found != after || len(faults) != 1 || faults[0].Column != "strange" || faults[0].Count != after {
				t.Errorf("%d: %d rows, %d values, %+v, %v", n, rows, found, faults, err)
			}
			r.Close()
		}
	}
}

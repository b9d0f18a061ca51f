package csv_test

import (
	stdcsv "encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"leeway/core/fault"
	"leeway/core/format/cell"
	"leeway/core/format/csv"
	"leeway/core/frame"
	"leeway/core/schema"
)

func texts(names []string) []schema.Column {
	var columns []schema.Column
	for _, name := range names {
		columns = append(columns, schema.Column{Name: name, Kind: schema.Text})
	}
	return columns
}

// read gives all rows of a file as text; a missing cell is "∅".
func read(t testing.TB, src io.Reader, d *csv.Dialect) ([][]string, []frame.Fault, error) {
	t.Helper()
	r := csv.NewReader(src, d, texts(d.Names), cell.DefaultWords)
	var rows [][]string
	var block frame.Block
	for {
		err := r.Next(&block)
		if errors.Is(err, io.EOF) {
			return rows, r.Faults(), nil
		}
		if err != nil {
			return rows, r.Faults(), err
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

func TestDialects(t *testing.T) {
	for _, test := range []struct {
		name, data string
		want       csv.Dialect
		rows       [][]string
	}{
		{"comma", "a,b\n1,x\n2,y\n", csv.Dialect{Comma: ',', Quotes: true, Header: true, Names: []string{"a", "b"}}, [][]string{{"1", "x"}, {"2", "y"}}},
		{"semicolon, decimal commas", "a;b\n1,5;x\n2,5;y\n", csv.Dialect{Comma: ';', Quotes: true, Header: true, Names: []string{"a", "b"}}, [][]string{{"1,5", "x"}, {"2,5", "y"}}},
		{"tab", "a\tb\n1\tx y, z\n", csv.Dialect{Comma: '\t', Quotes: true, Header: true, Names: []string{"a", "b"}}, [][]string{{"1", "x y, z"}}},
		{"pipe, CRLF", "a|b\r\n1|x\r\n", csv.Dialect{Comma: '|', Quotes: true, Header: true, Names: []string{"a", "b"}}, [][]string{{"1", "x"}}},
		{"quotes, newline inside", "a,b\n1,\"x\ny\"\n2,\"say \"\"hi\"\"\"\n", csv.Dialect{Comma: ',', Quotes: true, Header: true, Names: []string{"a", "b"}}, [][]string{{"1", "x\ny"}, {"2", `say "hi"`}}},
		{"no header", "1,2.5\n3,4.5\n", csv.Dialect{Comma: ',', Quotes: true, Names: []string{"column_1", "column_2"}}, [][]string{{"1", "2.5"}, {"3", "4.5"}}},
		{"no header, words that repeat", "ham\thello there\nspam\tcall now\nham\tbye\n", csv.Dialect{Comma: '\t', Quotes: true, Names: []string{"column_1", "column_2"}}, [][]string{{"ham", "hello there"}, {"spam", "call now"}, {"ham", "bye"}}},
		{"unbalanced quotes", "k\tt\nham\t\"Gud mrng\nspam\t5\" pipe\nham\tdear \"x\nham\tq\n", csv.Dialect{Comma: '\t', Quotes: true, Header: true, Names: []string{"k", "t"}}, nil},
		{"one column", "name\nalpha\nbeta\n", csv.Dialect{Comma: ',', Quotes: true, Header: true, Names: []string{"name"}}, [][]string{{"alpha"}, {"beta"}}},
		{"prose", "the film is long, slow, and good as all of his films .\nit is not .\nwell, said \"it\", it is a film of its kind, too\n", csv.Dialect{Comma: '\n', Names: []string{"column_1"}, Quotes: true}, [][]string{{"the film is long, slow, and good as all of his films ."}, {"it is not ."}, {`well, said "it", it is a film of its kind, too`}}},
		{"one column with a header", "comment\ngood, thanks\nbad\nfine, all, of it\n", csv.Dialect{Comma: '\n', Names: []string{"comment"}, Header: true, Quotes: true}, [][]string{{"good, thanks"}, {"bad"}, {"fine, all, of it"}}},
		{"names repeated and empty", "a,a,\n1,2,3\n", csv.Dialect{Comma: ',', Quotes: true, Header: true, Names: []string{"a", "a_2", "column_3"}}, [][]string{{"1", "2", "3"}}},
		{"empty cells and blank lines", "a,b\n1,\n\n,2\n", csv.Dialect{Comma: ',', Quotes: true, Header: true, Names: []string{"a", "b"}}, [][]string{{"1", "∅"}, {"∅", "2"}}},
		{"no newline at the end", "a,b\n1,2", csv.Dialect{Comma: ',', Quotes: true, Header: true, Names: []string{"a", "b"}}, [][]string{{"1", "2"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, _, err := csv.Detect([]byte(test.data), true, nil)
			if err != nil {
				t.Fatal(err)
			}
			if test.rows == nil {
				if rows, _, _ := read(t, strings.NewReader(test.data), d); len(rows) != 4 {
					t.Errorf("got %q, want four rows", rows)
				}
				return
			}
			if diff := cmp.Diff(test.want, *d, cmpopts.IgnoreUnexported(csv.Dialect{})); diff != "" {
				t.Error(diff)
			}
			for name, src := range map[string]io.Reader{"whole": strings.NewReader(test.data), "byte by byte": iotest.OneByteReader(strings.NewReader(test.data))} {
				rows, faults, err := read(t, src, d)
				if err != nil || len(faults) > 0 {
					t.Errorf("%s: %v %v", name, err, faults)
				}
				if diff := cmp.Diff(test.rows, rows); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		})
	}
}

func TestConfiguredNames(t *testing.T) {
	d, _, err := csv.Detect([]byte("x,y\nz,w\n"), true, []string{"one", "two"})
	if err != nil || d.Header || d.Names[1] != "two" {
		t.Errorf("%+v %v", d, err)
	}
	if _, _, err := csv.Detect([]byte("x,y\nz,w\n"), true, []string{"one"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("too few names: %v", err)
	}
}

func TestWhatIsWrongInOnePlaceDoesNotCostTheRest(t *testing.T) {
	data := "n,k\n1,a\n2\n3,b,c\nx,d\n4,\xff\n"
	d, _, err := csv.Detect([]byte(data), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(data), d, []schema.Column{{Name: "n", Kind: schema.Numeric}, {Name: "k", Kind: schema.Categorical}}, cell.DefaultWords)
	var block frame.Block
	var numbers []float64
	var states []frame.State
	var last string
	for r.Next(&block) == nil {
		numbers = append(numbers, block.Columns[0].Floats...)
		for row := range block.Rows {
			state := frame.Valid
			if block.Columns[0].States != nil {
				state = block.Columns[0].States[row]
			}
			states = append(states, state)
		}
		last = block.Columns[1].Symbols.Text(block.Columns[1].Codes[block.Rows-1])
	}
	if diff := cmp.Diff([]float64{1, 0, 4}, numbers); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]frame.State{frame.Valid, frame.Mistyped, frame.Valid}, states); diff != "" {
		t.Error(diff)
	}
	if last != "\uFFFD" {
		t.Errorf("bad bytes read as %q", last)
	}
	want := []frame.Fault{
		{What: "rows with fewer fields than columns", Row: 2, Text: "2", Count: 1},
		{What: "rows with more fields than columns", Row: 3, Text: "3,b,c", Count: 1},
		{Column: "n", What: "cells that are no finite number", Row: 4, Text: "x", Count: 1},
		{Column: "k", What: "cells with bytes that are not UTF-8, replaced by \uFFFD", Row: 5, Text: "\uFFFD", Count: 1},
	}
	if diff := cmp.Diff(want, r.Faults()); diff != "" {
		t.Error(diff)
	}
}

func TestARecordTooLongIsAnErrorNotMemory(t *testing.T) {
	head := "a,b\n1,2\n"
	d, _, err := csv.Detect([]byte(head), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	endless := io.MultiReader(strings.NewReader(head), io.LimitReader(zeros{}, 1<<30))
	if _, _, err := read(t, endless, d); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestNothingIsAllocatedPerRow(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,x,n,k\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "id%06d,%d.25,%d,%s\n", i, i, i%7, []string{"a", "b", "c"}[i%3])
	}
	data := b.String()
	d, _, err := csv.Detect([]byte(data[:1<<16]), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	columns := []schema.Column{{Name: "id", Kind: schema.Text}, {Name: "x", Kind: schema.Numeric}, {Name: "n", Kind: schema.Integer}, {Name: "k", Kind: schema.Categorical}}
	got := testing.AllocsPerRun(3, func() {
		r := csv.NewReader(strings.NewReader(data), d, columns, cell.DefaultWords)
		var block frame.Block
		for r.Next(&block) == nil {
		}
	})
	if got > 400 {
		t.Errorf("%v allocations for 100,000 rows", got)
	}
}

// FuzzReader holds well-formed input against encoding/csv and everything else
// against not crashing.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a;b\n\"x\"\"y\";2\n", "\"a\n\",b\r\n,\n", "a|b|c\n1|2\n", "\"\"\"", "a,b\n\"1\"x,2\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _, err := csv.Detect(data, true, nil)
		if err != nil {
			return
		}
		rows, _, err := read(t, strings.NewReader(string(data)), d)
		if err != nil {
			t.Fatalf("an input of %d bytes: %v", len(data), err)
		}
		again, _, err := read(t, iotest.OneByteReader(strings.NewReader(string(data))), d)
		if err != nil || !cmp.Equal(rows, again) {
			t.Fatalf("byte by byte %q, at once %q (%v)", again, rows, err)
		}
	})
}

// FuzzAgainstStandard writes cells with encoding/csv and reads them back.
func FuzzAgainstStandard(f *testing.F) {
	f.Add("x", "y\nz", `say "hi"`, "")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		for _, s := range []string{a, b, c, d} {
			if strings.ToValidUTF8(s, "") != s || strings.ContainsRune(s, '\r') {
				return
			}
		}
		var buffer strings.Builder
		w := stdcsv.NewWriter(&buffer)
		w.Write([]string{"k1", "k2", "k3", "k4"})
		w.Write([]string{"1", "2", "3", "4"})
		w.Write([]string{a, b, c, d})
		w.Flush()
		dialect := &csv.Dialect{Comma: ',', Quotes: true, Header: true, Names: []string{"k1", "k2", "k3", "k4"}}
		rows, _, err := read(t, strings.NewReader(buffer.String()), dialect)
		if err != nil || len(rows) != 2 {
			t.Fatalf("%q: %q %v", buffer.String(), rows, err)
		}
		for i, want := range []string{a, b, c, d} {
			if want == "" {
				want = "∅"
			}
			if rows[1][i] != want {
				t.Errorf("%q read as %q", want, rows[1][i])
			}
		}
	})
}

// TestUnbalanced: of quotes that do not go in pairs the note names the first line.
func TestUnbalanced(t *testing.T) {
	data := "id,size,label\n" + strings.Repeat("a,x,1\nb,\"half inch,0\n", 50)
	d, notes, err := csv.Detect([]byte(data), true, nil)
	if err != nil || d.Quotes || !slices.Contains(notes, csv.Unbalanced+" (the first in line 3)") {
		t.Errorf("%+v: %q: %v", d, notes, err)
	}
}

// TestStrayQuotes: a quote that begins a cell and is closed nowhere, or on a later line in the middle
// of one, is text, and told; no row is lost in between. A text of several lines stays one.
func TestStrayQuotes(t *testing.T) {
	const data = "id,x,y\n1,2,3\n\"2,3,4\n3,4,5\n\"4,5,6\n5,6,7\n6,\"two\nlines\",8\n\"7,8,9\n"
	want := [][]string{{"1", "2", "3"}, {`"2`, "3", "4"}, {"3", "4", "5"}, {`"4`, "5", "6"}, {"5", "6", "7"}, {"6", "two\nlines", "8"}, {`"7`, "8", "9"}}
	d := &csv.Dialect{Comma: ',', Quotes: true, Header: true, Names: []string{"id", "x", "y"}}
	for name, src := range map[string]io.Reader{"whole": strings.NewReader(data), "byte by byte": iotest.OneByteReader(strings.NewReader(data))} {
		rows, faults, err := read(t, src, d)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(faults) != 1 || faults[0].Column != "id" || faults[0].Row != 2 || faults[0].Count != 3 {
			t.Errorf("%s: faults %+v", name, faults)
		}
	}
}

// TestTornLines: a table of which half the lines lack their end is a table, not lines of text.
func TestTornLines(t *testing.T) {
	data := "id,a,b,c,d,e,f,g\n" + strings.Repeat("1,2,3,4,5,6,7,8\n1,2,3,4\n", 20)
	d, _, err := csv.Detect([]byte(data), true, nil)
	if err != nil || d.Comma != ',' || !d.Header || len(d.Names) != 8 {
		t.Errorf("%+v, %v", d, err)
	}
}

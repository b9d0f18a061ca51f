package parquet_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	writer "github.com/parquet-go/parquet-go"

	"leeway/core/fault"
	"leeway/core/format/parquet"
	"leeway/core/frame"
	"leeway/core/schema"
)

// write makes a file of rows.
func write[T any](t testing.TB, rows []T, options ...writer.WriterOption) []byte {
	t.Helper()
	var out bytes.Buffer
	w := writer.NewGenericWriter[T](&out, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// cells writes the cells of a column: "-" for missing, "!" for mistyped.
func cells(c *frame.Column, rows int) []string {
	var list []string
	for row := range rows {
		switch {
		case c.States != nil && c.States[row] == frame.Missing:
			list = append(list, "-")
		case c.States != nil && c.States[row] == frame.Mistyped:
			list = append(list, "!")
		case c.Type == frame.Float:
			list = append(list, fmt.Sprint(c.Floats[row]))
		case c.Type == frame.Time:
			list = append(list, time.Unix(0, c.Times[row]).UTC().Format(time.RFC3339Nano))
		default:
			list = append(list, *text(c, row))
		}
	}
	return list
}

type values struct {
	Float  float64            `parquet:"float"`
	Small  float32            `parquet:"small"`
	Whole  int64              `parquet:"whole"`
	Number uint32             `parquet:"number"`
	Truth  bool               `parquet:"truth"`
	Text   string             `parquet:"text,dict"`
	At     time.Time          `parquet:"at,timestamp(microsecond)"`
	Maybe  *int32             `parquet:"maybe,optional"`
	Price  int64              `parquet:"price,decimal(2:10)"`
	Vector []float32          `parquet:"vector,list"`
	Inner  struct{ A string } `parquet:"inner"`
}

func someValues() []values {
	at := time.Date(2026, 1, 2, 3, 4, 5, 600e3, time.UTC)
	seven := int32(7)
	return []values{
		{math.Copysign(0, -1), 0.1, 1, 1, true, " 7.50 ", at, nil, 150, []float32{1, 0.5}, struct{ A string }{"x"}},
		{math.NaN(), 1, 0, 0, false, "2026-03-04", at, &seven, -5, nil, struct{ A string }{"y"}},
		{math.Inf(1), -2, -5, math.MaxUint32, true, "Yes", at, &seven, 100, []float32{2}, struct{ A string }{""}},
		{1e300, 3, 1 << 60, 2, false, "1e999", at, nil, 0, nil, struct{ A string }{"NA"}},
		{1, 4, 1, 3, false, " ", at, &seven, 7, nil, struct{ A string }{"z"}},
	}
}

func TestKinds(t *testing.T) {
	f := open(t, write(t, someValues()))
	for _, test := range []struct {
		column string
		kind   schema.Kind
		want   []string
	}{
		{"float", schema.Numeric, []string{"0", "-", "!", "1e+300", "1"}},
		{"float", schema.Categorical, []string{"0.0", "-", "inf", "1e+300", "1.0"}},
		{"float", schema.Boolean, []string{"false", "!", "!", "!", "true"}},
		{"small", schema.Numeric, []string{"0.10000000149011612", "1", "-2", "3", "4"}},
		{"small", schema.Text, []string{"0.1", "1.0", "-2.0", "3.0", "4.0"}},
		{"whole", schema.Integer, []string{"1", "0", "-5", "1.152921504606847e+18", "1"}},
		{"whole", schema.Categorical, []string{"1", "0", "-5", "1152921504606846976", "1"}},
		{"whole", schema.Boolean, []string{"true", "false", "!", "!", "true"}},
		{"number", schema.Numeric, []string{"1", "0", "4.294967295e+09", "2", "3"}},
		{"truth", schema.Boolean, []string{"true", "false", "true", "false", "false"}},
		{"truth", schema.Categorical, []string{"true", "false", "true", "false", "false"}},
		{"truth", schema.Numeric, []string{"!", "!", "!", "!", "!"}},
		{"text", schema.Numeric, []string{"7.5", "!", "!", "!", "-"}},
		{"text", schema.Time, []string{"!", "2026-03-04T00:00:00Z", "!", "!", "-"}},
		{"text", schema.Boolean, []string{"!", "!", "true", "!", "-"}},
		{"text", schema.Categorical, []string{" 7.50 ", "2026-03-04", "Yes", "1e999", " "}},
		{"at", schema.Time, []string{"2026-01-02T03:04:05.0006Z", "2026-01-02T03:04:05.0006Z", "2026-01-02T03:04:05.0006Z", "2026-01-02T03:04:05.0006Z", "2026-01-02T03:04:05.0006Z"}},
		{"at", schema.Numeric, []string{"!", "!", "!", "!", "!"}},
		{"maybe", schema.Numeric, []string{"-", "7", "7", "-", "7"}},
		{"maybe", schema.Text, []string{"-", "7", "7", "-", "7"}},
		{"price", schema.Numeric, []string{"1.5", "-0.05", "1", "0", "0.07"}},
		{"price", schema.Categorical, []string{"1.50", "-0.05", "1.00", "0.00", "0.07"}},
		{"vector", schema.Embedding, []string{"[1.0,0.5]", "[]", "[2.0]", "[]", "[]"}},
		{"vector", schema.Numeric, []string{"!", "!", "!", "!", "!"}},
		{"inner.A", schema.Categorical, []string{"x", "y", "", "NA", "z"}},
	} {
		t.Run(test.column+" as "+string(test.kind), func(t *testing.T) {
			asked := columns(t, f, "")
			at := -1
			for i := range asked {
				if asked[i].Name == test.column {
					at, asked[i].Kind = i, test.kind
				}
			}
			each(t, f, asked, nil, func(b *frame.Block) {
				for i := range b.Columns {
					if i != at && !b.Columns[i].Absent() {
						t.Errorf("column %d was read", i)
					}
				}
				if diff := cmp.Diff(test.want, cells(&b.Columns[at], b.Rows)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestFaultsAreCounted(t *testing.T) {
	f := open(t, write(t, someValues()))
	asked := columns(t, f, schema.Numeric)
	got := each(t, f, asked, nil, func(*frame.Block) {})
	found := map[string]frame.Fault{}
	for _, fault := range got {
		found[fault.Column] = fault
	}
	want := frame.Fault{Column: "text", What: "cells that are no finite number", Row: 2, Text: "2026-03-04", Count: 3}
	if diff := cmp.Diff(want, found["text"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = frame.Fault{Column: "float", What: "cells that are no finite number", Row: 3, Text: "inf", Count: 1}
	if diff := cmp.Diff(want, found["float"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConfiguredMissing(t *testing.T) {
	f := open(t, write(t, someValues()))
	for column, want := range map[string][]string{
		"float":   {"0", "-", "!", "1e+300", "-"},
		"whole":   {"-", "0", "-5", "1.152921504606847e+18", "-"},
		"price":   {"1.5", "-0.05", "-", "0", "0.07"},
		"inner.A": {"!", "!", "-", "-", "!"},
		"text":    {"7.5", "!", "-", "!", "-"},
	} {
		asked := columns(t, f, "")
		at := -1
		for i := range asked {
			if asked[i].Name == column {
				at, asked[i].Kind = i, schema.Numeric
			}
		}
		each(t, f, asked, []string{"NA", "1", "Yes"}, func(b *frame.Block) {
			if diff := cmp.Diff(want, cells(&b.Columns[at], b.Rows)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", column, diff)
			}
		})
	}
}

func TestHeads(t *testing.T) {
	f := open(t, write(t, someValues()))
	heads, err := f.Heads(2)
	if err != nil {
		t.Fatal(err)
	}
	want := []schema.Head{
		{Name: "float", Cells: []schema.Cell{{Native: schema.NativeNumber, Text: "0.0"}, {}}},
		{Name: "small", Cells: []schema.Cell{{Native: schema.NativeNumber, Text: "0.1"}, {Native: schema.NativeNumber, Text: "1.0"}}},
		{Name: "whole", Cells: []schema.Cell{{Native: schema.NativeNumber, Text: "1"}, {Native: schema.NativeNumber, Text: "0"}}},
		{Name: "number", Cells: []schema.Cell{{Native: schema.NativeNumber, Text: "1"}, {Native: schema.NativeNumber, Text: "0"}}},
		{Name: "truth", Cells: []schema.Cell{{Native: schema.NativeBool, Text: "true"}, {Native: schema.NativeBool, Text: "false"}}},
		{Name: "text", Cells: []schema.Cell{{Native: schema.NativeText, Text: " 7.50 "}, {Native: schema.NativeText, Text: "2026-03-04"}}},
		{Name: "at", Cells: []schema.Cell{{Native: schema.NativeTime, Text: "2026-01-02T03:04:05.0006Z"}, {Native: schema.NativeTime, Text: "2026-01-02T03:04:05.0006Z"}}},
		{Name: "maybe", Cells: []schema.Cell{{}, {Native: schema.NativeNumber, Text: "7"}}},
		{Name: "price", Cells: []schema.Cell{{Native: schema.NativeNumber, Text: "1.50"}, {Native: schema.NativeNumber, Text: "-0.05"}}},
		{Name: "vector", Cells: []schema.Cell{{Native: schema.NativeList, Text: "[1.0,0.5]"}, {Native: schema.NativeList, Text: "[]"}}},
		{Name: "inner.A", Cells: []schema.Cell{{Native: schema.NativeText, Text: "x"}, {Native: schema.NativeText, Text: "y"}}},
	}
	if diff := cmp.Diff(want, heads); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"lists read as JSON arrays: vector"}, f.Notes()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type long struct {
	N     int64    `parquet:"n"`
	Third *float64 `parquet:"third,optional"`
	ID    string   `parquet:"id"`
	Name  *string  `parquet:"name,optional,dict"`
	List  []int64  `parquet:"list,list"`
}

func longRow(i int) long {
	row := long{N: int64(i), ID: fmt.Sprintf("id-%d", i)}
	if i%3 == 0 {
		x := float64(i) / 2
		row.Third = &x
	}
	if i%5 != 0 {
		name := fmt.Sprintf("name-%d", i%700)
		row.Name = &name
	}
	for j := range i % 4 {
		row.List = append(row.List, int64(i*j))
	}
	return row
}

// TestBlocksSpanPages reads rows whose pages end in other places in each column
// and checks that every row is put together right.
func TestBlocksSpanPages(t *testing.T) {
	const rows = 90_000
	var list []long
	for i := range rows {
		list = append(list, longRow(i))
	}
	data := write(t, list, writer.PageBufferSize(3000), writer.MaxRowsPerRowGroup(33_333), writer.Compression(&writer.Zstd))
	f := open(t, data)
	kinds := []schema.Kind{schema.Numeric, schema.Numeric, schema.Categorical, schema.Categorical, schema.Text}
	asked := columns(t, f, "")
	for i := range asked {
		asked[i].Kind = kinds[i]
	}
	n, generations := 0, map[uint64]bool{}
	each(t, f, asked, nil, func(b *frame.Block) {
		if b.First != int64(n)+1 || b.Rows != min(frame.BlockRows, rows-n) {
			t.Fatalf("block of %d rows from %d on, want one at %d", b.Rows, b.First, n+1)
		}
		generations[b.Columns[2].Symbols.Generation()] = true
		for row := range b.Rows {
			want := longRow(n)
			n++
			if got := b.Columns[0].Floats[row]; got != float64(want.N) {
				t.Fatalf("row %d: n is %v", n, got)
			}
			if c := &b.Columns[1]; want.Third == nil != (c.States[row] == frame.Missing) || want.Third != nil && c.Floats[row] != *want.Third {
				t.Fatalf("row %d: third is %v", n, c.Floats[row])
			}
			if got := text(&b.Columns[2], row); *got != want.ID {
				t.Fatalf("row %d: id is %s", n, *got)
			}
			if diff := cmp.Diff(want.Name, text(&b.Columns[3], row)); diff != "" {
				t.Fatalf("row %d: name %s", n, diff)
			}
			joined := strings.ReplaceAll(fmt.Sprint(want.List), " ", ",")
			if got := text(&b.Columns[4], row); *got != joined {
				t.Fatalf("row %d: list is %s, want %s", n, *got, joined)
			}
		}
	})
	if n != rows {
		t.Errorf("%d rows, want %d", n, rows)
	}
	if len(generations) != 2 {
		t.Errorf("the dictionary of ids had %d generations, want 2", len(generations))
	}
}

// TestBlocksCostNothing: what a block allocates does not grow with its rows.
func TestBlocksCostNothing(t *testing.T) {
	var list []long
	for i := range 60_000 {
		list = append(list, longRow(i%100))
	}
	f := open(t, write(t, list))
	asked := columns(t, f, schema.Categorical)
	asked[0].Kind, asked[1].Kind = schema.Numeric, schema.Numeric
	r, err := f.Read(asked, nil)
	if err != nil {
		t.Fatal(err)
	}
	var block frame.Block
	got := testing.AllocsPerRun(12, func() {
		if err := r.Next(&block); err != nil {
			t.Fatal(err)
		}
	})
	if got > 20 {
		t.Errorf("%v allocations per block", got)
	}
}

func TestTextThatIsNotUTF8(t *testing.T) {
	type row struct {
		A []byte `parquet:"a"`
		B []byte `parquet:"b,dict"`
	}
	bad := []byte("a\xff")
	f := open(t, write(t, []row{{[]byte("ok"), bad}, {bad, []byte("ok")}, {bad, bad}}))
	want := []frame.Fault{
		{Column: "a", What: "cells with bytes that are not UTF-8, replaced by \uFFFD", Row: 2, Text: "a\uFFFD", Count: 2},
		{Column: "b", What: "cells with bytes that are not UTF-8, replaced by \uFFFD", Row: 1, Text: "a\uFFFD", Count: 2},
	}
	for _, kind := range []schema.Kind{schema.Categorical, schema.Text} {
		got := each(t, f, columns(t, f, kind), nil, func(b *frame.Block) {
			if diff := cmp.Diff([]string{"a\uFFFD", "ok", "a\uFFFD"}, cells(&b.Columns[1], b.Rows)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", kind, diff)
			}
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
}

func TestEmptyFile(t *testing.T) {
	f := open(t, write(t, []long{}))
	heads, err := f.Heads(10)
	if err != nil || len(heads) != 5 || len(heads[0].Cells) != 0 {
		t.Errorf("heads %v, %v", heads, err)
	}
	each(t, f, columns(t, f, schema.Text), nil, func(b *frame.Block) { t.Errorf("a block of %d rows", b.Rows) })
}

// broken is storage that fails behind the footer.
type broken struct {
	*bytes.Reader
	err error
}

func (b broken) ReadAt(p []byte, at int64) (int, error) {
	if at < 100 {
		return 0, b.err
	}
	return b.Reader.ReadAt(p, at)
}

func TestStorageErrorsAreNotTheFiles(t *testing.T) {
	data := write(t, someValues())
	for _, test := range []struct {
		err  error
		want fault.Kind
	}{{io.ErrNoProgress, fault.Unavailable}, {fault.New(fault.Denied, "no", ""), fault.Denied}} {
		f, err := parquet.Open(broken{bytes.NewReader(data), test.err}, int64(len(data)), "a.parquet")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Heads(1); fault.KindOf(err) != test.want {
			t.Errorf("got %v, want kind %s", err, test.want)
		}
	}
}

// TestRenamed: texts of a dictionary and plain ones are read as the words that they stand
// for.
func TestRenamed(t *testing.T) {
	type row struct {
		A string `parquet:"a,dict"`
		B string `parquet:"b"`
	}
	data := write(t, []row{{"churned", "churned"}, {"1", "1"}, {"0", "churned"}})
	columns := []schema.Column{{Name: "a", Kind: schema.Categorical}, {Name: "b", Kind: schema.Categorical}}
	for i := range columns {
		columns[i].Words = map[string]string{"churned": "1"}
	}
	f, err := parquet.Open(bytes.NewReader(data), int64(len(data)), "renamed.parquet")
	if err != nil {
		t.Fatal(err)
	}
	each(t, f, columns, nil, func(block *frame.Block) {
		if got := fmt.Sprint(cells(&block.Columns[0], block.Rows), cells(&block.Columns[1], block.Rows)); got != "[1 1 0] [1 1 1]" {
			t.Errorf("read %s", got)
		}
	})
}

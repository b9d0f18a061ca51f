package format_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"leeway/core/format"
	"leeway/core/format/formattest"
	"leeway/core/frame"
	"leeway/core/schema"
)

// flat is a column of a whole file, a text per cell: "∅" is missing, "✗" is
// mistyped.
type flat map[string][]string

func file(data []byte) format.Source {
	return format.Source{Name: "f", Stream: bytes.NewReader(data), At: bytes.NewReader(data), Size: int64(len(data))}
}

func stream(data []byte) format.Source {
	return format.Source{Name: "-", Stream: iotest.HalfReader(bytes.NewReader(data))}
}

// contract is what is inferred from a file's heads.
func contract(f *format.File) []schema.Column {
	inferred, _ := schema.Infer(f.Heads())
	return inferred.Columns
}

// drain reads all rows.
func drain(f *format.File, columns []schema.Column) (flat, []frame.Fault, error) {
	r, err := f.Read(columns)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	all := flat{}
	var block frame.Block
	var next int64 = 1
	for {
		err := r.Next(&block)
		if errors.Is(err, io.EOF) {
			return all, r.Faults(), nil
		}
		if err != nil {
			return all, r.Faults(), err
		}
		if block.Rows < 1 || block.Rows > frame.BlockRows || block.First < next {
			return nil, nil, fmt.Errorf("a block of %d rows from %d on, after row %d", block.Rows, block.First, next-1)
		}
		next = block.First + int64(block.Rows)
		for i := range block.Columns {
			if c := &block.Columns[i]; !c.Absent() {
				all[columns[i].Name] = append(all[columns[i].Name], cells(c, block.Rows)...)
			}
		}
	}
}

func cells(c *frame.Column, rows int) []string {
	list := make([]string, rows)
	for row := range list {
		switch {
		case c.States != nil && c.States[row] == frame.Missing:
			list[row] = "∅"
		case c.States != nil && c.States[row] == frame.Mistyped:
			list[row] = "✗"
		case c.Type == frame.Float:
			list[row] = strconv.FormatFloat(c.Floats[row], 'x', -1, 64)
		case c.Type == frame.Time:
			list[row] = strconv.FormatInt(c.Times[row], 10)
		case c.Type == frame.Symbol:
			list[row] = c.Symbols.Text(c.Codes[row])
		default:
			list[row] = string(c.Bytes(row))
		}
	}
	return list
}

// whole opens and reads a file as what is inferred.
func whole(src format.Source, o *format.Options) (columns []schema.Column, all flat, faults []frame.Fault, err error) {
	f, err := format.Open(src, o)
	if err != nil {
		return nil, nil, nil, err
	}
	defer f.Close()
	columns = contract(f)
	all, faults, err = drain(f, columns)
	return columns, all, faults, err
}

// alike holds two readings against each other.
func alike(t *testing.T, what string, want, got flat) {
	t.Helper()
	if !maps.EqualFunc(want, got, slices.Equal[[]string]) { // quicker than cmp where they are equal
		t.Errorf("%s (-want +got):\n%.2000s", what, cmp.Diff(want, got))
	}
}

func TestTheSameTableInEveryFormat(t *testing.T) {
	rows := formattest.Rows(9000)
	files, err := formattest.Files(rows)
	if err != nil {
		t.Fatal(err)
	}
	columns, want, faults, err := whole(file(files[0].Data), nil)
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	kinds := map[string]schema.Kind{}
	for _, c := range columns {
		kinds[c.Name] = c.Kind
		if len(want[c.Name]) != len(rows) {
			t.Errorf("%s has %d rows", c.Name, len(want[c.Name]))
		}
	}
	expected := map[string]schema.Kind{
		"order_id": schema.Text, "timestamp": schema.Time, "amount": schema.Numeric, "visits": schema.Integer, "member": schema.Boolean,
		"country": schema.Categorical, "comment": schema.Text, "shipped": schema.Time, "score": schema.Numeric, "prediction": schema.Boolean,
	}
	if diff := cmp.Diff(expected, kinds); diff != "" {
		t.Error(diff)
	}
	alike(t, "not what was written", table(rows), want)
	for _, one := range files {
		t.Run(one.Name, func(t *testing.T) {
			f, err := format.Open(file(one.Data), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if f.Format() != one.Format {
				t.Errorf("found %s", f.Format())
			}
			counted(t, f, int64(len(rows)))
			if diff := cmp.Diff(columns, contract(f)); diff != "" {
				t.Errorf("contract (-want +got):\n%s", diff)
			}
			for _, time := range []string{"first", "second"} {
				got, faults, err := drain(f, columns)
				if err != nil || len(faults) > 0 {
					t.Fatalf("%s reading: %v %v", time, err, faults)
				}
				alike(t, time+" reading", want, got)
			}
			streamed(t, one, columns, want)
		})
	}
}

// counted tells whether the number of rows is known beforehand as well as it
// can be.
func counted(t *testing.T, f *format.File, rows int64) {
	t.Helper()
	least, most := int64(0), rows
	switch f.Format() {
	case "parquet":
		least = rows
	case "csv", "jsonl":
		least, most = rows*9/10, rows*11/10
	}
	if n := f.Rows(); n < least || n > most {
		t.Errorf("%d rows of %s are taken for %d", rows, f.Format(), n)
	}
}

// streamed holds a file that is read from a stream against the same read at
// random.
func streamed(t *testing.T, one formattest.File, columns []schema.Column, want flat) {
	t.Helper()
	f, err := format.Open(stream(one.Data), nil)
	if !one.Stream {
		refused(t, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if diff := cmp.Diff(columns, contract(f)); diff != "" {
		t.Errorf("contract of the stream (-want +got):\n%s", diff)
	}
	got, faults, err := drain(f, columns)
	if err != nil || len(faults) > 0 {
		t.Fatalf("stream: %v %v", err, faults)
	}
	alike(t, "stream", want, got)
}

// table is what was written, by column.
func table(rows []formattest.Row) flat {
	all := flat{}
	add := func(name string, missing bool, text func() string) {
		if missing {
			all[name] = append(all[name], "∅")
		} else {
			all[name] = append(all[name], text())
		}
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'x', -1, 64) }
	for i := range rows {
		row := &rows[i]
		add("order_id", false, func() string { return row.ID })
		add("timestamp", false, func() string { return strconv.FormatInt(row.At.UnixNano(), 10) })
		add("amount", row.Amount == nil, func() string { return number(*row.Amount) })
		add("visits", row.Count == nil, func() string { return number(float64(*row.Count)) })
		add("member", row.Member == nil, func() string { return strconv.FormatBool(*row.Member) })
		add("country", row.Country == nil, func() string { return *row.Country })
		add("comment", row.Comment == nil, func() string { return *row.Comment })
		add("shipped", row.Shipped == nil, func() string { return strconv.FormatInt(row.Shipped.UnixNano(), 10) })
		add("score", false, func() string { return number(row.Score) })
		add("prediction", false, func() string { return strconv.FormatBool(row.Predicts) })
	}
	return all
}

func TestEveryKindReadsAlikeInTextFormats(t *testing.T) {
	rows := formattest.Rows(700)
	lines, err := formattest.JSONL(rows)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := formattest.Parquet(rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range schema.Kinds {
		var reads []flat
		for _, data := range [][]byte{formattest.CSV(rows, ',', "\n"), lines, packed} {
			f, err := format.Open(file(data), nil)
			if err != nil {
				t.Fatal(err)
			}
			columns := contract(f)
			for i := range columns {
				if columns[i].Kind.Quantitative() || columns[i].Kind == schema.Boolean || columns[i].Kind == schema.Text {
					columns[i].Kind = kind
				}
			}
			got, _, err := drain(f, columns)
			if err != nil {
				t.Fatal(err)
			}
			reads = append(reads, got)
		}
		for i, name := range []string{"JSON Lines", "Parquet"} {
			alike(t, name+" as "+string(kind), reads[0], reads[i+1])
		}
	}
}

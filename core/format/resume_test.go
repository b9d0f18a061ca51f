package format_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/format/formattest"
	"leeway/core/frame"
	"leeway/core/schema"
)

// frail is a source that fails, as one whose context has ended does, once so many
// bytes were read.
type frail struct {
	io.ReaderAt
	left int
}

func (f *frail) ReadAt(p []byte, at int64) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, context.DeadlineExceeded
	}
	return f.ReaderAt.ReadAt(p, at)
}

// told is what a reader says of each block, and in the end of faults.
func told(r frame.Reader, most int) (blocks []string, faults []frame.Fault, err error) {
	var block frame.Block
	for len(blocks) < most {
		err := r.Next(&block)
		if errors.Is(err, io.EOF) {
			return blocks, r.Faults(), io.EOF
		}
		if err != nil {
			return blocks, nil, err
		}
		h := fnv.New64a()
		for i := range block.Columns {
			for _, cell := range cells(&block.Columns[i], block.Rows*min(1, int(block.Columns[i].Type))) {
				io.WriteString(h, cell+"\x00")
			}
		}
		blocks = append(blocks, fmt.Sprint(block.First, block.Rows, h.Sum64()))
	}
	return blocks, nil, nil
}

// attempt is an attempt at reading on: at most so many blocks, and bytes.
func attempt(data []byte, o *format.Options, columns func(*format.File) []schema.Column, from *frame.Place, most, bytesLeft int) (blocks []string, faults []frame.Fault, at *frame.Place, err error) {
	source := &frail{bytes.NewReader(data), 1 << 40}
	f, err := format.Open(format.Source{Name: "f", Stream: io.NewSectionReader(source, 0, int64(len(data))), At: source, Size: int64(len(data))}, o)
	if err != nil {
		return nil, nil, nil, err
	}
	defer f.Close()
	source.left = bytesLeft
	r, err := f.ReadFrom(columns(f), from)
	if err != nil {
		return nil, nil, from, err
	}
	defer r.Close()
	blocks, faults, err = told(r, most)
	stored, failed := json.Marshal(r.Place())
	at = new(frame.Place)
	return blocks, faults, at, errors.Join(err, failed, json.Unmarshal(stored, at))
}

// bad is a table in which some things are wrong, now and then.
func bad(r *rand.Rand, rows int) []byte {
	var out bytes.Buffer
	out.WriteString("id,amount,name,visits\n")
	for i := range rows {
		switch k := r.IntN(40); k {
		case 0:
			fmt.Fprintf(&out, "%d,1.5\n", i)
		case 1:
			fmt.Fprintf(&out, "%d,abc,\"two\nlines, \"\"quoted\"\"\",x%d\n", i, r.IntN(9))
		case 2:
			fmt.Fprintf(&out, "%d,7,\xff,no\n\n", i)
		default:
			fmt.Fprintf(&out, "%d,%d.%d,n%d,%d\r\n", i, k, i%7, r.IntN(50), r.IntN(5))
		}
	}
	return out.Bytes()
}

// odd is JSON Lines with keys that come late, and with ones that are not read.
func odd(r *rand.Rand, rows int) []byte {
	var out bytes.Buffer
	for i := range rows {
		fmt.Fprintf(&out, `{"id":"r%d","amount":%d.25`, i, r.IntN(100))
		if i > rows/2 && r.IntN(3) == 0 {
			fmt.Fprintf(&out, `,"late":%d`, i)
		}
		if r.IntN(30) == 0 {
			fmt.Fprintf(&out, `,"more%d":"\u00e9x"`, r.IntN(4))
		}
		out.WriteString("}\n")
		if r.IntN(50) == 0 {
			out.WriteString("[1]\n")
		}
	}
	return out.Bytes()
}

// TestReadingGoesOn: however often reading is given up, between blocks or in the middle
// of one, what goes on at the place where that was gives the same blocks, and in the end
// the same faults, as without.
func TestReadingGoesOn(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	rows := formattest.Rows(24_000)
	lines, err := formattest.JSONL(rows)
	if err != nil {
		t.Fatal(err)
	}
	groups, err := formattest.Parquet(rows, parquet.MaxRowsPerRowGroup(5_000))
	if err != nil {
		t.Fatal(err)
	}
	table := formattest.CSV(rows, ';', "\r\n")
	broken, late := bad(random, 90_000), odd(random, 50_000)
	numbers := func(f *format.File) []schema.Column { // what is no number is a fault
		all := contract(f)
		for i := range all {
			if all[i].Name == "visits" || all[i].Name == "country" || all[i].Name == "amount" {
				all[i].Kind = schema.Numeric
			}
		}
		return all
	}
	later := func(f *format.File) []schema.Column {
		return append(contract(f), schema.Column{Name: "late", Kind: schema.Numeric}, schema.Column{Name: "never", Kind: schema.Numeric})
	}
	for _, test := range []struct {
		name    string
		data    []byte
		columns func(*format.File) []schema.Column
		o       *format.Options
	}{
		{"csv", table, numbers, nil},
		{"csv with a mark", append([]byte("\xef\xbb\xbf"), table...), contract, nil},
		{"csv of which rows are bad", broken, numbers, nil},
		{"csv in windows-1252", bytes.ReplaceAll(broken, []byte(",n"), []byte(",M\xfcn\x80")), numbers, nil},
		{"csv.gz", formattest.Gzip(broken), numbers, nil},
		{"csv.zst", formattest.Zstd(table), numbers, nil},
		{"jsonl", lines, numbers, nil},
		{"jsonl with late keys", late, later, nil},
		{"jsonl.gz", formattest.Gzip(late), later, nil},
		{"parquet", groups, numbers, nil},
		{"captured", events(t, rows, 7), contract, nil},
	} {
		want, faults, _, err := attempt(test.data, test.o, test.columns, nil, 1<<30, 1<<40)
		if !errors.Is(err, io.EOF) || len(want) < 6 {
			t.Fatalf("%s: %d blocks, %v", test.name, len(want), err)
		}
		for round := range 3 {
			var got []string
			var found []frame.Fault
			var place *frame.Place
			err := error(nil)
			stops := 0
			for ; !errors.Is(err, io.EOF); stops++ {
				most, left := 1+random.IntN(1+len(want)/(1+2*round)), 1<<40
				if stops < 100 && random.IntN(2) == 0 { // in the middle of something
					left = random.IntN(2 * len(test.data))
				}
				var blocks []string
				blocks, found, place, err = attempt(test.data, test.o, test.columns, place, most, left)
				if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, context.DeadlineExceeded) {
					t.Fatal(test.name, err)
				}
				got = append(got, blocks...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, given up %d times: other blocks, %d instead of %d", test.name, stops, len(got), len(want))
			}
			if !slices.Equal(found, faults) {
				t.Errorf("%s, given up %d times: faults\n%v\nwant\n%v", test.name, stops, found, faults)
			}
		}
	}
}

// TestPlacesOfOtherFiles: a place that cannot be one of the file is an error, and none
// that takes memory.
func TestPlacesOfOtherFiles(t *testing.T) {
	rows := formattest.Rows(100)
	lines, err := formattest.JSONL(rows)
	if err != nil {
		t.Fatal(err)
	}
	groups, err := formattest.Parquet(rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{formattest.CSV(rows, ',', "\n"), lines, groups} {
		for _, place := range []frame.Place{
			{Row: 1 << 40, Start: 1 << 40, Held: 10, Room: 20},
			{Row: 1e9, Start: 1, Used: 30, Held: 20, Room: 40},
			{Row: 1e9, Held: 1 << 40, Room: 1 << 40},
			{Row: -1, Start: -1, Used: -1, Held: 5, Room: 10},
		} {
			_, _, _, err := attempt(data, nil, contract, &place, 1, 1<<40)
			if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
				t.Errorf("%+v: %v", place, err)
			}
		}
	}
}

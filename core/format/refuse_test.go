package format_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/format/formattest"
	"leeway/core/schema"
)

// refused expects an error that tells a person what to do.
func refused(t *testing.T, err error) {
	t.Helper()
	var known *fault.Error
	if !errors.As(err, &known) || known.Kind != fault.Invalid || known.Hint == "" || known.Err == nil {
		t.Errorf("got %v, want an invalid file with a hint", err)
	}
}

// garbage is random bytes, none of them 0.
func garbage(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(1 + r.IntN(255))
	}
	return string(b)
}

// numbers are a wave in numbers of 16 bits, as recordings have.
func numbers() string {
	var b []byte
	for i := range 3000 {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(300*math.Sin(float64(i)/9))))
	}
	return string(b)
}

// refusals are files that are no tables, and a word of what is said of them.
var refusals = []struct{ name, data, says string }{
	{"nothing", "", "is empty"},
	{"a BOM", "\xef\xbb\xbf", "blank"},
	{"blank lines", "\n\r\n  \n\t\n", "blank lines"},
	{"many blank lines", strings.Repeat("\n", 9000), "no records"},
	{"zip", "PK\x03\x04\x14\x00", "spreadsheet"},
	{"PDF", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"},
	{"UTF-16 little", "\xff\xfea\x00,\x00b\x00\n\x00", "UTF-16"},
	{"UTF-16 big", "\xfe\xff\x00a\x00,\x00b\x00\n", "UTF-16"},
	{"random bytes", garbage(3000), "binary"},
	{"few random bytes", garbage(200), "binary"},
	{"UTF-16 without a mark", "a\x00,\x00b\x00\n\x001\x00,\x002\x00\n\x00", "iconv -f UTF-16LE -t UTF-8 FILE"},
	{"UTF-16 without a mark, the other way", "\x00a\x00,\x00b\x00\n\x001\x00,\x002\x00\n", "iconv -f UTF-16BE"},
	{"UTF-16 of Cyrillic without a mark", "a\x00,\x00\x1a\x040\x047\x040\x04=\x04L\x04\n\x001\x00,\x00\x1f\x045\x04@\x04<\x04L\x04\n\x00", "iconv -f UTF-16LE -t UTF-8 FILE"},
	{"UTF-16 of Cyrillic without a mark, the other way", "\x00a\x00,\x04\x1a\x040\x047\x040\x04=\x04L\x00\n\x001\x00,\x04\x1f\x045\x04@\x04<\x04L\x00\n", "iconv -f UTF-16BE -t UTF-8 FILE"},
	{"UTF-16 of Chinese without a mark", "a\x00\n\x00" + strings.Repeat("1\x00,\x00\x17\x53\xac\x4e\x00\x30\x02\x5e\n\x00", 99), "iconv -f UTF-16LE"},
	{"UTF-16 with pictures without a mark", "a\x00,\x00b\x00\n\x00" + strings.Repeat("1\x00,\x00\x3d\xd8\x00\xde\n\x00", 3), "iconv -f UTF-16LE"},
	{"UTF-32 little", "\xff\xfe\x00\x00a\x00\x00\x00,\x00\x00\x00b\x00\x00\x00\n\x00\x00\x00", "text in UTF-32, not delimited text, JSON Lines or Parquet: write it in UTF-8: iconv -f UTF-32 -t UTF-8 FILE"},
	{"UTF-32 big", "\x00\x00\xfe\xff\x00\x00\x00a\x00\x00\x00,\x00\x00\x00b\x00\x00\x00\n", "iconv -f UTF-32 "},
	{"numbers of 16 bits", numbers(), "binary"},
	{"text with noughts in it", strings.Repeat("12,34\x00,5\n", 300), "binary"},
	{"text with noughts in every other line", strings.Repeat("1234,5678\x00\n7", 300), "binary"},
	{"old Office", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"},
	{"ORC", "ORC\n\x12\x0a\x03", "ORC"},
	{"Avro", "Obj\x01\x04\x14avro.codec", "Avro"},
	{"Arrow", "ARROW1\x00\x00\xff\xff", "Arrow"},
	{"bzip2", "BZh91AY&SY\x9a\x00", "bzip2"},
	{"xz", "\xfd7zXZ\x00", "xz"},
	{"SQLite", "SQLite format 3\x00\x10\x00", "SQLite"},
	{"gzip in gzip", string(formattest.Gzip(formattest.Gzip([]byte("a,b\n1,2\n")))), "inside an archive"},
	{"zstd in gzip", string(formattest.Gzip(formattest.Zstd([]byte("a,b\n1,2\n")))), "inside an archive"},
	{"Parquet in gzip", string(formattest.Gzip([]byte("PAR1..."))), "plain file"},
	{"a web page", "  <!DOCTYPE html>\n<html>", "web page"},
	{"XML", "<?xml version=\"1.0\"?>\n<a/>", "XML"},
	{"a manifest of SageMaker", "[{\"prefix\": \"s3://b/in/\"},\n \"a.csv\", \"b.csv\"]\n", `a manifest, which names objects (the first is "s3://b/in/a.csv") and has no rows`},
	{"an empty manifest", `[{"prefix":"s3://b/in/"}]`, "a manifest"},
	{"a JSON array of objects with a prefix", `[{"prefix":"a","n":1},{"prefix":"b","n":2}]`, "JSON array"},
	{"a JSON array", "[\n {\"a\": 1},\n {\"a\": 2}\n]\n", "JSON array"},
	{"a JSON object over many lines", "{\n  \"a\": 1\n}\n", "one object per line"},
	{"empty objects", "{}\n{}\n", "are empty"},
	{"lines that end in CR", "a,b\r1,2\r3,4\r", "CR alone"},
	{"JSON lines that end in CR", "{\"a\":1}\r{\"a\":2}\r", "CR alone"},
	{"a long first line of JSON", `{"a":"` + strings.Repeat("x", 3<<20) + "\"}\n", "longer than 2 MiB"},
	{"a first record without end", "a,\"b" + strings.Repeat("x\n", 3<<20/2), ""},
	{"no line ends", strings.Repeat("x", 3<<20), "longer than 2 MiB"},
	{"too many columns", strings.Repeat("x,", 10_001) + "\n", "more than 10000"},
	{"too many keys", manyKeys(), "more than 10000"},
	{"a gzip header alone", "\x1f\x8b", "too early"},
	{"damaged gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03damaged beyond repair", "damaged"},
	{"a zstd header alone", "\x28\xb5\x2f\xfd", "too early"},
	{"damaged zstd", "\x28\xb5\x2f\xfd\xff\xff\xff\xffdamaged beyond repair", "damaged"},
}

func manyKeys() string {
	var b strings.Builder
	for line := range 11 {
		b.WriteString(`{"a":0`)
		for i := range 1000 {
			fmt.Fprintf(&b, `,"k%d":1`, line*1000+i)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func TestRefusals(t *testing.T) {
	for _, test := range refusals {
		t.Run(test.name, func(t *testing.T) {
			for _, src := range []format.Source{file([]byte(test.data)), stream([]byte(test.data))} {
				f, err := format.Open(src, nil)
				if err == nil && test.says == "" {
					_, _, err = drain(f, contract(f))
					if err == nil {
						return // it may be read as something
					}
				}
				refused(t, err)
				if err != nil && !strings.Contains(err.Error(), test.says) {
					t.Errorf("%q does not say %q", err, test.says)
				}
			}
		})
	}
}

func TestWordsThatOnlyLookLikeMagic(t *testing.T) {
	for _, name := range []string{"ORCHID", "BZh", "ARROW1", "%PDF", "SQLite format 3", "Größe", "PAR"} {
		f, err := format.Open(file([]byte(name+",b\nx,1\ny,2\n")), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := f.Heads()[0].Name; got != name {
			t.Errorf("%s read as %s", name, got)
		}
	}
}

// TestSparseRows: rows that each bring a key of their own must not cost rows
// times keys of memory.
func TestSparseRows(t *testing.T) {
	var lines, table strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&lines, "{\"k%d\":1,\"j%d\":2}\n", i, i)
	}
	table.WriteString(strings.Repeat("x,", 9_999) + "x\n" + strings.Repeat("\n", 1<<20))
	for _, data := range []string{lines.String(), table.String()} {
		f, err := format.Open(file([]byte(data)), nil)
		if err != nil {
			t.Fatal(err)
		}
		cells := 0
		for _, head := range f.Heads() {
			cells += cap(head.Cells)
		}
		if cells > 8<<20 {
			t.Errorf("%d cells for a file of %d bytes", cells, len(data))
		}
	}
}

func TestAHeaderWithoutRows(t *testing.T) {
	columns, all, faults, err := whole(file([]byte("a,b\n")), nil)
	if err != nil || len(faults) > 0 || len(columns) != 2 || len(all) != 0 {
		t.Errorf("%v %v %v %v", columns, all, faults, err)
	}
}

// long is a table of more than the head, in each text format.
var long = sync.OnceValue(func() map[string][]byte {
	var table, lines bytes.Buffer
	table.WriteString("id,x,k\n")
	for i := range 150_000 {
		fmt.Fprintf(&table, "%d,%d.5,k%d\n", i, i*7919%100_003, i%5)
		fmt.Fprintf(&lines, `{"id":%d,"x":%d.5,"k":"k%d"}`+"\n", i, i*7919%100_003, i%5)
	}
	return map[string][]byte{"csv": table.Bytes(), "jsonl": lines.Bytes()}
})

func TestArchivesThatEndTooEarly(t *testing.T) {
	for name, data := range long() {
		for kind, packed := range map[string][]byte{"gzip": formattest.Gzip(data), "zstd": formattest.Zstd(data)} {
			for _, size := range []int{len(packed) - 1, len(packed) * 9 / 10, len(packed) / 100} {
				_, _, _, err := whole(file(packed[:size]), nil)
				refused(t, err)
				if err != nil && !strings.Contains(err.Error(), kind) {
					t.Errorf("%s in %s, cut at %d: %v", name, kind, size, err)
				}
			}
			spoiled := bytes.Clone(packed)
			spoiled[len(spoiled)*3/4] ^= 0x55
			spoiled[len(spoiled)*3/4+1] ^= 0x55
			_, _, _, err := whole(file(spoiled), nil)
			refused(t, err)
		}
	}
}

func TestABombIsNotUnpacked(t *testing.T) {
	row := []byte(strings.Repeat("7", 60_000) + ",2\n")
	rows := bytes.Repeat(row, 10<<20/len(row))
	for name, packed := range map[string][]byte{"gzip": bytes.Repeat(formattest.Gzip(rows), 11), "zstd": bytes.Repeat(formattest.Zstd(rows), 11)} {
		_, _, _, err := whole(file(packed), nil)
		refused(t, err)
		if err == nil || !strings.Contains(err.Error(), "200 times") {
			t.Errorf("%s of %d bytes: %v", name, len(packed), err)
		}
	}
}

func TestALineTooLongLateInTheFile(t *testing.T) {
	huge := strings.Repeat("x", 17<<20)
	for _, data := range []string{
		strings.Repeat("abc,def\n", 400_000) + "abc," + huge + "\n",
		strings.Repeat("abc,def\n", 400_000) + "abc,\"" + huge,
		strings.Repeat("{\"a\":1}\n", 400_000) + "{\"a\":\"" + huge + "\"}\n",
	} {
		_, _, _, err := whole(file([]byte(data)), nil)
		refused(t, err)
		var known *fault.Error
		if errors.As(err, &known) && known.Row < 399_000 {
			t.Errorf("row %d", known.Row)
		}
	}
}

// fails gives data, then an error.
type fails struct {
	io.Reader
	err error
}

func (f *fails) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = f.err
	}
	return n, err
}

// TestASourceThatFails: what is wrong with the disk or the network is not
// wrong with the file, whatever it is packed in.
func TestASourceThatFails(t *testing.T) {
	disk := errors.New("input/output error")
	gone := &fault.Error{Kind: fault.Denied, Err: errors.New("no longer allowed")}
	for name, data := range long() {
		for pack, packed := range map[string][]byte{"plain": data, "gzip": formattest.Gzip(data), "zstd": formattest.Zstd(data)} {
			for _, size := range []int{0, 2, 20, len(packed) - 1, len(packed)} {
				for err, kind := range map[error]fault.Kind{disk: fault.Unavailable, gone: fault.Denied, context.Canceled: fault.Internal, io.ErrUnexpectedEOF: fault.Unavailable} {
					src := format.Source{Name: "f", Stream: &fails{bytes.NewReader(packed[:size]), err}}
					_, _, _, got := whole(src, nil)
					if !errors.Is(got, err) || fault.KindOf(got) != kind {
						t.Errorf("%s, %s, after %d of %d bytes, %v: got %v (%s)", name, pack, size, len(packed), err, got, fault.KindOf(got))
					}
				}
			}
		}
	}
}

func TestAStreamIsReadOnce(t *testing.T) {
	data := long()["csv"]
	f, err := format.Open(stream(data), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := drain(f, contract(f)); err != nil {
		t.Fatal(err)
	}
	_, _, err = drain(f, contract(f))
	refused(t, err)
}

func TestOptions(t *testing.T) {
	data := []byte("1,-999,x\n2,5,none\n-999,7,-999\n4,NA,y\n")
	o := &format.Options{Header: []string{"a", "b", "c"}, Missing: []string{"-999", "none"}}
	columns, all, faults, err := whole(file(data), o)
	if err != nil {
		t.Fatal(err)
	}
	alike(t, "configured", flat{
		"a": {"0x1p+00", "0x1p+01", "∅", "0x1p+02"},
		"b": {"∅", "0x1.4p+02", "0x1.cp+02", "✗"}, // the list replaces NA and its like
		"c": {"x", "∅", "∅", "y"},
	}, all)
	if len(faults) != 1 || faults[0].Column != "b" || faults[0].Row != 4 || faults[0].Text != "NA" {
		t.Errorf("faults: %+v of %+v", faults, columns)
	}
	_, err = format.Open(file(data), &format.Options{Header: []string{"a", "b"}})
	refused(t, err)
	_, headless, _, err := whole(file([]byte("x,y\nz,w\n")), &format.Options{Headless: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, named, _, err := whole(file([]byte("column_1,column_2\nz,w\n")), &format.Options{Headless: true}); err != nil || len(named["column_1"]) != 1 {
		t.Errorf("a header of the same names: %v %v", named, err)
	}
	alike(t, "headless", flat{"column_1": {"x", "z"}, "column_2": {"y", "w"}}, headless)
	f, err := format.Open(file([]byte("a,b\n"+strings.Repeat("1,2\n", 100))), &format.Options{Head: 7})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.Heads()[0].Cells); n > 7 {
		t.Errorf("%d cells", n)
	}
	for _, kind := range append(schema.Kinds, "") {
		columns = contract(f)
		columns[0].Kind, columns[0].Role = kind, schema.Ignore
		some, _, err := drain(f, columns)
		if err != nil || len(some) != 1 || len(some["b"]) != 100 {
			t.Errorf("of two columns, one ignored: %v %v", some, err)
		}
	}
}

// TestOneNought: a 0 in a cell is a bad byte wherever it stands, and no binary
// file.
func TestOneNought(t *testing.T) {
	for _, at := range []int{1, 90, 199} {
		text := &strings.Builder{}
		fmt.Fprintln(text, "a,b")
		for row := range 200 {
			cell := "x"
			if row == at {
				cell = "x\x00"
			}
			fmt.Fprintf(text, "%s,%d\n", cell, row)
		}
		columns, all, _, err := whole(file([]byte(text.String())), nil)
		if err != nil || len(columns) != 2 || len(all["b"]) != 200 {
			t.Errorf("row %d: %d columns, %d rows, %v", at, len(columns), len(all["b"]), err)
		}
	}
}

package parquet_test

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	writer "github.com/parquet-go/parquet-go"

	"leeway/core/fault"
	"leeway/core/format/parquet"
	"leeway/core/frame"
	"leeway/core/schema"
)

// drain opens and reads a file in which anything may be wrong. What goes wrong
// must be said, not panicked.
func drain(t testing.TB, data []byte) error {
	t.Helper()
	err := readAll(data)
	if err == nil {
		return nil
	}
	if fault.KindOf(err) != fault.Invalid {
		t.Fatalf("kind %s: %v", fault.KindOf(err), err)
	}
	var full *fault.Error
	if !errors.As(err, &full) || full.Hint == "" || full.Object != "x.parquet" {
		t.Fatalf("no hint or object: %v", err)
	}
	if strings.Contains(err.Error(), "cannot be decoded (") {
		t.Fatalf("panicked: %v", err)
	}
	return err
}

// The kinds that the columns of a broken file are read as, by turns.
var kinds = []schema.Kind{schema.Numeric, schema.Categorical, schema.Text, schema.Time, schema.Boolean, schema.Embedding}

func readAll(data []byte) error {
	f, err := parquet.Open(bytes.NewReader(data), int64(len(data)), "x.parquet")
	if err != nil {
		return err
	}
	heads, err := f.Heads(10)
	if err != nil {
		return err
	}
	columns := make([]schema.Column, len(heads))
	for turn := range 2 {
		for i := range columns {
			columns[i] = schema.Column{Name: heads[i].Name, Kind: kinds[(i+3*turn)%len(kinds)]}
		}
		r, err := f.Read(columns, nil)
		if err != nil {
			return err
		}
		var block frame.Block
		for blocks := 0; err == nil && blocks < 64; blocks++ {
			err = r.Next(&block)
		}
		r.Close()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	return nil
}

func TestCutShort(t *testing.T) {
	data := write(t, someValues())
	for n := range len(data) {
		if drain(t, data[:n]) == nil {
			t.Fatalf("%d bytes of %d read well", n, len(data))
		}
	}
}

// TestAnyByteMayBeWrong turns bits in files of every encoding and compression.
func TestAnyByteMayBeWrong(t *testing.T) {
	files := map[string][]byte{"values": write(t, someValues()), "checked": write(t, someValues(), writer.Compression(&writer.Lz4Raw))}
	for _, name := range []string{"plain", "dictionary", "version2", "delta", "split", "lz4"} {
		files[name] = load(t, name+".parquet")
	}
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			step := 1 + len(data)/200
			for i := 0; i < len(data); i += step {
				flip := byte(1) << (i % 8)
				data[i] ^= flip
				_ = drain(t, data)
				data[i] ^= flip
			}
			if err := drain(t, data); err != nil {
				t.Errorf("the file itself: %v", err)
			}
		})
	}
}

func TestRefuses(t *testing.T) {
	good := write(t, someValues())
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "is not a Parquet file"},
		{"text", []byte("a,b\n1,2\n3,4\n5,6\n"), "is not a Parquet file"},
		{"half", good[:len(good)/2], "begins as a Parquet file, but ends too early"},
		{"its first bytes", good[:4], "begins as a Parquet file, but ends too early"},
		{"encrypted", append(bytes.Clone(good[:len(good)-4]), "PARE"...), "is encrypted: write it without encryption"},
		{"footer", append(bytes.Clone(good[:len(good)-8]), 0xff, 0xff, 0xff, 0x7f, 'P', 'A', 'R', '1'), "footer of 2147483647 bytes in a file of"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := drain(t, test.data)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// TestBombsStayPacked reads a small file that claims to be large, and checks
// what it is given.
func TestBombsStayPacked(t *testing.T) {
	type row struct {
		A string `parquet:"a,dict"`
	}
	rows := make([]row, 300)
	for i := range rows {
		rows[i].A = strings.Repeat("x", 1<<20)
	}
	data := write(t, rows)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := drain(t, data)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Errorf("read as a category: %v", err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 256<<20 {
		t.Errorf("%d MiB were allocated", used>>20)
	}
	f := open(t, data)
	r, err := f.Read([]schema.Column{{Name: "a", Kind: schema.Text}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Next(new(frame.Block)); err == nil || !strings.Contains(err.Error(), "more than 256 MiB of text") {
		t.Errorf("read as text: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("PAR1"))
	f.Add(write(f, someValues()))
	f.Add(write(f, someValues(), writer.Compression(&writer.Snappy), writer.DataPageVersion(1)))
	f.Add(write(f, []long{longRow(1), longRow(2), longRow(15)}, writer.Compression(&writer.Gzip)))
	f.Fuzz(func(t *testing.T, data []byte) { _ = drain(t, data) })
}

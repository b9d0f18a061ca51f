package parquet_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/format/parquet"
	"leeway/core/frame"
	"leeway/core/schema"
)

// golden is what pyarrow reads from a column (scripts/golden/parquet.py).
type golden struct {
	Name   string    `json:"name"`
	Rows   int       `json:"rows"`
	Nulls  int       `json:"nulls"`
	First  []*string `json:"first"`
	SHA256 string    `json:"sha256"`
}

func goldens(t *testing.T) map[string][]golden {
	t.Helper()
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string][]golden
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// load reads a file of testdata, or of the shared data if name has a folder.
func load(t testing.TB, name string) []byte {
	t.Helper()
	path := filepath.Join("testdata", name)
	if filepath.Base(name) != name {
		path = filepath.Join("../../../../shared/data", name)
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("%s is not there: it belongs to the shared test data", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func open(t testing.TB, data []byte) *parquet.File {
	t.Helper()
	f, err := parquet.Open(bytes.NewReader(data), int64(len(data)), "test.parquet")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// columns asks for every column of the file as one kind.
func columns(t testing.TB, f *parquet.File, kind schema.Kind) []schema.Column {
	t.Helper()
	heads, err := f.Heads(0)
	if err != nil {
		t.Fatal(err)
	}
	var list []schema.Column
	for _, head := range heads {
		list = append(list, schema.Column{Name: head.Name, Kind: kind})
	}
	return list
}

// each calls see with every block of the file.
func each(t testing.TB, f *parquet.File, columns []schema.Column, missing []string, see func(*frame.Block)) []frame.Fault {
	t.Helper()
	r, err := f.Read(columns, missing)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var block frame.Block
	for {
		if err := r.Next(&block); errors.Is(err, io.EOF) {
			return r.Faults()
		} else if err != nil {
			t.Fatal(err)
		}
		see(&block)
	}
}

// text is a cell of a Bytes or Symbol column, nil if it is missing.
func text(c *frame.Column, row int) *string {
	if c.States != nil && c.States[row] == frame.Missing {
		return nil
	}
	s := ""
	if c.Type == frame.Symbol {
		s = c.Symbols.Text(c.Codes[row])
	} else {
		s = string(c.Bytes(row))
	}
	return &s
}

func describe(t *testing.T, f *parquet.File, kind schema.Kind) []golden {
	t.Helper()
	asked := columns(t, f, kind)
	list := make([]golden, len(asked))
	for i := range asked {
		list[i].Name = asked[i].Name
	}
	hashes := make([][]byte, len(asked))
	each(t, f, asked, nil, func(b *frame.Block) {
		for i := range b.Columns {
			for row := range b.Rows {
				cell := text(&b.Columns[i], row)
				if len(list[i].First) < 3 {
					list[i].First = append(list[i].First, cell)
				}
				if cell == nil {
					list[i].Nulls++
					hashes[i] = append(hashes[i], "\x00\n"...)
					continue
				}
				hashes[i] = append(append(hashes[i], *cell...), '\n')
			}
			list[i].Rows += b.Rows
		}
	})
	for i := range list {
		sum := sha256.Sum256(hashes[i])
		list[i].SHA256 = hex.EncodeToString(sum[:16])
	}
	return list
}

// TestReadsWhatArrowReads compares every value of every file, as text and as
// category, with pyarrow's.
func TestReadsWhatArrowReads(t *testing.T) {
	for name, want := range goldens(t) {
		t.Run(name, func(t *testing.T) {
			f := open(t, load(t, name))
			for _, kind := range []schema.Kind{schema.Text, schema.Categorical} {
				if diff := cmp.Diff(want, describe(t, f, kind)); diff != "" {
					t.Errorf("%s (-pyarrow +got):\n%s", kind, diff)
				}
			}
		})
	}
}

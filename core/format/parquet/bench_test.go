package parquet_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"

	"leeway/core/format/parquet"
	"leeway/core/frame"
	"leeway/core/schema"
)

// BenchmarkRead reads the file that LEEWAY_PARQUET names, or plain.parquet, as
// a contract would: each column as what it holds.
func BenchmarkRead(b *testing.B) {
	data := []byte(nil)
	if path := os.Getenv("LEEWAY_PARQUET"); path != "" {
		var err error
		if data, err = os.ReadFile(path); err != nil {
			b.Fatal(err)
		}
	} else {
		data = load(b, "plain.parquet")
	}
	f := open(b, data)
	heads, err := f.Heads(100)
	if err != nil {
		b.Fatal(err)
	}
	inferred, _ := schema.Infer(heads)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		read(b, data, inferred.Columns)
	}
}

func read(b *testing.B, data []byte, columns []schema.Column) {
	f, err := parquet.Open(bytes.NewReader(data), int64(len(data)), "bench.parquet")
	if err != nil {
		b.Fatal(err)
	}
	r, err := f.Read(columns, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	var block frame.Block
	for err == nil {
		err = r.Next(&block)
	}
	if !errors.Is(err, io.EOF) {
		b.Fatal(err)
	}
}

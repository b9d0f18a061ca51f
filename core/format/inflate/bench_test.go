package inflate_test

import (
	"bytes"
	stdgzip "compress/gzip"
	"io"
	"testing"

	"github.com/klauspost/compress/gzip"

	"leeway/core/format/inflate"
)

// BenchmarkReader unpacks a table of numbers, and the same by others.
func BenchmarkReader(b *testing.B) {
	data := samples()["table"]
	packed := pack(b, data, 6, 1)
	for _, bench := range []struct {
		name string
		open func(io.Reader) (io.Reader, error)
	}{
		{"own", func(r io.Reader) (io.Reader, error) { return inflate.NewReader(r), nil }},
		{"klauspost", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
		{"standard", func(r io.Reader) (io.Reader, error) { return stdgzip.NewReader(r) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				z, err := bench.open(bytes.NewReader(packed))
				if err != nil {
					b.Fatal(err)
				}
				if n, err := io.Copy(io.Discard, z); err != nil || n != int64(len(data)) {
					b.Fatal(n, err)
				}
			}
		})
	}
}

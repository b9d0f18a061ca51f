package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"leeway/core/fault"
)

// The limits that tell an archive from a decompression bomb: text does not
// shrink to a two-hundredth, and a small archive does no harm.
const (
	bombBytes = 100 << 20
	bombRatio = 200
)

// content is the decompressed content of a file.
type content struct {
	io.Reader
	extension string // ".gz", ".zst" or ""
	close     func()
}

// content unpacks a file by its first bytes.
func (f *File) content(raw io.Reader) (*content, error) {
	var magic [4]byte
	n, err := io.ReadFull(raw, magic[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	packed := &meter{Reader: io.MultiReader(bytes.NewReader(magic[:n]), raw)}
	switch {
	case bytes.HasPrefix(magic[:n], []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, broken("gzip", err)
		}
		return &content{&unpacked{z, packed, 0, "gzip"}, ".gz", func() {}}, nil
	case bytes.Equal(magic[:n], []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, broken("zstd", err)
		}
		return &content{&unpacked{z, packed, 0, "zstd"}, ".zst", z.Close}, nil
	}
	return &content{packed, "", func() {}}, nil
}

// meter counts what was read.
type meter struct {
	io.Reader
	bytes int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.bytes += int64(n)
	return n, err
}

// unpacked is a decompressor whose errors are told from those of the source,
// and that stops when it unpacks a bomb.
type unpacked struct {
	io.Reader
	packed *meter
	bytes  int64
	kind   string
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	u.bytes += int64(n)
	if u.bytes > bombBytes && u.bytes/bombRatio > u.packed.bytes {
		return 0, fault.New(fault.Invalid, fmt.Sprintf("the archive unpacks to more than %d times its size", bombRatio), "this looks like a decompression bomb; send the file unpacked if it is not")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, broken(u.kind, err)
	}
	return n, err
}

// broken says in plain words that an archive is damaged. Errors of the source
// pass as they are.
func broken(kind string, err error) error {
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	text := "the " + kind + " archive is damaged"
	if errors.Is(err, io.ErrUnexpectedEOF) {
		text = "the " + kind + " archive ends too early"
	}
	return fault.New(fault.Invalid, text, "was the upload complete? send the file again")
}

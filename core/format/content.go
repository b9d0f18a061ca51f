package format

import (
	"bytes"
	"context"
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
	source := &meter{Reader: raw}
	var magic [4]byte
	n, err := io.ReadFull(source, magic[:])
	if err != nil && source.failed != nil {
		return nil, err
	}
	packed := io.MultiReader(bytes.NewReader(magic[:n]), source)
	switch {
	case bytes.HasPrefix(magic[:n], []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, broken("gzip", source, err)
		}
		return &content{&unpacked{z, source, 0, "gzip"}, ".gz", func() {}}, nil
	case isZstd(magic[:n]):
		z, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, broken("zstd", source, err)
		}
		return &content{&unpacked{z, source, 0, "zstd"}, ".zst", z.Close}, nil
	}
	return &content{packed, "", func() {}}, nil
}

// isZstd knows the beginning of a frame, and that of one to skip, which
// parallel packers write first.
func isZstd(magic []byte) bool {
	return bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}) ||
		len(magic) == 4 && magic[0]&0xf0 == 0x50 && bytes.Equal(magic[1:], []byte{0x2a, 0x4d, 0x18})
}

// meter counts what was read from the source and keeps the error that ended it.
type meter struct {
	io.Reader
	bytes  int64
	failed error
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.bytes += int64(n)
	if err != nil && err != io.EOF { //nolint:errorlint // only a bare io.EOF is the end
		m.failed = unread(err)
		err = m.failed
	}
	return n, err
}

// unread gives an error of the source a kind, unless it has one: another
// attempt may go well. What the context says stays as it is.
func unread(err error) error {
	var known *fault.Error
	if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &fault.Error{Kind: fault.Unavailable, Op: "read", Err: err, Hint: "try again; if it stays, look at the disk or the network"}
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
		return n, broken(u.kind, u.packed, err)
	}
	return n, err
}

// broken says in plain words that an archive is damaged, unless it is the
// source that failed.
func broken(kind string, source *meter, err error) error {
	if source.failed != nil {
		return source.failed
	}
	what := errors.New("the " + kind + " archive is damaged")
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		what = fault.Cut("the " + kind + " archive ends too early")
	}
	return &fault.Error{Kind: fault.Invalid, Err: what, Hint: "was the upload complete? send the file again"}
}

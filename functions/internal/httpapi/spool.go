package httpapi

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"

	"leeway/core/fault"

	"github.com/danielgtaylor/huma/v2"
	"github.com/klauspost/compress/zstd"
)

var errTooLarge = errors.New("body too large")

// inMemory is up to which size a body stays in memory.
const inMemory = 1 << 20

// spooled is a body that was read whole: its name has to be known before the
// first byte can be put.
type spooled struct {
	head []byte   // the first bytes
	hash string   // of all bytes, hexadecimal
	size int64    // bytes
	rest []byte   // the content, unless file holds it
	file *os.File // nil: rest holds it
}

// spool reads body to its end. A body beyond limit gives errTooLarge.
func spool(body io.Reader, limit int64) (*spooled, error) {
	sum := sha256.New()
	body = io.TeeReader(io.LimitReader(body, limit+1), sum)
	var memory bytes.Buffer
	n, err := io.Copy(&memory, io.LimitReader(body, inMemory+1))
	if err != nil {
		return nil, err
	}
	s := &spooled{size: n, rest: memory.Bytes()}
	if n > inMemory {
		if err := s.spill(body); err != nil {
			s.close()
			return nil, err
		}
	}
	if s.size > limit {
		s.close()
		return nil, errTooLarge
	}
	s.head = memory.Bytes()[:min(memory.Len(), 512)]
	s.hash = hex.EncodeToString(sum.Sum(nil)[:16])
	return s, nil
}

// spill moves the content to a temporary file and appends what is to come.
func (s *spooled) spill(body io.Reader) error {
	file, err := os.CreateTemp("", "leeway-upload-*")
	if err != nil {
		return full(err)
	}
	s.file = file
	if _, err := file.Write(s.rest); err != nil {
		return full(err)
	}
	n, err := io.Copy(file, body)
	s.size += n
	s.rest = nil
	var disk *os.PathError
	if errors.As(err, &disk) {
		return full(err)
	}
	return err
}

func full(err error) error {
	return &fault.Error{Kind: fault.Exhausted, Op: "receive body", Err: err, Hint: "free space for temporary files"}
}

// at reads the content at any place.
func (s *spooled) at() io.ReaderAt {
	if s.file != nil {
		return s.file
	}
	return bytes.NewReader(s.rest)
}

func (s *spooled) reader() io.Reader {
	if s.file != nil {
		return io.NewSectionReader(s.file, 0, s.size)
	}
	return bytes.NewReader(s.rest)
}

func (s *spooled) close() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name()) // a leftover in the temporary folder harms nobody
	}
}

// decoded undoes the Content-Encoding, which belongs to the way and not to the
// file: the same file is the same however it was sent.
func decoded(body io.Reader, encoding string) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
		reader, err := gzip.NewReader(body)
		if errors.Is(err, io.EOF) {
			return bytes.NewReader(nil), nil // an empty body is told about as such
		}
		if err != nil {
			return nil, huma.NewError(http.StatusBadRequest, "the body is not gzip, though Content-Encoding says so")
		}
		return reader, nil
	case "zstd":
		reader, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
		if err != nil {
			return nil, huma.NewError(http.StatusBadRequest, "the body is not zstd, though Content-Encoding says so")
		}
		return &zstdBody{reader}, nil
	}
	return nil, huma.NewError(http.StatusUnsupportedMediaType, "Content-Encoding "+quoted(encoding)+" is not taken: send gzip, zstd or none")
}

// zstdBody frees the decoder at the end of the stream.
type zstdBody struct{ *zstd.Decoder }

func (z *zstdBody) Read(p []byte) (int, error) {
	n, err := z.Decoder.Read(p)
	if err != nil {
		z.Close()
	}
	return n, err
}

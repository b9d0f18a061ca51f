package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// The compressions by their number in the format.
const (
	uncompressed = 0
	codecSnappy  = 1
	codecGzip    = 2
	codecLZO     = 3
	codecBrotli  = 4
	codecLZ4     = 5
	codecZstd    = 6
	codecLZ4Raw  = 7
)

// codec decompresses pages, never into more bytes than were declared.
type codec struct {
	gzip   *gzip.Reader
	zstd   *zstd.Decoder
	brotli *brotli.Reader
	source bytes.Reader
	used   int // bytes of the buffers of all columns
}

var errMemory = past("has pages that take more than %d MiB together", MaxMemory>>20)

// room is a buffer of n bytes in the memory of b; it holds anything. What all
// columns hold together is bounded.
func (c *codec) room(b []byte, n int) ([]byte, error) {
	if n > cap(b) {
		if c.used += n - cap(b); c.used > MaxMemory {
			return nil, errMemory
		}
		return make([]byte, n), nil
	}
	return b[:n], nil
}

var errSize = errors.New("decompresses to another size than declared")

// decode fills page with what data holds, exactly.
func (c *codec) decode(kind int32, page, data []byte) error {
	switch kind {
	case codecSnappy:
		n, err := snappy.DecodedLen(data)
		if err != nil {
			return err
		}
		if n != len(page) {
			return errSize
		}
		_, err = snappy.Decode(page, data)
		return err
	case codecZstd:
		return c.decodeZstd(page, data)
	case codecGzip, codecBrotli:
		return c.stream(kind, page, data)
	case codecLZ4Raw:
		return lz4Block(page, data)
	case codecLZ4:
		if decodeHadoop(page, data) == nil {
			return nil
		}
		return lz4Block(page, data)
	case codecLZO:
		return &flaw{"is compressed with LZO, which is not supported", "write it with zstd or snappy"}
	}
	return fmt.Errorf("is compressed in an unknown way (%d)", kind)
}

func (c *codec) decodeZstd(page, data []byte) error {
	if c.zstd == nil {
		z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxMemory(MaxPage))
		if err != nil {
			return err
		}
		c.zstd = z
	}
	out, err := c.zstd.DecodeAll(data, page[:0:len(page)])
	if err == nil && len(out) != len(page) {
		err = errSize
	}
	return err
}

func (c *codec) stream(kind int32, page, data []byte) error {
	c.source.Reset(data)
	var from io.Reader
	switch {
	case kind == codecBrotli && c.brotli == nil:
		c.brotli = brotli.NewReader(&c.source)
		from = c.brotli
	case kind == codecBrotli:
		if err := c.brotli.Reset(&c.source); err != nil {
			return err
		}
		from = c.brotli
	case c.gzip == nil:
		z, err := gzip.NewReader(&c.source)
		if err != nil {
			return err
		}
		c.gzip, from = z, z
	default:
		if err := c.gzip.Reset(&c.source); err != nil {
			return err
		}
		from = c.gzip
	}
	if _, err := io.ReadFull(from, page); err != nil {
		return err
	}
	var more [1]byte
	if n, err := from.Read(more[:]); n != 0 {
		return errSize
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func lz4Block(page, data []byte) error {
	n, err := lz4.UncompressBlock(data, page)
	if err == nil && n != len(page) {
		err = errSize
	}
	return err
}

// decodeHadoop reads LZ4 blocks in Hadoop's framing: both sizes, big-endian,
// before each.
func decodeHadoop(page, data []byte) error {
	for len(data) > 0 {
		if len(data) < 8 {
			return errShort
		}
		size, packed := int(binary.BigEndian.Uint32(data)), int(binary.BigEndian.Uint32(data[4:]))
		data = data[8:]
		if packed > len(data) || size > len(page) {
			return errSize
		}
		if err := lz4Block(page[:size], data[:packed]); err != nil {
			return err
		}
		page, data = page[size:], data[packed:]
	}
	if len(page) > 0 {
		return errSize
	}
	return nil
}

// close releases what decoders hold.
func (c *codec) close() {
	if c.zstd != nil {
		c.zstd.Close()
		c.zstd = nil
	}
}

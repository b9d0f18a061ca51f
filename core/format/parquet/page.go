package parquet

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// The kinds of page.
const (
	pageData  = 0
	pageIndex = 1
	pageDict  = 2
	pageData2 = 3
)

// The encodings.
const (
	encPlain       = 0
	encPlainDict   = 2
	encRLE         = 3
	encBits        = 4
	encDelta       = 5
	encDeltaLength = 6
	encDeltaBytes  = 7
	encDict        = 8
	encSplit       = 9
)

// header is the head of a page.
type header struct {
	kind     int32
	size     int32 // uncompressed
	packed   int32 // compressed, as stored
	crc      uint32
	checked  bool // crc is there
	values   int32
	nulls    int32 // pageData2
	encoding int32
	defs     int32 // pageData: encoding of the levels
	reps     int32
	defBytes int32 // pageData2: bytes of the levels
	repBytes int32
	plain    bool // pageData2: not compressed after all
}

func (h *header) read(t *thrift) {
	t.fields(tStruct, func(id int16, kind byte) {
		switch id {
		case 1:
			h.kind = t.small(kind)
		case 2:
			h.size = t.small(kind)
		case 3:
			h.packed = t.small(kind)
		case 4:
			h.crc, h.checked = uint32(t.small(kind)), true
		case 5, 7:
			t.fields(kind, func(id int16, kind byte) {
				switch id {
				case 1:
					h.values = t.small(kind)
				case 2:
					h.encoding = t.small(kind)
				case 3:
					if kind == tTrue || kind == tFalse { // a dictionary page: it is sorted
						return
					}
					h.defs = t.small(kind)
				case 4:
					h.reps = t.small(kind)
				default:
					t.skip(kind)
				}
			})
		case 8:
			t.fields(kind, func(id int16, kind byte) { h.read2(t, id, kind) })
		default:
			t.skip(kind)
		}
	})
}

func (h *header) read2(t *thrift, id int16, kind byte) {
	switch id {
	case 1:
		h.values = t.small(kind)
	case 2:
		h.nulls = t.small(kind)
	case 4:
		h.encoding = t.small(kind)
	case 5:
		h.defBytes = t.small(kind)
	case 6:
		h.repBytes = t.small(kind)
	case 7:
		h.plain = !t.truth(kind)
	default:
		t.skip(kind)
	}
}

func (h *header) check() error {
	switch {
	case h.size < 0 || h.packed < 0 || h.values < 0 || h.nulls < 0 || h.nulls > h.values || h.defBytes < 0 || h.repBytes < 0:
		return errors.New("has a page with a negative size")
	case h.size > MaxPage || h.packed > MaxPage:
		return past("has a page of %d MiB, more than %d MiB", max(h.size, h.packed)>>20, MaxPage>>20)
	}
	return nil
}

// pages reads the pages of one column, chunk after chunk.
type pages struct {
	leaf   *leaf
	at     io.ReaderAt
	size   int64 // of the file
	groups []group
	index  int // of the leaf
	codec  *codec
	ahead  int // bytes to read at once

	group  int   // of the next chunk
	rows   int64 // of the chunks begun
	chunk  chunk // the current one
	left   int64 // values of the chunk that are in no page read so far
	offset int64 // of what follows the window
	end    int64 // of the chunk
	buffer []byte
	window []byte // what was read and not used, in buffer
	page   []byte // decompressed

	entries int // of the current page that were not read
	defs    levels
	reps    levels
	values  values
}

// next makes the next data page the current one. It returns io.EOF behind the
// last.
func (p *pages) next() error {
	for p.left == 0 {
		if p.group == len(p.groups) {
			return io.EOF
		}
		p.begin(p.groups[p.group].chunks[p.index])
		p.rows += p.groups[p.group].rows
		p.group++
	}
	for {
		h, data, err := p.read()
		if err != nil {
			return err
		}
		switch h.kind {
		case pageDict:
			if data, err = p.unpack(data, h); err == nil {
				err = p.values.readDictionary(p.codec, h, data)
			}
		case pageData:
			err = p.open(h, data)
		case pageData2:
			err = p.open2(h, data)
		}
		if err != nil {
			return err
		}
		if h.kind != pageData && h.kind != pageData2 || h.values == 0 {
			continue
		}
		if p.entries = int(h.values); int64(p.entries) > p.left {
			return errors.New("has pages with more values than declared")
		}
		p.left -= int64(p.entries)
		return nil
	}
}

func (p *pages) begin(c chunk) {
	p.chunk, p.left = c, c.values
	p.offset, p.end = c.span()
	// Old writers left the head of the dictionary page out of the size.
	p.end = min(p.end+128, p.size)
	p.window = nil
	p.values.begin(p.leaf)
}

// read reads the next page as it is stored.
func (p *pages) read() (*header, []byte, error) {
	h, n, err := p.head()
	if err != nil {
		return nil, nil, err
	}
	p.window = p.window[n:]
	if err := h.check(); err != nil {
		return nil, nil, err
	}
	if err := p.fill(int(h.packed)); err != nil {
		return nil, nil, err
	}
	data := p.window[:h.packed]
	p.window = p.window[h.packed:]
	if h.checked && crc32.ChecksumIEEE(data) != h.crc {
		return nil, nil, errors.New("has a page with a wrong checksum")
	}
	return h, data, nil
}

// maxHead bounds the head of a page, which holds statistics with values.
const maxHead = 16 << 20

// head reads the head of the next page and tells its length.
func (p *pages) head() (*header, int, error) {
	for want := 256; ; want *= 8 {
		if err := p.fill(min(want, p.remaining())); err != nil {
			return nil, 0, err
		}
		t := thrift{data: p.window}
		h := new(header)
		h.read(&t)
		switch {
		case t.err == nil:
			return h, t.at, nil
		case !errors.Is(t.err, errShort) || len(p.window) == p.remaining() || want > maxHead:
			return nil, 0, fmt.Errorf("has a page head that %w", t.err)
		}
	}
}

// remaining is how many bytes of the chunk were not used.
func (p *pages) remaining() int { return len(p.window) + int(p.end-p.offset) }

// fill makes the window at least n bytes long.
func (p *pages) fill(n int) error {
	if n <= len(p.window) {
		return nil
	}
	if n > p.remaining() {
		return errShort
	}
	n = min(max(n, p.ahead), p.remaining())
	buffer, err := p.codec.room(p.buffer, n)
	if err != nil {
		return err
	}
	have := copy(buffer, p.window)
	p.buffer = buffer
	if err := readFull(p.at, p.buffer[have:], p.offset); err != nil {
		return err
	}
	p.offset += int64(n - have)
	p.window = p.buffer
	return nil
}

// unpack decompresses data, if it is compressed.
func (p *pages) unpack(data []byte, h *header) ([]byte, error) {
	levels := int(h.defBytes) + int(h.repBytes)
	if p.chunk.codec == uncompressed || h.plain {
		return data, nil
	}
	size := int(h.size) - levels
	if size < 0 {
		return nil, errShort
	}
	if size == 0 {
		return nil, nil
	}
	var err error
	if p.page, err = p.codec.room(p.page, size); err != nil {
		return nil, err
	}
	if err := p.codec.decode(p.chunk.codec, p.page, data); err != nil {
		return nil, fmt.Errorf("has a page that cannot be decompressed (%w)", err)
	}
	return p.page, nil
}

// open makes a data page of the first version current: the levels are
// compressed with the values, each behind their length.
func (p *pages) open(h *header, data []byte) error {
	data, err := p.unpack(data, h)
	if err != nil {
		return err
	}
	if data, err = p.reps.open(h, h.reps, p.leaf.maxRep, data); err != nil {
		return err
	}
	if data, err = p.defs.open(h, h.defs, p.leaf.maxDef, data); err != nil {
		return err
	}
	return p.values.open(h, data)
}

// open reads where levels begin and end; what follows them is returned.
func (l *levels) open(h *header, encoding int32, highest int, data []byte) ([]byte, error) {
	*l = levels{max: highest}
	if highest == 0 {
		return data, nil
	}
	width := bitsFor(highest)
	if encoding == encBits {
		n := (int(h.values)*int(width) + 7) / 8
		if n > len(data) {
			return nil, errShort
		}
		l.bits, l.old = true, old{data: data[:n], width: width}
		return data[n:], nil
	}
	if len(data) < 4 {
		return nil, errShort
	}
	n := le32(data)
	if uint64(n) > uint64(len(data)-4) {
		return nil, errShort
	}
	l.runs.reset(data[4:4+n], width)
	return data[4+n:], nil
}

// open2 makes a data page of the second version current: the levels stand
// before the compressed values.
func (p *pages) open2(h *header, data []byte) error {
	reps, defs := int(h.repBytes), int(h.defBytes)
	if reps+defs > len(data) {
		return errShort
	}
	p.reps, p.defs = levels{max: p.leaf.maxRep}, levels{max: p.leaf.maxDef}
	p.reps.runs.reset(data[:reps], bitsFor(p.leaf.maxRep))
	p.defs.runs.reset(data[reps:reps+defs], bitsFor(p.leaf.maxDef))
	data, err := p.unpack(data[reps+defs:], h)
	if err != nil {
		return err
	}
	return p.values.open(h, data)
}

// bitsFor is how many bits a number up to n takes.
func bitsFor(n int) uint {
	width := uint(0)
	for ; n > 0; n >>= 1 {
		width++
	}
	return width
}

package inflate

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// ErrCorrupt is what a damaged archive gives. One that ends too early gives
// io.ErrUnexpectedEOF; what the source says of itself passes as it is.
var ErrCorrupt = errors.New("not what gzip writes")

func corrupt(what string) error { return fmt.Errorf("%w: %s", ErrCorrupt, what) }

const (
	history = 32 << 10  // how far back a match may reach
	room    = 128 << 10 // decoded at a time
	slack   = 320       // behind it: the longest match, written in words
)

// Reader unpacks gzip. It implements io.Reader.
type Reader struct {
	source
	tables tables
	out    []byte // what is decoded, the window included
	floor  int    // place in out where the member begins
	read   int    // place in out up to which it was handed over
	summed int    // place in out up to which sum goes
	done   int    // place in out up to which it is decoded

	step   func(*Reader) error // what comes next
	member bool                // one was begun
	last   bool                // the block is the member's last
	left   int                 // bytes of a stored block
	sum    uint32              // of the member
	size   uint32              // of the member
	err    error
}

// NewReader unpacks src. The first Read tells whether it is gzip at all.
func NewReader(src io.Reader) *Reader {
	return &Reader{
		source: source{src: src, data: make([]byte, input+ahead)},
		out:    make([]byte, history+room+slack),
		step:   (*Reader).header,
	}
}

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for r.read == r.done {
		if r.err != nil {
			return 0, r.err
		}
		r.slide()
		r.err = r.step(r)
		if short := r.short(); short != nil {
			r.err, r.done = short, r.read // what was decoded came of zeros
		}
		r.account()
	}
	n := copy(p, r.out[r.read:r.done])
	r.read += n
	return n, nil
}

// slide makes room in out when it is full; all of it was handed over.
func (r *Reader) slide() {
	if r.done < history+room {
		return
	}
	moved := r.done - history
	copy(r.out, r.out[moved:r.done])
	r.read, r.summed, r.done, r.floor = history, history, history, max(0, r.floor-moved)
}

// account brings sum and size up to date.
func (r *Reader) account() {
	if fresh := r.out[r.summed:r.done]; len(fresh) > 0 {
		r.sum = crc32.Update(r.sum, crc32.IEEETable, fresh)
		r.size += uint32(len(fresh))
		r.summed = r.done
	}
}

// The flags of a member's header.
const (
	hasSum     = 1 << 1
	hasExtra   = 1 << 2
	hasName    = 1 << 3
	hasComment = 1 << 4
)

// header begins a member, or ends the archive. Zeros behind a member are
// padding.
func (r *Reader) header() error {
	for r.member && !r.used() {
		if b := r.take(8); b == 0x1f {
			return r.begin()
		} else if b != 0 {
			return corrupt("something else follows the archive")
		}
	}
	if r.member {
		return r.ended()
	}
	if r.take(8) != 0x1f && r.short() == nil {
		return corrupt("no header")
	}
	return r.begin()
}

// ended is how the input ends where it may.
func (r *Reader) ended() error {
	if r.failed != nil {
		return r.failed
	}
	return io.EOF
}

// begin reads the header of a member behind its first byte.
func (r *Reader) begin() error {
	if r.take(8) != 0x8b || r.take(8) != 8 {
		if err := r.short(); err != nil {
			return err
		}
		return corrupt("no header")
	}
	flags := r.take(8)
	r.take(32) // time
	r.take(16) // level and system
	if flags&hasExtra != 0 {
		for size := r.take(16); size > 0 && r.short() == nil; size-- {
			r.take(8)
		}
	}
	for _, flag := range []uint32{hasName, hasComment} {
		for flags&flag != 0 && r.take(8) != 0 {
		}
	}
	if flags&hasSum != 0 {
		r.take(16)
	}
	r.member, r.sum, r.size, r.floor = true, 0, 0, r.done
	r.step = (*Reader).block
	return nil
}

// trailer ends a member.
func (r *Reader) trailer() error {
	r.align()
	sum, size := r.take(32), r.take(32)
	if err := r.short(); err != nil {
		return err
	}
	if sum != r.sum || size != r.size {
		return corrupt("the checksum does not match")
	}
	r.step = (*Reader).header
	return nil
}

// block begins a block, or ends the member.
func (r *Reader) block() error {
	if r.last {
		r.last = false
		return r.trailer()
	}
	r.last = r.take(1) == 1
	switch r.take(2) {
	case 0:
		r.align()
		size, check := r.take(16), r.take(16)
		if size^check != 0xffff {
			return corrupt("a block of no size")
		}
		r.align()
		r.left, r.step = int(size), (*Reader).stored
		return nil
	case 1:
		r.tables.fix()
	case 2:
		if err := r.codes(); err != nil {
			return err
		}
	default:
		return corrupt("a block of no kind")
	}
	r.step = (*Reader).symbols
	return nil
}

// stored copies a block that is not packed, as far as there is room.
func (r *Reader) stored() error {
	r.fill()
	n := min(r.left, r.end-r.pos, history+room-r.done)
	copy(r.out[r.done:], r.data[r.pos:r.pos+n])
	r.done += n
	r.pos += n
	if r.left -= n; r.left == 0 {
		r.step = (*Reader).block
	} else if r.pos == r.end && r.eof {
		r.pos++ // into what is not there
	}
	return nil
}

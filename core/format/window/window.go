// Package window reads a stream through a buffer that moves over it. The buffer
// grows until it holds a whole record, up to a limit: a file whose lines never
// end is an error before it is in memory.
package window

import (
	"errors"
	"fmt"
	"io"

	"leeway/core/fault"
	"leeway/core/frame"
)

// Spare is how many bytes may be read behind [Window.End], whatever they are:
// who looks at whole words need not look where the data end.
const Spare = 64

// size is how much is read at a time: small enough to stay in the processor's
// cache while it is parsed.
const size = 256 << 10

// Window is the part of a stream that is in memory.
type Window struct {
	Data  []byte // with Spare bytes behind End
	Start int    // of what is not yet used; the owner moves it
	End   int
	Last  bool // nothing follows End in the stream

	src   io.Reader
	limit int
	at    int64 // of Data in the stream
}

// New is a window on src that holds at most limit bytes.
func New(src io.Reader, limit int) *Window {
	return &Window{src: src, limit: limit, Data: make([]byte, min(size, limit)+Spare)}
}

// Mark notes in a place what is in memory.
func (w *Window) Mark(p *frame.Place) {
	p.Start, p.Used, p.Held, p.Room, p.Last = w.at, w.Start, w.End, len(w.Data)-Spare, w.Last
}

// Resume makes a new window what it was at a place. Its stream begins at the start of
// that.
func (w *Window) Resume(p *frame.Place) error {
	if p.Used < 0 || p.Used > p.Held || p.Held > p.Room || p.Room > w.limit || p.Start < 0 {
		return fault.New(fault.Invalid, "a place of no such file", "it is read from its beginning again")
	}
	w.at, w.Start, w.End, w.Last = p.Start, p.Used, p.Held, p.Last
	w.Data = make([]byte, p.Room+Spare)
	if n, err := io.ReadFull(w.src, w.Data[:p.Held]); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.New(fault.Conflict, fmt.Sprintf("ends after %d bytes, which were more", p.Start+int64(n)), "it was replaced while it was read: it is read again as it is now")
	} else if err != nil {
		return err
	}
	return nil
}

// More keeps what is not yet used and reads on behind it. It moves Data. It
// reads nothing, and full is true, when the limit is used up.
func (w *Window) More() (full bool, err error) {
	if w.Start > 0 {
		copy(w.Data, w.Data[w.Start:w.End])
		w.at += int64(w.Start)
		w.Start, w.End = 0, w.End-w.Start
	}
	room := len(w.Data) - Spare
	if w.End == room {
		if room >= w.limit {
			return true, nil
		}
		room = min(2*room, w.limit)
		larger := make([]byte, room+Spare)
		copy(larger, w.Data[:w.End])
		w.Data = larger
	}
	for w.End < room && !w.Last {
		n, err := w.src.Read(w.Data[w.End:room])
		w.End += n
		if errors.Is(err, io.EOF) {
			w.Last = true
		} else if err != nil {
			return false, err
		}
	}
	return false, nil
}

// Passing tells whether an error is neither the end of a stream nor about what is in it,
// so that another attempt may go well. What was read of a block by then does not count.
func Passing(err error) bool {
	return err != nil && !errors.Is(err, io.EOF) && fault.KindOf(err) != fault.Invalid
}

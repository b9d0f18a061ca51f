// Package window reads a stream through a buffer that moves over it. The buffer
// grows until it holds a whole record, up to a limit: a file whose lines never
// end is an error before it is in memory.
package window

import (
	"errors"
	"io"
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
}

// New is a window on src that holds at most limit bytes.
func New(src io.Reader, limit int) *Window {
	return &Window{src: src, limit: limit, Data: make([]byte, min(size, limit)+Spare)}
}

// More keeps what is not yet used and reads on behind it. It moves Data. It
// reads nothing, and full is true, when the limit is used up.
func (w *Window) More() (full bool, err error) {
	if w.Start > 0 {
		copy(w.Data, w.Data[w.Start:w.End])
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

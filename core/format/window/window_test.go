package window_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"leeway/core/format/window"
)

// drain moves a window over src in steps of size bytes and gives what it saw.
func drain(t *testing.T, w *window.Window, size int) string {
	t.Helper()
	var seen strings.Builder
	for {
		for w.End-w.Start >= size || w.Last && w.Start < w.End {
			n := min(size, w.End-w.Start)
			seen.Write(w.Data[w.Start : w.Start+n])
			w.Start += n
		}
		if w.Last {
			return seen.String()
		}
		if full, err := w.More(); full || err != nil {
			t.Fatal(full, err)
		}
		if len(w.Data) < w.End+window.Spare {
			t.Fatalf("%d bytes for data up to %d", len(w.Data), w.End)
		}
	}
}

func TestEveryByteIsSeenOnce(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 100_000)
	for _, size := range []int{1, 1000, 300_001} {
		for _, src := range []io.Reader{strings.NewReader(text), iotest.HalfReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
			if got := drain(t, window.New(src, 1<<20), size); got != text {
				t.Errorf("in steps of %d: %d bytes of %d", size, len(got), len(text))
			}
		}
	}
}

func TestTheLimitHolds(t *testing.T) {
	src := strings.NewReader(strings.Repeat("x", 3<<20))
	w := window.New(src, 1<<20)
	for range 10 {
		if full, err := w.More(); err != nil {
			t.Fatal(err)
		} else if full {
			if w.End != 1<<20 || src.Len() != 2<<20 {
				t.Errorf("full with %d bytes, %d left", w.End, src.Len())
			}
			return
		}
	}
	t.Error("never full")
}

func TestErrorsPass(t *testing.T) {
	lost := errors.New("lost")
	w := window.New(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(lost)), 1<<20)
	if _, err := w.More(); !errors.Is(err, lost) || string(w.Data[:w.End]) != "abc" {
		t.Errorf("got %v with %q", err, w.Data[:w.End])
	}
}

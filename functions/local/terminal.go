package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// terminal tells whether w is a terminal.
func terminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// width is the terminal's width in columns, 100 where w is none.
func width(w io.Writer) int {
	if file, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	return 100
}

// progress shows on a terminal how far a long piece of work is, from its first
// second on; piped, it shows nothing.
type progress struct {
	w     io.Writer // nil: show nothing
	what  string
	start time.Time

	mu    sync.Mutex
	bytes int64
	shown time.Time
}

func (s *shell) progress(what string) *progress {
	p := &progress{what: what, start: time.Now()}
	if terminal(s.stderr) {
		p.w = s.stderr
	}
	return p
}

// add counts bytes that were read.
func (p *progress) add(n int64) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes += n
	now := time.Now()
	if now.Sub(p.start) < time.Second || now.Sub(p.shown) < 200*time.Millisecond {
		return
	}
	p.shown = now
	rate := float64(p.bytes) / now.Sub(p.start).Seconds()
	fmt.Fprintf(p.w, "\r\x1b[K%s: %.0f MB, %.0f MB/s", p.what, float64(p.bytes)/1e6, rate/1e6)
}

// done wipes the bar away.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.w != nil && !p.shown.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

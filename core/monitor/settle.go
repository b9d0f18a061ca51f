package monitor

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"leeway/core/fault"
	"leeway/core/state"
)

// Files that people copy into a folder are there before they are whole. What a
// folder tells of that is when a file last changed, sometimes whether somebody
// holds it open for writing, and whether its content ends too early.
const (
	// heldOpen is for how long an object must have been left alone that
	// somebody still holds open for writing: its writer may only be pausing.
	heldOpen = 10 * time.Second
	// cutShort is for how long an object must have been left alone before its
	// ending too early counts as damage.
	cutShort = 3 * time.Second
	// endless is for how long an object is waited for at most: a log that some
	// program keeps appending to is read as it stands, again and again.
	endless = 10 * time.Minute
	// glance is how soon an object is looked at again that has no set time.
	glance = 250 * time.Millisecond
)

// growing is the error of an object that may still be being written.
type growing struct{ error }

func (g growing) Unwrap() error { return g.error }

// whole leaves out the objects that may still grow, and notes them in the
// result. A time in the future says nothing: a clock was set back.
func (m *model) whole(ctx context.Context, infos []state.Info, settle time.Duration, result *Result) []state.Info {
	now := m.Clock.Now()
	var ready []state.Info
	for _, info := range infos {
		age, again := now.Sub(info.Modified), time.Duration(0)
		switch {
		case age < 0:
		case age < settle:
			again = settle - age
		case age < heldOpen && m.DB.Busy(ctx, info.Key):
			again = glance
		}
		if again > 0 && !m.patience.over(info.Key, now) {
			result.wait(info.Key, again)
			continue
		}
		m.patience.end(info.Key)
		ready = append(ready, info)
	}
	return ready
}

// unfinished makes an error of err if it says that the object, as it was when it
// was opened, ends too early, and the rest may still come: only who looks again
// (Settle) can wait for that.
func (m *model) unfinished(ctx context.Context, info state.Info, err error) error {
	if m.Settle <= 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	if age := m.Clock.Now().Sub(info.Modified); age >= 0 && age < cutShort || m.changed(ctx, info) {
		return growing{&fault.Error{Kind: fault.Unavailable, Object: info.Key, Err: errors.New("ends too early"), Hint: "it is read again once it is whole"}}
	}
	return nil
}

// changed tells whether an object is another one by now: reading it may have
// taken longer than its writer's pause.
func (m *model) changed(ctx context.Context, info state.Info) bool {
	object, err := m.Data.Open(ctx, info.Key)
	if err != nil {
		return true // whoever looks again sees
	}
	defer object.Close() // nothing was read
	return object.Info().ETag != info.ETag
}

// wait notes that an object may still grow, and when to look again.
func (r *Result) wait(key string, again time.Duration) {
	if r.Waiting == nil {
		r.Waiting = map[string]time.Duration{}
	}
	r.Waiting[key] = again
}

// patience knows since when objects have been waited for. It shortens no wait
// that a new process would not begin anew.
type patience struct {
	mu    sync.Mutex
	since map[string]time.Time
}

// over tells whether an object has been waited for long enough.
func (p *patience) over(key string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	since, known := p.since[key]
	if !known {
		if p.since == nil {
			p.since = map[string]time.Time{}
		}
		p.since[key] = now
	}
	return known && now.Sub(since) >= endless
}

func (p *patience) end(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.since, key)
}

package monitor

import (
	"context"
	"sync"

	"leeway/core/fault"
)

// troubles is what stopped the last run of each model, for pages and metrics.
// It decides nothing: the next run finds out again by itself.
type troubles struct {
	mu    sync.Mutex
	known map[string]error
}

// Trouble tells what stopped the model's last run in this process as a whole,
// such as a configuration that cannot be read: one error for each thing that is
// wrong, none if the run went through. What is wrong with single objects is in
// quarantine instead.
func (m *Monitor) Trouble(name string) []error {
	m.troubles.mu.Lock()
	defer m.troubles.mu.Unlock()
	return fault.Split(m.troubles.known[name])
}

// note keeps what a run came to. One that was interrupted says nothing.
func (t *troubles) note(ctx context.Context, name string, err error) {
	if ctx.Err() != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		delete(t.known, name)
		return
	}
	if t.known == nil {
		t.known = map[string]error{}
	}
	t.known[name] = err
}

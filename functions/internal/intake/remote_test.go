package intake

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"leeway/core/fault"
	"leeway/core/state"
	"leeway/events"
	"leeway/infra/local/memstore"
)

// remote is a bucket that each call takes time of, as those of S3 do, and that counts
// what it is asked for.
type remote struct {
	*memstore.Store
	calls *calls

	until     time.Time // when the process that uses it is killed; zero: never
	throttles bool      // one call of 500 is refused for good
}

// killed tells whether the process that uses it is dead: it changes nothing any more.
func (r *remote) killed() bool { return !r.until.IsZero() && time.Now().After(r.until) }

// calls counts calls by what they are and where.
type calls struct {
	mu   sync.Mutex
	by   map[string]int
	of   map[string]int // by key
	last time.Time      // when something of the state was written last
	seed uint64
}

func newCalls(seed uint64) *calls {
	return &calls{by: map[string]int{}, of: map[string]int{}, seed: seed}
}

// chance is that of the next call for a key: the same in each run, in whatever order
// processors come to it.
func (c *calls) chance(key string) *rand.Rand {
	hash := fnv.New64a()
	_, _ = io.WriteString(hash, key) // it never fails
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[key]++
	return rand.New(rand.NewPCG(hash.Sum64(), c.seed<<32+uint64(c.of[key])))
}

func (c *calls) add(what, key string) {
	parts := strings.SplitN(key, "/", 4)
	place := parts[0]
	if place == "state" && len(parts) > 2 {
		place += "/" + parts[2]
	}
	c.mu.Lock()
	c.by[what]++
	c.by[what+" "+place]++
	c.mu.Unlock()
}

// each is how many calls there were for each object.
func (c *calls) each(objects int) map[string]float64 {
	all := map[string]float64{}
	for what, n := range c.by {
		all[what] = float64(n) / float64(objects)
	}
	return all
}

// wait is how long a call takes: 20 to 50 ms.
func (r *remote) wait(ctx context.Context, key string) error {
	chance := r.calls.chance(key)
	timer := time.NewTimer(20*time.Millisecond + time.Duration(chance.Int64N(int64(30*time.Millisecond))))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return &fault.Error{Kind: fault.Unavailable, Object: key, Err: ctx.Err()}
	case <-timer.C:
	}
	if r.killed() {
		return &fault.Error{Kind: fault.Unavailable, Object: key, Err: errors.New("killed")}
	}
	if r.throttles && chance.IntN(500) == 0 {
		return &fault.Error{Kind: fault.Unavailable, Object: key, Err: errors.New("slow down")}
	}
	return nil
}

func (r *remote) Open(ctx context.Context, key string) (state.Object, error) {
	r.calls.add("GET", key)
	if err := r.wait(ctx, key); err != nil {
		return nil, err
	}
	return r.Store.Open(ctx, key)
}

func (r *remote) Stat(ctx context.Context, key string) (state.Info, error) {
	r.calls.add("HEAD", key)
	if err := r.wait(ctx, key); err != nil {
		return state.Info{}, err
	}
	object, err := r.Store.Open(ctx, key)
	if err != nil {
		return state.Info{}, err
	}
	return object.Info(), nil
}

func (r *remote) Put(ctx context.Context, key string, body io.Reader, options *state.PutOptions) (state.Info, error) {
	r.calls.add("PUT", key)
	if err := r.wait(ctx, key); err != nil {
		return state.Info{}, err
	}
	info, err := r.Store.Put(ctx, key, body, options)
	if err == nil && strings.HasPrefix(key, "state/") {
		r.calls.mu.Lock()
		r.calls.last = time.Now()
		r.calls.mu.Unlock()
	}
	if fault.KindOf(err) == fault.Conflict {
		r.calls.add("412", key)
	}
	return info, err
}

func (r *remote) Delete(ctx context.Context, key string) error {
	r.calls.add("DELETE", key)
	if err := r.wait(ctx, key); err != nil {
		return err
	}
	return r.Store.Delete(ctx, key)
}

// List takes a call for each thousand keys.
func (r *remote) List(ctx context.Context, prefix string) iter.Seq2[state.Info, error] {
	return func(yield func(state.Info, error) bool) {
		n := 0
		r.calls.add("LIST", prefix)
		if err := r.wait(ctx, prefix); err != nil {
			yield(state.Info{}, err)
			return
		}
		for info, err := range r.Store.List(ctx, prefix) {
			if n++; n > 1000 {
				n = 1
				r.calls.add("LIST", prefix)
				if err := r.wait(ctx, prefix); err != nil {
					yield(state.Info{}, err)
					return
				}
			}
			if !yield(info, err) {
				return
			}
		}
	}
}

// hangs is a bucket whose calls come back at once at first, and then none does before a time.
type hangs struct {
	*memstore.Store
	left  atomic.Int64 // calls that come back at once
	until time.Time
}

func (h *hangs) wait(ctx context.Context, key string) error {
	if h.left.Add(-1) >= 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return &fault.Error{Kind: fault.Unavailable, Object: key, Err: ctx.Err()}
	case <-time.After(time.Until(h.until)):
		return nil
	}
}

func (h *hangs) Open(ctx context.Context, key string) (state.Object, error) {
	if err := h.wait(ctx, key); err != nil {
		return nil, err
	}
	return h.Store.Open(ctx, key)
}

func (h *hangs) Put(ctx context.Context, key string, body io.Reader, options *state.PutOptions) (state.Info, error) {
	if err := h.wait(ctx, key); err != nil {
		return state.Info{}, err
	}
	return h.Store.Put(ctx, key, body, options)
}

func (h *hangs) Delete(ctx context.Context, key string) error {
	if err := h.wait(ctx, key); err != nil {
		return err
	}
	return h.Store.Delete(ctx, key)
}

func (h *hangs) List(ctx context.Context, prefix string) iter.Seq2[state.Info, error] {
	if err := h.wait(ctx, prefix); err != nil {
		return func(yield func(state.Info, error) bool) { yield(state.Info{}, err) }
	}
	return h.Store.List(ctx, prefix)
}

// timeout is how long a call of the function may take.
const timeout = 300 * time.Second

// message is one of a queue.
type message struct {
	id, key  string
	ask      *events.Ask // instead of a key: a call of the function's own
	visible  time.Time
	received int
}

// queue does what SQS does with messages, for the function.
type queue struct {
	mu     sync.Mutex
	all    []*message // none that is done
	dead   []*message
	flying int
	again  int // messages that came again
	looks  int // calls that look again

	hidden time.Duration // for how long messages are hidden that failed
	most   int           // how often one is tried
}

func (q *queue) send(one *message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if one.ask != nil {
		one.id = fmt.Sprintf("look-%d", q.looks)
		q.looks++
	}
	q.all = append(q.all, one)
}

// receive gives up to ten messages.
func (q *queue) receive() (got []*message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	rest := q.all[:0]
	for _, one := range q.all {
		if len(got) == 10 || one.visible.After(now) {
			rest = append(rest, one)
			continue
		}
		if one.received++; one.received > 1 {
			q.again++
		}
		got = append(got, one)
	}
	q.all = rest
	q.flying += len(got)
	return got
}

// settle takes messages that a function was given: those that failed are hidden for a while.
func (q *queue) settle(got []*message, failed map[string]error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, one := range got {
		q.flying--
		switch {
		case failed[one.id] == nil:
		case one.received == q.most:
			q.dead = append(q.dead, one)
		default:
			one.visible = time.Now().Add(q.hidden)
			q.all = append(q.all, one)
		}
	}
}

func (q *queue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.all)+q.flying == 0
}

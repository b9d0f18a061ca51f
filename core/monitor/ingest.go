package monitor

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/state"
)

// ingest reads what is pending, as many batches at once as there are workers.
// Batches that somebody else has claimed are waited for; when their claim
// expires they are read here. Reading one twice is harmless: the same bytes
// are written under the same names.
//
// An object that cannot be had for now (no permission) or that may still be
// being written does not stop the others: it stays pending, and the result
// names it.
func (m *model) ingest(ctx context.Context, result *Result) error {
	failed := map[string]error{}
	defer func() {
		for _, key := range slices.Sorted(maps.Keys(failed)) {
			result.Failed = append(result.Failed, failed[key])
		}
	}()
	for {
		pending, err := m.DB.Pending(ctx, m.name, m.mark)
		if err == nil {
			err = m.noteDamage(ctx)
		}
		pending = slices.DeleteFunc(pending, func(info state.Info) bool {
			_, waits := result.Waiting[info.Key]
			return waits || failed[info.Key] != nil
		})
		if m.aside {
			pending = m.later(pending, result)
		}
		ready := m.whole(ctx, pending, m.Settle, result)
		if err != nil || len(ready) == 0 {
			return err
		}
		outcome := m.readAll(ctx, ready, m.once())
		result.Batches += outcome.read
		result.Invalid += outcome.invalid
		maps.Copy(failed, outcome.failed)
		result.Halfway = append(result.Halfway, outcome.halfway...)
		for _, key := range outcome.growing {
			result.wait(key, glance)
		}
		if outcome.err != nil {
			return outcome.err
		}
		if m.late() {
			return m.undone()
		}
		if outcome.read+len(outcome.failed)+len(outcome.growing) == 0 {
			if err := pause(ctx, m.claimFor()/10); err != nil {
				return err
			}
		}
	}
}

func (m *Monitor) claimFor() time.Duration {
	if m.ClaimFor > 0 {
		return m.ClaimFor
	}
	return 3 * time.Second
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

type ingested struct {
	read, invalid int
	failed        map[string]error // by key: objects that cannot be had for now
	growing       []string         // keys of objects that are being written
	halfway       []string         // keys of objects that are gone on with from where they are now
	err           error            // what concerns all of them
}

// unavailable is the error of an object that others need not wait for.
type unavailable struct{ error }

func (u unavailable) Unwrap() error { return u.error }

func (m *model) readAll(ctx context.Context, pending []state.Info, take taking) ingested {
	var (
		total = ingested{failed: map[string]error{}}
		mu    sync.Mutex
		wg    sync.WaitGroup
		queue = make(chan state.Info)
	)
	for range writers { // Workers of them read at a time, the others wait for the disk
		wg.Go(func() {
			for info := range queue {
				read, invalid, err := take(ctx, info)
				mu.Lock()
				total.read += read
				total.invalid += invalid
				var one unavailable
				switch {
				case errors.As(err, &halfway{}):
					total.halfway = append(total.halfway, info.Key)
				case errors.As(err, &growing{}):
					total.growing = append(total.growing, info.Key)
				case errors.As(err, &one):
					total.failed[info.Key] = one.error
				case err != nil:
					total.err = errors.Join(total.err, err)
				}
				mu.Unlock()
			}
		})
	}
	for _, info := range pending {
		if ctx.Err() != nil || m.late() {
			break
		}
		queue <- info
	}
	close(queue)
	wg.Wait()
	if total.err == nil {
		total.err = ctx.Err()
	}
	return total
}

// claimed reads a batch if nobody else is at it.
func (m *model) claimed(ctx context.Context, info state.Info) (read, invalid int, err error) {
	name := m.name + "/" + state.Short(info.Key+"\x00"+info.ETag+"\x00"+m.mark)
	claim, err := m.DB.Claim(ctx, name, m.Clock.Now(), m.claimFor())
	if err != nil || claim == nil {
		return 0, 0, err
	}
	defer m.hold(ctx, claim, &err)()
	return m.record(ctx, info)
}

// record reads a batch and notes what came of it.
func (m *model) record(ctx context.Context, info state.Info) (read, invalid int, err error) {
	begun := m.Clock.Now()
	batch, err := m.readBatch(ctx, info)
	if err != nil {
		return 0, 0, m.deny(ctx, info, err)
	}
	if batch == nil { // gone meanwhile: nothing to record
		return 1, 0, nil
	}
	if batch.Verdict == report.Invalid {
		invalid = 1
		err = m.DB.Quarantine(ctx, m.name, *batch)
	}
	if err == nil {
		err = m.DB.PutBatch(ctx, m.name, *batch)
	}
	if err == nil && batch.Size >= m.saves().size {
		err = m.DB.DropCheckpoint(ctx, m.name, batch.Key)
	}
	event := Event{Object: info.Key, Rows: batch.Rows, Bytes: info.Size, Duration: m.Clock.Now().Sub(begun)}
	if batch.Error != "" {
		event.Err = &fault.Error{Kind: fault.Invalid, Object: info.Key, Err: errors.New(batch.Error), Hint: batch.Hint}
	}
	m.observe(event)
	m.took.Store(info.Key, true)
	return 1, invalid, err
}

// deny notes an object that nobody gave permission to read, and passes err on.
func (m *model) deny(ctx context.Context, info state.Info, err error) error {
	if fault.KindOf(err) != fault.Denied || !errors.As(err, &unavailable{}) {
		return err
	}
	batch := state.Batch{Key: info.Key, Size: info.Size, Arrived: info.Modified}
	reject(&batch, err)
	if failed := m.DB.Deny(ctx, m.name, batch); failed != nil {
		return failed
	}
	return err
}

// hold renews a claim while its work goes on. The function that it returns ends
// that and releases the claim.
func (m *model) hold(ctx context.Context, claim *state.Claim, err *error) func() {
	stop := m.renewing(func() bool {
		// A claim that is lost or cannot be renewed only means that somebody else
		// may do the same work too.
		mine, err := claim.Renew(ctx, m.Clock.Now())
		return err == nil && mine
	})
	return func() {
		stop()
		*err = errors.Join(*err, claim.Release(context.WithoutCancel(ctx)))
	}
}

// renewing calls renew three times in the life of a claim, until that says that there
// is nothing to renew, or the function that it returns is called.
func (m *Monitor) renewing(renew func() bool) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(m.claimFor() / 3)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if !renew() {
					return
				}
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

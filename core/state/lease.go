package state

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"leeway/core/fault"
)

// Lease is the right to judge a model's windows while others leave that to its
// holder. They ask for it instead, which the holder finds before it gives the lease
// up: what was written before [DB.Lease] said that somebody else has it is
// judged by that one. Like a [Claim] it saves work, and nothing is wrong where two
// hold it: both write the same.
//
// What was asked stays in the document until a look at the model that began after it was
// brought to its end, whoever dies meanwhile. But the dead do not come back: whoever
// leaves work to a holder looks again once the lease of one who died has run out.
type Lease struct {
	First Ask       // what to do first
	Ended time.Time // when a holder before it was done, as far as that is known

	Claim
	doc  leaseDoc
	lost bool // there is no document, or it cannot be read
}

type leaseDoc struct {
	claimDoc
	Asked Ask       `json:"asked,omitempty"` // what the next look is to do
	Doing Ask       `json:"doing,omitempty"` // what the present one does, or did when its holder died
	Looks int64     `json:"looks"`           // how many looks at the model were begun
	Done  int64     `json:"done"`            // the newest that was brought to its end
	Begun time.Time `json:"begun,omitzero"`  // when that began
	Ended time.Time `json:"ended,omitzero"`  // and when it ended
}

// skew is by how much the clocks of a store and of those who write to it may differ.
const skew = 10 * time.Second

// Ask is what the holder of a lease is asked to do before it gives that up.
type Ask int

// In the order of how much is to be done.
const (
	AskNothing Ask = iota
	AskJudge       // what is recorded
	AskAll         // to read whatever is pending, too
)

// Wanted is why a lease is wanted.
type Wanted struct {
	Ask   Ask       // what is to be done
	By    time.Time // with AskJudge: when all that is to be judged was recorded; zero: now
	Other bool      // of something else it is not known when it came: By does not count
	After int64     // what was left to a holder before, see [DB.Lease]; 0: nothing
}

// done tells whether all that is wanted was done by a look that began after it.
func (w *Wanted) done(doc *leaseDoc) bool {
	switch {
	case w.After > 0 && doc.Done <= w.After:
		return false
	case w.Ask == AskNothing:
		return w.After > 0
	}
	return w.Ask == AskJudge && !w.Other && !w.By.IsZero() && w.By.Before(doc.Begun.Add(-skew))
}

// tries is how often a lease is written that others get in the way of. Of those that
// ask while it is held the first one writes, for all.
const tries = 10

// Looked tells whether what was left to the holder of a lease is done: after is what
// [DB.Lease] gave. It takes one call.
func (db *DB) Looked(ctx context.Context, model string, after int64) (bool, error) {
	l := db.lease(model, 0)
	if err := l.read(ctx); err != nil {
		return false, err
	}
	return (&Wanted{After: after}).done(&l.doc), nil
}

func (db *DB) lease(model string, ttl time.Duration) *Lease {
	return &Lease{Claim: Claim{db: db, key: "claims/" + model + ".lease.json", ttl: ttl}}
}

// Lease takes the lease of a model until now+ttl. It is nil, with a nil error, if
// nothing is to be done any more (after is 0), or if somebody else has it and was asked:
// that one may die, so the caller is to ask again with after ([Wanted.After]) once
// ttl is over. A lease that ran out is taken over, with what its holder did not come
// to. When two get in each other's way they try again after a while that chance makes
// different for each. A process takes a model's lease once at a time.
func (db *DB) Lease(ctx context.Context, model string, want Wanted, now func() time.Time, ttl time.Duration) (l *Lease, after int64, err error) {
	l = db.lease(model, ttl)
	for try := range tries {
		if err := l.read(ctx); err != nil {
			return nil, 0, err
		}
		if want.done(&l.doc) {
			return nil, 0, nil
		}
		held := l.doc.Holder != db.Holder && l.doc.holdsAt(now(), ttl) // its own is one whose answer was lost
		after = l.doc.Looks
		if want.Ask == AskNothing {
			after = want.After
		}
		if held && l.doc.Asked >= want.Ask {
			return nil, after, nil
		}
		doc := l.doc
		if held {
			doc.Asked = want.Ask
		} else {
			l.First, l.Ended = l.first(want.Ask), doc.Ended
			doc.claimDoc, doc.Asked, doc.Doing, doc.Looks = l.term(now), AskNothing, l.First, doc.Looks+1
		}
		done, err := l.swap(ctx, doc)
		switch {
		case err != nil:
			return nil, 0, err
		case done && held:
			return nil, after, nil
		case done:
			return l, 0, nil
		}
		if err := db.stagger(ctx, try); err != nil {
			return nil, 0, err
		}
	}
	return nil, 0, l.crowded()
}

// first is what is to be done by who takes the lease: also what those before it were
// asked and did not come to. Where that is not known, it is all.
func (l *Lease) first(ask Ask) Ask {
	first := max(ask, l.doc.Asked, l.doc.Doing)
	if l.lost || first == AskNothing {
		return AskAll
	}
	return first
}

// term is how long a lease is held that is written now.
func (l *Lease) term(now func() time.Time) claimDoc {
	return claimDoc{now().Add(l.ttl).UTC(), l.db.Holder}
}

// Hold holds the lease until now+ttl; false if somebody else has it meanwhile. What
// was asked stays asked.
func (l *Lease) Hold(ctx context.Context, now func() time.Time) (bool, error) {
	_, mine, err := l.change(ctx, func(doc *leaseDoc) { doc.claimDoc = l.term(now) })
	return mine, err
}

// Begin holds the lease, and takes what was asked since it was last called: whoever
// asks from now on does so for what comes after.
func (l *Lease) Begin(ctx context.Context, now func() time.Time) (Ask, error) {
	asked, _, err := l.change(ctx, func(doc *leaseDoc) {
		doc.claimDoc, doc.Doing, doc.Asked = l.term(now), doc.Asked, AskNothing
		doc.Looks++
	})
	return asked, err
}

// End says that a look at the model that began at an instant was brought to its end.
// It gives the lease up unless something was asked meanwhile, which it tells: then the
// lease is held on.
func (l *Lease) End(ctx context.Context, begun time.Time, now func() time.Time) (Ask, error) {
	asked, _, err := l.change(ctx, func(doc *leaseDoc) {
		doc.Begun, doc.Ended, doc.claimDoc = begun.UTC(), now().UTC(), claimDoc{}
		doc.Doing, doc.Done = AskNothing, doc.Looks
		if doc.Asked != AskNothing {
			doc.claimDoc = l.term(now)
		}
	})
	return asked, err
}

// Leave gives the lease up and leaves what was not done to whoever takes it next.
func (l *Lease) Leave(ctx context.Context) error {
	_, _, err := l.change(ctx, func(doc *leaseDoc) {
		doc.claimDoc, doc.Asked, doc.Doing = claimDoc{}, max(doc.Asked, doc.Doing), AskNothing
	})
	return err
}

// change writes the lease anew while it is this holder's; false if it is not: whoever
// has it now does what was asked.
func (l *Lease) change(ctx context.Context, change func(*leaseDoc)) (asked Ask, mine bool, err error) {
	for try := range tries {
		if l.doc.Holder != l.db.Holder {
			return AskNothing, false, nil
		}
		doc := l.doc
		asked = doc.Asked
		change(&doc)
		done, err := l.swap(ctx, doc)
		if err != nil || done {
			return asked, done, err
		}
		if err := l.db.stagger(ctx, try); err != nil {
			return AskNothing, false, err
		}
		if err := l.read(ctx); err != nil {
			return AskNothing, false, err
		}
	}
	return AskNothing, false, l.crowded()
}

// read reads the lease as it is. One that cannot be read is nobody's.
func (l *Lease) read(ctx context.Context) error {
	l.doc, l.etag, l.lost = leaseDoc{}, "", true
	data, info, err := whole(ctx, l.db.state, l.key)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	l.etag = info.ETag
	if l.lost = json.Unmarshal(data, &l.doc) != nil; l.lost {
		l.doc = leaseDoc{}
	}
	return nil
}

// swap writes the lease if it is as it was read; false if it is not.
func (l *Lease) swap(ctx context.Context, doc leaseDoc) (bool, error) {
	data, err := encode(&doc)
	if err != nil {
		return false, err
	}
	info, err := l.db.state.Put(ctx, l.key, bytes.NewReader(data), &PutOptions{IfMatch: l.etag, IfAbsent: l.etag == "", Fleeting: true})
	switch fault.KindOf(err) {
	case "":
		l.doc, l.etag = doc, info.ETag
		return true, nil
	case fault.Conflict, fault.NotFound:
		return false, nil
	}
	return false, err
}

func (l *Lease) crowded() error {
	return &fault.Error{Kind: fault.Unavailable, Object: l.key, Err: errors.New("is written by others all the time"), Hint: "it is tried again"}
}

// holdsAt tells whether the lease protects its holder at a time, see [DB.Claim].
func (d *claimDoc) holdsAt(now time.Time, ttl time.Duration) bool {
	return d.Expires.After(now) && !d.Expires.After(now.Add(2*ttl))
}

// stagger waits up to 50 ms at first, twice as long each time, two seconds at most:
// how long of that is for each holder another.
func (db *DB) stagger(ctx context.Context, try int) error {
	hash := sha256.Sum256([]byte(db.Holder + strconv.Itoa(try)))
	part := float64(binary.BigEndian.Uint32(hash[:])) / (1 << 32)
	most := min(50*time.Millisecond<<try, 2*time.Second)
	timer := time.NewTimer(time.Duration(part * float64(most)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

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
type Lease struct {
	First Ask       // what to do first
	Ended time.Time // when a holder before it was done, as far as that is known

	Claim
	doc leaseDoc
}

type leaseDoc struct {
	claimDoc
	Asked Ask       `json:"asked,omitempty"`
	Begun time.Time `json:"begun,omitzero"` // when the last look at the model began that was brought to its end
	Ended time.Time `json:"ended,omitzero"` // and when it did
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

// tries is how often a lease is written that others get in the way of. Of those that
// ask while it is held the first one writes, for all.
const tries = 10

// Lease takes the lease of a model until now+ttl, to do what is asked; nil, with a
// nil error, if somebody else has it and was asked, or if all was recorded by an
// instant (zero: now) that is to be judged and a look at the model that began after it
// was brought to its end. When two get in each other's way
// they try again after a while that chance makes different for each.
func (db *DB) Lease(ctx context.Context, model string, ask Ask, by time.Time, now func() time.Time, ttl time.Duration) (*Lease, error) {
	l := &Lease{Claim: Claim{db: db, key: "claims/" + model + ".lease.json", ttl: ttl}}
	for try := range tries {
		err := l.read(ctx)
		if err != nil {
			return nil, err
		}
		if ask == AskJudge && !by.IsZero() && by.Before(l.doc.Begun.Add(-skew)) {
			return nil, nil
		}
		at := now()
		held := l.etag != "" && l.doc.holdsAt(at, ttl)
		if held && l.doc.Asked >= ask {
			return nil, nil
		}
		doc, left := l.doc, l.doc.Asked
		if held {
			doc.Asked = ask
		} else {
			doc.claimDoc, doc.Asked = l.term(now), AskNothing
		}
		done, err := l.swap(ctx, doc)
		switch {
		case err != nil:
			return nil, err
		case done && held:
			return nil, nil
		case done:
			l.First, l.Ended = max(ask, left), doc.Ended // who had it before may not have come to what is left
			return l, nil
		}
		if err := db.stagger(ctx, try); err != nil {
			return nil, err
		}
	}
	return nil, l.crowded()
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
	asked, _, err := l.change(ctx, func(doc *leaseDoc) { doc.claimDoc, doc.Asked = l.term(now), AskNothing })
	return asked, err
}

// End says that a look at the model that began at an instant was brought to its end.
// It gives the lease up unless something was asked meanwhile, which it tells: then the
// lease is held on.
func (l *Lease) End(ctx context.Context, begun time.Time, now func() time.Time) (Ask, error) {
	asked, _, err := l.change(ctx, func(doc *leaseDoc) {
		doc.Begun, doc.Ended, doc.claimDoc = begun.UTC(), now().UTC(), claimDoc{}
		if doc.Asked != AskNothing {
			doc.claimDoc = l.term(now)
		}
	})
	return asked, err
}

// Leave gives the lease up and leaves what was not done to whoever takes it next.
func (l *Lease) Leave(ctx context.Context, undone Ask) error {
	_, _, err := l.change(ctx, func(doc *leaseDoc) { doc.claimDoc, doc.Asked = claimDoc{}, max(doc.Asked, undone) })
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
	l.doc, l.etag = leaseDoc{}, ""
	data, info, err := whole(ctx, l.db.state, l.key)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	l.etag = info.ETag
	if json.Unmarshal(data, &l.doc) != nil {
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

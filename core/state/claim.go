package state

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"leeway/core/fault"
)

// Claim is the right to do a piece of work before others do. It saves work;
// that the work is done right never hangs on it, since doing it twice writes
// the same bytes to the same names.
type Claim struct {
	db   *DB
	key  string
	etag string
	ttl  time.Duration
}

type claimDoc struct {
	Expires time.Time `json:"expires"`
	Holder  string    `json:"holder,omitempty"` // where ETags are hashes, two claims must never have equal bytes
}

// Claim takes the claim of a name (slash separated) until now+ttl. It is nil,
// with a nil error, while somebody else holds it.
//
// A claim that ran out is taken over. So is one that would run out later than
// 2·ttl from now: it was made before the clock was set back, and waiting for
// it could take years.
func (db *DB) Claim(ctx context.Context, name string, now time.Time, ttl time.Duration) (*Claim, error) {
	claim := &Claim{db: db, key: "claims/" + name + ".json", ttl: ttl}
	taken, err := claim.put(ctx, now, &PutOptions{IfAbsent: true})
	if taken || err != nil {
		return held(claim, taken), err
	}
	data, info, err := whole(ctx, db.state, claim.key)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil // released this instant: what it stood for is done
	}
	if err != nil {
		return nil, err
	}
	if holds(data, now, ttl) {
		return nil, nil
	}
	taken, err = claim.put(ctx, now, &PutOptions{IfMatch: info.ETag})
	return held(claim, taken), err
}

// holds tells whether a claim protects its holder still. One that cannot be
// read protects nobody.
func holds(data []byte, now time.Time, ttl time.Duration) bool {
	var doc claimDoc
	return json.Unmarshal(data, &doc) == nil && doc.Expires.After(now) && !doc.Expires.After(now.Add(2*ttl))
}

// SweepClaims removes the claims below a name that ran out: processes that
// were killed after their work was done left them.
func (db *DB) SweepClaims(ctx context.Context, name string, now time.Time, ttl time.Duration) error {
	for info, err := range db.state.List(ctx, "claims/"+name+"/") {
		if err != nil {
			return err
		}
		data, _, err := whole(ctx, db.state, info.Key)
		if fault.KindOf(err) == fault.NotFound || err == nil && holds(data, now, ttl) {
			continue
		}
		if err != nil {
			return err
		}
		if err := db.state.Delete(ctx, info.Key); err != nil {
			return err
		}
	}
	return nil
}

func held(claim *Claim, taken bool) *Claim {
	if !taken {
		return nil
	}
	return claim
}

// put writes the claim under a precondition; false if that does not hold.
func (c *Claim) put(ctx context.Context, now time.Time, options *PutOptions) (bool, error) {
	data, err := encode(&claimDoc{Expires: now.Add(c.ttl).UTC(), Holder: c.db.Holder})
	if err != nil {
		return false, err
	}
	options.Fleeting = true
	info, err := c.db.state.Put(ctx, c.key, bytes.NewReader(data), options)
	switch fault.KindOf(err) {
	case "":
		c.etag = info.ETag
		return true, nil
	case fault.Conflict, fault.NotFound:
		return false, nil
	}
	return false, err
}

// Renew holds the claim until now+ttl. False: somebody else has it meanwhile.
func (c *Claim) Renew(ctx context.Context, now time.Time) (bool, error) {
	return c.put(ctx, now, &PutOptions{IfMatch: c.etag})
}

// Release gives the claim up, unless somebody took it over meanwhile.
func (c *Claim) Release(ctx context.Context) error {
	object, err := c.db.state.Open(ctx, c.key)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	mine := object.Info().ETag == c.etag
	if err := object.Close(); err != nil || !mine {
		return err
	}
	return c.db.state.Delete(ctx, c.key)
}

package monitor

import (
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"time"

	"leeway/core/fault"
	"leeway/core/frame"
	"leeway/core/state"
)

// The reading of a large object may take longer than the process has. When its context
// ends, and now and then before, what was collected is kept as a checkpoint, and who
// comes next goes on there. Profiles merge, predictions are a set and samples of rows go
// by hashes: what comes out is the same to the byte as of one reading.

// savings say when a checkpoint is worth its writing.
type savings struct {
	size   int64 // bytes that the object has at least
	hashed int64 // bytes that were hashed since the last one, at least, when the time is up
	whole  int64 // bytes that were hashed in one go, at least, when that is done
	least  int64 // cells that were read since the last one, at least, when the time is up
	every  int64 // cells after which one is kept though there is time: for when the process is killed
	long   int64 // bytes from which on reading an object is begun after all else, see [Monitor.Long]
}

// usualSavings: a million cells are read in a second on a tenth of a core; what is kept
// every 128 million costs some hundredths of the time that these take.
var usualSavings = savings{size: 1 << 20, hashed: 8 << 20, whole: 256 << 20, least: 1 << 20, every: 1 << 27, long: 64 << 20}

// toSave is for how long writing a checkpoint may go on after the context ended. A
// function's ends five seconds before its time does.
const toSave = 4 * time.Second

// progress is the head of a checkpoint.
type progress struct {
	Version  int    `json:"version"` // of what checkpoints hold
	ETag     string `json:"etag"`    // of the version of the object
	Size     int64  `json:"size"`
	Contract string `json:"contract"` // names what it is read under

	Hash   string `json:"hash,omitempty"` // of all of the object
	Hashed int64  `json:"hashed,omitempty"`
	Sum    []byte `json:"sum,omitempty"` // the hash's state after so many bytes

	Place   *frame.Place     `json:"place,omitempty"` // of the rows that were taken; nil: none were
	Found   []string         `json:"found,omitempty"` // columns that came late
	Rows    int64            `json:"rows,omitempty"`
	Clock   int              `json:"clock,omitempty"`
	Windows []progressWindow `json:"windows,omitempty"`
	Most    int              `json:"chunk_rows,omitempty"` // rows between two cuts of predictions, 0: none are kept
	Since   int              `json:"since_cut,omitempty"`  // rows since the last
}

// progressWindow is what there is of a window. Its profile is among the checkpoint's
// parts, and then its predictions since the last cut, if there are any.
type progressWindow struct {
	state.Window
	First  int64 `json:"first"` // its first row in the object
	Open   bool  `json:"open,omitempty"`
	Chunks int   `json:"chunks,omitempty"`
}

// progressVersion is raised when what is read of an object changes in a way that those
// who go on must not mix with what was read before: of texts in windows-1252 places were
// counted in other bytes until 2.
const progressVersion = 2

// ingestion is the reading of an object that may be given up and gone on with.
type ingestion struct {
	*model
	ctx    context.Context
	key    string
	kept   *state.Checkpoint // nil: none is kept
	onward bool              // one was kept of more than was read before
	at     progress          // where kept is
	router *routing
	cells  int64 // that a row has
}

// ingestion looks how far the reading of an object came before.
func (m *model) ingestion(ctx context.Context, batch *state.Batch) (*ingestion, error) {
	c := &ingestion{model: m, ctx: ctx, key: batch.Key}
	c.at = progress{Version: progressVersion, ETag: batch.ETag, Size: batch.Size, Contract: batch.Contract}
	if batch.Size < m.saves().size {
		return c, nil
	}
	var err error
	if c.kept, err = m.DB.Checkpoint(ctx, m.name, batch.Key); err != nil {
		return nil, err
	}
	var at progress
	same := c.kept.Head != nil && json.Unmarshal(c.kept.Head, &at) == nil && at.Version == progressVersion &&
		at.ETag == batch.ETag && at.Size == batch.Size && at.Contract == batch.Contract
	if same {
		c.at = at
	} else {
		c.kept.Parts = nil // of something else
	}
	return c, nil
}

func (m *Monitor) saves() *savings {
	if m.savings != nil {
		return m.savings
	}
	return &usualSavings
}

// Long tells whether reading an object takes so long that whoever reads it is to do all
// else before. [Monitor.RunLeased] reads those that it is given and no others.
func (m *Monitor) Long(info state.Info) bool { return info.Size >= m.saves().long }

// hash is [contentHash] that may be given up.
func (c *ingestion) hash(object state.Object) (string, error) {
	if c.at.Hash != "" {
		return c.at.Hash, nil
	}
	h := newHash()
	if c.at.Sum != nil {
		if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(c.at.Sum); err != nil {
			h, c.at.Hashed = newHash(), 0
		}
	}
	before := c.at.Hashed
	n, err := io.Copy(h, &stoppable{c.ctx, io.NewSectionReader(object, before, c.at.Size-before)})
	if c.at.Hashed += n; err != nil {
		if c.ctx.Err() != nil && n >= c.saves().hashed {
			var failed error
			if c.at.Sum, failed = h.(encoding.BinaryMarshaler).MarshalBinary(); failed == nil {
				failed = c.put(nil)
			}
			return "", c.ended(errors.Join(err, failed), failed)
		}
		return "", err
	}
	if err := complete(object, c.at.Hashed); err != nil {
		return "", err
	}
	c.at.Hash, c.at.Sum, c.at.Hashed = hexOf(h), nil, 0
	if n < c.saves().whole {
		return c.at.Hash, nil
	}
	return c.at.Hash, c.put(nil)
}

// restore gives a router what was collected.
func (c *ingestion) restore(r *routing) error {
	c.router, c.cells = r, int64(max(len(r.Columns), 1))
	most := 0
	if r.predicted != nil {
		most = r.predicted.most
	}
	if c.at.Place != nil && c.at.Most == most {
		err := r.restore(&c.at, c.kept.Parts)
		if err == nil {
			c.kept.Parts = nil // they are the router's now
			return nil
		}
		if fault.KindOf(err) != fault.Invalid {
			return err
		}
		r.forget()
	}
	c.at.Place, c.at.Found, c.at.Most = nil, nil, most
	return nil
}

// From is where the reading goes on.
func (c *ingestion) From() (*frame.Place, map[string]bool) {
	found := map[string]bool{}
	for _, name := range c.at.Found {
		found[name] = true
	}
	return c.at.Place, found
}

// Lost is the error of one that cannot go on where it was after all, though nothing else
// is wrong: the next attempt begins anew.
func (c *ingestion) Lost(err error) error {
	if c.at.Place == nil || fault.KindOf(err) != fault.Invalid {
		return err
	}
	return unavailable{errors.Join(
		&fault.Error{Kind: fault.Unavailable, Object: c.key, Err: err, Hint: "it is read from its beginning next time"},
		c.DB.DropCheckpoint(c.ctx, c.name, c.key),
	)}
}

// Pause is asked behind each block, and where there is none for an error. It keeps a
// checkpoint where one is due, and gives up where the context has ended.
func (c *ingestion) Pause(reader frame.Reader, found map[string]bool, err error) error {
	if c.router.failure() != nil || errors.Is(err, io.EOF) || fault.KindOf(err) == fault.Invalid {
		return err
	}
	ended := c.ctx.Err()
	if err != nil && ended == nil {
		return err
	}
	place := reader.Place()
	cells := place.Row * c.cells
	if c.at.Place != nil {
		cells -= c.at.Place.Row * c.cells
	}
	var failed error
	if due := ended != nil && cells >= c.saves().least || cells >= c.saves().every; due && c.kept != nil {
		failed = c.save(place, found)
	}
	if ended == nil {
		return failed
	}
	return c.ended(errors.Join(err, ended, failed), failed)
}

// halfway is the error of an object whose reading was given up and goes on from there.
type halfway struct{ error }

func (h halfway) Unwrap() error { return h.error }

// ended is what is told of the end of the context, given how it went to keep a
// checkpoint. One that was kept while there was time will do.
func (c *ingestion) ended(err, failed error) error {
	if failed != nil || c.kept == nil || !c.onward {
		return err
	}
	return halfway{err}
}

// save keeps what was collected up to a place.
func (c *ingestion) save(place *frame.Place, found map[string]bool) error {
	c.at.Place = new(frame.Place)
	c.at.Place.Copy(place)
	c.at.Found = slices.Sorted(maps.Keys(found))
	parts, err := c.router.save(&c.at)
	if err != nil {
		return err
	}
	return c.put(parts)
}

// put writes the checkpoint. Where somebody else wrote one of the object meanwhile,
// theirs counts, and no other is written by this process.
func (c *ingestion) put(parts [][]byte) error {
	if c.kept == nil {
		return nil
	}
	head, err := json.Marshal(&c.at)
	if err != nil {
		return &fault.Error{Kind: fault.Internal, Op: "encode", Err: err}
	}
	ctx, cancel := context.WithCancel(c.ctx)
	if c.ctx.Err() != nil {
		cancel()
		ctx, cancel = context.WithTimeout(context.WithoutCancel(c.ctx), toSave)
	}
	defer cancel()
	c.kept.Head, c.kept.Parts = head, parts
	err = c.DB.PutCheckpoint(ctx, c.name, c.kept)
	c.kept.Parts = nil
	if fault.KindOf(err) == fault.Conflict {
		c.kept = nil
		return nil
	}
	c.onward = c.onward || err == nil
	return err
}

// Halfway is an object whose reading was given up and will be gone on with.
type Halfway struct {
	Key    string
	Rows   int64 // that were read; 0: it was being hashed
	Hashed int64 // bytes, while no row was read
	Gone   bool  // it was deleted since
	Other  bool  // it was replaced since: it is read from its beginning
	Size   int64 // bytes
}

// Halfway lists those of a model.
func (m *Monitor) Halfway(ctx context.Context, model string) ([]Halfway, error) {
	kept, err := m.DB.Checkpoints(ctx, model)
	var all []Halfway
	for _, one := range kept {
		var at progress
		if json.Unmarshal(one.Head, &at) != nil {
			continue // a new one is made when the object is read from its beginning
		}
		way := Halfway{Key: one.Key, Hashed: at.Hashed, Size: at.Size}
		if at.Hash != "" {
			way.Hashed = at.Size
		}
		if at.Place != nil {
			way.Rows = at.Place.Row
		}
		err = errors.Join(err, m.since(ctx, &way, at.ETag))
		all = append(all, way)
	}
	return all, err
}

// since looks what became of an object, of which that version was read.
func (m *Monitor) since(ctx context.Context, way *Halfway, etag string) error {
	object, err := m.Data.Open(ctx, way.Key)
	if fault.KindOf(err) == fault.NotFound {
		way.Gone = true
		return nil
	}
	if err != nil {
		return err
	}
	way.Other = object.Info().ETag != etag || object.Info().Size != way.Size
	return object.Close()
}

package state

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"leeway/core/report"
)

// Batch records what became of one delivered object. The record is a function
// of the object's key, bytes and modification time and of what Contract names:
// it holds nothing that differs between two copies of a bucket, so its ETag is
// kept elsewhere (see [DB.PutBatch]).
type Batch struct {
	Key        string            `json:"key"`
	ETag       string            `json:"-"`    // of the version that was read; not stored
	Hash       string            `json:"hash"` // SHA-256 of its bytes, hexadecimal
	Size       int64             `json:"size"`
	Rows       int64             `json:"rows"`
	Arrived    time.Time         `json:"arrived"`            // when the object was written
	Contract   string            `json:"contract,omitempty"` // names columns and settings it was read under
	Format     string            `json:"format,omitempty"`
	First      time.Time         `json:"first,omitzero"` // earliest event time, zero for none
	Last       time.Time         `json:"last,omitzero"`  // latest event time, zero for none
	Parts      []Part            `json:"parts,omitempty"`
	Missing    []string          `json:"missing_columns,omitempty"`
	Unexpected []string          `json:"unexpected_columns,omitempty"`
	Renamed    map[string]string `json:"renamed_columns,omitempty"` // contract name -> name in the object
	Faults     []report.Fault    `json:"faults,omitempty"`
	Notes      []string          `json:"notes,omitempty"`
	Verdict    report.Verdict    `json:"verdict,omitempty"` // "" or invalid
	Error      string            `json:"error,omitempty"`   // why it is invalid
	Hint       string            `json:"hint,omitempty"`
}

// Part is the share of a batch that falls into one window.
type Part struct {
	Window  Window `json:"window"`
	Profile string `json:"profile"` // name within the window, from DB.PutProfile
	Rows    int64  `json:"rows"`
	Ledger  bool   `json:"ledger,omitempty"` // its predictions are kept too, under the same name
	Chunks  int    `json:"chunks,omitempty"` // that its predictions are cut into; 0: none or one
	Lost    bool   `json:"lost,omitempty"`   // the profile is damaged and the object is gone: its rows do not count

	First time.Time `json:"first,omitzero"` // earliest event time of these rows, zero for none
	Last  time.Time `json:"last,omitzero"`  // latest event time of these rows, zero for none
}

// WindowProfiles lists the profiles that make up each window, ascending. Content with two
// batches in a window is there once, since it has one profile. If its rows have no time of
// their own the two may lie in different windows: the parts of [Copies] have to be taken
// away before.
func WindowProfiles(batches []Batch) map[Window][]string {
	all := map[Window][]string{}
	for i := range batches {
		for _, part := range batches[i].Parts {
			if !part.Lost {
				all[part.Window] = append(all[part.Window], part.Profile)
			}
		}
	}
	for window, names := range all {
		slices.Sort(names)
		all[window] = slices.Compact(names)
	}
	return all
}

// Touched lists the windows whose live profiles are not those that their
// newest report was made from, ascending: what is left to do, whatever was
// killed and whenever. A window whose last row went elsewhere, because an object
// was rewritten, is among them until it has a report without rows. The windows
// after a touched one are not among them; whether they have to be judged again
// tells their [Summary].Past, once it is judged.
func Touched(batches []Batch, history []Summary) []Window {
	live := WindowProfiles(batches)
	var touched []Window
	for i := range history {
		window := history[i].Window
		if history[i].Inputs != Inputs(live[window]) {
			touched = append(touched, window)
		}
		delete(live, window)
	}
	for window := range live {
		touched = append(touched, window)
	}
	slices.SortFunc(touched, Window.Compare)
	return touched
}

// Inputs names a set of profiles; their order does not matter.
func Inputs(profiles []string) string {
	sorted := slices.Clone(profiles)
	slices.Sort(sorted)
	return Short(strings.Join(slices.Compact(sorted), "\n"))
}

// Copies maps the key of each batch whose content was delivered before, under
// another name, to that first one: the earliest to arrive, then the smallest
// key. Only the rows of the first one count.
func Copies(batches []Batch) map[string]string {
	ordered := slices.Clone(batches)
	slices.SortFunc(ordered, func(a, b Batch) int {
		if c := a.Arrived.Compare(b.Arrived); c != 0 {
			return c
		}
		return cmp.Compare(a.Key, b.Key)
	})
	first, copies := map[string]string{}, map[string]string{}
	for i := range ordered {
		batch := &ordered[i]
		if original, known := first[batch.Hash]; known && batch.Hash != "" {
			copies[batch.Key] = original
		} else {
			first[batch.Hash] = batch.Key
		}
	}
	return copies
}

// Oldest is the oldest event time seen, zero for none: the window that it is in
// may be cut by the beginning of the data.
func Oldest(batches []Batch) time.Time {
	var oldest time.Time
	for i := range batches {
		if first := batches[i].First; !first.IsZero() && (oldest.IsZero() || first.Before(oldest)) {
			oldest = first
		}
	}
	return oldest
}

// Watermark is the newest event time seen, zero for none: what decides which
// windows are closed.
func Watermark(batches []Batch) time.Time {
	var newest time.Time
	for i := range batches {
		if batches[i].Last.After(newest) {
			newest = batches[i].Last
		}
	}
	return newest
}

// Now is the newest event time seen, and no later than the newest object came: what
// is kept by age must not go because some rows are dated 2099 by mistake.
func Now(batches []Batch) time.Time {
	newest, arrived := Watermark(batches), time.Time{}
	for i := range batches {
		if batches[i].Arrived.After(arrived) {
			arrived = batches[i].Arrived
		}
	}
	if arrived.Before(newest) {
		return arrived
	}
	return newest
}

// PutBatch records a batch, instead of an earlier record of the same key, and
// marks the object's version as seen. A run that is killed before that reads
// the object again, which changes nothing. A batch that can be read leaves the
// quarantine.
func (db *DB) PutBatch(ctx context.Context, model string, batch Batch) error {
	data, err := encode(&batch)
	if err != nil {
		return err
	}
	again, err := db.again(ctx, RecordKey(model, batch.Key), data)
	if err != nil {
		return err
	}
	stays := ""
	if batch.Verdict == report.Invalid {
		stays = ReasonInvalid
	}
	if err := db.free(ctx, model, batch.Key, stays); err != nil {
		return err
	}
	return db.mark(ctx, model, batch.Key, seenToken(batch.ETag, batch.Contract, Short(string(data))), again)
}

// Batches lists the records of a model in ascending order of their objects'
// keys. What the records point to is shared: it must not be changed.
func (db *DB) Batches(ctx context.Context, model string) ([]Batch, error) {
	found, err := documents[Batch](ctx, db, batchPrefix(model))
	if err != nil {
		return nil, err
	}
	batches := make([]Batch, 0, len(found))
	for _, one := range found {
		batches = append(batches, one.value)
	}
	slices.SortFunc(batches, func(a, b Batch) int { return cmp.Compare(a.Key, b.Key) })
	return batches, nil
}

func batchPrefix(model string) string { return "state/" + model + "/batches/" }

// RecordKey is where the record of an object lies.
func RecordKey(model, key string) string {
	return batchPrefix(model) + Short(key) + ".json"
}

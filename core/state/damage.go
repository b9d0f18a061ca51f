package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/ledger"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/retrain"
)

// Damage is an object of the state that is there and cannot be understood: cut
// off, overwritten, or what a disk made of it. What cannot be had for now (no
// permission, a store that does not answer) is no damage.
//
// Records and summaries that are damaged count as missing, so that what they
// stood for is done again. What else is damaged is found when it is needed, or
// by [DB.Inspect]. All of it is noted in quarantine, and stays noted after it
// was made again: a bucket that loses bytes is worth a look.
type Damage struct {
	Key      string
	Size     int64
	Modified time.Time
	Err      error
}

// Place is which part of the state the object belongs to: "profiles",
// "history"..., and what follows that in its key.
func (d *Damage) Place(model string) (place, rest string) {
	place, rest, _ = strings.Cut(strings.TrimPrefix(d.Key, statePrefix(model)), "/")
	return place, rest
}

// Fault says in a line what is damaged, and what to do.
func (d *Damage) Fault(model string) *fault.Error {
	f := &fault.Error{Kind: fault.Invalid, Object: d.Key, Err: fmt.Errorf("is damaged: %w", bare(d.Err))}
	switch place, rest := d.Place(model); {
	case place == "baselines" && rest == "CURRENT":
		f.Hint = "name the baseline to use: leeway baseline approve --model " + model + " VERSION"
	case place == "retrain.json":
		f.Hint = lostTrack
	case place == "idkey.json":
		f.Hint = lostKey
	case place == "baselines" && !strings.HasSuffix(rest, ".past"):
		f.Hint = "build another baseline: leeway baseline build --model " + model + " --approve"
	default:
		f.Hint = "the next run makes it again, as far as logs and profiles are there; check the disk, then delete the note of it, " + DamageKey(model, d.Key)
	}
	return f
}

// bare is an error without the object and the hint that it names.
func bare(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Err != nil {
		return f.Err
	}
	return err
}

// SetAside notes damage in quarantine; false if it was noted before.
func (db *DB) SetAside(ctx context.Context, model string, d Damage) (bool, error) {
	if d.Modified.IsZero() { // whoever came upon it had its bytes alone
		switch _, info, err := whole(ctx, db.state, d.Key); fault.KindOf(err) {
		case "":
			d.Size, d.Modified = info.Size, info.Modified
		case fault.NotFound:
		default:
			return false, err
		}
	}
	f := d.Fault(model)
	data, err := encode(&Quarantined{ReasonDamaged, model, Batch{
		Key: d.Key, Size: d.Size, Arrived: d.Modified, Verdict: report.Invalid, Error: f.Err.Error(), Hint: f.Hint,
	}})
	if err != nil {
		return false, err
	}
	key := DamageKey(model, d.Key)
	old, _, err := whole(ctx, db.state, key)
	if err == nil && string(old) == string(data) {
		return false, nil
	}
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return false, err
	}
	return true, db.replace(ctx, key, data)
}

// Noticed lists the damaged records and summaries of a model that this process
// came upon when it last read them.
func (db *DB) Noticed(model string) []Damage {
	db.mu.Lock()
	defer db.mu.Unlock()
	var all []Damage
	for key, damage := range db.noticed {
		if strings.HasPrefix(key, statePrefix(model)) {
			all = append(all, damage)
		}
	}
	slices.SortFunc(all, func(a, b Damage) int { return strings.Compare(a.Key, b.Key) })
	return all
}

// notice remembers which of the documents that were looked at are damaged now.
func (db *DB) notice(looked func(key string) bool, damaged []Damage) {
	db.mu.Lock()
	defer db.mu.Unlock()
	maps.DeleteFunc(db.noticed, func(key string, _ Damage) bool { return looked(key) })
	for _, one := range damaged {
		db.noticed[one.Key] = one
	}
}

// Noted lists what is noted in quarantine as damaged and still is, or is a profile
// that is not there at all.
func (db *DB) Noted(ctx context.Context, model string) ([]Damage, error) {
	notes, err := documents[Quarantined](ctx, db, quarantinePrefix(ReasonDamaged, model))
	if err != nil {
		return nil, err
	}
	var all []Damage
	for _, note := range notes {
		if !strings.HasPrefix(note.value.Key, statePrefix(model)) {
			continue
		}
		found, err := db.examine(ctx, model, Info{Key: note.value.Key})
		if fault.KindOf(err) == fault.NotFound {
			// A batch may count on the profile; what else is gone is made again without being asked for.
			one := Damage{Key: note.value.Key, Err: err}
			if place, _ := one.Place(model); place == "profiles" {
				all = append(all, one)
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if found != nil {
			all = append(all, *found)
		}
	}
	return all, nil
}

// Inspect reads a model's state, all of it or what lies below a folder of it, and
// lists what is damaged.
func (db *DB) Inspect(ctx context.Context, model, below string) ([]Damage, error) {
	var all []Damage
	for info, err := range db.state.List(ctx, statePrefix(model)+below) {
		if err != nil {
			return nil, err
		}
		found, err := db.examine(ctx, model, info)
		if fault.KindOf(err) == fault.NotFound {
			continue // deleted since it was listed
		}
		if err != nil {
			return nil, err
		}
		if found != nil {
			all = append(all, *found)
		}
	}
	return all, nil
}

// examine reads one object of a model's state; nil if it is sound.
func (db *DB) examine(ctx context.Context, model string, info Info) (*Damage, error) {
	data, now, err := whole(ctx, db.state, info.Key)
	if err == nil {
		info = now
		err = sound(model, info.Key, data)
	}
	if fault.KindOf(err) == fault.Invalid {
		return &Damage{info.Key, info.Size, info.Modified, err}, nil
	}
	return nil, err
}

// sound tells what is wrong with an object of the state, in an error of kind
// Invalid. What nobody reads is sound.
func sound(model, key string, data []byte) error {
	place, rest := (&Damage{Key: key}).Place(model)
	var err error
	switch {
	case place == "batches":
		_, err = decode[Batch](key, data)
	case place == "history":
		_, err = decode[Summary](key, data)
	case place == "baselines" && rest == "CURRENT":
		_, err = decode[pointer](key, data)
	case place == "baselines" && strings.HasSuffix(rest, ".json"):
		_, err = decode[Baseline](key, data)
	case place == "baselines" && strings.HasSuffix(rest, ".past"):
		_, err = decode[map[string][]metric.Deviate](key, data)
	case place == "profiles", place == "baselines" && strings.HasSuffix(rest, ".profile"):
		_, err = profile.Decode(data)
	case place == "labels" && strings.HasSuffix(rest, ".json"):
		_, err = decode[LabelFile](key, data)
	case place == "labels", place == "ledger", place == "baselines" && strings.HasSuffix(rest, ".ledger"):
		err = ledger.Sound(data)
	case place == "labels.json":
		_, err = decode[LabelCounts](key, data)
	case place == "idkey.json":
		_, err = decode[IDKey](key, data)
	case place == "awaited.json":
		_, err = decode[Awaited](key, data)
	case place == "delivered":
		_, err = decode[Delivered](key, data)
	case place == "retrain.json":
		_, err = decode[retrain.State](key, data)
	case place == "checkpoints":
		_, err = parseCheckpoint(key, data)
	case place == "reports":
		_, err = report.Parse(data)
	}
	return err
}

// decode reads a document and makes sure that it is what its key says.
func decode[T any](key string, data []byte) (T, error) {
	var doc T
	err := json.Unmarshal(data, &doc)
	if err == nil {
		if own, ok := any(&doc).(interface{ fits(name string) bool }); ok && !own.fits(strings.TrimSuffix(path.Base(key), ".json")) {
			err = errors.New("it is not what its name says")
		}
	}
	if err != nil {
		return doc, &fault.Error{Kind: fault.Invalid, Op: "decode", Object: key, Err: err}
	}
	return doc, nil
}

func (b *Batch) fits(name string) bool     { return Short(b.Key) == name }
func (f *LabelFile) fits(name string) bool { return Short(f.Key) == name }
func (s *Summary) fits(name string) bool   { return s.Window.Key() == name && s.Report != "" }
func (b *Baseline) fits(name string) bool  { return b.Version == name }
func (p *pointer) fits(string) bool        { return p.Approved != nil }

// Forget makes an object pending: it is read again, and what comes of it is
// written again where it is damaged.
func (db *DB) Forget(ctx context.Context, model, key string) error {
	return db.unmark(ctx, model, key, "")
}

// LastReport is the newest report of a window by what the reports themselves
// say: the one that no other replaces. nil for none. It is for when the summary
// is lost.
func (db *DB) LastReport(ctx context.Context, model string, window Window) (*report.Report, error) {
	var all []*report.Report
	replaced := map[string]bool{}
	for info, err := range db.state.List(ctx, reportPrefix(model)+window.Key()+"/") {
		if err != nil {
			return nil, err
		}
		data, _, err := whole(ctx, db.state, info.Key)
		if err != nil {
			return nil, err
		}
		r, err := report.Parse(data)
		if fault.KindOf(err) == fault.Invalid {
			continue // damaged as well
		}
		if err != nil {
			return nil, err
		}
		all = append(all, r)
		replaced[r.Supersedes] = true
	}
	for _, r := range all {
		if !replaced[r.ID] {
			return r, nil
		}
	}
	return nil, nil
}

// Ends tells whether a summary's report is there and has an end: after a crash
// or on a full disk a file may be shorter than it was. It is the cheap part of
// what [DB.Inspect] does.
func (db *DB) Ends(ctx context.Context, model string, s *Summary) (bool, error) {
	object, err := db.state.Open(ctx, ReportKey(model, s.Window, s.Report))
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer object.Close()
	const end = "\n}\n"
	tail := make([]byte, len(end))
	if object.Info().Size < int64(len(end)) {
		return false, nil
	}
	if n, err := object.ReadAt(tail, object.Info().Size-int64(len(end))); n < len(end) {
		return false, fault.In(object.Info().Key, err)
	}
	return string(tail) == end, nil
}

func statePrefix(model string) string { return "state/" + model + "/" }

// DamageKey is where damage of an object is noted.
func DamageKey(model, key string) string {
	return quarantinePrefix(ReasonDamaged, model) + Short(key) + ".json"
}

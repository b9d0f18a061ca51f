package state

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/segment"
)

// Baseline describes one version of a model's baseline. Version names its
// content (the profile, how its windows differ, and the parts of its seasons), so
// making the same baseline twice makes one.
type Baseline struct {
	Version  string          `json:"version"`
	Created  time.Time       `json:"created"` // when the newest of its objects was written
	Rows     int64           `json:"rows"`
	Objects  []report.Object `json:"objects"`
	Approved bool            `json:"-"` // somebody approved it, or it was built from reference/
	Current  bool            `json:"-"` // it is the one in use
	Reason   string          `json:"reason"`
	Notes    []string        `json:"notes,omitempty"`
	Skipped  []Skipped       `json:"skipped,omitempty"` // objects that are not among Objects
	Schema   *schema.Schema  `json:"schema"`

	// What tests said of the reference's own windows, by finding id, and how
	// long those windows were: how much windows differ though nothing changed.
	Every     string                      `json:"every,omitempty"`
	Variation map[string][]metric.Deviate `json:"past,omitempty"`

	Sizes bool `json:"sizes,omitempty"` // where p-values underflow these, and those of pieces and seasons, go by the size of the change; false: they end there

	Cover *Cover `json:"cover,omitempty"` // how far the rows of its windows reach; nil: not known

	WindowRows []int64 `json:"window_rows,omitempty"` // of the last of its windows that are whole, oldest first

	Segments []segment.Division `json:"segments,omitempty"` // which rows are looked at apart

	Pieces []Pieces `json:"pieces,omitempty"` // how pieces of its windows differed, the longest first

	Runs *Runs `json:"runs,omitempty"` // of few windows, how runs of each differed; nil: windows are many, or too short

	Seasons []Season `json:"seasons,omitempty"` // what is known of the reference by the hour, day or month
}

// Skipped is an object that nothing of a baseline was made of.
type Skipped struct {
	Key   string `json:"key"`
	ETag  string `json:"etag,omitempty"` // as it was then; "": not known
	Error string `json:"error"`
	Hint  string `json:"hint,omitempty"`
}

// Cover is how far the rows of a reference's windows reach, which tells of a
// later window whether it is whole.
type Cover struct {
	Reach
	Days  map[string]Reach `json:"days,omitempty"`          // the same by the day of the week, of windows of a day
	Grain int64            `json:"grain_seconds,omitempty"` // its times are multiples of a day (86400) or of an hour (3600); 0: of less
}

// Reach is how late rows may begin, and how early end, in a window that is whole.
type Reach struct {
	Head int64 `json:"head_seconds"` // from the window's start to its first row
	Tail int64 `json:"tail_seconds"` // from the window's last row to its end
}

// Pieces is how pieces of a reference differed from the whole, by which windows
// are judged that are not whole.
type Pieces struct {
	Seconds   int64                       `json:"seconds"` // length of each
	Count     int                         `json:"count"`   // how many were compared
	Rows      int64                       `json:"rows"`    // of the one in the middle
	Variation map[string][]metric.Deviate `json:"past"`    // of columns, as in Baseline, without those of days or weeks that stand apart
}

// Runs is how runs of a reference's windows differed from the runs in whose company they are:
// the weeks of each month, or the days of weeks by the day of the week.
type Runs struct {
	Seconds   int64                       `json:"seconds"`   // length of each
	Count     int                         `json:"count"`     // how many were compared
	Companies int                         `json:"companies"` // in how many companies
	Variation map[string][]metric.Deviate `json:"past"`      // as in Baseline
}

// Season is what is known of a reference by the parts of a season, each of which
// has a profile of its own.
type Season struct {
	Name      string                      `json:"name"` // day-of-week
	Slots     []Slot                      `json:"slots"`
	Differ    []string                    `json:"differ,omitempty"` // columns in which the parts differ for certain, most first
	Variation map[string][]metric.Deviate `json:"variation,omitempty"`
}

// Slot is a part of a season, as far as the reference has it.
type Slot struct {
	Name    string `json:"name"`    // monday
	Windows int    `json:"windows"` // of the reference that are of it
	Turns   int    `json:"turns"`   // weeks or years in which these are
	Rows    int64  `json:"rows"`

	Until time.Time `json:"until,omitzero"` // the end of the last of the windows
}

// Season is what the baseline knows by a season, nil for nothing.
func (b *Baseline) Season(name string) *Season {
	for i := range b.Seasons {
		if b.Seasons[i].Name == name {
			return &b.Seasons[i]
		}
	}
	return nil
}

// Slot is a part of a season that the baseline knows, nil for none.
func (b *Baseline) Slot(season, name string) *Slot {
	known := b.Season(season)
	if known == nil {
		return nil
	}
	for i := range known.Slots {
		if known.Slots[i].Name == name {
			return &known.Slots[i]
		}
	}
	return nil
}

// pointer is the document baselines/CURRENT, changed by compare-and-swap.
type pointer struct {
	Version  string   `json:"version"`
	Approved []string `json:"approved"` // every version that was ever approved, ascending
}

// PutBaseline stores a baseline with its encoded profile, and notes its
// approval if it is Approved. It does not become current: see [DB.Adopt].
// Profiles of its slots are stored before, see [DB.PutSlot].
func (db *DB) PutBaseline(ctx context.Context, model string, b Baseline, profile []byte) error {
	if err := checkName(b.Version); err != nil {
		return err
	}
	data, err := encode(&b)
	if err != nil {
		return err
	}
	// The description comes last: a version that is listed is complete.
	if err := db.create(ctx, BaselineKey(model, b.Version)+".profile", profile); err != nil {
		return err
	}
	if err := db.describe(ctx, BaselineKey(model, b.Version)+".json", data); err != nil {
		return err
	}
	if !b.Approved {
		return nil
	}
	return db.point(ctx, model, true, func(p *pointer) { p.approve(b.Version) })
}

// describe writes a description unless there is one: the same content may have
// been made into a baseline for another reason before. A damaged one is no such.
func (db *DB) describe(ctx context.Context, key string, data []byte) error {
	old, _, err := whole(ctx, db.state, key)
	if err == nil {
		if _, err = decode[Baseline](key, old); err == nil {
			return nil
		}
	}
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Invalid:
		return db.create(ctx, key, data)
	}
	return err
}

// Adopt makes a stored version the one in use if none is yet, or only one that
// nobody approved while this one is approved. Of several processes that do so at
// once one wins; the others follow it.
func (db *DB) Adopt(ctx context.Context, model, version string) error {
	return db.point(ctx, model, false, func(p *pointer) {
		if p.Version == "" || p.approved(version) && !p.approved(p.Version) {
			p.Version = version
		}
	})
}

// Approve makes a stored version the one in use, with a person's consent. It
// replaces a damaged CURRENT: what was approved before has to be approved again.
func (db *DB) Approve(ctx context.Context, model, version string) error {
	if _, err := db.Baseline(ctx, model, version); err != nil {
		return err
	}
	err := db.point(ctx, model, true, func(p *pointer) {
		p.Version = version
		p.approve(version)
	})
	if err != nil {
		return err
	}
	return db.SweepPastOutcomes(ctx, model, func(of, _ string) bool { return of == version })
}

// Current is the version in use, "" for none.
func (db *DB) Current(ctx context.Context, model string) (string, error) {
	p, _, err := db.pointer(ctx, model)
	return p.Version, err
}

// Standing is the version in use, "" for none, and whether it is approved.
func (db *DB) Standing(ctx context.Context, model string) (version string, approved bool, err error) {
	p, _, err := db.pointer(ctx, model)
	return p.Version, p.approved(p.Version), err
}

// Baseline reads one version's description.
func (db *DB) Baseline(ctx context.Context, model, version string) (Baseline, error) {
	if err := checkName(version); err != nil {
		return Baseline{}, err
	}
	p, _, err := db.pointer(ctx, model)
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return Baseline{}, err
	}
	key := BaselineKey(model, version) + ".json"
	data, info, err := whole(ctx, db.state, key)
	if fault.KindOf(err) == fault.NotFound {
		return Baseline{}, &fault.Error{Kind: fault.NotFound, Object: key, Err: fmt.Errorf("model %s has no baseline %s", model, version), Hint: "see leeway baseline list"}
	}
	if err != nil {
		return Baseline{}, err
	}
	b, err := decode[Baseline](key, data)
	if err != nil {
		return Baseline{}, (&Damage{key, info.Size, info.Modified, err}).Fault(model)
	}
	b.settle(p)
	return b, nil
}

// Baselines lists all versions that are sound, the oldest first. Where CURRENT is
// damaged none counts as current or approved; [DB.Current] says so.
func (db *DB) Baselines(ctx context.Context, model string) ([]Baseline, error) {
	p, _, err := db.pointer(ctx, model)
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return nil, err
	}
	found, err := documents[Baseline](ctx, db, baselinePrefix(model), func(key string) bool { return strings.HasSuffix(key, ".json") })
	if err != nil {
		return nil, err
	}
	all := make([]Baseline, 0, len(found))
	for _, one := range found {
		one.value.settle(p)
		all = append(all, one.value)
	}
	slices.SortFunc(all, func(a, b Baseline) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Version, b.Version))
	})
	return all, nil
}

// BaselineProfile reads the encoded profile of a version.
func (db *DB) BaselineProfile(ctx context.Context, model, version string) ([]byte, error) {
	if err := checkName(version); err != nil {
		return nil, err
	}
	data, _, err := whole(ctx, db.state, BaselineKey(model, version)+".profile")
	return data, err
}

// PutSlot stores the encoded profile of a part of a season of a version.
func (db *DB) PutSlot(ctx context.Context, model, version, season, slot string, data []byte) error {
	if err := checkName(version); err != nil {
		return err
	}
	return db.create(ctx, SlotKey(model, version, season, slot), data)
}

// BaselineSlot reads the encoded profile of a part of a season of a version.
func (db *DB) BaselineSlot(ctx context.Context, model, version, season, slot string) ([]byte, error) {
	if err := checkName(version); err != nil {
		return nil, err
	}
	data, _, err := whole(ctx, db.state, SlotKey(model, version, season, slot))
	return data, err
}

func (b *Baseline) settle(p pointer) {
	b.Current = b.Version == p.Version
	b.Approved = p.approved(b.Version)
}

func (p *pointer) approved(version string) bool { return slices.Contains(p.Approved, version) }

func (p *pointer) approve(version string) {
	if at, found := slices.BinarySearch(p.Approved, version); !found {
		p.Approved = slices.Insert(p.Approved, at, version)
	}
}

// point changes the pointer by compare-and-swap until nobody is in between. A
// damaged one is replaced by what a person decided, never otherwise.
func (db *DB) point(ctx context.Context, model string, decided bool, change func(*pointer)) error {
	for {
		p, etag, err := db.pointer(ctx, model)
		damaged := decided && fault.KindOf(err) == fault.Invalid
		if err != nil && !damaged {
			return err
		}
		before, err := encode(&p)
		if err != nil {
			return err
		}
		change(&p)
		after, err := encode(&p)
		if err != nil {
			return err
		}
		if etag != "" && !damaged && bytes.Equal(before, after) {
			return nil
		}
		_, err = db.state.Put(ctx, pointerKey(model), bytes.NewReader(after), &PutOptions{IfAbsent: etag == "", IfMatch: etag})
		if kind := fault.KindOf(err); kind != fault.Conflict && kind != fault.NotFound {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (db *DB) pointer(ctx context.Context, model string) (p pointer, etag string, err error) {
	p.Approved = []string{}
	data, info, err := whole(ctx, db.state, pointerKey(model))
	if fault.KindOf(err) == fault.NotFound {
		return p, "", nil
	}
	if err != nil {
		return p, "", err
	}
	read, err := decode[pointer](info.Key, data)
	if err != nil {
		return p, info.ETag, (&Damage{info.Key, info.Size, info.Modified, err}).Fault(model)
	}
	return read, info.ETag, nil
}

// checkName refuses names that would not stay in their folder.
func checkName(name string) error {
	if CheckModel(name) != nil {
		return &fault.Error{Kind: fault.Invalid, Err: errors.New("unsafe name"), Object: name}
	}
	return nil
}

func baselinePrefix(model string) string { return "state/" + model + "/baselines/" }

// BaselineKey is where the description (.json) and the profile (.profile) of a
// version lie, without these endings.
func BaselineKey(model, version string) string { return baselinePrefix(model) + version }

// SlotKey is where the profile of a part of a season lies.
func SlotKey(model, version, season, slot string) string {
	return BaselineKey(model, version) + "." + season + "." + slot + ".profile"
}

func pointerKey(model string) string { return baselinePrefix(model) + "CURRENT" }

// Package doctor looks for what would go wrong later with a bucket, by real
// calls, and says what to do about each thing. The command prints what it finds,
// a function answers with it.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report/plain"
	"leeway/core/state"
)

// Doctor looks at a bucket. What each method finds it tells one by one: what was
// looked at, what is well (detail) or an error of what is not.
type Doctor struct {
	Monitor *monitor.Monitor
	State   state.Store // where the state is kept
	Tell    func(what, detail string, err error)

	Store   string // what to do where the store does not do what it must
	Approve string // what to do about a proposed baseline of model %s
}

// Reading tries to list what is read.
func (d *Doctor) Reading(ctx context.Context) {
	d.Tell("reading", "logs/, reference/ and config/ can be listed", readable(ctx, d.Monitor.Data))
}

func readable(ctx context.Context, store state.Store) error {
	for _, prefix := range []string{"logs/", "reference/", "config/"} {
		for _, err := range store.List(ctx, prefix) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Writing tries the operations that the state relies on, for real, and compares
// the clocks.
func (d *Doctor) Writing(ctx context.Context) {
	written, err := d.writable(ctx)
	d.Tell("writing", "state/ takes create-if-absent and compare-and-swap", err)
	if err == nil {
		d.Tell("clock", "the store's clock agrees with the system's", skew(written, time.Now()))
	}
}

// probe is an object that is written and removed.
const probe = "state/.doctor"

func (d *Doctor) writable(ctx context.Context) (time.Time, error) {
	store := d.State
	if err := store.Delete(ctx, probe); err != nil {
		return time.Time{}, err
	}
	info, err := store.Put(ctx, probe, strings.NewReader("one"), &state.PutOptions{IfAbsent: true})
	if err != nil {
		return time.Time{}, err
	}
	defer func() { _ = store.Delete(context.WithoutCancel(ctx), probe) }() // the next doctor removes it if this one could not
	if _, err := store.Put(ctx, probe, strings.NewReader("two"), &state.PutOptions{IfAbsent: true}); fault.KindOf(err) != fault.Conflict {
		return info.Modified, fault.New(fault.Internal, "a second create-if-absent was accepted", d.Store)
	}
	if _, err := store.Put(ctx, probe, strings.NewReader("three"), &state.PutOptions{IfMatch: info.ETag}); err != nil {
		return info.Modified, err
	}
	if _, err := store.Put(ctx, probe, strings.NewReader("four"), &state.PutOptions{IfMatch: info.ETag}); fault.KindOf(err) != fault.Conflict {
		return info.Modified, fault.New(fault.Internal, "a stale compare-and-swap was accepted", d.Store)
	}
	return info.Modified, nil
}

func skew(written, now time.Time) error {
	if off := now.Sub(written).Abs(); off > time.Minute {
		return fault.New(fault.Invalid, fmt.Sprintf("the store's clock is off by %v", off.Round(time.Second)), "synchronise the clocks: windows and claims go by them")
	}
	return nil
}

// Models looks at the models: their configurations, baselines and states.
func (d *Doctor) Models(ctx context.Context) {
	names, err := d.Monitor.DB.Models(ctx)
	d.Tell("models", fmt.Sprintf("%d: %s", len(names), strings.Join(names, ", ")), err)
	for _, name := range names {
		if d.configuration(ctx, name) {
			d.baseline(ctx, name)
		}
		d.state(ctx, name)
		d.halfway(ctx, name)
		d.logs(ctx, name)
		d.labels(ctx, name)
		if err := d.Monitor.CheckKey(ctx, name); err != nil {
			d.Tell(name, "", err)
		}
	}
}

// configuration is false if it cannot be had.
func (d *Doctor) configuration(ctx context.Context, name string) bool {
	key := monitor.ConfigKey(name)
	object, err := d.Monitor.Data.Open(ctx, key)
	if fault.KindOf(err) == fault.NotFound {
		d.Tell(name, "no "+key+": defaults and inference (leeway init writes one)", nil)
		return true
	}
	if err != nil {
		d.Tell(name, "", err)
		return false
	}
	defer object.Close()
	data, err := io.ReadAll(io.NewSectionReader(object, 0, object.Info().Size))
	if err != nil {
		d.Tell(name, "", err)
		return true
	}
	parsed, err := monitor.Names().Parse(data, key)
	d.Tell(name, key, err)
	if err == nil {
		d.receivers(ctx, name, parsed)
	}
	return true
}

// receivers opens the sinks and the trigger of a configuration, which finds what is
// missing of what they need here. Nothing is sent: people would get it.
func (d *Doctor) receivers(ctx context.Context, name string, c *config.Config) {
	for i := range c.Sinks {
		sink := &c.Sinks[i]
		_, err := d.Monitor.Sinks.Open(ctx, sink)
		d.Tell(name, "sink "+sink.Name+" has all that it needs here (nothing was sent)", fault.In("sink "+sink.Name, err))
	}
	if kind := c.Retrain.Trigger; kind != "" && kind != "none" {
		_, err := d.Monitor.Triggers.Open(ctx, &c.Retrain)
		d.Tell(name, "trigger "+kind+" has all that it needs here (nothing was started)", fault.In("trigger "+kind, err))
	}
}

func (d *Doctor) baseline(ctx context.Context, name string) {
	version, err := d.Monitor.DB.Current(ctx, name)
	switch {
	case err != nil:
		d.Tell(name, "", err)
	case version == "":
		d.Tell(name, "no baseline yet: the first run makes it", nil)
	default:
		stored, err := d.Monitor.DB.Baseline(ctx, name, version)
		if err == nil && !stored.Approved {
			err = fault.New(fault.Invalid, "the baseline "+version+" is only proposed", strings.ReplaceAll(d.Approve, "%s", name))
		}
		d.Tell(name, "baseline "+version+", approved", err)
		d.skipped(ctx, name, &stored)
	}
}

// skipped tells of the files that are not in the baseline though they lie where its data
// do, as long as they do.
func (d *Doctor) skipped(ctx context.Context, name string, b *state.Baseline) {
	for _, one := range b.Skipped {
		object, err := d.Monitor.Data.Open(ctx, one.Key)
		switch fault.KindOf(err) {
		case fault.NotFound:
			continue
		case "":
			why, hint := "left out of the baseline "+b.Version+": "+one.Error, one.Hint
			if one.ETag != "" && object.Info().ETag != one.ETag {
				why, hint = "written anew since the baseline "+b.Version+" was made, which left it out", "build the baseline again, of all reference data (leeway baseline build)"
			}
			err = errors.Join(object.Close(), &fault.Error{Kind: fault.Invalid, Object: one.Key, Err: errors.New(why), Hint: hint})
		}
		d.Tell(name, "", err)
	}
}

// state reads all that is stored of a model. What is damaged is noted, so that
// the next run makes it again; what was noted stays until somebody has seen it.
func (d *Doctor) state(ctx context.Context, name string) {
	db := d.Monitor.DB
	found, err := db.Inspect(ctx, name, "")
	for _, damage := range found {
		_, failed := db.SetAside(ctx, name, damage)
		err = errors.Join(err, failed)
	}
	noted, failed := db.Quarantines(ctx, name)
	still, failing := db.Noted(ctx, name)
	err = errors.Join(err, failed, failing)
	for _, one := range noted {
		if one.Reason == state.ReasonDamaged {
			err = errors.Join(err, ofNote(name, &one, still))
		}
	}
	d.Tell(name, "all of its state can be read", err)
	if err == nil {
		d.dropped(ctx, name)
	}
}

// ofNote is what a note of damage says, given what is damaged still.
func ofNote(model string, note *state.Quarantined, still []state.Damage) error {
	f := &fault.Error{Kind: fault.Invalid, Object: note.Key, Err: errors.New(note.Error), Hint: note.Hint}
	if !slices.ContainsFunc(still, func(d state.Damage) bool { return d.Key == note.Key }) {
		f.Err = errors.New("was damaged, and is no longer")
		f.Hint = "check the disk, then delete the note of it, " + state.DamageKey(model, note.Key)
	}
	return f
}

// mostLogs is how many logs in quarantine are told of one by one: the last.
const mostLogs = 3

// logs tells of the logs that are in quarantine, as long as they lie there.
func (d *Doctor) logs(ctx context.Context, name string) {
	noted, err := d.Monitor.DB.Quarantines(ctx, name)
	var there []state.Quarantined
	for _, one := range noted {
		if one.Reason == state.ReasonDamaged || !strings.HasPrefix(one.Key, "logs/") {
			continue
		}
		object, failed := d.Monitor.Data.Open(ctx, one.Key)
		if fault.KindOf(failed) == fault.NotFound {
			continue
		}
		if failed == nil {
			failed = object.Close()
		}
		if one.Reason == state.ReasonDenied { // that it cannot be opened is what the note says
			failed = nil
		}
		err = errors.Join(err, failed)
		there = append(there, one)
	}
	slices.SortStableFunc(there, func(a, b state.Quarantined) int { return b.Arrived.Compare(a.Arrived) })
	for i := range there[:min(len(there), mostLogs)] {
		one := &there[i]
		err = errors.Join(err, &fault.Error{Kind: fault.Invalid, Object: one.Key, Err: errors.New("in quarantine, no row of it counts: " + one.Error), Hint: one.Hint})
	}
	if more := len(there) - mostLogs; more > 0 {
		err = errors.Join(err, &fault.Error{Kind: fault.Invalid, Object: "logs/" + name + "/", Err: errors.New(plain.Plural(int64(more), "older file is", "older files are") + " in quarantine as well"),
			Hint: "mend or delete them; what is wrong with each is in quarantine/ and on the page of the model"})
	}
	if err != nil {
		d.Tell(name, "", err)
	}
}

// labels tells of the files that no label is taken of, as long as they lie there.
func (d *Doctor) labels(ctx context.Context, name string) {
	files, err := d.Monitor.DB.LabelFiles(ctx, name)
	taken := 0
	for i := range files {
		f := &files[i]
		if f.Error == "" {
			taken++
			continue
		}
		object, failed := d.Monitor.Data.Open(ctx, f.Key)
		switch fault.KindOf(failed) {
		case "":
			failed = errors.Join(object.Close(), &fault.Error{Kind: fault.Invalid, Object: f.Key, Err: errors.New("no label is taken of it: " + f.Error), Hint: f.Hint})
		case fault.NotFound:
			continue
		}
		err = errors.Join(err, failed)
	}
	unused := d.Monitor.UnusedLabels(ctx, name)
	err = errors.Join(err, unused)
	if taken > 0 || err != nil {
		d.Tell(name, plain.Plural(int64(taken), "label file is", "label files are")+" read", err)
	}
	if unused == nil && taken > 0 {
		d.idleLabels(ctx, name)
	}
}

// idleLabels tells of the label files that say nothing of any prediction, as long as they
// lie there: that is wrong where it is so of all of them, for single ones may be early.
func (d *Doctor) idleLabels(ctx context.Context, name string) {
	idle, all, err := d.Monitor.IdleLabels(ctx, name)
	var there []*fault.Error
	for _, one := range idle {
		object, failed := d.Monitor.Data.Open(ctx, one.Object)
		if fault.KindOf(failed) == fault.NotFound {
			continue
		}
		if failed == nil {
			failed = object.Close()
		}
		err = errors.Join(err, failed)
		there = append(there, one)
	}
	for _, line := range monitor.TellIdle(there) {
		if all {
			err = errors.Join(err, errors.New(line))
		} else {
			d.Tell(name, line, nil)
		}
	}
	if err != nil {
		d.Tell(name, "", err)
	}
}

// halfway tells of large objects whose reading was given up: the next run goes on with
// them. One that stays where it is needs more time than each run has.
func (d *Doctor) halfway(ctx context.Context, name string) {
	all, err := d.Monitor.Halfway(ctx, name)
	if err != nil {
		d.Tell(name, "", err)
	}
	for _, one := range all {
		d.Tell(name, one.Key+" "+wayOf(&one), nil)
	}
}

// wayOf is how far an object came, and how it goes on.
func wayOf(one *monitor.Halfway) string {
	switch {
	case one.Gone:
		return "was deleted when it was halfway: the next run forgets what was read of it"
	case one.Other:
		return "was replaced when it was halfway: the next run reads it from its beginning"
	case one.Rows > 0:
		return "is halfway: " + plain.Count(one.Rows) + " rows are read, and the next run goes on there"
	case one.Hashed == one.Size:
		return "is halfway: all of its " + plain.Bytes(one.Size) + " are hashed, and the next run reads its rows"
	}
	return "is halfway: " + plain.Bytes(one.Hashed) + " of " + plain.Bytes(one.Size) + " are hashed, and the next run goes on there"
}

// dropped says what is not there on purpose.
func (d *Doctor) dropped(ctx context.Context, name string) {
	gone, err := d.Monitor.DB.Dropped(ctx, name)
	if err != nil {
		d.Tell(name, "", err)
		return
	}
	var lines []string
	windows, files := gone.Count()
	if windows > 0 {
		lines = append(lines, "the predictions of "+plain.Plural(int64(windows), "window", "windows"))
	}
	if files > 0 {
		lines = append(lines, "the labels of "+plain.Plural(int64(files), "file", "files"))
	}
	if len(lines) > 0 {
		d.Tell(name, "deleted since they were old (retain): "+strings.Join(lines, ", ")+"; that is no damage", nil)
	}
}

package monitor

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"leeway/core/calendar"
	"leeway/core/collect"
	"leeway/core/compare"
	"leeway/core/config"
	"leeway/core/lay"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/state"
)

// What a window is held against is the approved baseline as a whole; or, where
// the configuration asks for it, the windows before it (rolling), or the part of
// the baseline that is of the same hour, day or month (seasonal). It is chosen by
// what is known of the windows before, ahead of reading anything, and the choice
// is part of the window's past: the report stays a function of what is there.
//
// No window that ended in alert is ever part of it, and slow drift is measured
// against the approved baseline (seasonal: that part of it) whatever the kind:
// else a change that comes slowly enough would become normal.

// Bounds on the windows before that one is held against.
const (
	leastEarlier = 3   // fewer are no rolling baseline, unless fewer are asked for
	alertsPassed = 128 // rolling: how many windows beyond those asked for are looked at, for there may be some in alert
	enoughTurns  = 4   // seasonal: weeks or years of the baseline that need no later ones beside them
	turnsBack    = 8   // seasonal: how many of these are looked at
	leastRows    = 100 // fewer are no reference
)

// candidate is a window before the one that is to be judged, which that one may be
// held against.
type candidate struct {
	window  state.Window
	version string // of the baseline that it was judged by
	alert   bool
	partial bool // it is not whole
	lost    bool // a profile of it has got lost
	rows    int64
	inputs  string // names its profiles
}

// choice is what a window is to be held against.
type choice struct {
	how     *report.Against // nil: the baseline as a whole
	part    string          // seasonal: the part of the season, monday-06
	slot    *state.Slot     // seasonal: the same of the baseline, nil if it is not used
	why     string          // why what was asked for of the baseline, or any part, is not used; "" if it is
	earlier []candidate     // oldest first
	lost    bool            // these may be ones of which a profile has got lost
}

// asked is the kind of reference that a configuration asks for.
func asked(c *config.Config) *report.Against {
	switch b := &c.Baseline; b.Kind {
	case "rolling":
		return &report.Against{Kind: b.Kind, Windows: b.Windows}
	case "seasonal":
		return &report.Against{Kind: b.Kind, Season: b.Season}
	}
	return nil
}

// choose chooses what a window is held against. before are the windows before
// it, oldest first; those of which a profile has got lost are left out, unless it is
// asked as if none had (lost).
func choose(how *report.Against, every string, b *baseline, window state.Window, before []candidate, lost bool) choice {
	c := choice{how: how, lost: lost}
	if how == nil {
		return c
	}
	before = withinReach(how, window, before)
	if how.Kind == "rolling" {
		c.roll(b, before)
	} else {
		c.season(b, every, window, before)
	}
	return c
}

// withinReach are those of the windows before that are looked at.
func withinReach(how *report.Against, window state.Window, before []candidate) []candidate {
	if how.Kind == "rolling" {
		return before[max(0, len(before)-how.Windows-alertsPassed):]
	}
	oldest := calendar.Ago(how.Season, window.Start, turnsBack)
	first := sort.Search(len(before), func(i int) bool { return !before[i].window.Start.Before(oldest) })
	return before[first:]
}

// takes tells whether a window may be part of what others are held against.
func (c *choice) takes(b *baseline, e *candidate) bool {
	return e.version == b.Version && !e.alert && !e.partial && e.rows > 0 && (c.lost || !e.lost)
}

// roll takes the last windows that are not in alert.
func (c *choice) roll(b *baseline, before []candidate) {
	for i := len(before) - 1; i >= 0 && len(c.earlier) < c.how.Windows; i-- {
		if c.takes(b, &before[i]) {
			c.earlier = append(c.earlier, before[i])
		}
	}
	slices.Reverse(c.earlier)
	switch {
	case len(c.earlier) < min(leastEarlier, c.how.Windows):
		c.why, c.earlier = "too few windows before it are without an alert", nil
	case rowsOf(c.earlier) < leastRows:
		c.why, c.earlier = fmt.Sprintf("the last %s without an alert have fewer than %d rows", windows(len(c.earlier)), leastRows), nil
	}
}

// season takes the baseline's part of the season, and later windows of the same
// where it saw few of them.
func (c *choice) season(b *baseline, every string, window state.Window, before []candidate) {
	season := c.how.Season
	slot := calendar.Slot(season, window)
	turns, rows := 0, int64(0)
	c.part = calendar.SlotName(season, slot)
	if c.slot, c.why = partOf(b, every, season, c.part); c.slot != nil {
		turns, rows = c.slot.Turns, c.slot.Rows
	}
	now := calendar.Turn(season, window)
	last := now
	for i := len(before) - 1; i >= 0; i-- {
		e := &before[i]
		turn := calendar.Turn(season, e.window)
		if !c.takes(b, e) || turn == now || calendar.Slot(season, e.window) != slot {
			continue
		}
		if c.slot != nil && e.window.Start.Before(c.slot.Until) { // the reference has these rows
			break
		}
		if turn != last {
			if turns >= enoughTurns {
				break
			}
			turns, last = turns+1, turn
		}
		c.earlier = append(c.earlier, *e)
		rows += e.rows
	}
	slices.Reverse(c.earlier)
	if rows < leastRows {
		c.tooFew()
	}
}

// tooFew falls back on the baseline as a whole.
func (c *choice) tooFew() {
	few := fmt.Sprintf("there are fewer than %d rows of %s", leastRows, c.words())
	switch {
	case c.slot != nil:
		c.why = few + " in it and since"
	default:
		c.why += ", and " + few + " since"
	}
	c.slot, c.earlier = nil, nil
}

func rowsOf(all []candidate) (rows int64) {
	for i := range all {
		rows += all[i].rows
	}
	return rows
}

// name names the choice: "" for the baseline as a whole.
func (c *choice) name() string {
	if c.how == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintln(&b, c.how.Kind, c.how.Windows, c.how.Season, c.slot != nil)
	for i := range c.earlier {
		fmt.Fprintln(&b, c.earlier[i].window.Key(), c.earlier[i].inputs)
	}
	return b.String()
}

// series names the windows that are measured against the same in what creeps.
func (c *choice) series(version string) string {
	if c.slot != nil {
		return version + " " + c.how.Season
	}
	return version
}

// fallsBack tells whether it is the baseline as a whole after all.
func (c *choice) fallsBack() bool { return c.slot == nil && len(c.earlier) == 0 }

// words are what a person calls the part of the season.
func (c *choice) words() string { return report.SlotWords(c.how.Season, c.part) }

// chosen is what the report says of it; nil for the baseline as a whole.
func (c *choice) chosen() *compare.Chosen {
	if c.how == nil {
		return nil
	}
	said := &compare.Chosen{Against: c.how}
	if !c.fallsBack() {
		said.Slot = c.part
	}
	for i := range c.earlier {
		said.Earlier = append(said.Earlier, c.earlier[i].window.Start.Format(time.RFC3339))
	}
	return said
}

// gatherer gives the rows of an earlier window.
type gatherer func(context.Context, state.Window) (*collect.Collection, error)

// unfit is the error of an earlier window whose rows cannot be had.
type unfit struct {
	error
	window state.Window
}

func (u *unfit) Unwrap() error { return u.error }

// against fills in what a comparison is against. past is what labels say of the baseline's
// windows, see [model.truth].
func (m *model) against(ctx context.Context, into *compare.Comparison, b *baseline, c *choice, past pastOutcomes, gather gatherer) error {
	into.Baseline, into.Proposed, into.Contract, into.Held = b.Version, !b.Approved, b.contract, c.chosen()
	into.Reference, into.Variation, into.Hides = b.collection(m.config), overlaid(b.variation(m.config), past.whole), b.hides(m.config)
	into.Runs, into.Clipped = b.runs(m.config), b.clipped()
	into.OwnRows, into.Looked = b.counts(m.config), b.looked(m.config)
	if c.how == nil {
		return nil
	}
	approved := into.Reference
	into.Reference = &collect.Collection{Profile: b.profile, Objects: approved.Objects, Dropped: approved.Dropped, Notes: append(slices.Clone(approved.Notes), c.note())}
	if past.note != "" {
		into.Reference.Notes = append(into.Reference.Notes, past.note)
	}
	if c.fallsBack() {
		return nil
	}
	into.Anchor, into.AnchorVariation = b.profile, into.Variation
	within, then, free := b.within(m.config, c.how, overlaid(into.Variation, past.within))
	if within != nil {
		into.Variation, into.Runs, into.Free = within, nil, free
	}
	later, files, err := m.together(ctx, b, c.earlier, gather)
	if err != nil {
		return err
	}
	held, objects, now := []*profile.Dataset{later}, files.Objects, len(c.earlier)
	if c.slot != nil {
		if into.Anchor, err = m.slot(ctx, b, c.how.Season, c.slot.Name); err != nil {
			return err
		}
		into.AnchorVariation, now = into.Variation, now+c.slot.Windows
		held, objects = []*profile.Dataset{into.Anchor, later}, once(slices.Concat(approved.Objects, objects), false)
		files.Dropped += lay.Share(approved.Dropped, into.Anchor.Rows, b.profile.Rows)
	}
	into.Reference.Objects, into.Reference.Dropped, into.Wider = objects, files.Dropped, wider(now, then)
	if into.Reference.Profile, err = merged(held...); err != nil {
		return err
	}
	into.Known, err = merged(b.profile, later)
	return err
}

// merged merges those profiles that have rows; a single one is itself.
func merged(all ...*profile.Dataset) (*profile.Dataset, error) {
	all = slices.DeleteFunc(all, func(one *profile.Dataset) bool { return one.Rows == 0 })
	if len(all) == 1 {
		return all[0], nil
	}
	var merger profile.Merger
	for _, one := range all {
		if err := merger.Add(one); err != nil {
			return nil, err
		}
	}
	return merger.Dataset(), nil
}

// together is what earlier windows amount to, with their files.
func (m *model) together(ctx context.Context, b *baseline, all []candidate, gather gatherer) (*profile.Dataset, *collect.Collection, error) {
	var merger profile.Merger
	files := &collect.Collection{}
	for i := range all {
		one, err := gather(ctx, all[i].window)
		if err != nil {
			return nil, nil, &unfit{err, all[i].window}
		}
		part, _ := compare.Fit(one.Profile, b.contract)
		if err := merger.Add(part); err != nil {
			return nil, nil, err
		}
		files.Objects, files.Dropped = append(files.Objects, one.Objects...), files.Dropped+one.Dropped
	}
	files.Objects = once(files.Objects, true)
	return merger.Dataset(), files, nil
}

// wider is the ratio of the variance between a window and so few others (now) to
// that between one and as many as the variation was measured with (then; 0 stands
// for all of a long reference).
func wider(now, then int) float64 {
	w := 1 + 1/float64(now)
	if then > 0 {
		w /= 1 + 1/float64(then)
	}
	return max(w, 1)
}

// once lists each object once, with its rows in all windows where these are to be
// added up.
func once(objects []report.Object, add bool) []report.Object {
	at := map[string]int{}
	var all []report.Object
	for _, o := range objects {
		i, known := at[o.Key]
		switch {
		case !known:
			at[o.Key] = len(all)
			all = append(all, o)
		case add:
			all[i].Rows += o.Rows
		}
	}
	return all
}

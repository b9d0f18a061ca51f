package monitor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"leeway/core/calendar"
	"leeway/core/check/fairness"
	"leeway/core/check/performance"
	"leeway/core/check/quality"
	"leeway/core/collect"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/state"
)

// seasonal collects a reference by the parts of a season while it is read.
type seasonal struct {
	name    string
	slots   map[int]*slotted
	columns int  // of the widest file
	wide    bool // too wide to be kept by so many parts
}

// mostKeptParts bounds how many parts are kept, times columns: hundreds of
// columns by the day, about 70 by the hour of the week.
const mostKeptParts = 12_000

// slotted is one part of a season.
type slotted struct {
	merger  profile.Merger
	windows map[state.Window]bool
	turns   map[int64]bool
	until   time.Time // the end of the last of them
}

// seasonsOf are the seasons to collect: the one that such windows show, and the
// one that is asked for.
func seasonsOf(c *config.Config) []*seasonal {
	all := []*seasonal{{name: config.NaturalSeason(c.Window.Every)}}
	if asked := c.Baseline.Season; asked != "" && asked != all[0].name {
		all = append(all, &seasonal{name: asked})
	}
	return all
}

// add takes a file's share of a window.
func (s *seasonal) add(one route.Part) error {
	if s.wide {
		return nil
	}
	at := calendar.Slot(s.name, one.Window)
	slot := s.slots[at]
	if slot == nil {
		slot = &slotted{windows: map[state.Window]bool{}, turns: map[int64]bool{}}
		if s.slots == nil {
			s.slots = map[int]*slotted{}
		}
		s.slots[at] = slot
	}
	s.columns = max(s.columns, breadth(one.Profile))
	if s.wide = len(s.slots)*s.columns > mostKeptParts; s.wide {
		s.slots = nil
		return nil
	}
	slot.windows[one.Window], slot.turns[calendar.Turn(s.name, one.Window)] = true, true
	if one.Window.End.After(slot.until) {
		slot.until = one.Window.End
	}
	return slot.merger.Add(one.Profile)
}

// breadth is how many columns a profile has, those of segments at a tenth: they
// are as much smaller.
func breadth(p *profile.Dataset) int {
	n := 0
	for i := range p.Segments {
		n += len(p.Segments[i].Profile.Columns)
	}
	return len(p.Columns) + n/10
}

// slotProfile is the encoded profile of a part of a season.
type slotProfile struct {
	season, name string
	data         []byte
}

// seasons describes what a reference is by the parts of its seasons; the
// profiles are to be stored with it.
func (m *model) seasons(whole *collect.Collection, contract *schema.Schema, w *windowed) ([]state.Season, []slotProfile, error) {
	parts, err := w.profiles()
	if err != nil || len(parts) == 0 {
		return nil, nil, err
	}
	var all []state.Season
	var stored []slotProfile
	for _, one := range w.seasons {
		if !one.turned() {
			continue
		}
		season, profiles := one.describe()
		if season.Variation, err = m.withinSlots(one, profiles, contract, parts); err != nil {
			return nil, nil, err
		}
		season.Differ = differ(one.name, w.seen, whole.Profile, contract)
		all = append(all, season)
		for i, slot := range season.Slots {
			stored = append(stored, slotProfile{one.name, slot.Name, profiles[i].Encode()})
		}
	}
	return all, stored, nil
}

// turned tells whether the reference has at least half of a turn in it: four days
// of a week, six months of a year.
func (s *seasonal) turned() bool {
	days := map[int]bool{}
	for at := range s.slots {
		if s.name == config.HourOfWeek {
			at /= 24
		}
		days[at] = true
	}
	return s.name == config.MonthOfYear && len(days) >= 6 || s.name != config.MonthOfYear && len(days) >= 4
}

// describe lists the parts of a season, in their order; their mergers are used up.
func (s *seasonal) describe() (state.Season, []*profile.Dataset) {
	season := state.Season{Name: s.name}
	var profiles []*profile.Dataset
	for _, at := range s.order() {
		slot := s.slots[at]
		name := calendar.SlotName(s.name, at)
		p := slot.merger.Dataset()
		season.Slots = append(season.Slots, state.Slot{Name: name, Windows: len(slot.windows), Turns: len(slot.turns), Rows: p.Rows, Until: slot.until})
		profiles = append(profiles, p)
	}
	return season, profiles
}

func (s *seasonal) order() []int {
	var order []int
	for at := range s.slots {
		order = append(order, at)
	}
	slices.Sort(order)
	return order
}

// fewestAlike is how many windows a part must have for how they differ to be known.
const fewestAlike = 2

// tooFewAlike says that the windows of a season's parts are too few to tell how
// windows of a part differ, "" if they are not: then a window that is held against
// its part would alarm for what days of a kind do among themselves. All windows
// together are more, and what they differ by has the season in it.
func tooFewAlike(s *state.Season) string {
	all := 0
	for i := range s.Slots {
		all += s.Slots[i].Windows
	}
	if free := all - len(s.Slots); free >= metric.FewestWindows-1 { // degrees of freedom that the season leaves
		return ""
	}
	turn := "weeks"
	if s.Name == config.MonthOfYear {
		turn = "years"
	}
	return fmt.Sprintf("it has %s, too few to tell how those of one %s differ (of two %s or more leeway baseline build makes one that does)", windows(all), partWords[s.Name], turn)
}

// withinSlots is how windows of the reference differ from those of their part of
// a season: what is left of their differences when the season is taken away.
func (m *model) withinSlots(s *seasonal, profiles []*profile.Dataset, contract *schema.Schema, parts []route.Part) (map[string][]metric.Deviate, error) {
	order := s.order()
	all := map[string][]metric.Deviate{}
	for _, one := range parts {
		at, found := slices.BinarySearch(order, calendar.Slot(s.name, one.Window))
		if !found {
			return nil, fmt.Errorf("window %s: the reference has no part of %s for it", one.Window.Key(), s.name)
		}
		if len(s.slots[order[at]].windows) < fewestAlike {
			continue
		}
		if err := m.remember(all, profiles[at], contract, one); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// keepSlots stores the profiles of the parts of a baseline.
func (m *model) keepSlots(ctx context.Context, version string, slots []slotProfile) error {
	for _, one := range slots {
		if err := m.DB.PutSlot(ctx, m.name, version, one.season, one.name, one.data); err != nil {
			return err
		}
	}
	return nil
}

// seasonWords are what the parts of a season are called.
var seasonWords = map[string]string{
	config.HourOfWeek: "hours of the week", config.DayOfWeek: "days of the week", config.MonthOfYear: "months",
}

// partWords are what one of them is called.
var partWords = map[string]string{
	config.HourOfWeek: "hour of the week", config.DayOfWeek: "day of the week", config.MonthOfYear: "month",
}

// namedColumns is how many columns a line names.
const namedColumns = 4

// unlike is the season whose parts differ in the reference though windows are not
// compared by them and could be; nil if there is none.
func (b *baseline) unlike(c *config.Config) *state.Season {
	if c.Baseline.Kind == "seasonal" {
		return nil
	}
	for i := range b.Seasons {
		s := &b.Seasons[i]
		if len(s.Differ) > 0 && tooFewAlike(s) == "" && config.Seasonable(s.Name, c.Window.Every) {
			return s
		}
	}
	return nil
}

// hint says so, and in which columns; "" if there is none.
func (b *baseline) hint(c *config.Config) string {
	s := b.unlike(c)
	if s == nil {
		return ""
	}
	var names []string
	for _, column := range s.Differ[:min(namedColumns, len(s.Differ))] {
		names = append(names, "`"+column+"`")
	}
	which := strings.Join(names, ", ")
	if more := len(s.Differ) - len(names); more > 0 {
		which += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("the reference's %s differ (%s), which hides smaller changes: baseline: {kind: seasonal, season: %s} would take that into account", seasonWords[s.Name], which, s.Name)
}

// hides is the same as a sentence of a verdict.
func (b *baseline) hides(c *config.Config) string {
	s := b.unlike(c)
	if s == nil {
		return ""
	}
	return fmt.Sprintf("The reference's %s differ, which hides smaller changes: baseline: {kind: seasonal, season: %s} would show them.", seasonWords[s.Name], s.Name)
}

// unseasoned says that a season is asked for of which no part of the baseline can
// be used; "" if it can.
func (b *baseline) unseasoned(c *config.Config) string {
	if c.Baseline.Kind != "seasonal" {
		return ""
	}
	why := unknownSeason(b, c.Window.Every, c.Baseline.Season)
	if why == "" {
		return ""
	}
	return "windows are not compared with parts of the baseline: " + why
}

// remedy says what to do about a baseline that does not know a season: it may be
// that no baseline of such a table does.
func remedy(b *baseline, season, every string) string {
	columns := breadth(b.profile)
	parts := config.Parts(season, every)
	if parts*columns <= mostKeptParts {
		return "leeway baseline build makes one that does, of data with time"
	}
	instead := "kind: rolling"
	if season == config.HourOfWeek && config.Parts(config.DayOfWeek, every)*columns <= mostKeptParts {
		instead = "kind: seasonal, season: " + config.DayOfWeek
	}
	return fmt.Sprintf("%d columns are too many to be kept by %d parts: baseline: {%s} can be had", columns, parts, instead)
}

// within is how the windows of the parts of a season differed from their part,
// nil if that is not known, of how many windows such a part was, and which share
// of these is free: of each part one is not. What is held against all that is
// known differs as windows do from the whole, which is given.
func (b *baseline) within(c *config.Config, how *report.Against, whole map[string][]metric.Deviate) (variation map[string][]metric.Deviate, then int, free float64) {
	known := b.Season(how.Season)
	if known == nil || len(known.Variation) == 0 || b.Every != c.Window.Every || tooFewAlike(known) != "" {
		return nil, 0, 0
	}
	windows, slots := 0, 0
	for i := range known.Slots {
		if n := known.Slots[i].Windows; n >= fewestAlike {
			windows, slots = windows+n, slots+1
		}
	}
	all := maps.Clone(known.Variation)
	for id, deviates := range whole {
		if quality.ByKnown(id) || strings.HasPrefix(id, performance.Name+".") || fairness.Between(id) { // labels and groups are held against all of the reference's
			all[id] = deviates
		}
	}
	return all, windows / slots, 1 - float64(slots)/float64(windows)
}

// slot is the profile of a part of a season of a baseline.
func (m *model) slot(ctx context.Context, b *baseline, season, name string) (*profile.Dataset, error) {
	data, err := m.DB.BaselineSlot(ctx, m.name, b.Version, season, name)
	var decoded *profile.Dataset
	if err == nil {
		decoded, err = profile.Decode(data)
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound:
		d := state.Damage{Key: state.SlotKey(m.name, b.Version, season, name), Size: int64(len(data)), Err: err}
		if err = error(d.Fault(m.name)); b != m.baseline {
			err = lost{err}
		}
	}
	return decoded, err
}

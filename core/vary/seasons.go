package vary

import (
	"fmt"
	"slices"
	"time"

	"leeway/core/calendar"
	"leeway/core/config"
	"leeway/core/metric"
	"leeway/core/profile"
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

// Slot is the encoded profile of a part of a season: of "saturday" of "day-of-week".
type Slot struct {
	Season, Name string
	Data         []byte
}

// ofSeasons describes what a reference is by the parts of its seasons; the
// profiles are to be stored with it.
func (w *Windows) ofSeasons(whole *profile.Dataset, contract *schema.Schema) ([]state.Season, []Slot, error) {
	parts, err := w.profiles()
	if err != nil || len(parts) == 0 {
		return nil, nil, err
	}
	var all []state.Season
	var stored []Slot
	for _, one := range w.seasons {
		if !one.turned() {
			continue
		}
		season, profiles := one.describe()
		if season.Variation, err = w.withinSlots(one, profiles, contract, parts); err != nil {
			return nil, nil, err
		}
		season.Differ = differ(one.name, w.seen, whole, contract)
		all = append(all, season)
		for i, slot := range season.Slots {
			stored = append(stored, Slot{one.name, slot.Name, profiles[i].Encode()})
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

// FewestAlike is how many windows a part must have for how they differ to be known.
const FewestAlike = 2

// withinSlots is how windows of the reference differ from those of their part of
// a season: what is left of their differences when the season is taken away.
func (w *Windows) withinSlots(s *seasonal, profiles []*profile.Dataset, contract *schema.Schema, parts []route.Part) (map[string][]metric.Deviate, error) {
	order := s.order()
	all := map[string][]metric.Deviate{}
	for _, one := range parts {
		at, found := slices.BinarySearch(order, calendar.Slot(s.name, one.Window))
		if !found {
			return nil, fmt.Errorf("window %s: the reference has no part of %s for it", one.Window.Key(), s.name)
		}
		if len(s.slots[order[at]].windows) < FewestAlike {
			continue
		}
		if err := w.remember(all, profiles[at], contract, one); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Remedy says what to do about a baseline that does not know a season: it may be
// that no baseline of such a table does, whose profile is given.
func Remedy(p *profile.Dataset, season, every string) string {
	columns := breadth(p)
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

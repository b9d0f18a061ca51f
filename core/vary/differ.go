package vary

import (
	"cmp"
	"slices"
	"time"

	"leeway/core/calendar"
	"leeway/core/config"
	"leeway/core/profile"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/sketch"
	"leeway/core/stat"
	"leeway/core/state"
)

// mostSeen bounds how many windows of a reference are looked at for seasons, times
// columns: of a longer one every fifth day is, and again. Whole days, for hours
// are compared within them; and five goes into no week.
const mostSeen = 200_000

// differs is the chance that a reference without any season is said to have one.
const differs = 0.01

// seen is where the windows of a reference stand, column by column. It is a
// function of their rows, in whatever order and by how many files they come.
type seen struct {
	windows map[state.Window]map[string]*stood
	columns int   // of all windows together
	most    int   // columns that are kept
	stride  int64 // every so manieth day is kept
}

// stood is where one window stands in one column.
type stood struct {
	values int64
	sum    *sketch.Sum // of numbers: exact, for a rounded one hangs on the order
	shares shares
}

func newSeen(most int) *seen {
	return &seen{windows: map[state.Window]map[string]*stood{}, most: most, stride: 1}
}

// add takes a file's share of a window.
func (s *seen) add(one route.Part) {
	if !s.wants(one.Window) {
		return
	}
	columns := s.windows[one.Window]
	if columns == nil {
		columns = map[string]*stood{}
		s.windows[one.Window] = columns
	}
	for _, column := range one.Profile.Columns {
		now := columns[column.Name]
		if now == nil {
			now = &stood{}
			columns[column.Name] = now
			s.columns++
		}
		now.add(column)
	}
	for s.columns > s.most && len(s.windows) > 1 {
		s.thin()
	}
}

func (s *stood) add(column *profile.Column) {
	s.values += column.Valid()
	switch {
	case column.Numeric != nil && s.sum == nil:
		sum := column.Numeric.Sum
		s.sum = &sum
	case column.Numeric != nil:
		s.sum.Merge(&column.Numeric.Sum)
	case column.Categories != nil:
		s.shares.add(column.Categories)
	}
}

func (s *seen) wants(w state.Window) bool { return calendar.Day(w)%s.stride == 0 }

// thin lets four of five days go.
func (s *seen) thin() {
	s.stride *= thinned
	for window, columns := range s.windows {
		if !s.wants(window) {
			s.columns -= len(columns)
			delete(s.windows, window)
		}
	}
}

// course is where windows stand in one respect.
type course map[state.Window]float64

// courses are a column's: the mean of numbers, the shares of the categories that
// are the largest in all of the reference.
func (s *seen) courses(column *profile.Column) []course {
	var categories []string
	if column.Categories != nil {
		heavy := column.Categories.Heavy()
		for _, one := range heavy[:min(len(heavy), 3)] {
			categories = append(categories, one.Text)
		}
	}
	numbers := 0
	if column.Numeric != nil {
		numbers = 1
	}
	all := make([]course, numbers+len(categories))
	for i := range all {
		all[i] = course{}
	}
	for window, columns := range s.windows {
		now := columns[column.Name]
		if now == nil || now.values < FewestRows {
			continue
		}
		if numbers > 0 && now.sum != nil {
			all[0][window] = sketch.Mean(now.values, now.sum)
		}
		for i, name := range categories {
			all[numbers+i][window] = float64(now.shares.of(name)) / float64(now.values)
		}
	}
	return all
}

// differ lists the columns in which the parts of a season differ by more than
// windows of a part do among themselves, most first: certain to [differs], over
// all of them together.
func differ(season string, s *seen, whole *profile.Dataset, contract *schema.Schema) []string {
	type found struct {
		column string
		p      float64
	}
	var all []found
	tests := 0
	for i := range contract.Columns {
		declared := &contract.Columns[i]
		column := whole.Column(declared.Name)
		if column == nil || !declared.Role.Drifts() {
			continue
		}
		least := found{declared.Name, 2}
		for _, one := range s.courses(column) {
			if p, err := one.season(season); err == nil {
				tests++
				least.p = min(least.p, p)
			}
		}
		if least.p <= 1 { // else nothing could be tested
			all = append(all, least)
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(a.p, b.p) })
	var names []string
	for _, one := range all {
		if float64(one.p*float64(tests)) <= differs {
			names = append(names, one.column)
		}
	}
	return names
}

// season is the p-value of that the parts of a season are alike. Windows near
// each other are alike anyway, so what is compared is far apart: whole days, and
// whole months of several years; and of the hours of a day the shape that days
// have in common.
func (c course) season(name string) (float64, error) {
	switch name {
	case config.MonthOfYear:
		return stat.Between(c.grouped(12, func(w state.Window) (int64, int) {
			at := calendar.Middle(w)
			return int64(at.Year()*12 + int(at.Month())), calendar.Slot(name, w)
		}))
	case config.HourOfWeek:
		days, err := stat.Between(c.grouped(7, byDay))
		hours, err2 := stat.Cycle(c.turns())
		switch {
		case err2 != nil:
			return days, err
		case err != nil:
			return hours, nil
		}
		return min(2*min(days, hours), 1), nil
	}
	return stat.Between(c.grouped(7, byDay))
}

func byDay(w state.Window) (unit int64, slot int) {
	return calendar.Day(w), int(w.Start.Weekday())
}

// grouped are the means of units of windows, by the part of the season that they
// are of, in order of time.
func (c course) grouped(slots int, of func(state.Window) (unit int64, slot int)) [][]float64 {
	type total struct {
		sum, windows float64
		slot         int
	}
	units := map[int64]*total{}
	var order []int64
	for _, window := range c.order() {
		unit, slot := of(window)
		if units[unit] == nil {
			units[unit], order = &total{slot: slot}, append(order, unit)
		}
		units[unit].sum += c[window]
		units[unit].windows++
	}
	groups := make([][]float64, slots)
	for _, unit := range order {
		one := units[unit]
		groups[one.slot] = append(groups[one.slot], one.sum/one.windows)
	}
	return groups
}

// turns are the days of which all windows are there.
func (c course) turns() []stat.Turn {
	var all []stat.Turn
	var turn []float64
	var now int64
	for i, window := range c.order() {
		length := window.End.Sub(window.Start)
		if 24*time.Hour%length != 0 {
			return nil
		}
		if day := calendar.Day(window); i == 0 || day != now {
			now, turn = day, nil
		}
		if turn = append(turn, c[window]); len(turn) == int(24*time.Hour/length) {
			all = append(all, stat.Turn{At: now, Values: turn})
		}
	}
	return all
}

func (c course) order() []state.Window {
	order := make([]state.Window, 0, len(c))
	for window := range c {
		order = append(order, window)
	}
	slices.SortFunc(order, state.Window.Compare)
	return order
}

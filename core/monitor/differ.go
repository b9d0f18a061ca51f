package monitor

import (
	"cmp"
	"slices"
	"time"

	"leeway/core/config"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/stat"
	"leeway/core/state"
)

// mostSeen bounds how many windows of a reference are looked at for seasons, times
// columns, and seenCategories how many categories of each.
const (
	mostSeen       = 400_000
	seenCategories = 8
)

// differs is the chance that a reference without any season is said to have one.
const differs = 0.01

// seen is where the windows of a reference stand, column by column.
type seen map[state.Window]map[string]*stood

// stood is where one window stands in one column.
type stood struct {
	values int64
	sum    float64 // of numbers
	counts map[string]int64
}

// add takes a file's share of a window.
func (s seen) add(one part) {
	columns := s[one.window]
	if columns == nil {
		if len(s)*len(one.profile.Columns) >= mostSeen {
			return
		}
		columns = map[string]*stood{}
		s[one.window] = columns
	}
	for _, column := range one.profile.Columns {
		now := columns[column.Name]
		if now == nil {
			now = &stood{}
			columns[column.Name] = now
		}
		n := column.Valid()
		now.values += n
		switch {
		case column.Numeric != nil && n > 0:
			now.sum += float64(column.Numeric.Mean() * float64(n))
		case column.Categories != nil:
			if now.counts == nil {
				now.counts = map[string]int64{}
			}
			heavy := column.Categories.Heavy()
			for _, one := range heavy[:min(len(heavy), seenCategories)] {
				now.counts[one.Text] += one.Count
			}
		}
	}
}

// course is where windows stand in one respect.
type course map[state.Window]float64

// courses are a column's: the mean of numbers, the shares of the categories that
// are the largest in all of the reference.
func (s seen) courses(column *profile.Column) []course {
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
	for window, columns := range s {
		now := columns[column.Name]
		if now == nil || now.values < fewestRows {
			continue
		}
		if numbers > 0 {
			all[0][window] = now.sum / float64(now.values)
		}
		for i, name := range categories {
			all[numbers+i][window] = float64(now.counts[name]) / float64(now.values)
		}
	}
	return all
}

// differ lists the columns in which the parts of a season differ by more than
// windows of a part do among themselves, most first: certain to [differs], over
// all of them together.
func differ(season string, s seen, whole *profile.Dataset, contract *schema.Schema) []string {
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
			at := middle(w)
			return int64(at.Year()*12 + int(at.Month())), slotOf(name, w)
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
	const day = 24 * 60 * 60
	return w.Start.Unix() / day, int(w.Start.Weekday())
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
		if day, _ := byDay(window); i == 0 || day != now {
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

package schema

import (
	"slices"
	"strings"
)

// textLayouts are the layouts that texts are tried for; numbers have their own.
var (
	textLayouts  = []Layout{ISO, DayFirst, MonthFirst, Named, Compact}
	epochLayouts = []Layout{EpochS, EpochMS, EpochUS, EpochNS}
)

// detected is the layout that most cells are in.
type detected struct {
	layout Layout
	count  int    // cells in the layout
	note   string // an assumption that the cells do not prove
}

// detect finds the layout that fits the most cells. Where day-first and
// month-first fit equally well, ascending order decides (logs are written in
// order), then the usage of the separator.
func detect(cells []Cell, among []Layout) detected {
	var best detected
	var ties []Layout
	for _, layout := range among {
		if !plausible(cells, layout) {
			continue
		}
		n := 0
		for i := range cells {
			if _, ok := cells[i].time(layout); ok {
				n++
			}
		}
		switch {
		case n > best.count:
			best, ties = detected{layout: layout, count: n}, []Layout{layout}
		case n == best.count && n > 0:
			ties = append(ties, layout)
		}
	}
	if slices.Contains(ties, DayFirst) && slices.Contains(ties, MonthFirst) {
		best.layout, best.note = order(cells)
	}
	return best
}

// plausible looks at the first cells only: most must be in the layout.
func plausible(cells []Cell, layout Layout) bool {
	tried, fit := 0, 0
	for i := range cells {
		if cells[i].Native == NativeNull || cells[i].Text == "" || isAbsent(strings.TrimSpace(cells[i].Text)) {
			continue
		}
		if _, ok := cells[i].time(layout); ok {
			fit++
		}
		if tried++; tried == 50 {
			break
		}
	}
	return 2*fit > tried
}

// time is the instant of a cell; counts since 1970 are held to 1990..2099.
func (c *Cell) time(layout Layout) (int64, bool) {
	if c.Native == NativeNull || c.Native == NativeBool || c.Native == NativeList || len(c.Text) > 48 {
		return 0, false
	}
	var buffer [48]byte
	t, ok := ParseTime(buffer[:copy(buffer[:], c.Text)], layout)
	if ok && slices.Contains(epochLayouts, layout) {
		ok = t >= 631152000e9 && t < 4102444800e9 // any number is a count since 1970
	}
	return t, ok
}

// order decides between day-first and month-first for cells that are both.
func order(cells []Cell) (Layout, string) {
	day, month := ascents(cells, DayFirst), ascents(cells, MonthFirst)
	switch {
	case day > month:
		return DayFirst, "day first, since the rows are then in order"
	case month > day:
		return MonthFirst, "month first, since the rows are then in order"
	}
	for i := range cells {
		for _, c := range cells[i].Text {
			switch c {
			case '.':
				return DayFirst, "day first, as usual with points; no cell proves it"
			case '/', '-':
				return MonthFirst, "month first; no cell proves it"
			}
		}
	}
	return MonthFirst, ""
}

// ascents counts the cells that are not earlier than the one before.
func ascents(cells []Cell, layout Layout) int {
	n, last, first := 0, int64(0), true
	for i := range cells {
		t, ok := cells[i].time(layout)
		if !ok {
			continue
		}
		if !first && t >= last {
			n++
		}
		last, first = t, false
	}
	return n
}

// numberLayouts are the layouts that a column of numbers may be an instant in:
// eight or fourteen digits that are dates, or under a name of time a count
// since 1970 that falls into the years 1990 to 2100.
func numberLayouts(d *draft) []Layout {
	named := timeRank(d) > 0
	if d.points == 0 && d.shortest == d.longest && (d.longest == 8 || d.longest == 14) && (named || d.distinct >= 20) {
		return []Layout{Compact}
	}
	if named {
		return epochLayouts
	}
	return nil
}

package quality

import (
	"fmt"
	"math"

	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/stat"
)

// In nanoseconds: a day, an hour, and how near to a whole hour times must have
// moved.
const (
	aDay  = int64(86400e9)
	aHour = int64(3600e9)
	near  = int64(120e9)
)

// plenty is how many times make their first and last one mean something.
const plenty = 100

// clocks tells of time columns that have moved by whole hours within the day:
// another time zone. What is busy by day is then busy at another hour; or, where
// all hours are alike or unknown, the first and the last time have moved.
// Whoever cuts windows at another hour sees the latter, so it is no alarm.
func (w *window) clocks() {
	for i := range w.in.Schema.Columns {
		contract := &w.in.Schema.Columns[i]
		ref, cur := w.in.Reference.Column(contract.Name), w.in.Current.Column(contract.Name)
		if contract.Kind != schema.Time || contract.Role == schema.Ignore || ref == nil || cur == nil {
			continue
		}
		w.clock(&column{window: w, contract: contract, ref: ref, cur: cur})
	}
}

func (w *window) clock(c *column) {
	t, told := turned(c.ref, c.cur)
	if told && w.in.Series {
		c.note(hoursKey(c.contract.Name), float64(t.hours))
	}
	usual := c.usuallyTurned(t.hours)
	e := evidence("shifted_time", metric.Labels{Column: c.contract.Name})
	e.Notable, e.NReference, e.NCurrent = true, c.ref.Valid(), c.cur.Valid()
	if told && !(t.late(c.cur) && usual != 0) {
		if t.hours == 0 {
			return
		}
		e.Value, e.Effect = float64(t.hours), math.Abs(float64(t.hours))
		e.Message = fmt.Sprintf("`%s`: the rows by hour of the day all lie %s than those of the reference.", c.contract.Name, away(t.hours))
		e.Hint = "Compare the time zones of what writes and what reads the column: one may take local time for UTC, or daylight saving time began."
		if t.hours != 1 && t.hours != -1 { // which is what summer does twice a year
			if math.IsNaN(usual) {
				usual = 0
			}
			e.P, e.Null, e.Material = max(t.chance(), usual), least(usual), neverAlert
		}
		w.add(e)
		return
	}
	hours, _ := shifted(c.ref, c.cur)
	if hours == 0 {
		return
	}
	e.Value = float64(hours)
	e.Message = fmt.Sprintf("`%s`: the first and the last time both lie %s in the day than those of the reference.", c.contract.Name, away(hours))
	e.Hint = "Compare the time zones of what writes and what reads the column: one may take local time for UTC. If windows are cut at another hour, all is well."
	w.add(e)
}

// neverAlert is more hours than there are: the times of another zone are a warning.
const neverAlert = 24

// hoursKey names by how many hours a window lies elsewhere in the day, in check.Outcome
// and in check.Input.Variation.
func hoursKey(column string) string { return prefix("shifted_time") + column + " hours" }

// usuallyTurned is the chance that a window lies so many hours or more to the same side if
// it is like those of the reference: of k in n that did, this one is as likely as any of
// the n+1 to be one of k+1. 0 where none did; NaN where too few are known.
func (c *column) usuallyTurned(hours int64) float64 {
	windows := c.in.Variation[hoursKey(c.contract.Name)]
	if len(windows) < metric.FewestWindows {
		return math.NaN()
	}
	k := 0
	for _, one := range windows {
		if one.Z*float64(hours) >= float64(hours*hours) {
			k++
		}
	}
	if k == 0 {
		return 0
	}
	return float64(k+1) / float64(len(windows)+1)
}

// away says by how much times moved, and which way.
func away(hours int64) string {
	way := "later"
	if hours < 0 {
		hours, way = -hours, "earlier"
	}
	if hours == 1 {
		return "1 hour " + way
	}
	return fmt.Sprintf("%d hours %s", hours, way)
}

// Pearson's statistic of 24 cells that agree is about agrees, in one case of a
// hundred beyond agreesAtMost, and of a million beyond differs. One that is less
// by better is some thousand times as likely.
const (
	agrees       = 23
	agreesAtMost = 41.6
	differs      = 71
	better       = 16
)

// weekend is by how many hours some days are later than others.
const weekend = 2

// turn is a move round the clock.
type turn struct {
	hours int64
	fell  float64 // Pearson's statistic without it, less what is left with it
}

// late tells that it may be a weekend: by an hour or two, of less than three days.
func (t turn) late(cur *profile.Column) bool {
	return t.hours != 0 && max(t.hours, -t.hours) <= weekend && cur.Last-cur.First < 3*aDay
}

// chance is at most how likely it is that counts which have not moved say that they have:
// what is left is never below 0, so the statistic itself falls by no more than it is.
func (t turn) chance() float64 { return stat.ChiSquareTail(t.fell, agrees) }

// turned is by how many hours, from -11 to 12, the counts by hour of the day
// moved round the clock; told is that they say so, or that they did not move. Of the
// reference there are enough whole days for hours to weigh alike, and of the current
// side half of one: where it is no day, the counts do not agree. Moved back, the
// counts agree, and with an hour more or less clearly less so; or an eighth of
// the statistic, which is a third of the distance, is left, and 1.4 times the
// distance with an hour more or less.
func turned(ref, cur *profile.Column) (t turn, told bool) {
	if ref.Hours == nil || cur.Hours == nil || ref.Valid() < plenty || cur.Valid() < plenty ||
		ref.Last-ref.First < 3*aDay || cur.Last-cur.First < aDay/2 {
		return t, false
	}
	var apart [24]float64
	best := 0
	for by := range apart {
		apart[by] = turnedBy(ref.Hours, cur.Hours, by)
		if apart[by] < apart[best] {
			best = by
		}
	}
	left, next := max(apart[best]-agrees, 0), min(apart[(best+1)%24], apart[(best+23)%24])
	agreed := apart[best] <= agreesAtMost && next-apart[best] >= better
	near := next >= max(differs, agrees+float64(2*left)) && (best == 0 || float64(8*left) <= apart[0]-agrees)
	if !agreed && !near || best > 0 && apart[0] < differs {
		return t, false
	}
	t = turn{int64(best), apart[0] - apart[best]}
	if best > 12 {
		t.hours -= 24
	}
	return t, true
}

// turnedBy is Pearson's statistic between the hours of the reference, some later,
// and those of the current side.
func turnedBy(ref, cur *profile.Hours, by int) float64 {
	n, m, sum := 0.0, 0.0, 0.0
	for i := range ref {
		n, m = n+float64(ref[i]), m+float64(cur[i])
	}
	for i, a := range ref {
		b := cur[(i+by)%24]
		if a+b > 0 {
			off := float64(float64(a)*math.Sqrt(m/n)) - float64(float64(b)*math.Sqrt(n/m))
			sum += float64(off * off / float64(a+b))
		}
	}
	return sum
}

// shifted is by how many hours, from -11 to 12, both ends moved within the day.
func shifted(ref, cur *profile.Column) (hours int64, moved bool) {
	if ref.Valid() < plenty || cur.Valid() < plenty || ref.Last-ref.First < aDay/2 || cur.Last-cur.First < aDay/2 {
		return 0, false
	}
	first, last := cur.First-ref.First, cur.Last-ref.Last
	hours = int64(math.Round(float64(within(first)) / float64(aHour)))
	for _, moved := range []int64{first, last} {
		if off := within(moved - hours*aHour); off < -near || off > near {
			return 0, false
		}
	}
	if hours == -12 {
		hours = 12
	}
	return hours, hours != 0
}

// within is a time within the day: from -12 to 12 hours.
func within(t int64) int64 {
	t = ((t % aDay) + aDay) % aDay
	if t > aDay/2 {
		t -= aDay
	}
	return t
}

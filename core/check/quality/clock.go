package quality

import (
	"fmt"
	"math"

	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
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
		hours, told := turned(ref, cur)
		where := fmt.Sprintf("the rows by hour of the day all lie %s", away(hours))
		hint := "Compare the time zones of what writes and what reads the column: one may take local time for UTC, or daylight saving time began."
		if !told {
			hours, _ = shifted(ref, cur)
			where = fmt.Sprintf("the first and the last time both lie %s in the day", away(hours))
			hint = "Compare the time zones of what writes and what reads the column: one may take local time for UTC. If windows are cut at another hour, all is well."
		}
		if hours == 0 {
			continue
		}
		e := evidence("shifted_time", metric.Labels{Column: contract.Name})
		e.Notable, e.Value = true, float64(hours)
		e.NReference, e.NCurrent = ref.Valid(), cur.Valid()
		e.Message = fmt.Sprintf("`%s`: %s than those of the reference.", contract.Name, where)
		e.Hint = hint
		w.add(e)
	}
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

// turned is by how many hours, from -11 to 12, the counts by hour of the day
// moved round the clock; told is that they say so, or that they did not move. Of the
// reference there are enough whole days for hours to weigh alike, and of the current
// side half of one: where it is no day, the counts do not agree. Moved back, the
// counts agree, and with an hour more or less clearly less so; or an eighth of
// the statistic, which is a third of the distance, is left, and 1.4 times the
// distance with an hour more or less. Less than three days may be a weekend, which is
// up to two hours late.
func turned(ref, cur *profile.Column) (hours int64, told bool) {
	if ref.Hours == nil || cur.Hours == nil || ref.Valid() < plenty || cur.Valid() < plenty ||
		ref.Last-ref.First < 3*aDay || cur.Last-cur.First < aDay/2 {
		return 0, false
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
		return 0, false
	}
	if best > 12 {
		best -= 24
	}
	if late := max(best, -best); late > 0 && late <= weekend && cur.Last-cur.First < 3*aDay {
		return 0, false
	}
	return int64(best), true
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
	hours = int64(math.Round(float64(turn(first)) / float64(aHour)))
	for _, moved := range []int64{first, last} {
		if off := turn(moved - hours*aHour); off < -near || off > near {
			return 0, false
		}
	}
	if hours == -12 {
		hours = 12
	}
	return hours, hours != 0
}

// turn is a time within the day: from -12 to 12 hours.
func turn(t int64) int64 {
	t = ((t % aDay) + aDay) % aDay
	if t > aDay/2 {
		t -= aDay
	}
	return t
}

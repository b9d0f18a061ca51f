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

// clocks tells of time columns whose first and last value have moved by the
// same whole hours within the day: another time zone. Whoever cuts windows at
// another hour sees the same, so it is no alarm.
func (w *window) clocks() {
	for i := range w.in.Schema.Columns {
		contract := &w.in.Schema.Columns[i]
		ref, cur := w.in.Reference.Column(contract.Name), w.in.Current.Column(contract.Name)
		if contract.Kind != schema.Time || contract.Role == schema.Ignore || ref == nil || cur == nil {
			continue
		}
		hours, moved := shifted(ref, cur)
		if !moved {
			continue
		}
		e := evidence("shifted_time", metric.Labels{Column: contract.Name})
		e.Notable, e.Value = true, float64(hours)
		e.NReference, e.NCurrent = ref.Valid(), cur.Valid()
		unit := "hours"
		if hours*hours == 1 {
			unit = "hour"
		}
		e.Message = fmt.Sprintf("`%s`: the first and the last time both lie %+d %s later in the day than those of the reference.", contract.Name, hours, unit)
		e.Hint = "Compare the time zones of what writes and what reads the column: one may take local time for UTC. If windows are cut at another hour, all is well."
		w.add(e)
	}
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

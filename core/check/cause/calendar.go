package cause

import "time"

// week is how many hours a week has.
const week = 7 * 24

// elsewhen is the share of the current side's hours that lie in hours of the week which
// the reference has none of: a Monday against a weekend. Days of the week differ by
// themselves. It is 0 where either side's times are not known.
func (w *window) elsewhen() float64 {
	ref, cur := w.in.Reference, w.in.Current
	if ref.Start == 0 || cur.Start == 0 {
		return 0
	}
	before, now := hoursOfWeek(ref.Start, ref.End), hoursOfWeek(cur.Start, cur.End)
	hours, others := 0, 0
	for h := range week {
		if now[h] {
			hours++
			if !before[h] {
				others++
			}
		}
	}
	return float64(others) / float64(hours)
}

// hoursOfWeek marks the hours of the week between two instants, in UTC. An end at
// midnight is a date, and its day counts.
func hoursOfWeek(start, end int64) (is [week]bool) {
	const hour = int64(time.Hour)
	if end%(24*hour) == 0 {
		end += 23 * hour
	}
	first := start / hour
	for h := first; h <= end/hour && h < first+week; h++ {
		is[(h%week+week)%week] = true
	}
	return is
}

// weekday tells that a value that rose may be one of other days of the week: it is no
// stranger to the column, and the current side has that many rows in hours of the week
// that the reference lacks. Rows can come twice as thick there.
func (c *column) weekday(r *rise) bool {
	return r.usual && !r.precise && !r.filled && float64(2*c.elsewhen()) >= r.now-r.before
}

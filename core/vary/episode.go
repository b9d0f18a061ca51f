package vary

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"leeway/core/metric"
	"leeway/core/route"
	"leeway/core/stat"
	"leeway/core/state"
)

// A reference may have a bad stretch: a few windows on end that stand apart from all
// others, before and after. Left in it they move its mean and widen all that is held
// against it, so that a level which is off for good stays hidden. Such windows are left
// out of a baseline, and the baseline says so.

// leastApart is how far such a stretch must be off, in standard deviations of rows (for
// shares of those of one row): less moves hardly anything.
const leastApart = 0.25

// Episode is windows on end that stand apart from all others in some column.
type Episode struct {
	first, last state.Window
	column      string // in which they do most
}

// stands are where windows of a reference stand: their paces, and which windows these
// are of.
type stands struct {
	variation map[string][]metric.Deviate
	windows   map[string][]int
}

// note takes in what was added for a window since the last.
func (s *stands) note(window int) {
	for key, said := range s.variation {
		for strings.HasPrefix(key, "pace ") && len(s.windows[key]) < len(said) {
			s.windows[key] = append(s.windows[key], window)
		}
	}
}

// found is windows from one on to before another, by how much they stand apart.
type found struct {
	from, to int
	apart    float64
	key      string
}

// Apart finds the stretches of windows that stand apart from all others in some column,
// a tenth of the windows at the most: of more the gravest. windows is how many there
// are; of tells of each pace which windows it is known of, nil where all are. It is
// exported for scripts/calibrate.
func Apart(windows int, variation map[string][]metric.Deviate, of map[string][]int) []int {
	var out []int
	for _, one := range apart(windows, variation, of) {
		for at := one.from; at < one.to; at++ {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func apart(windows int, variation map[string][]metric.Deviate, of map[string][]int) []found {
	var all []found
	for key, said := range variation {
		if !strings.HasPrefix(key, "pace ") {
			continue
		}
		z, typical := make([]float64, len(said)), 0.0
		for i, one := range said {
			z[i] = one.Z
			typical += one.N / float64(len(said))
		}
		from, to, by := stat.Stretch(z)
		if to == from || float64(by*by) < float64(leastApart*leastApart*typical) {
			continue
		}
		if of != nil {
			from, to = of[key][from], of[key][to-1]+1
		}
		all = append(all, found{from, to, by, key})
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Or(cmp.Compare(b.apart, a.apart), cmp.Compare(a.key, b.key)) })
	taken := map[int]bool{}
	return slices.DeleteFunc(all, func(one found) bool {
		more := maps.Clone(taken)
		for at := one.from; at < one.to; at++ {
			more[at] = true
		}
		if len(more) == len(taken) || len(more) > (windows+9)/10 {
			return true
		}
		taken = more
		return false
	})
}

// episodes names the windows that stand apart.
func (s *stands) episodes(parts []route.Part) []Episode {
	var all []Episode
	for _, one := range apart(len(parts), s.variation, s.windows) {
		all = append(all, Episode{parts[one.from].Window, parts[one.to-1].Window, ofPace(one.key)})
	}
	slices.SortFunc(all, func(a, b Episode) int { return a.first.Compare(b.first) })
	return all
}

// ofPace is the column of a pace by its key, see [check.PaceKey].
func ofPace(key string) string {
	name := strings.TrimPrefix(key, "pace ")
	if column, _, category := strings.Cut(name, " ="); category {
		return column
	}
	return name[:strings.LastIndex(name, " ")]
}

// has tells whether a time is in the stretch.
func (s *Episode) has(at int64) bool {
	return s.first.Start.UnixNano() <= at && at < s.last.End.UnixNano()
}

// Skip tells whether a row of such a time, in nanoseconds since 1970, is in a stretch that
// is left out; it is nil where none is.
func (w *Windows) Skip() func(at int64) bool {
	if len(w.without) == 0 {
		return nil
	}
	return func(at int64) bool { return slices.ContainsFunc(w.without, func(s Episode) bool { return s.has(at) }) }
}

// LeftOut says, a line for each of these stretches, what the reference has not.
func (w *Windows) LeftOut() []string {
	var lines []string
	for _, s := range w.without {
		lines = append(lines, fmt.Sprintf("left out of the baseline: %s, where `%s` stood apart from all windows before and after", s.words(), s.column))
	}
	return lines
}

// words are its days, or its hours where windows are shorter.
func (s *Episode) words() string {
	if s.last.End.Sub(s.last.Start) < day {
		return s.first.Start.Format("2006-01-02 15:04") + " to " + s.last.End.Format("2006-01-02 15:04")
	}
	return s.first.Start.Format(time.DateOnly) + " to " + s.last.End.Add(-1).Format(time.DateOnly)
}

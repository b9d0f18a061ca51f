package quality

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
)

// TestUsualDays: days and three days of rented bicycles against the four weeks before, where it is known
// how each of these days, or each three of them, lies against all: none that has not moved is a
// warning. Moved by two hours many are, and by five most, and none by other hours.
func TestUsualDays(t *testing.T) {
	days := bicycles(t)
	for _, length := range []int{1, 3} {
		looked := 0
		told := map[int]int{}
		for i := 28; i+length <= len(days); i++ {
			ref := together(days, i-28, i, 0)
			variation := usualHours(days, i, length, ref)
			looked++
			for _, later := range []int{0, 1, 2, 5} {
				e := clockOf(ref, together(days, i, i+length, later), variation)
				if e == nil {
					continue
				}
				warns := e.P <= 1e-4
				if warns && int(e.Value) == later {
					told[later]++
				} else if warns || later == 0 && e.Value*e.Value > 1 {
					t.Errorf("day %d, of %d, %d hours late: %v hours, p = %g", i, length, later, e.Value, e.P)
				}
			}
		}
		t.Logf("of %d: warnings of %d: %v", length, looked, told)
		if told[0]+told[1] > 0 || told[2]*8 < looked || told[5]*2 < looked {
			t.Errorf("of %d: warnings of %d: %v", length, looked, told)
		}
	}
}

// usualHours is what windows of the 28 days before i say of themselves.
func usualHours(days []profile.Hours, i, length int, ref *profile.Column) map[string][]metric.Deviate {
	var said []metric.Deviate
	for k := i - 28; k+length <= i; k += length {
		if own, ok := turned(ref, together(days, k, k+length, 0)); ok {
			said = append(said, metric.Deviate{Z: float64(own.hours)})
		}
	}
	return map[string][]metric.Deviate{hoursKey("at"): said}
}

// clockOf is what is said of the times of a window, nil for nothing.
func clockOf(ref, cur *profile.Column, variation map[string][]metric.Deviate) *check.Evidence {
	w := &window{in: &check.Input{
		Schema:    &schema.Schema{Columns: []schema.Column{{Name: "at", Kind: schema.Time}}},
		Reference: &profile.Dataset{Columns: []*profile.Column{ref}}, Current: &profile.Dataset{Columns: []*profile.Column{cur}},
		Variation: variation,
	}}
	w.clocks()
	return evidenceOf(w.out, "shifted_time", "at")
}

// TestUnmovedTimes: of simulated windows in whose times nothing changed, of few rows and of many, in
// days of any shape, none says that they moved, be it with a chance of a half.
func TestUnmovedTimes(t *testing.T) {
	r := rand.New(rand.NewPCG(24, 7))
	draw := func(n int, upTo *[24]float64) *profile.Column {
		c := &profile.Column{Name: "at", Kind: schema.Time, Hours: new(profile.Hours), Rows: int64(n), Last: 30*aDay - 1}
		for range n {
			at, _ := slices.BinarySearch(upTo[:], r.Float64()*upTo[23])
			c.Hours[min(at, 23)]++
		}
		return c
	}
	moved, windows := 0, 2000
	for i := range windows {
		var upTo [24]float64
		sum, peaks := 0.0, float64(i%5)
		for h := range upTo { // even, waves of two kinds, random hours, one busy hour
			sum += map[float64]float64{0: 1, 1: 1.2 + math.Sin(float64(h)/24*2*math.Pi), 2: 1.1 + math.Sin(float64(h)/12*2*math.Pi), 3: r.ExpFloat64(), 4: 0.2}[peaks]
			if peaks == 4 && h == 9 {
				sum += 5
			}
			upTo[h] = sum
		}
		n := []int{100, 300, 1000, 3000}[i%4]
		if e := clockOf(draw(3*n, &upTo), draw(n, &upTo), nil); e != nil && (e.P <= 0.5 || math.IsNaN(e.P)) {
			moved++
		}
	}
	if moved > 0 {
		t.Errorf("%d of %d windows", moved, windows)
	}
}

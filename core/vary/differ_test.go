package vary

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/frame"
	"leeway/core/profile"
	"leeway/core/route"
	"leeway/core/sketch"
	"leeway/core/state"
)

// TestSeenOfLongReferences: of a reference with more windows than are looked at,
// every fifth day stays, whole, whatever comes first.
func TestSeenOfLongReferences(t *testing.T) {
	p, _ := table(rand.New(rand.NewPCG(1, 2)), 4, 40, 0)
	var all []route.Part
	start := time.Date(1969, 11, 1, 0, 0, 0, 0, time.UTC)
	for hour := range 24 * 100 {
		at := start.Add(time.Duration(hour) * time.Hour)
		all = append(all, route.Part{Window: state.Window{Start: at, End: at.Add(time.Hour)}, Profile: p})
	}
	var want []state.Window
	for range 4 {
		s := newSeen(24 * 4 * 40)
		for _, one := range all {
			s.add(one)
		}
		kept := course{}
		for window := range s.windows {
			kept[window] = 0
		}
		days := map[time.Weekday]bool{}
		for window := range kept {
			days[window.Start.Weekday()] = true
		}
		if n := len(kept.turns()); n != 20 || len(kept) != 20*24 || len(days) != 7 || s.columns != 4*len(kept) {
			t.Fatalf("%d windows, %d whole days, %d days of the week, %d columns", len(kept), n, len(days), s.columns)
		}
		if want == nil {
			want = kept.order()
		} else if diff := cmp.Diff(want, kept.order()); diff != "" {
			t.Fatal(diff)
		}
		rand.New(rand.NewPCG(3, 4)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
}

// TestSeenOrder: where a window stands is the same to the last bit, in whatever
// order files bring its rows.
func TestSeenOrder(t *testing.T) {
	at := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	window := state.Window{Start: at, End: at.Add(time.Hour)}
	var pieces []route.Part
	for i, shift := range []float64{1e9, 0, 0.3, 7} {
		p, _ := table(rand.New(rand.NewPCG(1, uint64(i))), 4, 40, shift)
		pieces = append(pieces, route.Part{Window: window, Profile: p})
	}
	var want []course
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}} {
		s, whole := newSeen(mostSeen), profile.Merger{}
		for _, i := range order {
			s.add(pieces[i])
			if err := whole.Add(pieces[i].Profile); err != nil {
				t.Fatal(err)
			}
		}
		var got []course
		for _, column := range whole.Dataset().Columns {
			got = append(got, s.courses(column)...)
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) != 6 {
			t.Errorf("order %v: %d courses, %s", order, len(got), diff)
		}
	}
}

// TestTurns: days with an hour missing are no turns, and the others keep their
// place.
func TestTurns(t *testing.T) {
	c := course{}
	for hour := range 24 * 6 {
		at := time.Date(1969, 12, 30, hour, 0, 0, 0, time.UTC)
		if hour != 3 && hour != 24*4+23 {
			c[state.Window{Start: at, End: at.Add(time.Hour)}] = float64(hour)
		}
	}
	var days []int64
	for _, turn := range c.turns() {
		if len(turn.Values) != 24 || turn.Values[5] != float64(24*(turn.At+2)+5) {
			t.Errorf("%+v", turn)
		}
		days = append(days, turn.At)
	}
	if !slices.Equal(days, []int64{-1, 0, 1, 3}) {
		t.Errorf("days %v", days)
	}
}

// TestShares: few categories are counted as they are, of many no count is too
// small; and it does not matter how they were split.
func TestShares(t *testing.T) {
	for _, categories := range []int{5, 60, 5000} {
		counts := func(from, to int) *sketch.Counts {
			c := sketch.NewCounts(100)
			for i := from; i < to; i++ {
				text := "c" + strconv.Itoa(i)
				c.Add(text, frame.HashText([]byte(text)), int64(1+i%7))
			}
			return c
		}
		var whole, parts shares
		whole.add(counts(0, categories))
		parts.add(counts(categories/3, categories))
		parts.add(counts(0, categories/3))
		if !slices.Equal(whole.bins, parts.bins) || whole.coarse != parts.coarse || whole.coarse != (categories == 5000) || len(whole.bins) > mostBins {
			t.Errorf("%d categories: %+v, in parts %+v", categories, whole, parts)
		}
		exact := 0
		for i := range categories {
			switch n := whole.of("c" + strconv.Itoa(i)); {
			case n < int64(1+i%7):
				t.Errorf("%d categories: %d is %d", categories, i, n)
			case n == int64(1+i%7):
				exact++
			}
		}
		if categories < 100 && exact < categories*8/10 {
			t.Errorf("%d categories: %d are exact", categories, exact)
		}
		if n := whole.of("another one"); categories == 5 && n != 0 {
			t.Errorf("one that is not there: %d", n)
		}
	}
}

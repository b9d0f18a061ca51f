package quality

import (
	"math"
	"slices"
	"strings"
	"testing"

	"leeway/core/internal/golden"
	"leeway/core/schema"
)

var (
	dayColumn   = schema.Column{Name: "day", Kind: schema.Integer, Role: schema.Feature}
	priceColumn = schema.Column{Name: "price", Kind: schema.Numeric, Role: schema.Feature}
)

// parties are the bookings of days, of which so many in a hundred come in parties
// of two to five that are equal in all; each booking counts so many times.
func parties(r *golden.SplitMix, first, days, each, share, times int) *table {
	var day, price []any
	for d := range days {
		for range each {
			x, size := math.Floor(r.Uniform()*1e6), 1
			if int(r.Uniform()*100) < share {
				size = 2 + int(r.Uniform()*4)
			}
			for range size * times {
				day, price = append(day, float64(first+d)), append(price, x)
			}
		}
	}
	return new(table).add(dayColumn, day...).add(priceColumn, price...)
}

// TestParties: rows that come together are as many on days of which the reference
// has none as on those that it has: no more than chance says, party by party. A
// batch that was delivered twice is told, and so are twice as many parties.
func TestParties(t *testing.T) {
	r := &golden.SplitMix{}
	alarms, material := 0, 0
	const runs = 200
	for range runs {
		e := evidenceOf(compare(t, parties(r, 0, 20, 40, 10, 1), parties(r, 20, 10, 40, 10, 1)), "duplicate_ratio", "")
		if e == nil {
			t.Fatal("not tested")
		}
		if e.P <= 0.05 {
			alarms++
		}
		if e.P <= 1e-3 && e.Effect >= e.Material {
			material++
		}
	}
	if alarms > 20 || material > 2 { // 10 and 0 in expectation; as if rows were independent, all of them
		t.Errorf("%d of %d times as many parties as in the reference are too many, %d by far", alarms, runs, material)
	}
	for name, cur := range map[string]*table{
		"twice":        parties(r, 20, 10, 40, 10, 2),
		"more parties": parties(r, 20, 10, 40, 40, 1),
	} {
		if e := evidenceOf(compare(t, parties(r, 0, 20, 40, 10, 1), cur), "duplicate_ratio", ""); e.P > 1e-6 || e.Effect < 2*e.Material {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// TestFewDifferentRows: what repeats because there are few different rows repeats
// less in fewer rows: a batch that was delivered twice is told though its ratio is
// below the reference's.
func TestFewDifferentRows(t *testing.T) {
	r := &golden.SplitMix{}
	cells := func(n, times int) *table {
		var price []any
		for range n {
			x := math.Floor(r.Uniform() * 1000)
			for range times {
				price = append(price, x)
			}
		}
		return new(table).add(priceColumn, price...)
	}
	ref := cells(4000, 1)
	if e := evidenceOf(compare(t, ref, cells(300, 1)), "duplicate_ratio", ""); e.P < 0.01 {
		t.Errorf("as before: %+v", e)
	}
	if e := evidenceOf(compare(t, ref, cells(300, 2)), "duplicate_ratio", ""); e.P > 1e-6 || e.Effect < 0.2 || e.Value > 0.7 {
		t.Errorf("twice: %+v", e)
	}
}

// TestStuckRowsRepeat: rows that only a stuck column told apart repeat because of
// that, which is its own finding: it is said, and no alarm.
func TestStuckRowsRepeat(t *testing.T) {
	r := &golden.SplitMix{}
	side := func(price func() any) *table {
		var day, prices []any
		for i := range 600 {
			day, prices = append(day, float64(i%300)), append(prices, price())
		}
		return new(table).add(dayColumn, day...).add(priceColumn, prices...)
	}
	ref := side(func() any { return r.Uniform() })
	for name, price := range map[string]any{"stuck": 5., "missing": nil} {
		e := evidenceOf(compare(t, ref, side(func() any { return price })), "duplicate_ratio", "")
		if e == nil || !math.IsNaN(e.P) || !e.Notable || len(e.Columns) != 1 || !strings.Contains(e.Message, "50% of the rows repeat") || !strings.Contains(e.Message, "rows no longer differ in `price`.") {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if e := evidenceOf(compare(t, side(func() any { return 5. }), side(func() any { return 5. })), "duplicate_ratio", ""); e == nil || math.IsNaN(e.P) {
		t.Errorf("stuck on both sides: %+v", e)
	}
}

// TestBlankedRowsRepeat: rows that lost what told them apart repeat because of that;
// where more repeat than lost it, or none did, it is tested.
func TestBlankedRowsRepeat(t *testing.T) {
	side := func(seed uint64, price func(i int, x float64) any, twice int) *table {
		r := golden.NewSplitMix(seed)
		var day, prices []any
		for i := range 3000 {
			day, prices = append(day, float64(i%30)), append(prices, price(i, r.Uniform()))
		}
		return new(table).add(dayColumn, append(day, day[:twice]...)...).add(priceColumn, append(prices, prices[:twice]...)...)
	}
	as := func(_ int, x float64) any { return x }
	ref := side(1, as, 0)
	for name, c := range map[string]struct {
		price  func(i int, x float64) any
		twice  int
		tested bool
	}{
		"a tenth missing": {func(i int, x float64) any {
			if i%10 == 0 {
				return nil
			}
			return x
		}, 0, false},
		"a tenth -1": {func(i int, x float64) any {
			if i%10 == 0 {
				return -1.
			}
			return x
		}, 0, false},
		"a tenth twice": {as, 300, true},
		"a fiftieth missing, a tenth twice": {func(i int, x float64) any {
			if i%50 == 0 {
				return nil
			}
			return x
		}, 300, true},
	} {
		e := evidenceOf(compare(t, ref, side(2, c.price, c.twice)), "duplicate_ratio", "")
		if e == nil || math.IsNaN(e.P) == c.tested || e.Notable == c.tested {
			t.Errorf("%s: %+v", name, e)
		}
		if !c.tested && (!slices.Equal(e.Columns, []string{"price"}) || !strings.Contains(e.Message, "no more than rows that have no value, or a new one that they share, in `price`.")) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// TestUsualRepeats: what is usual is the reference's, for as many rows as there are
// now, however many of these repeat.
func TestUsualRepeats(t *testing.T) {
	r := &golden.SplitMix{}
	rows := func(n, repeated int) *table {
		var price []any
		for range n - repeated {
			price = append(price, r.Uniform())
		}
		return new(table).add(priceColumn, append(price, price[:repeated]...)...)
	}
	cells := func(n, kinds int) *table {
		var price []any
		for range n {
			price = append(price, math.Floor(r.Uniform()*float64(kinds)))
		}
		return new(table).add(priceColumn, price...)
	}
	expected := func(n, kinds float64) float64 { return 1 - kinds/n*(1-math.Pow(1-1/kinds, n)) }
	for name, c := range map[string]struct {
		ref, cur   *table
		usual, off float64
		value      float64 // what it is, where that is known
	}{
		"half, 0.15% before":   {rows(2000, 3), rows(2000, 1000), 0.0015, 1e-12, 0.5},
		"some, none before":    {rows(2000, 0), rows(2000, 76), 0, 0, 0.038},
		"none before, of more": {rows(2000, 0), rows(9000, 900), 0, 0, 0.1},
		"few kinds, of fewer":  {cells(4000, 1000), cells(300, 1000), expected(300, 1000), 0.01, -1},
		"few kinds, of more":   {cells(1000, 1000), cells(3000, 1000), expected(3000, 1000), 0.03, -1},
	} {
		e := evidenceOf(compare(t, c.ref, c.cur), "duplicate_ratio", "")
		if e == nil {
			t.Errorf("%s: not tested", name)
			continue
		}
		if math.Abs(e.NoiseFloor-c.usual) > c.off || c.value >= 0 && (math.Abs(e.Value-c.value) > 1e-12 || math.Abs(e.Effect-(c.value-c.usual)) > 1e-12) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

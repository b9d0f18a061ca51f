package stat

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// TestRange holds the chance of the range of normal values to SciPy's.
func TestRange(t *testing.T) {
	data, err := os.ReadFile("testdata/range.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Cases []struct {
			Q, P float64
			K    int
		}
	}
	if err := json.Unmarshal(data, &golden); err != nil || len(golden.Cases) < 20 {
		t.Fatalf("%d cases, %v", len(golden.Cases), err)
	}
	for _, c := range golden.Cases {
		if p := RangeTail(c.Q, c.K); math.Abs(p-c.P) > 1e-9 && math.Abs(p/c.P-1) > 1e-6 {
			t.Errorf("RangeTail(%v, %d) = %v, want %v", c.Q, c.K, p, c.P)
		}
		if q := RangeLimit(c.P, c.K); math.Abs(q-c.Q) > 1e-5 {
			t.Errorf("RangeLimit(%v, %d) = %v, want %v", c.P, c.K, q, c.Q)
		}
	}
	for _, q := range []float64{0.5, 3, 8, 20} { // of two it is a normal difference
		if p, want := RangeTail(q, 2), 2*NormalTail(q/math.Sqrt2); math.Abs(p/want-1) > 1e-12 {
			t.Errorf("of two, RangeTail(%v) = %v, want %v", q, p, want)
		}
	}
}

// gapCase are groups with these true shares and sizes.
type gapCase struct {
	name   string
	shares []float64
	sizes  []int
}

var gaps = []gapCase{
	{"two alike", []float64{0.3, 0.3}, []int{200, 300}},
	{"two", []float64{0.3, 0.45}, []int{100, 400}},
	{"five alike", []float64{0.3, 0.3, 0.3, 0.3, 0.3}, []int{40, 60, 100, 200, 400}},
	{"five", []float64{0.2, 0.25, 0.3, 0.5, 0.4}, []int{400, 60, 100, 80, 400}},
	{"rare", []float64{0.02, 0.05, 0.03, 0.03}, []int{300, 150, 400, 50}},
	{"tiny", []float64{0.5, 0.55, 0.6, 0.5, 0.45, 0.5}, []int{1000, 800, 3, 11, 32, 300}},
	{"certain", []float64{0.98, 0.9, 0.99}, []int{60, 90, 500}},
	{"many", []float64{0.1, 0.2, 0.3, 0.25, 0.2, 0.15, 0.2, 0.2, 0.2, 0.3, 0.2, 0.2}, []int{50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50}},
}

// TestGapCoverage: in simulated groups, alike and not, large and tiny, the true
// gap and the true ratio are within their intervals in 95% at least.
func TestGapCoverage(t *testing.T) {
	rounds := 4000
	if testing.Short() {
		rounds = 800
	}
	for _, d := range gaps {
		low, high := 1.0, 0.0
		for _, p := range d.shares {
			low, high = min(low, p), max(high, p)
		}
		r := rand.New(rand.NewPCG(7, uint64(len(d.name))))
		var ofGap, ofRatio, ofPairs, ratios, width float64
		for range rounds {
			groups, _, _ := binomials(r, &d)
			a, b := Gap(groups, 1)
			if a <= high-low && high-low <= b {
				ofGap++
			}
			width += (b - a) / float64(rounds)
			most := 0.0
			for _, g := range groups {
				most = max(most, g.P)
			}
			if most == 0 {
				continue
			}
			ratios++
			if a, b := Ratio(groups); a <= low/high+1e-12 && low/high <= b+1e-12 {
				ofRatio++
			}
			if allPairs(groups, d.shares) {
				ofPairs++
			}
		}
		t.Logf("%s: gap %.1f%% in intervals of %.3f, ratio %.1f%%", d.name, 100*ofGap/float64(rounds), width, 100*ofRatio/ratios)
		noise := 3 * math.Sqrt(0.05*0.95/float64(rounds))
		if share := ofGap / float64(rounds); share < 0.95-noise {
			t.Errorf("%s: the gap is in its interval in %.1f%%", d.name, 100*share)
		}
		if share := ofRatio / ratios; share < 0.95-noise {
			t.Errorf("%s: the ratio is in its interval in %.1f%%", d.name, 100*share)
		}
		if share := ofPairs / ratios; share < 0.95-noise {
			t.Errorf("%s: all ratios below 0.9 are in their intervals in %.1f%%", d.name, 100*share)
		}
	}
}

// allPairs tells whether the ratio of any two groups that differ well is in its
// interval.
func allPairs(groups []Share, shares []float64) bool {
	for i := range groups {
		for j := range groups {
			if shares[i] > 0.9*shares[j] || groups[j].P == 0 {
				continue
			}
			if a, b := RatioOf(groups, i, j); a > shares[i]/shares[j]+1e-12 || shares[i]/shares[j] > b+1e-12 {
				return false
			}
		}
	}
	return true
}

// TestApartByChance: between two sides that are alike, the gap of any two groups
// seems to have grown no more often than it may.
func TestApartByChance(t *testing.T) {
	rounds := 2000
	if testing.Short() {
		rounds = 500
	}
	for _, d := range gaps {
		r := rand.New(rand.NewPCG(9, uint64(len(d.name))))
		var found [2]int
		levels := [2]float64{0.05, 0.005}
		for range rounds {
			_, x, n := binomials(r, &d)
			_, y, m := binomials(r, &d)
			moved := make([]Moved, len(x))
			for i := range x {
				moved[i] = NewMoved([2]int64{x[i], y[i]}, [2]int64{n[i], m[i]})
			}
			most := 0.0
			for i := range moved {
				for j := range moved {
					if i != j {
						most = max(most, Apart(moved[i], moved[j]))
					}
				}
			}
			p := RangeTail(most*math.Sqrt2, len(moved))
			for i, level := range levels {
				if p <= level {
					found[i]++
				}
			}
		}
		t.Logf("%s: %.2f%% at 5%%, %.3f%% at 0.5%%", d.name, 100*float64(found[0])/float64(rounds), 100*float64(found[1])/float64(rounds))
		for i, level := range levels {
			if most := level*float64(rounds) + 3*math.Sqrt(level*float64(rounds)); float64(found[i]) > most {
				t.Errorf("%s: %d of %d at a level of %v", d.name, found[i], rounds, level)
			}
		}
	}
}

// TestApartTogether: groups whose shares moved by as much have not moved apart,
// however sure it is that they moved.
func TestApartTogether(t *testing.T) {
	for _, n := range []int64{1000, 100_000, 10_000_000} {
		from, to := NewMoved([2]int64{n / 10 * 4, n / 10 * 6}, [2]int64{n, n}), NewMoved([2]int64{n / 10, n / 10 * 3}, [2]int64{n, n})
		if a, b := Apart(from, to), Apart(to, from); math.Abs(a) > 1 || math.Abs(b) > 1 {
			t.Errorf("%d rows: %v and %v", n, a, b)
		}
		rare := NewMoved([2]int64{n / 20, n / 20 * 3}, [2]int64{n / 4, n / 4}) // by 0.2 + 0.2
		if a := Apart(rare, to); a < 2 {
			t.Errorf("%d rows: %v", n, a)
		}
	}
}

// TestBelowRatioByChance: of two groups on the edge of the rule, as many break it
// by chance as may.
func TestBelowRatioByChance(t *testing.T) {
	rounds := 100000
	if testing.Short() {
		rounds = 20000
	}
	for _, c := range []struct {
		p    float64
		n, m int
	}{{0.5, 400, 400}, {0.1, 60, 1000}, {0.05, 500, 80}, {0.9, 30, 30}, {0.3, 10, 2000}} {
		r := rand.New(rand.NewPCG(3, uint64(c.n)))
		d := gapCase{shares: []float64{0.8 * c.p, c.p}, sizes: []int{c.n, c.m}}
		known := map[[2]int64]float64{}
		found := [2]int{}
		levels := [2]float64{0.05, 0.001}
		for range rounds {
			g, x, _ := binomials(r, &d)
			at := [2]int64{x[0], x[1]}
			p, done := known[at]
			if !done {
				p = BelowRatio(g[0], g[1], 0.8)
				known[at] = p
			}
			for i, level := range levels {
				if p <= level {
					found[i]++
				}
			}
		}
		t.Logf("%+v: %.2f%% at 5%%, %.3f%% at 0.1%%", c, 100*float64(found[0])/float64(rounds), 100*float64(found[1])/float64(rounds))
		for i, level := range levels {
			if most := level*float64(rounds) + 3*math.Sqrt(level*float64(rounds)); float64(found[i]) > most {
				t.Errorf("%+v: %d of %d at a level of %v", c, found[i], rounds, level)
			}
		}
	}
}

// binomials is draw by inversion, which is quicker.
func binomials(r *rand.Rand, d *gapCase) (groups []Share, counts, sizes []int64) {
	for i, p := range d.shares {
		n := d.sizes[i]
		u, x := r.Float64(), 0
		q := math.Pow(1-p, float64(n))
		for sum := q; sum < u && x < n; sum += q {
			q *= float64(n-x) / float64(x+1) * p / (1 - p)
			x++
		}
		groups, counts, sizes = append(groups, Share{float64(x) / float64(n), float64(n)}), append(counts, int64(x)), append(sizes, int64(n))
	}
	return groups, counts, sizes
}

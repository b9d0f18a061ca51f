package drift

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/core/check"
	"leeway/core/internal/golden"
	"leeway/core/profile"
	"leeway/core/schema"
)

// specimens are the columns that laws are tried on.
var specimens = []struct {
	shape         string
	kind          schema.Kind
	factor, shift float64 // how the current side differs
}{
	{"bell", schema.Numeric, 1, 0.5},
	{"heavy", schema.Numeric, 2, 0},
	{"rounded", schema.Numeric, 1, 0.5},
	{"zero_inflated", schema.Numeric, 1, 1},
	{"spike", schema.Numeric, 1, 3},
	{"integers", schema.Integer, 1, 2},
	{"two", schema.Categorical, 1, 1},
	{"five", schema.Categorical, 1, 2},
	{"zipf_50", schema.Categorical, 1, 3},
}

// each runs a law over every method and specimen.
func each(t *testing.T, law func(t *testing.T, m *Method, kind schema.Kind, ref, cur []float64)) {
	for _, s := range specimens {
		ref := golden.Draw(s.shape, 800, 1, 1, 0)
		cur := golden.Draw(s.shape, 500, 2, s.factor, s.shift)
		for i := range Table {
			if m := &Table[i]; m.fits(s.kind) {
				t.Run(m.Name+"/"+s.shape, func(t *testing.T) { law(t, m, s.kind, ref, cur) })
			}
		}
	}
}

func score(t *testing.T, m *Method, kind schema.Kind, ref, cur *profile.Dataset) float64 {
	t.Helper()
	s, err := newSides(&schema.Column{Name: "x", Kind: kind}, ref.Column("x"), cur.Column("x"), &workspace{})
	if err != nil {
		t.Fatal(err)
	}
	value, err := m.Score(s)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func of(kind schema.Kind, values []float64) *profile.Dataset {
	return profiled(kind, schema.Feature, values, &profile.Exact)
}

func TestZeroOnIdentity(t *testing.T) {
	each(t, func(t *testing.T, m *Method, kind schema.Kind, ref, cur []float64) {
		switch got := score(t, m, kind, of(kind, ref), of(kind, ref)); {
		case m.Laws.Floor && got >= min(0, score(t, m, kind, of(kind, ref), of(kind, cur))):
			t.Errorf("equal sides do not give the smallest value: %g", got)
		case !m.Laws.Floor && got != 0:
			t.Errorf("equal sides: %g", got)
		}
		if m.Laws.Sized || m.Laws.Floor {
			return
		}
		// The same shares from twice as many rows. Smoothing sees the rows.
		got := score(t, m, kind, of(kind, ref), of(kind, slices.Concat(ref, ref)))
		if limit := 1e-3; math.Abs(got) > limit {
			t.Errorf("equal shares: %g", got)
		}
	})
}

func TestBounded(t *testing.T) {
	each(t, func(t *testing.T, m *Method, kind schema.Kind, ref, cur []float64) {
		far := make([]float64, len(cur))
		for i, x := range cur {
			far[i] = x + 1e6
		}
		for _, side := range [][]float64{cur, far} {
			got := score(t, m, kind, of(kind, ref), of(kind, side))
			if !(got >= m.Low && got <= m.High) {
				t.Errorf("%g is outside %g..%g", got, m.Low, m.High)
			}
		}
	})
}

func TestSymmetric(t *testing.T) {
	each(t, func(t *testing.T, m *Method, kind schema.Kind, ref, cur []float64) {
		// Cells come from the reference: only categories have the same cells
		// both ways.
		if !m.Laws.Symmetric || kind.Quantitative() && m.Kinds != Quantitative {
			t.Skip("not declared")
		}
		there, back := score(t, m, kind, of(kind, ref), of(kind, cur)), score(t, m, kind, of(kind, cur), of(kind, ref))
		if m.Laws.Signed {
			back = -back
		}
		if golden.Off(there, back) > 1e-12 {
			t.Errorf("%.17g there, %.17g back", there, back)
		}
	})
}

func TestMonotone(t *testing.T) {
	each(t, func(t *testing.T, m *Method, kind schema.Kind, ref, cur []float64) {
		if !m.Laws.Monotone {
			t.Skip("not declared")
		}
		// Mixtures of the reference's own rows and the changed ones, equal rows
		// each: 0, 1/4, 2/4, 3/4 and all of it changed.
		last := math.Inf(-1)
		for part := range 5 {
			var side []float64
			for i := range 400 {
				for quarter := range 4 {
					if quarter < part {
						side = append(side, cur[i])
					} else {
						side = append(side, ref[2*i], ref[2*i+1])
						continue
					}
					side = append(side, cur[i])
				}
			}
			got := score(t, m, kind, of(kind, ref), of(kind, side))
			if got < last-1e-12 {
				t.Errorf("%g at %d/4 after %g", got, part, last)
			}
			last = got
		}
	})
}

func TestScale(t *testing.T) {
	each(t, func(t *testing.T, m *Method, kind schema.Kind, ref, cur []float64) {
		if !m.Laws.Scale || !kind.Quantitative() {
			t.Skip("not declared")
		}
		grow := func(values []float64) []float64 {
			grown := make([]float64, len(values))
			for i, x := range values {
				grown[i] = x * 1024
			}
			return grown
		}
		a := score(t, m, kind, of(kind, ref), of(kind, cur))
		b := score(t, m, kind, of(kind, grow(ref)), of(kind, grow(cur)))
		if golden.Off(a, b) > 1e-12 {
			t.Errorf("%.17g, times 1024 %.17g", a, b)
		}
	})
}

// TestRowOrderAndSplit: the same rows in another order, spread over profiles
// that are merged, give the same bits.
func TestRowOrderAndSplit(t *testing.T) {
	each(t, func(t *testing.T, m *Method, kind schema.Kind, ref, cur []float64) {
		r := rand.New(rand.NewPCG(1, 2))
		shuffled := slices.Clone(cur)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		cut := 1 + r.IntN(len(cur)-1)
		merged, err := profile.Merge(of(kind, shuffled[cut:]), of(kind, shuffled[:cut]))
		if err != nil {
			t.Fatal(err)
		}
		whole := score(t, m, kind, of(kind, ref), of(kind, cur))
		if got := score(t, m, kind, of(kind, ref), merged); got != whole {
			t.Errorf("merged %.17g, whole %.17g", got, whole)
		}
	})
}

// TestJudge: what no change gives is the mean over random splits, the interval
// holds the value, and the effect is never above it.
func TestJudge(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	each(t, func(t *testing.T, m *Method, kind schema.Kind, ref, cur []float64) {
		if m.Material == 0 {
			if m.Judge != nil && m.Detect != nil {
				t.Error("judges without a threshold")
			}
			return
		}
		pooled := slices.Clone(ref)
		var mean, floor float64
		const runs = 60
		for range runs {
			r.Shuffle(len(pooled), func(i, j int) { pooled[i], pooled[j] = pooled[j], pooled[i] })
			s, err := newSides(&schema.Column{Name: "x", Kind: kind}, of(kind, pooled[:500]).Column("x"), of(kind, pooled[500:]).Column("x"), &workspace{})
			if err != nil {
				t.Fatal(err)
			}
			judged, err := m.Judge(s)
			if err != nil {
				t.Fatal(err)
			}
			mean += math.Abs(judged.Value) / runs
			floor += judged.Null / runs
			if judged.Effect > math.Abs(judged.Value) || judged.Low > judged.Value || judged.High < judged.Value {
				t.Errorf("%+v", judged)
			}
		}
		// Ties make distances of distribution functions smaller than the floor.
		if ratio := mean / floor; ratio > 1.5 || ratio < 0.3 {
			t.Errorf("no change gives %g on average, the floor is %g", mean, floor)
		}
		s, err := newSides(&schema.Column{Name: "x", Kind: kind}, of(kind, ref).Column("x"), of(kind, cur).Column("x"), &workspace{})
		if err != nil {
			t.Fatal(err)
		}
		if a, b := m.Detect(s, 0.05), m.Detect(s, 0.0001); !(0 < a && a < b) {
			t.Errorf("detectable %g at 5%%, %g at 0.01%%", a, b)
		}
	})
}

// TestTable: every row is complete enough to be explained and generated from.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for i := range Table {
		m := &Table[i]
		if seen[m.Name] || m.Check != Name || m.Help == "" || m.Formula == "" || m.Use == "" || m.Cite == "" || m.Needs == "" || m.Score == nil || m.Kinds == 0 {
			t.Errorf("%s: incomplete or twice", m.Name)
		}
		if (m.Material > 0) != (m.Judge != nil && m.Detect != nil) && m.Judge != nil {
			t.Errorf("%s: a method that judges has Material, Judge and Detect", m.Name)
		}
		if m.Default&^m.Kinds != 0 {
			t.Errorf("%s: default for what it does not fit", m.Name)
		}
		seen[m.Name] = true
	}
}

func defaults(t *testing.T, kind schema.Kind) []string {
	t.Helper()
	data := of(kind, golden.Draw("integers", 50, 1, 1, 0))
	var names []string
	for _, s := range compared(t, kind, schema.Feature, data, data, check.Methods{}).Samples {
		names = append(names, s.Metric)
	}
	return names
}

func TestDefaults(t *testing.T) {
	for kind, want := range map[schema.Kind][]string{
		schema.Numeric:     {"ks_statistic", "wasserstein", "wasserstein_normed", "psi", "js_distance"},
		schema.Categorical: {"psi", "js_distance", "total_variation", "chi2_statistic"},
	} {
		if got := defaults(t, kind); !slices.Equal(got, want) {
			t.Errorf("%s: %v", kind, got)
		}
	}
}

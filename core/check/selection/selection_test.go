package selection

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"leeway/core/cases"
	"leeway/core/sketch"
	"leeway/core/stat"
)

func runs(few int) int {
	if n, err := strconv.Atoi(os.Getenv("LEEWAY_RUNS")); err == nil && n > 0 {
		return n
	}
	return few
}

// sample is rows with a score, a number and two categories, the last of hundreds; each
// has a label with a chance.
func sample(draw *rand.Rand, n int, chance func(score, number float64, category int) float64) *Finding {
	var said [2][]float64
	tables := [2]*cases.Table{}
	for side := range tables {
		tables[side] = &cases.Table{Columns: []cases.Column{{Name: "number", Numeric: true}, {Name: "category"}, {Name: "street"}}, Codes: make([][]uint32, 3)}
	}
	for range n {
		score, number, category := draw.Float64(), draw.NormFloat64(), min(int(2*draw.ExpFloat64()), 6)
		side := 0
		if draw.Float64() > chance(score, number, category) {
			side = 1
		}
		said[side] = append(said[side], score)
		t := tables[side]
		t.Rows++
		for i, code := range []uint32{sketch.NumberCode(number), uint32(1 + category), uint32(1 + draw.IntN(500))} {
			t.Codes[i] = append(t.Codes[i], code)
		}
	}
	return Find(stat.Count(said[0]), stat.Count(said[1]), tables[0], tables[1])
}

// TestFind: labels that are missing at random are said to be so, and those that are not
// are not, with what they go by.
func TestFind(t *testing.T) {
	n, wrong := runs(200), 0
	for seed := range n {
		draw := rand.New(rand.NewPCG(uint64(seed), 1))
		if f := sample(draw, 2000, func(float64, float64, int) float64 { return 0.7 }); f != nil {
			wrong++
			t.Logf("seed %d: %+v", seed, f)
		}
	}
	if stat.BinomialTail(int64(wrong), int64(n), sure) < 1e-3 {
		t.Errorf("%d of %d samples of labels that are missing at random", wrong, n)
	}
	for name, c := range map[string]struct {
		want   string
		chance func(score, number float64, category int) float64
	}{
		"score":  {"", func(score, _ float64, _ int) float64 { return 0.5 + 0.4*score }},
		"number": {"number", func(_, number float64, _ int) float64 { return map[bool]float64{true: 0.9, false: 0.6}[number > 0] }},
		"category": {"category", func(_, _ float64, category int) float64 {
			return map[bool]float64{true: 0.3, false: 0.8}[category == 1]
		}},
	} {
		f := sample(rand.New(rand.NewPCG(3, 3)), 4000, c.chance)
		if f == nil || f.Column != c.want || !(f.P < sure) || f.Distance < 0.05 {
			t.Errorf("by %s: %+v", name, f)
		}
	}
	if f := sample(rand.New(rand.NewPCG(3, 3)), 4000, func(score, _ float64, _ int) float64 { return map[bool]float64{true: 0, false: 1}[score > 0.99] }); f != nil && f.Distance*0.01 < harm {
		t.Errorf("40 of 4000 rows lack a label: %+v", f)
	}
}

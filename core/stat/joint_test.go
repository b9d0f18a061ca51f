package stat

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// draws is how many pairs of samples are drawn: few unless LEEWAY_CALIBRATE is
// set (make calibrate).
func draws(few, many int) int {
	if os.Getenv("LEEWAY_CALIBRATE") != "" {
		return many
	}
	if testing.Short() {
		return few / 4
	}
	return few
}

// rowShape draws one row of numbers; columns of words are categories.
type rowShape struct {
	name  string
	words []int // columns that are categories
	draw  func(r *rand.Rand, row []float64)
}

var rowShapes = []rowShape{
	{"independent", nil, func(r *rand.Rand, row []float64) {
		for i := range row {
			row[i] = r.NormFloat64()
		}
	}},
	{"one factor", nil, func(r *rand.Rand, row []float64) {
		common := r.NormFloat64()
		for i := range row {
			row[i] = 0.8*common + 0.6*r.NormFloat64()
		}
	}},
	{"tight", nil, func(r *rand.Rand, row []float64) {
		common := r.NormFloat64()
		for i := range row {
			row[i] = common + 0.1*r.NormFloat64()
		}
	}},
	{"cauchy around a parabola", nil, func(r *rand.Rand, row []float64) {
		x := r.NormFloat64()
		for i := range row {
			row[i] = x
			if i%2 == 1 {
				row[i] = x*x + 0.1*math.Tan(math.Pi*(r.Float64()-0.5))
			}
		}
	}},
	{"ties", nil, func(r *rand.Rand, row []float64) {
		common := r.NormFloat64()
		for i := range row {
			row[i] = math.Round(common + r.NormFloat64())
			if i%3 == 0 && r.Float64() < 0.6 {
				row[i] = 0
			}
		}
	}},
	{"categories", []int{0, 1, 2}, func(r *rand.Rand, row []float64) {
		group := r.IntN(5)
		for i := range row {
			switch i {
			case 0:
				row[i] = float64(group)
			case 1:
				row[i] = math.Floor(math.Pow(r.Float64(), 4)*300) + 1
			case 2:
				row[i] = 0
				if r.IntN(20) < group {
					row[i] = 1
				}
			default:
				row[i] = float64(group)/2 + r.NormFloat64()
			}
		}
	}},
	{"rare", []int{1}, func(r *rand.Rand, row []float64) {
		for i := range row {
			row[i] = 0
			if r.IntN(30) == 0 {
				row[i] = 1 + math.Floor(2*r.Float64())
			}
		}
	}},
}

// code makes a code of a number in its order, as a profile does; categories are
// hashed.
func code(x float64, word bool) uint32 {
	if math.IsNaN(x) {
		return 0
	}
	bits := math.Float64bits(x + 0)
	if word {
		h := fnv.New32a()
		fmt.Fprint(h, x)
		return max(h.Sum32(), 1)
	}
	if bits>>63 == 1 {
		return uint32(^bits >> 32)
	}
	return uint32(bits>>32) | 1<<31
}

// drawn draws both sides, each from its own shape.
func drawn(r *rand.Rand, width int, rows [2]int, shapes [2]rowShape, missing float64) []Column {
	columns := make([]Column, width)
	row := make([]float64, width)
	for side, n := range rows {
		for i := range columns {
			columns[i].Codes[side] = make([]uint32, n)
			columns[i].Numbers = !slices.Contains(shapes[0].words, i)
		}
		for at := range n {
			shapes[side].draw(r, row)
			for i, x := range row {
				if missing > 0 && r.Float64() < missing {
					x = math.NaN()
				}
				columns[i].Codes[side][at] = code(x, !columns[i].Numbers)
			}
		}
	}
	return columns
}

func related(t testing.TB, columns []Column) Relation {
	t.Helper()
	var r Relation
	j, err := NewJoint(columns, [2][]float64{})
	if err == nil {
		r, err = j.Relation()
	}
	if err == ErrColumns || err == ErrBound || err == ErrApart { // nothing could be seen, so nothing was
		return Relation{P: 1}
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCalibrationJoint(t *testing.T) {
	for _, shape := range rowShapes {
		for _, width := range []int{2, 5, 20, 100} {
			for _, rows := range [][2]int{{100, 100}, {1000, 1000}, {4000, 4000}, {4000, 300}} {
				if width*rows[0] > 5000 && os.Getenv("LEEWAY_CALIBRATE") == "" {
					continue // takes long
				}
				t.Run(fmt.Sprintf("%s/%d/%dv%d", shape.name, width, rows[0], rows[1]), func(t *testing.T) {
					r := rand.New(rand.NewPCG(uint64(width), uint64(rows[0]*rows[1])))
					runs := draws(40, max(100, min(4000, 8_000_000/(width*(rows[0]+rows[1])))))
					below := map[float64]int{}
					value, floor := 0.0, 0.0
					for range runs {
						got := related(t, drawn(r, width, rows, [2]rowShape{shape, shape}, 0.02))
						value += got.Value
						floor += got.Null
						for _, level := range []float64{0.1, 0.01, 0.001} {
							if got.P <= level {
								below[level]++
							}
						}
					}
					t.Logf("%5d runs  %.2f%% <= 10%%  %.2f%% <= 1%%  %.3f%% <= 0.1%%  value %.3f floor %.3f", runs, 100*float64(below[0.1])/float64(runs), 100*float64(below[0.01])/float64(runs), 100*float64(below[0.001])/float64(runs), value/float64(runs), floor/float64(runs))
					for level, n := range below {
						if limit := level + 4*math.Sqrt(level/float64(runs)) + 1/float64(runs); float64(n)/float64(runs) > limit {
							t.Errorf("P <= %g in %d of %d samples without change", level, n, runs)
						}
					}
				})
			}
		}
	}
}

// turned is independent columns, but the first two have a correlation.
func turned(rho float64) rowShape {
	return rowShape{draw: func(r *rand.Rand, row []float64) {
		for i := range row {
			row[i] = r.NormFloat64()
		}
		row[1] = float64(rho*row[0]) + float64(math.Sqrt(1-rho*rho)*row[1])
	}}
}

// TestPowerJoint: a correlation of two columns that changes is found among
// many, at the level that a budget of 1% leaves beside 50 other tests.
func TestPowerJoint(t *testing.T) {
	for _, c := range []struct {
		width int
		rows  [2]int
		rho   float64
		least float64 // how often it is found at least
	}{
		{12, [2]int{1000, 1000}, 0.5, 0.99},
		{12, [2]int{1000, 1000}, 0.3, 0.9},
		{2, [2]int{1000, 1000}, 0.2, 0.45},
		{100, [2]int{1000, 1000}, 0.3, 0.6},
		{20, [2]int{4000, 300}, 0.3, 0.2},
		{500, [2]int{1000, 1000}, 0.5, 0.95},
	} {
		t.Run(fmt.Sprintf("%d/%dv%d/0 to %g", c.width, c.rows[0], c.rows[1], c.rho), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			runs, hits := draws(max(8, min(20, 500/c.width)), 400), 0
			for range runs {
				got := related(t, drawn(r, c.width, c.rows, [2]rowShape{turned(0), turned(c.rho)}, 0))
				if got.P < 0.01/50 && got.A+got.B == 1 {
					hits++
				}
			}
			t.Logf("found in %d of %d", hits, runs)
			if limit := c.least - 3*math.Sqrt(c.least*(1-c.least)/float64(runs)); float64(hits)/float64(runs) < limit {
				t.Errorf("found in %d of %d, was %g", hits, runs, c.least)
			}
		})
	}
}

// alone are changes of single columns, or of all of them, that leave how they
// go together as it was.
var alone = []struct {
	name          string
	words         []int
	before, after func(r *rand.Rand, row []float64)
}{
	{"level of both", nil, bent(0, 0, 1), bent(0.5, 0.5, 1)},
	{"level of one", nil, bent(0, 0, 1), bent(1, 0, 1)},
	{"unit of one", nil, bent(0, 0, 1), bent(0, 0, 100)},
	{"cause, with a rule", []int{1}, ruled(0, 0), ruled(0.5, 0)},
	{"cause, with chance", []int{1}, ruled(0, 1), ruled(0.5, 1)},
	{"share of an outcome", []int{1}, outcome(0.5), outcome(0.2)},
	{"unit of what is often 0", nil, often(1), often(100)},
}

// bent is two numbers with a correlation of 0.7, moved.
func bent(x, y, unit float64) func(*rand.Rand, []float64) {
	return func(r *rand.Rand, row []float64) {
		z := r.NormFloat64()
		row[0] = math.Exp(z+x) * unit
		row[1] = 0.7*z + math.Sqrt(0.51)*r.NormFloat64() + y
	}
}

// ruled is a number and whether it is above 1, but for chance.
func ruled(level, chance float64) func(*rand.Rand, []float64) {
	return func(r *rand.Rand, row []float64) {
		row[0] = r.NormFloat64() + level
		row[1] = 0
		if row[0]+chance*r.NormFloat64() > 1 {
			row[1] = 1
		}
	}
}

// outcome is an outcome with its share, and a number that is higher with it.
func outcome(share float64) func(*rand.Rand, []float64) {
	return func(r *rand.Rand, row []float64) {
		row[1] = 0
		if r.Float64() < share {
			row[1] = 1
		}
		row[0] = row[1] + r.NormFloat64()
	}
}

// often is an amount, and a part of it that is 0 most of the time.
func often(unit float64) func(*rand.Rand, []float64) {
	return func(r *rand.Rand, row []float64) {
		row[0] = r.NormFloat64()
		row[1] = 0
		if r.Float64() < 0.3 {
			row[1] = unit * math.Exp(row[0]) * r.Float64()
		}
	}
}

// TestColumnsAlone: what columns do by themselves is not called a change of how
// they go together, however large.
func TestColumnsAlone(t *testing.T) {
	for _, c := range alone {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			runs, found, material := draws(20, 200), 0, 0
			value := 0.0
			for range runs {
				got := related(t, drawn(r, 2, [2]int{4000, 2000}, [2]rowShape{{words: c.words, draw: c.before}, {words: c.words, draw: c.after}}, 0))
				value += got.Value / float64(runs)
				if got.P < 0.0002 {
					found++
					if got.Effect > 0.15 {
						material++
					}
				}
			}
			t.Logf("found in %d of %d, material in %d; value %.3f on average", found, runs, material, value)
			if found > 1+runs/100 || material > 0 {
				t.Errorf("found in %d of %d, material in %d", found, runs, material)
			}
		})
	}
}

func BenchmarkJoint(b *testing.B) {
	for _, width := range []int{2, 12, 20, 100, 500} {
		b.Run(fmt.Sprint(width), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			columns := drawn(r, width, [2]int{4096, 4096}, [2]rowShape{rowShapes[1], rowShapes[1]}, 0)
			b.ReportAllocs()
			for b.Loop() {
				related(b, columns)
			}
		})
	}
}

package profile

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"leeway/core/frame"
	"leeway/core/schema"
)

// table generates a table of 20 columns as a benchmark of whole programs would
// have it: an id, an instant, ten floats of usual shapes, four integers and
// four categories, one of them with 2,000 values.
type table struct {
	r       *rand.Rand
	row     int64
	symbols [4]*frame.Symbols
	skus    []float64
	block   frame.Block
}

func newTable(seed uint64) *table {
	t := &table{r: rand.New(rand.NewPCG(seed, 3)), block: frame.Block{Columns: make([]frame.Column, 20)}}
	for i := range t.symbols {
		t.symbols[i] = frame.NewSymbols()
	}
	sum := 0.0
	for i := range 2000 {
		sum += 1 / float64(i+1)
		t.skus = append(t.skus, sum)
	}
	return t
}

func (t *table) columns() []schema.Column {
	columns := []schema.Column{{Name: "id", Kind: schema.Text, Role: schema.ID}, {Name: "ts", Kind: schema.Time, Role: schema.Timestamp}}
	for i := range 18 {
		kind := schema.Numeric
		if i >= 10 {
			kind = schema.Integer
		}
		if i >= 14 {
			kind = schema.Categorical
		}
		columns = append(columns, schema.Column{Name: fmt.Sprint("feature_", i), Kind: kind, Role: schema.Feature})
	}
	return columns
}

func round(x float64, digits int) float64 {
	unit := math.Pow10(digits)
	return math.Round(x*unit)/unit + 0
}

func (t *table) floats() [14]float64 {
	z, u := t.r.NormFloat64, t.r.Float64
	zero := 0.0
	if u() > 0.7 {
		zero = round(-20*math.Log1p(-u()), 2)
	}
	return [14]float64{
		z(), round(math.Exp(z()), 4), round(math.Tan(math.Pi*(u()-0.5)), 3), zero, round(100*u(), 3),
		round(50+10*z(), 2), z() * 1.1, 1 / (1 + math.Exp(-1.2*z())), round(math.Exp(3+0.8*z()), 2), round(z(), 4),
		math.Floor(10 * u()), math.Floor(1e9 * u()), math.Round(30 + 5*z()), math.Round(min(max(42+12*z(), 18), 95)),
	}
}

func (t *table) texts() [4]string {
	low, high, at := 0, len(t.skus)-1, t.r.Float64()*t.skus[len(t.skus)-1]
	for low < high {
		if middle := (low + high) / 2; t.skus[middle] < at {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return [4]string{fmt.Sprint("plan-", t.r.IntN(5)), fmt.Sprint("city_", t.r.IntN(20)), fmt.Sprint("merchant-", t.r.IntN(50)), fmt.Sprintf("sku-%04d", low)}
}

// next fills the block with n further rows.
func (t *table) next(n int) *frame.Block {
	b, c := &t.block, t.block.Columns
	b.Rows, b.First = n, t.row+1
	for i := range c {
		c[i] = frame.Column{Type: frame.Float, Floats: c[i].Floats[:0], States: c[i].States[:0], Times: c[i].Times[:0], Codes: c[i].Codes[:0], Data: c[i].Data[:0], Offsets: append(c[i].Offsets[:0], 0)}
	}
	for range n {
		t.row++
		c[0].Data = fmt.Appendf(c[0].Data, "%016x", t.r.Uint64())
		c[0].Offsets = append(c[0].Offsets, uint32(len(c[0].Data)))
		c[1].Times = append(c[1].Times, 1_767_225_600_000_000_000+t.row*2_419_200_000)
		for i, x := range t.floats() {
			c[2+i].Floats = append(c[2+i].Floats, x)
		}
		for i, text := range t.texts() {
			c[16+i].Codes = append(c[16+i].Codes, t.symbols[i].Intern([]byte(text)))
		}
		for _, i := range []int{6, 11} { // two columns have gaps
			state := frame.Valid
			if t.r.IntN(100) == 0 {
				state = frame.Missing
			}
			c[i].States = append(c[i].States, state)
		}
	}
	for i := range c {
		if i != 6 && i != 11 {
			c[i].States = nil
		}
	}
	c[0].Type, c[1].Type = frame.Bytes, frame.Time
	for i := range 4 {
		c[16+i].Type, c[16+i].Symbols = frame.Symbol, t.symbols[i]
	}
	return b
}

func (t *table) profile(rows int, o *Options) *Dataset {
	b := New(t.columns(), o)
	for ; rows > 0; rows -= frame.BlockRows {
		b.Add(t.next(min(rows, frame.BlockRows)))
	}
	return b.Profile()
}

// BenchmarkBuilder adds blocks that are in memory, after 1M rows were added.
func BenchmarkBuilder(b *testing.B) {
	var blocks []*frame.Block
	var columns []schema.Column
	for i := range 64 {
		t := newTable(uint64(i))
		columns = t.columns()
		if i > 0 { // dictionaries are shared
			for j := range 4 {
				t.symbols[j] = blocks[0].Columns[16+j].Symbols
			}
		}
		blocks = append(blocks, t.next(frame.BlockRows))
	}
	for name, o := range map[string]*Options{"stored": &Stored, "baseline": &Baseline, "exact": &Exact} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				builder := New(columns, o)
				for _, block := range blocks {
					builder.Add(block)
				}
				builder.Profile()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(blocks)*frame.BlockRows*20), "ns/value")
		})
	}
}

func BenchmarkMerge1000(b *testing.B) {
	var encoded [][]byte
	for seed := range uint64(10) {
		encoded = append(encoded, newTable(seed).profile(20000, &Stored).Encode())
	}
	b.ReportMetric(float64(len(encoded[0])), "bytes")
	for b.Loop() {
		var m Merger
		for i := range 1000 {
			d, err := Decode(encoded[i%len(encoded)])
			if err == nil {
				err = m.Add(d)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		m.Dataset()
	}
}

// TestSizes holds the promises on encoded size and memory. The long form takes
// a million rows.
func TestSizes(t *testing.T) {
	rows := 100_000
	if !testing.Short() {
		rows = 1_000_000
	}
	runtime.GC()
	var before, stats runtime.MemStats
	runtime.ReadMemStats(&before)
	table := newTable(1)
	builder := New(table.columns(), &Stored)
	peak := uint64(0)
	for done := 0; done < rows; done += frame.BlockRows {
		builder.Add(table.next(min(frame.BlockRows, rows-done)))
		if done%(32*frame.BlockRows) == 0 {
			runtime.ReadMemStats(&stats)
			peak = max(peak, stats.HeapInuse-before.HeapInuse)
		}
	}
	data := builder.Profile().Encode()
	t.Logf("%d rows: %d bytes encoded, %d kB of heap at most", rows, len(data), peak>>10)
	if len(data) >= 200_000 {
		t.Errorf("%d bytes encoded", len(data))
	}
	if peak > 16<<20 {
		t.Errorf("%d bytes of heap", peak)
	}
}

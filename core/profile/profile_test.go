package profile

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"leeway/core/frame"
	"leeway/core/schema"
	"leeway/core/sketch"
)

var contract = []schema.Column{
	{Name: "id", Kind: schema.Text, Role: schema.ID},
	{Name: "at", Kind: schema.Time, Role: schema.Timestamp},
	{Name: "x", Kind: schema.Numeric, Role: schema.Feature},
	{Name: "n", Kind: schema.Integer, Role: schema.Feature},
	{Name: "skip", Kind: "", Role: schema.Feature},
	{Name: "color", Kind: schema.Categorical, Role: schema.Feature},
	{Name: "many", Kind: schema.Categorical, Role: schema.Feature},
	{Name: "flag", Kind: schema.Boolean, Role: schema.Label},
	{Name: "vector", Kind: schema.Embedding, Role: schema.Feature},
}

// row is a row of the contract before it is laid out in a block.
type row struct {
	id, color, many, vector string
	at                      int64
	x, n                    float64
	flag                    uint32
	states                  [9]frame.State
}

func rowsOf(n int, seed uint64) []row {
	r := rand.New(rand.NewPCG(seed, 5))
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{
			id: fmt.Sprint("id-", r.IntN(4*n)), at: 1_700_000_000_000_000_000 + r.Int64N(1e15),
			x: r.NormFloat64(), n: float64(r.IntN(30)), color: fmt.Sprint("c", r.IntN(5)),
			many: fmt.Sprint("m", int(math.Abs(r.NormFloat64()*3000))), flag: uint32(r.IntN(2)), vector: "[1,2]",
		}
		for j := range rows[i].states {
			if r.IntN(20) == 0 {
				rows[i].states[j] = frame.State(1 + r.IntN(2))
			}
		}
		if i > 0 && r.IntN(50) == 0 {
			rows[i] = rows[r.IntN(i)]
		}
	}
	return rows
}

// blockOf lays rows out; symbols are interned into the given dictionaries.
func blockOf(rows []row, color, many *frame.Symbols) *frame.Block {
	b := &frame.Block{Rows: len(rows), Columns: make([]frame.Column, 9)}
	c := b.Columns
	c[0].Type, c[1].Type, c[2].Type, c[3].Type = frame.Bytes, frame.Time, frame.Float, frame.Float
	c[5].Type, c[6].Type, c[7].Type, c[8].Type = frame.Symbol, frame.Symbol, frame.Symbol, frame.Bytes
	c[5].Symbols, c[6].Symbols, c[7].Symbols = color, many, frame.Booleans
	c[0].Offsets, c[8].Offsets = []uint32{0}, []uint32{0}
	for _, r := range rows {
		for j := range c {
			if c[j].Type != 0 {
				c[j].States = append(c[j].States, r.states[j])
			}
		}
		c[0].Data = append(c[0].Data, r.id...)
		c[8].Data = append(c[8].Data, r.vector...)
		c[0].Offsets = append(c[0].Offsets, uint32(len(c[0].Data)))
		c[8].Offsets = append(c[8].Offsets, uint32(len(c[8].Data)))
		c[1].Times = append(c[1].Times, r.at)
		c[2].Floats = append(c[2].Floats, r.x)
		c[3].Floats = append(c[3].Floats, r.n)
		c[5].Codes = append(c[5].Codes, color.Intern([]byte(r.color)))
		c[6].Codes = append(c[6].Codes, many.Intern([]byte(r.many)))
		c[7].Codes = append(c[7].Codes, r.flag)
	}
	for j := range c {
		valid := true
		for _, s := range c[j].States {
			valid = valid && s == frame.Valid
		}
		if valid {
			c[j].States = nil
		}
	}
	return b
}

// profileOf profiles rows in blocks of random length, with dictionaries that
// are dropped now and then.
func profileOf(rows []row, o *Options, r *rand.Rand) *Dataset {
	b := New(contract, o)
	color, many := frame.NewSymbols(), frame.NewSymbols()
	for len(rows) > 0 {
		n := min(len(rows), 1+r.IntN(frame.BlockRows))
		b.Add(blockOf(rows[:n], color, many))
		rows = rows[n:]
		if r.IntN(3) == 0 {
			many.Reset()
		}
	}
	return b.Profile()
}

var small = Options{Cells: 64, Categories: 40, Distinct: 50, Rows: 100, Sample: 10, Coded: 60}

func TestBuilderCounts(t *testing.T) {
	rows := rowsOf(3000, 1)
	d := profileOf(rows, nil, rand.New(rand.NewPCG(1, 1)))
	if d.Rows != 3000 || len(d.Columns) != 8 || d.Column("skip") != nil {
		t.Fatalf("%d rows, %d columns", d.Rows, len(d.Columns))
	}
	var missing, mistyped, valid int64
	sum, low, start := 0.0, math.Inf(1), int64(math.MaxInt64)
	reds := int64(0)
	for _, r := range rows {
		switch r.states[2] {
		case frame.Missing:
			missing++
		case frame.Mistyped:
			mistyped++
		default:
			valid++
			sum += r.x
			low = min(low, r.x)
		}
		if r.states[1] == frame.Valid {
			start = min(start, r.at)
		}
		if r.states[5] == frame.Valid && r.color == "c3" {
			reds++
		}
	}
	x := d.Column("x")
	if x.Missing != missing || x.Mistyped != mistyped || x.Valid() != valid || x.Numeric.Grid.Count() != valid {
		t.Errorf("x: %+v", x)
	}
	if x.Numeric.Min != low || math.Abs(x.Numeric.Mean()-sum/float64(valid)) > 1e-12 {
		t.Errorf("x: min %v, mean %v", x.Numeric.Min, x.Numeric.Mean())
	}
	if d.Start != start {
		t.Errorf("start %d, want %d", d.Start, start)
	}
	if got := d.Column("color").Categories.Of("c3"); got != reds {
		t.Errorf("c3 %d, want %d", got, reds)
	}
	if n, exact := d.Column("flag").DistinctCount(); n != 2 || !exact {
		t.Errorf("flag has %v distinct values", n)
	}
}

func TestBuilderAllocatesNothing(t *testing.T) {
	if racing {
		t.Skip("pools are emptied at random")
	}
	for _, o := range []*Options{&small, &Stored} {
		table := newTable(3)
		b := New(table.columns(), o)
		for range 40 {
			b.Add(table.next(frame.BlockRows))
		}
		block := table.next(frame.BlockRows)
		b.Add(block)
		b.Add(block)
		if n := testing.AllocsPerRun(20, func() { b.Add(block) }); n != 0 {
			t.Errorf("%v allocations a block", n)
		}
	}
}

func TestColumnNamesAreDistinct(t *testing.T) {
	b := New([]schema.Column{{Name: "a", Kind: schema.Numeric}, {Name: "a", Kind: schema.Categorical}}, nil)
	b.Add(&frame.Block{Rows: 1, Columns: []frame.Column{{Type: frame.Float, Floats: []float64{1}}, {Type: frame.Symbol, Codes: []uint32{0}, Symbols: frame.Booleans}}})
	if d := b.Profile(); len(d.Columns) != 1 || d.Columns[0].Kind != schema.Numeric {
		t.Error("the first of a name counts")
	}
}

func TestHeavyCategoriesBeyondTheBound(t *testing.T) {
	rows := rowsOf(20000, 5)
	for i := range rows {
		if i%3 == 0 {
			rows[i].many = "a third"
		}
	}
	d := profileOf(rows, &Options{Cells: 100, Categories: 50, Distinct: 10, Rows: 500, Sample: 100}, rand.New(rand.NewPCG(2, 2)))
	many := d.Column("many").Categories
	heavy := many.Heavy()
	if many.Exact() || len(heavy) == 0 || heavy[0].Text != "a third" {
		t.Fatal("heavy", heavy)
	}
	share := float64(heavy[0].Count) / float64(many.Count())
	if math.Abs(share-1.0/3) > 0.02 {
		t.Errorf("a share of %v", share)
	}
	back, err := Decode(d.Encode())
	if err != nil || fmt.Sprint(back.Column("many").Categories.Heavy()) != fmt.Sprint(heavy) {
		t.Error("after encoding and decoding", err)
	}
}

// TestSharedReads is for the race detector: a profile is read, merged from and
// encoded by several goroutines at once.
func TestSharedReads(t *testing.T) {
	shared := profileOf(rowsOf(3000, 8), &small, rand.New(rand.NewPCG(3, 3)))
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if _, err := Merge(shared, shared); err != nil {
				t.Error(err)
			}
			shared.Encode()
			for _, c := range shared.Columns {
				c.DistinctCount()
				c.Categories.Heavy()
				if c.Numeric != nil {
					c.Numeric.Quantile(0.5)
					sketch.Align(c.Numeric.Grid, sketch.NewGrid(16))
				}
			}
			shared.Lines.Duplicates()
		})
	}
	group.Wait()
}

func TestSample(t *testing.T) {
	d := profileOf(rowsOf(500, 7), &small, rand.New(rand.NewPCG(3, 3)))
	lines := d.Lines.Sample()
	if len(lines) != 10 || len(d.Lines.Names()) != 7 {
		t.Fatalf("%d lines, columns %v", len(lines), d.Lines.Names())
	}
	if text := cut(strings.Repeat("ä", 100)); len(text) > sampleBytes+3 || !strings.HasSuffix(text, "ä…") {
		t.Error(text)
	}
}

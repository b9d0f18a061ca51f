package cause_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/core/check"
	"leeway/core/check/all"
	"leeway/core/check/cause"
	"leeway/core/frame"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

// data is a column of cells: numbers (NaN is missing) or texts ("\x00" is).
type data struct {
	kind    schema.Kind
	numbers []float64
	texts   []string
}

const absent = "\x00"

// rows is a data set by column.
type rows map[string]*data

// draw makes a table with one of every sort of column.
func draw(r *rand.Rand, n int) rows {
	number := func(f func() float64) *data {
		d := &data{kind: schema.Numeric}
		for range n {
			d.numbers = append(d.numbers, f())
		}
		return d
	}
	text := func(f func() string) *data {
		d := &data{kind: schema.Categorical}
		for range n {
			d.texts = append(d.texts, f())
		}
		return d
	}
	return rows{
		"amount":  number(func() float64 { return math.Round(100*math.Exp(3.6+0.7*r.NormFloat64())) / 100 }),
		"celsius": number(func() float64 { return math.Round(10*(14+9*r.NormFloat64())) / 10 }),
		"weight":  number(func() float64 { return math.Round(10*(71+13*r.NormFloat64())) / 10 }),
		"miles":   number(func() float64 { return math.Ceil(40 * r.ExpFloat64()) }),
		"age":     number(func() float64 { return math.Round(min(max(41+12*r.NormFloat64(), 18), 90)) }),
		"sensor":  number(func() float64 { return 20 + 3*r.NormFloat64() }),
		"delay":   number(func() float64 { return -3 + 2*r.ExpFloat64() }),
		"discount": number(func() float64 {
			if r.Float64() < 0.7 {
				return 0
			}
			return math.Round(1000*r.ExpFloat64()) / 100
		}),
		"refund": number(func() float64 {
			if r.Float64() < 0.72 {
				return 0
			}
			return math.Round(100*(40+3*r.NormFloat64())) / 100
		}),
		"hour": number(func() float64 {
			return math.Mod(math.Floor(14+4.5*r.NormFloat64())+48, 24)
		}),
		"income": number(func() float64 {
			if r.Float64() < 0.12 {
				return math.NaN()
			}
			return math.Round(30000 * math.Exp(0.5*r.NormFloat64()))
		}),
		"country": text(func() string {
			return pick(r, []string{"PRT", "GBR", "FRA", "ESP", "DEU", "ITA"}, []float64{41, 17, 14, 11, 10, 7})
		}),
		"channel": text(func() string {
			return pick(r, []string{"online", "agency", "direct", "corporate"}, []float64{50, 25, 15, 10})
		}),
		"city": text(func() string {
			return pick(r, []string{"München", "Köln", "Berlin", "Hamburg"}, []float64{30, 20, 30, 20})
		}),
		"code":    text(func() string { return pick(r, []string{"9", "14", "28", "240"}, []float64{40, 30, 20, 10}) }),
		"consent": text(func() string { return pick(r, []string{"yes", "no"}, []float64{80, 20}) }),
		"tier": text(func() string {
			if r.Float64() < 0.1 {
				return absent
			}
			return pick(r, []string{"gold", "silver", "bronze"}, []float64{20, 30, 50})
		}),
	}
}

func pick(r *rand.Rand, names []string, weights []float64) string {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	at := r.Float64() * total
	for i, w := range weights {
		if at -= w; at < 0 {
			return names[i]
		}
	}
	return names[len(names)-1]
}

func (d *data) each(f func(float64) float64) {
	for i, x := range d.numbers {
		d.numbers[i] = f(x)
	}
}

func (d *data) text(f func(string) string) {
	for i, s := range d.texts {
		if s != absent {
			d.texts[i] = f(s)
		}
	}
}

func (t rows) columns() []schema.Column {
	var columns []schema.Column
	for name, d := range t {
		columns = append(columns, schema.Column{Name: name, Kind: d.kind, Role: schema.Feature})
	}
	slices.SortFunc(columns, func(a, b schema.Column) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return columns
}

func (t rows) profile(o *profile.Options) *profile.Dataset {
	columns := t.columns()
	builder := profile.New(columns, o)
	n := 0
	for _, d := range t {
		n = max(len(d.numbers), len(d.texts))
	}
	symbols := make([]*frame.Symbols, len(columns))
	for i := range symbols {
		symbols[i] = frame.NewSymbols()
	}
	for done := 0; done < n; {
		size := min(frame.BlockRows, n-done)
		block := &frame.Block{Rows: size, First: int64(done + 1), Columns: make([]frame.Column, len(columns))}
		for k, column := range columns {
			block.Columns[k] = t[column.Name].block(done, size, symbols[k])
		}
		builder.Add(block)
		done += size
	}
	return builder.Profile()
}

func (d *data) block(from, size int, symbols *frame.Symbols) frame.Column {
	c := frame.Column{Type: frame.Float, States: make([]frame.State, size)}
	if d.texts != nil {
		c.Type, c.Symbols, c.Codes = frame.Symbol, symbols, make([]uint32, size)
		for i, s := range d.texts[from : from+size] {
			if s == absent {
				c.States[i] = frame.Missing
				continue
			}
			c.Codes[i] = symbols.Intern([]byte(s))
		}
		return c
	}
	c.Floats = make([]float64, size)
	for i, x := range d.numbers[from : from+size] {
		if math.IsNaN(x) {
			c.States[i] = frame.Missing
			continue
		}
		c.Floats[i] = x + 0
	}
	return c
}

// judged compares two tables as a window is compared.
func judged(t testing.TB, ref, cur *profile.Dataset, columns []schema.Column) policy.Judgement {
	t.Helper()
	in := &check.Input{Schema: &schema.Schema{Columns: columns, Positive: "1"}, Reference: ref, Current: cur}
	var evidence []check.Evidence
	for _, family := range all.Checks {
		out, err := family.Evaluate(in)
		if err != nil {
			t.Fatal(err)
		}
		evidence = append(evidence, out.Evidence...)
	}
	return policy.Judge(evidence, &policy.Options{FalseAlarms: 0.01, Explain: func(f []report.Finding) { cause.Explain(in, f) }})
}

// causes lists the faults named, by column.
func causes(j policy.Judgement) map[string]*report.Cause {
	named := map[string]*report.Cause{}
	for i := range j.Findings {
		if f := &j.Findings[i]; f.Cause != nil {
			named[f.Labels.Column] = f.Cause
		}
	}
	return named
}

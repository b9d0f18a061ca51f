package compare_test

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"leeway/core/collect"
	"leeway/core/compare"
	"leeway/core/config"
	"leeway/core/frame"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/segment"
)

// table draws the stored profile of columns of mixed shapes, moved by shift.
func table(r *rand.Rand, columns, rows int, shift float64) (*profile.Dataset, *schema.Schema) {
	contract := &schema.Schema{}
	return drawn(r, contract, columns, rows, shift, &profile.Stored), contract
}

// tableOf draws one with other options.
func tableOf(r *rand.Rand, columns, rows int, shift float64, o *profile.Options) *profile.Dataset {
	return drawn(r, &schema.Schema{}, columns, rows, shift, o)
}

func drawn(r *rand.Rand, contract *schema.Schema, columns, rows int, shift float64, o *profile.Options) *profile.Dataset {
	block := &frame.Block{Columns: make([]frame.Column, columns)}
	for i := range columns {
		contract.Columns = append(contract.Columns, schema.Column{Name: "c" + strconv.Itoa(i), Kind: schema.Numeric, Role: schema.Feature})
		block.Columns[i].Type = frame.Float
		if i%4 == 3 {
			contract.Columns[i].Kind = schema.Categorical
			block.Columns[i].Type, block.Columns[i].Symbols = frame.Symbol, frame.NewSymbols()
		}
	}
	builder := profile.New(contract.Columns, o)
	for done := 0; done < rows; done += block.Rows {
		block.Rows, block.First = min(frame.BlockRows, rows-done), int64(done+1)
		for i := range columns {
			c := &block.Columns[i]
			c.States, c.Floats, c.Codes = make([]frame.State, block.Rows), make([]float64, block.Rows), make([]uint32, block.Rows)
			for row := range block.Rows {
				if r.Uint32()%128 == 0 {
					c.States[row] = frame.Missing
					continue
				}
				switch i % 4 {
				case 0:
					c.Floats[row] = r.NormFloat64() + shift
				case 1:
					c.Floats[row] = float64(r.IntN(50)) + math.Round(10*shift)
				case 2:
					c.Floats[row] = max(r.NormFloat64()+shift, 0)
				default:
					c.Codes[row] = c.Symbols.Intern([]byte("v" + strconv.Itoa(int(r.ExpFloat64()*8*(1+shift)))))
				}
			}
		}
		builder.Add(block)
	}
	return builder.Profile()
}

// repeat makes a wide table of a narrow one: its columns again and again, under
// other names.
func repeat(d *profile.Dataset, contract *schema.Schema, times int) (*profile.Dataset, *schema.Schema) {
	wide, columns := *d, &schema.Schema{}
	wide.Columns = nil
	for i := range times {
		for k, c := range d.Columns {
			copied := *c
			copied.Name += "_" + strconv.Itoa(i)
			wide.Columns = append(wide.Columns, &copied)
			declared := contract.Columns[k]
			declared.Name = copied.Name
			columns.Columns = append(columns.Columns, declared)
		}
	}
	slices.SortFunc(wide.Columns, func(a, b *profile.Column) int { return cmp.Compare(a.Name, b.Name) })
	return &wide, columns
}

// BenchmarkWide is checks, policy and report of wide tables of stored profiles
// of 100,000 rows a side: ten times the columns should cost ten times as much.
func BenchmarkWide(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	reference, contract := table(r, 20, 100_000, 0)
	for _, shift := range []float64{0, 0.3} {
		current, _ := table(r, 20, 100_000, shift)
		for _, columns := range []int{500, 5000} {
			before, declared := repeat(reference, contract, columns/20)
			now, _ := repeat(current, contract, columns/20)
			b.Run(fmt.Sprintf("%d columns, shift %g", columns, shift), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					reportOf(b, &compare.Comparison{Config: config.Default(), Contract: declared, Reference: &collect.Collection{Profile: before}, Current: &collect.Collection{Profile: now}})
				}
			})
		}
	}
}

func reportOf(b *testing.B, c *compare.Comparison) {
	made, err := compare.Compare(c)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := made.JSON(); err != nil {
		b.Fatal(err)
	}
	if err := report.HTML(io.Discard, made); err != nil {
		b.Fatal(err)
	}
}

// divide gives a profile segments: some profiles of the same columns, and what all
// of them make together as the whole.
func divide(whole *profile.Dataset, parts []*profile.Dataset) *profile.Dataset {
	divided := *whole
	divided.Segments = nil
	d := segment.Division{By: []string{"shop"}}
	for i, one := range parts {
		key := d.Key(nil)
		if i > 0 {
			key = d.Key([]string{"s" + strconv.Itoa(i)})
		}
		divided.Segments = append(divided.Segments, profile.Segment{Key: key, Profile: one})
	}
	return &divided
}

// BenchmarkWideSegments is BenchmarkWide with ten segments of 100,000 rows a side as
// well.
func BenchmarkWideSegments(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	const segments = 10
	sides := func(shift float64) (whole *profile.Dataset, parts []*profile.Dataset, contract *schema.Schema) {
		whole, contract = table(r, 20, 100_000, shift)
		one := tableOf(r, 20, 100_000, shift, profile.Stored.Segments)
		for range segments {
			parts = append(parts, one)
		}
		return whole, parts, contract
	}
	before, beforeParts, contract := sides(0)
	settings := config.Default()
	settings.Segments = [][]string{{"shop"}}
	for _, shift := range []float64{0, 0.3} {
		now, nowParts, _ := sides(shift)
		for _, columns := range []int{500, 5000} {
			wide := func(whole *profile.Dataset, parts []*profile.Dataset) (*profile.Dataset, *schema.Schema) {
				d, declared := repeat(whole, contract, columns/20)
				var all []*profile.Dataset
				for _, one := range parts {
					p, _ := repeat(one, contract, columns/20)
					all = append(all, p)
				}
				return divide(d, all), declared
			}
			reference, declared := wide(before, beforeParts)
			current, _ := wide(now, nowParts)
			b.Run(fmt.Sprintf("%d columns, shift %g", columns, shift), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					reportOf(b, &compare.Comparison{Config: settings, Contract: declared, Reference: &collect.Collection{Profile: reference}, Current: &collect.Collection{Profile: current}})
				}
			})
		}
	}
}

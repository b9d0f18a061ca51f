package vary

import (
	"math/rand/v2"
	"strconv"

	"leeway/core/frame"
	"leeway/core/profile"
	"leeway/core/schema"
)

// table draws the stored profile of columns, every fourth of which has categories and the
// others numbers, moved by shift.
func table(r *rand.Rand, columns, rows int, shift float64) (*profile.Dataset, *schema.Schema) {
	contract := &schema.Schema{}
	block := &frame.Block{Rows: rows, First: 1, Columns: make([]frame.Column, columns)}
	for i := range block.Columns {
		declared := schema.Column{Name: "c" + strconv.Itoa(i), Kind: schema.Numeric, Role: schema.Feature}
		c := &block.Columns[i]
		c.Type, c.States = frame.Float, make([]frame.State, rows)
		if i%4 == 3 {
			declared.Kind = schema.Categorical
			c.Type, c.Symbols = frame.Symbol, frame.NewSymbols()
		}
		for range rows {
			if c.Type == frame.Float {
				c.Floats = append(c.Floats, r.NormFloat64()+shift)
			} else {
				c.Codes = append(c.Codes, c.Symbols.Intern([]byte("v"+strconv.Itoa(int(r.ExpFloat64()*8*(1+shift))))))
			}
		}
		contract.Columns = append(contract.Columns, declared)
	}
	builder := profile.New(contract.Columns, &profile.Stored)
	builder.Add(block)
	return builder.Profile(), contract
}

package main

import (
	"fmt"
	"os"
)

// The sizes that are simulated, and how often.
var (
	stillSizes = []struct{ reference, rows, windows int }{
		{30, 30, 10_000}, {100, 100, 10_000}, {1_000, 1_000, 10_000}, {100_000, 100_000, 500},
		{300, 30, 10_000}, {1_000, 100, 10_000}, {10_000, 1_000, 1_000},
	}
	seriesSizes = []struct{ rows, windows int }{{30, 10_000}, {100, 10_000}, {1_000, 10_000}, {100_000, 500}}
	powerSizes  = [][2]int{{1_000, 1_000}, {10_000, 1_000}}
	turned      = []float64{0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2}
)

// powerWindows is how many windows a point of a curve rests on: more at the
// size that the tables show.
func powerWindows(size float64) int {
	if size == 1 {
		return 2_000
	}
	return 400
}

// simulate does all that was not done before, the quick things first.
func (all *results) simulate() error {
	for _, d := range drifts {
		for _, sides := range powerSizes {
			for _, size := range turned {
				want := found{Drift: d.name, Size: size, Reference: sides[0], Rows: sides[1], Windows: powerWindows(size)}
				if _, known := all.Found[want.key()]; known {
					continue
				}
				f, err := power(&d, size, sides[0], sides[1], want.Windows)
				if err != nil {
					return err
				}
				all.Found[f.key()] = f
				fmt.Fprintf(os.Stderr, "%+v\n", f)
			}
			if err := all.save(); err != nil {
				return err
			}
		}
	}
	for _, want := range stills() {
		if _, known := all.Rates[want.key()]; known {
			continue
		}
		found, err := want.simulate()
		if err != nil {
			return err
		}
		all.Rates[found.key()] = found
		fmt.Fprintf(os.Stderr, "%+v\n", found)
		if err := all.save(); err != nil {
			return err
		}
	}
	return nil
}

// stills lists what is simulated without a change.
func stills() []rate {
	var list []rate
	for _, size := range stillSizes {
		for _, s := range independent {
			list = append(list, rate{Shape: s.name, Reference: size.reference, Rows: size.rows, Windows: size.windows})
		}
	}
	for _, size := range seriesSizes {
		for _, s := range series {
			list = append(list, rate{Shape: s.name, Reference: days * size.rows, Rows: size.rows, Windows: size.windows})
		}
	}
	return list
}

func (r *rate) simulate() (rate, error) {
	for _, s := range independent {
		if s.name == r.Shape {
			return still(s, r.Reference, r.Rows, r.Windows)
		}
	}
	for _, s := range series {
		if s.name == r.Shape {
			return stillSeries(s, r.Rows, r.Windows)
		}
	}
	return rate{}, fmt.Errorf("unknown shape %q", r.Shape)
}

// inOrder lists the power of every drift, by size.
func (all *results) inOrder() []found {
	var list []found
	for _, d := range drifts {
		for _, sides := range powerSizes {
			for _, size := range turned {
				want := found{Drift: d.name, Size: size, Reference: sides[0], Rows: sides[1], Windows: powerWindows(size)}
				list = append(list, all.Found[want.key()])
			}
		}
	}
	return list
}

package main

import (
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// The sizes that are simulated, and how often.
var (
	stillSizes = []struct{ reference, rows, windows int }{
		{30, 30, 10_000}, {100, 100, 10_000}, {1_000, 1_000, 10_000}, {100_000, 100_000, 2_000},
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

// simulate does all that was not done before or is stale, the quick things first, as many at
// once as there are cores. Each has random numbers of its own, so that the order
// does not matter.
func (all *results) simulate() error {
	changed := slices.DeleteFunc(powers(), func(f found) bool { return all.Found[f.key()].Windows > 0 && !all.again[f.key()] })
	unchanged := slices.DeleteFunc(stills(), func(r rate) bool { return all.Rates[r.key()].Windows > 0 && !all.again[r.key()] })
	all.left = len(changed) + len(unchanged)
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, want := range changed {
		group.Go(func() error {
			found, err := want.simulate()
			return all.add(err, func() { all.Found[found.key()] = found })
		})
	}
	for _, want := range unchanged {
		group.Go(func() error {
			found, err := want.simulate()
			return all.add(err, func() { all.Rates[found.key()] = found })
		})
	}
	return group.Wait()
}

// powers lists what is simulated with a change, by size.
func powers() []found {
	var list []found
	for _, d := range drifts {
		for _, sides := range powerSizes {
			for _, size := range turned {
				list = append(list, found{Drift: d.name, Size: size, Reference: sides[0], Rows: sides[1], Windows: powerWindows(size)})
			}
		}
	}
	return list
}

// kind is "series" where the reference is made of windows.
func (r *rate) kind() string {
	if r.Reference == days*r.Rows {
		return "series"
	}
	return "still"
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
	list := powers()
	for i := range list {
		list[i] = all.Found[list[i].key()]
	}
	return list
}

package ledger_test

import (
	"math"
	"slices"
	"testing"

	"leeway/core/cases"
	"leeway/core/ledger"
	"leeway/core/outcome"
)

// TestIn: rows are found again by the number of their window, those of a file that was
// taken back are not, and what is stored does not know of numbers.
func TestIn(t *testing.T) {
	shape := grouped()
	row := func(i int) *outcome.Row {
		return &outcome.Row{Predicted: float64(i % 2), Actual: float64(i % 2), Weight: math.NaN(), Groups: []float64{float64(i), math.NaN()}}
	}
	l, plain := ledger.New(shape), ledger.New(shape)
	add := func(from, to int) {
		for i := from; i < to; i++ {
			if i%10 == 0 { // nobody knows its window
				l.Add(uint64(i+1), row(i))
			} else {
				l.AddIn(uint16(1+i%3), uint64(i+1), row(i))
			}
		}
	}
	add(0, 500)
	mark := l.Mark()
	add(500, 800)
	l.Back(mark)
	add(800, 1000)
	want := map[uint16]map[float64]bool{0: {}, 1: {}, 2: {}, 3: {}}
	for i := range 1000 {
		switch {
		case i >= 500 && i < 800:
		case i%10 == 0:
			want[0][float64(i)] = true
			plain.Add(uint64(i+1), row(i))
		default:
			want[uint16(1+i%3)][float64(i)] = true
			plain.Add(uint64(i+1), row(i))
		}
	}
	for window := uint16(1); window <= 3; window++ {
		n := 0
		for r := range l.In(window) {
			n++
			if at := r.Groups[0]; !want[window][at] || r.Actual != float64(int(at)%2) {
				t.Fatalf("window %d: %+v", window, r)
			}
		}
		if n != len(want[window]) {
			t.Errorf("window %d: %d rows, want %d", window, n, len(want[window]))
		}
	}
	n := 0
	for range l.All() {
		if n++; n == 100 {
			break
		}
	}
	if n != 100 || string(l.Encode()) != string(plain.Encode()) {
		t.Errorf("%d rows, or other bytes", n)
	}
}

// TestWindows: the windows of rows are stored and read, the same for any order of rows and
// windows, and rows of some of them can be had alone: of the sample those whose id no row
// of another window has.
func TestWindows(t *testing.T) {
	shape := grouped()
	shape.Budget = outcome.Exact
	spans := []ledger.Window{{Start: -3600e9, End: 0, Cut: true}, {Start: 0, End: 3600e9}, {Start: 3600e9, End: 7200e9}}
	row := func(i int) *outcome.Row {
		return &outcome.Row{Predicted: float64(i % 2), Actual: math.NaN(), Weight: math.NaN(), Groups: []float64{0, math.NaN()}}
	}
	window := func(i int) int { return i%4 - 1 } // -1: none
	filled := func(order []int, number []uint16) *ledger.Ledger {
		l := ledger.New(shape)
		l.Windows = make([]ledger.Window, 3)
		for at, n := range number {
			l.Windows[n-1] = spans[at]
		}
		l.Cases = cases.New(shape, nil, cases.Bound)
		for _, i := range order {
			id, of := uint64(i/2+1), uint16(0) // each id twice, in two windows or one and none
			if window(i) >= 0 {
				of = number[window(i)]
			}
			l.AddIn(of, id, row(i))
			l.Cases.Put(&cases.Row{Hash: uint64(i + 1), ID: id, Count: 1, Numbers: []float64{0, math.NaN()}})
		}
		return l
	}
	var order, back []int
	for i := range 400 {
		order, back = append(order, i), append([]int{i}, back...)
	}
	data := filled(order, []uint16{1, 2, 3}).Encode()
	if string(data) != string(filled(back, []uint16{3, 1, 2}).Encode()) {
		t.Error("another order of rows and windows is stored otherwise")
	}
	l, err := ledger.Decode(data, shape)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(l.Windows, spans) || !slices.Equal(l.Counts(), []int64{100, 100, 100}) || string(l.Encode()) != string(data) {
		t.Errorf("%v with %v rows", l.Windows, l.Counts())
	}
	for at := range spans { // ids of the first are those of rows without a window too, the others share theirs
		part := l.Only(func(w *ledger.Window) bool { return *w == spans[at] })
		if part.Rows() != 100 || part.Cases.Len() != 0 {
			t.Errorf("window %d: %d rows, %d of the sample", at, part.Rows(), part.Cases.Len())
		}
	}
	part := l.Only(func(w *ledger.Window) bool { return !w.Cut })
	if part.Rows() != 200 || part.Cases.Len() != 200 || part.Counts()[0] != 0 {
		t.Errorf("both whole windows: %d rows, %d of the sample", part.Rows(), part.Cases.Len())
	}
	for at := range data[:len(data)-1] { // no data make the decoder panic
		damaged := slices.Clone(data)
		damaged[at] ^= 0x55
		if _, err := ledger.Decode(damaged, shape); err == nil {
			t.Errorf("byte %d was changed, and nobody noticed", at)
		}
	}
}

package ledger_test

import (
	"math"
	"testing"

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

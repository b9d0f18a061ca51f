package wire

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRoundTrip(t *testing.T) {
	var b []byte
	for _, x := range []uint64{0, 1, 127, 128, 1 << 53, math.MaxUint64} {
		b = Uint(b, x)
	}
	b = Int(Int(b, math.MinInt64), -3)
	b = Text(Flag(Float(b, -0.5), true), "añb")
	r := NewReader(b)
	for _, x := range []uint64{0, 1, 127, 128, 1 << 53, math.MaxUint64} {
		if got := r.Uint(); got != x {
			t.Errorf("%d, want %d", got, x)
		}
	}
	many := make([]uint64, 6)
	NewReader(b).Uints(many)
	if d := cmp.Diff([]uint64{0, 1, 127, 128, 1 << 53, math.MaxUint64}, many); d != "" {
		t.Error(d)
	}
	if a, b := r.Int(), r.Int(); a != math.MinInt64 || b != -3 {
		t.Error(a, b)
	}
	if x, flag, text := r.Float(), r.Flag(), r.Text(); x != -0.5 || !flag || text != "añb" {
		t.Error(x, flag, text)
	}
	if r.Err() != nil || r.Left() != 0 {
		t.Error(r.Err(), r.Left())
	}
}

func TestFaultsStay(t *testing.T) {
	for name, read := range map[string]func(*Reader){
		"long form": func(r *Reader) { r.Uint() },
		"numbers":   func(r *Reader) { r.Uints(make([]uint64, 3)) },
		"size":      func(r *Reader) { r.Byte(); r.Byte(); r.Size(1) },
		"bytes":     func(r *Reader) { r.Bytes(9) },
		"negative":  func(r *Reader) { r.Bytes(-1) },
		"flag":      func(r *Reader) { r.Flag() },
		"float":     func(r *Reader) { r.Float() },
		"bound":     func(r *Reader) { r.Byte(); r.Bound() },
	} {
		r := NewReader([]byte{0x80, 0x00, 0x7f, 1})
		read(r)
		first := r.Err()
		if first == nil || r.Uint() != 0 || r.Text() != "" || r.Err() != first {
			t.Error(name, first, r.Err())
		}
	}
	if NewReader(Uint(nil, 1<<53+1)).Count() != 0 {
		t.Error("count beyond what a float64 can tell apart")
	}
}

package profile

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"leeway/core/frame"
)

// TestIDKey: with a key nothing in a profile tells ids without it: neither the sample
// of rows nor the hashes that ids are part of. What is counted is the same.
func TestIDKey(t *testing.T) {
	rows := rowsOf(900, 3)
	of := func(rows []row, key string) *Dataset {
		b := New(contract, Stored.Keyed([]byte(key)))
		color, many := frame.NewSymbols(), frame.NewSymbols()
		b.Add(blockOf(rows[:400], color, many))
		b.Add(blockOf(rows[400:], color, many))
		return b.Profile()
	}
	open, one, other := of(rows, ""), of(rows, "secret"), of(rows, "another")
	seen := map[uint64]bool{}
	distinct := func(d *Dataset) float64 {
		n, _ := d.Column("id").Distinct.Estimate()
		return n
	}
	for _, hidden := range []*Dataset{one, other} {
		if bytes.Contains(hidden.Encode(), []byte("id-")) {
			t.Error("the profile has ids")
		}
		if got := distinct(hidden); math.Abs(got/distinct(open)-1) > 0.1 {
			t.Errorf("about %v distinct ids, not %v", got, distinct(open))
		}
		got, _ := hidden.Lines.Duplicates()
		if want, _ := open.Lines.Duplicates(); got != want {
			t.Errorf("%v of rows are copies, want %v", got, want)
		}
	}
	for _, line := range append(slices.Clone(open.Lines.Sample()), other.Lines.Sample()...) {
		seen[line.Hash] = true
	}
	at, same := slices.Index(one.Lines.Names(), "id"), 0
	for _, line := range one.Lines.Sample() {
		if !line.Cells[at].Known { // a row without an id has the hash that it has
			continue
		}
		if !strings.HasPrefix(line.Cells[at].Text, "#") {
			t.Errorf("id %q", line.Cells[at].Text)
		}
		if seen[line.Hash] {
			same++
		}
	}
	if same > 0 {
		t.Errorf("%d rows have a hash that needs no key", same)
	}
	slices.Reverse(rows)
	if !bytes.Equal(of(rows, "secret").Encode(), one.Encode()) {
		t.Error("another order, other bytes")
	}
}

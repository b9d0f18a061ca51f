package ledger_test

import (
	"math"
	"testing"

	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// TestVersions: of several labels the one of the highest version counts, then the
// one that came last, in any order and through their encoding; what came too late
// for a ledger does not.
func TestVersions(t *testing.T) {
	shape := &outcome.Shape{Task: schema.Regression, Positive: -1, Budget: outcome.Exact}
	none := int64(ledger.Unversioned)
	all := []struct {
		id, came    uint64
		value       float64
		version, at int64
	}{
		{1, 1, 10, 5, 100}, {1, 1, 11, 9, 50}, {1, 1, 12, 7, 300}, // the highest version
		{2, 2, 20, none, 50}, {2, 2, 21, -3, 10}, // any version before none
		{3, 3, 30, 4, 50}, {3, 3, 31, 4, 60}, // of one version the last
		{4, 4, 40, 4, 50}, {4, 4, 41, 4, 50}, // a contradiction
		{5, 5, 50, none, 500}, // late
		{6, 6, 60, none, 50}, {6, 6, 61, none, 500},
	}
	want := map[uint64][2]float64{ // with all, and with those that came by 200
		1: {11, 11}, 2: {21, 21}, 3: {31, 31}, 4: {math.NaN(), math.NaN()}, 5: {50, math.NaN()}, 6: {61, 60},
	}
	for turn := range len(all) {
		b := &ledger.Labels{Dated: true}
		for i := range all {
			one := &all[(i+turn)%len(all)]
			single := &ledger.Labels{}
			single.Add(one.id, one.value, one.version, 0)
			if err := b.Decode(single.Encode(shape), shape, one.at); err != nil {
				t.Fatal(err)
			}
		}
		b.Settle()
		for i, until := range []int64{0, 200} {
			for id, values := range want {
				l := ledger.New(shape)
				l.Until = until
				l.Add(id, &outcome.Row{Predicted: 0, Actual: math.NaN(), Weight: math.NaN()})
				got := math.NaN()
				for row := range b.Outcomes(shape, ledger.Of(l)) {
					got = row.Actual
				}
				if got != values[i] && !(math.IsNaN(got) && math.IsNaN(values[i])) {
					t.Errorf("label of %d until %d is %v, want %v", id, until, got, values[i])
				}
				digest := b.Match(shape, ledger.Of(l))
				if joined := b.Look(shape, ledger.Of(l)); joined.Digest != digest {
					t.Errorf("the digest of %d until %d is %v, and %v of the join", id, until, digest, joined.Digest)
				}
			}
		}
	}
}

package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/infra/local/memstore"
)

// TestOrderHeldAgainst: whatever windows are held against, and in whatever order
// files arrive, the reports end up the same.
func TestOrderHeldAgainst(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	days, texts := month()
	weeks := map[string]string{}
	for week := range 6 {
		weeks[fmt.Sprintf("logs/m/%d.csv", week)] = weekly(monday.AddDate(0, 0, 7*week), 7, 150, nil)
	}
	for name, c := range map[string]struct {
		settings, reference string
		texts               map[string]string
		orders              [][][]string // portions of keys that arrive together
	}{
		"rolling": {"baseline: {kind: rolling, windows: 4}\n", day(1, 1000, 1), texts,
			[][][]string{{days}, shuffled(r, days, 3), shuffled(r, days, 6), shuffled(r, days, 9)}},
		"segments": {"segments: [channel]\nbaseline: {kind: rolling, windows: 4}\n", day(1, 1000, 1), texts,
			[][][]string{{days}, shuffled(r, days, 4), shuffled(r, days, 9)}},
		"seasonal": {seasonal, weekly(monday.AddDate(0, 0, -14), 14, 150, nil), weeks,
			[][][]string{portions(keys(weeks), 1), shuffled(r, keys(weeks), 1), shuffled(r, keys(weeks), 2), {keys(weeks)}}},
	} {
		t.Run(name, func(t *testing.T) {
			var want map[string]string
			if testing.Short() {
				c.orders = c.orders[:2]
			}
			for i, order := range c.orders {
				store := memstore.New()
				drop(t, store, "config/m.yaml", c.settings)
				drop(t, store, "reference/m/r.csv", c.reference)
				for _, portion := range order {
					for _, key := range portion {
						drop(t, store, key, c.texts[key])
					}
					process(t, store)
				}
				got := finals(t, store)
				if want == nil {
					want = got
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("order %d ends otherwise: %s", i, diff)
				}
				if again := process(t, store); len(again.Reports) > 0 {
					t.Errorf("order %d: another run makes %d reports", i, len(again.Reports))
				}
			}
		})
	}
}

func portions(keys []string, size int) [][]string { return slices.Collect(slices.Chunk(keys, size)) }

func shuffled(r *rand.Rand, keys []string, size int) [][]string {
	keys = slices.Clone(keys)
	r.Shuffle(len(keys), func(i, k int) { keys[i], keys[k] = keys[k], keys[i] })
	return portions(keys, size)
}

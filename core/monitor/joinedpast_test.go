package monitor_test

import (
	"context"
	"strings"
	"testing"
)

// TestJoinedPastHeals: what labels say of a reference's windows is kept once, found again where
// it is damaged or gone, and comes out as it was; other labels have their own.
func TestJoinedPastHeals(t *testing.T) {
	w := newWorld(t)
	reference, labels := busy(monday.AddDate(0, 0, -14), 14, 60, 0, false)
	w.put("reference/m/r.csv", reference)
	w.put("labels/m/r.csv", labels)
	day := func(n int) {
		logs, labels := busy(monday.AddDate(0, 0, n), 1, 60, 0, false)
		w.put("logs/m/"+string(rune('a'+n))+".csv", logs)
		w.put("labels/m/"+string(rune('a'+n))+".csv", labels)
		w.run()
	}
	day(0)
	kept := func() (keys []string) {
		for key := range w.bytes("state/m/baselines/") {
			if strings.HasSuffix(key, ".past") {
				keys = append(keys, key)
			}
		}
		return keys
	}
	keys := kept()
	if len(keys) != 1 {
		t.Fatalf("kept: %q", keys)
	}
	before := w.bytes("state/m/baselines/")[keys[0]]
	w.put(keys[0], before[:len(before)/2])
	day(1)
	if now := w.bytes("state/m/baselines/")[keys[0]]; now != before {
		t.Error("a damaged one is not made again as it was")
	}
	if err := w.store.Delete(context.Background(), keys[0]); err != nil {
		t.Fatal(err)
	}
	day(2)
	if now := w.bytes("state/m/baselines/")[keys[0]]; now != before {
		t.Error("one that was gone is not made again as it was")
	}
	lines := strings.SplitAfter(labels, "\n")
	w.put("labels/m/corrected.csv", lines[0]+strings.TrimSuffix(lines[1], "\n")[:len(lines[1])-2]+map[byte]string{'0': "1", '1': "0"}[lines[1][len(lines[1])-2]]+"\n")
	w.run()
	if len(kept()) != 2 {
		t.Errorf("of corrected labels: %q", kept())
	}
	w.wantIdle()
}

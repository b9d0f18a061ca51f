package monitor_test

import (
	"context"
	"strings"
	"testing"
	"time"
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
	if now := kept(); len(now) != 1 || now[0] == keys[0] {
		t.Errorf("of corrected labels: %q", now)
	}
	w.wantIdle()
	more, _ := busy(monday.AddDate(0, 0, -28), 14, 60, 0, false)
	w.put("reference/m/more.csv", more)
	if _, err := w.monitor().BuildBaseline(context.Background(), "m", nil, true); err != nil {
		t.Fatal(err)
	}
	if now := kept(); len(now) != 0 {
		t.Errorf("of a baseline that is used no more: %q", now)
	}
}

// TestJoinedPastEnds: once labels are deleted since they are old, nothing that was made of them
// alone stays.
func TestJoinedPastEnds(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "retain: {labels: 10d, ledger: 10d}\n")
	reference, labels := busy(monday.AddDate(0, 0, -14), 14, 60, 0, false)
	w.put("reference/m/r.csv", reference)
	w.put("labels/m/r.csv", labels)
	logs, truth := busy(monday, 1, 60, 0, false)
	w.put("logs/m/a.csv", logs)
	w.put("labels/m/a.csv", truth)
	w.run()
	kept := func() (n int) {
		for key := range w.bytes("state/m/baselines/") {
			if strings.HasSuffix(key, ".past") {
				n++
			}
		}
		return n
	}
	if kept() != 1 {
		t.Fatalf("%d are kept", kept())
	}
	w.clock.advance(90 * 24 * time.Hour)
	later, _ := busy(monday.AddDate(0, 0, 150), 1, 60, 0, false)
	w.put("logs/m/b.csv", later)
	w.run()
	w.run()
	if kept() != 0 {
		t.Errorf("%d are kept of labels that are not", kept())
	}
	w.wantIdle()
}

package monitor_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"leeway/core/state"
)

// TestManyDamagedBefore: however many profiles are damaged that a window could be
// held against, one run copes: with those that can be made again, without the
// others, and what was reported of these stays.
func TestManyDamagedBefore(t *testing.T) {
	start := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		there func(day int) bool
		first string // of the windows that the next one is held against
	}{
		{"all files are gone", func(int) bool { return false }, "2026-02-04T00:00:00Z"},
		{"some are there", func(day int) bool { return day%2 == 0 }, "2026-02-11T00:00:00Z"},
	} {
		for _, kind := range []string{rolling, seasonal} {
			w := newWorld(t)
			w.put("config/m.yaml", kind)
			w.put("reference/m/r.csv", creeping(start.AddDate(0, 0, -7), 1000, 0, 0))
			for i := range 20 {
				w.put(fmt.Sprintf("logs/m/%02d.csv", i), creeping(start.AddDate(0, 0, i), 200, 0, 0))
			}
			w.run()
			before := w.history()
			for i := 8; i < 20; i++ {
				key := fmt.Sprintf("logs/m/%02d.csv", i)
				part := w.batch(key).Parts[0]
				profile := state.ProfileKey("m", part.Window, part.Profile)
				w.put(profile, "cut off")
				if i%3 == 0 {
					w.remove(profile)
				}
				if !c.there(i) {
					w.remove(key)
				}
			}
			w.put("logs/m/more.csv", creeping(start.AddDate(0, 0, 9), 100, 0, 0)) // whose own profile is damaged
			w.put("logs/m/next.csv", creeping(start.AddDate(0, 0, 20), 200, 0, 0))
			if _, err := w.monitor().Run(t.Context(), "m"); err != nil {
				t.Errorf("%s, %s: %v", c.name, kind, err)
				continue
			}
			after := w.history()
			if len(after) != 21 {
				t.Fatalf("%s, %s: %d windows", c.name, kind, len(after))
			}
			if r := w.newest("2026-02-10"); r.Current.Rows != 100 || !strings.Contains(strings.Join(r.Notes, "\n"), "200 rows of logs/m/09.csv are left out") {
				t.Errorf("%s, %s: %d rows, %q", c.name, kind, r.Current.Rows, r.Notes)
			}
			for i := range before {
				past := i > 9 && c.there(i) // is another one with the rows of the 10th
				if i != 9 && (after[i].Rows != 200 || !past && after[i].Report != before[i].Report) {
					t.Errorf("%s, %s: %s has %d rows or another report", c.name, kind, after[i].Window.Key(), after[i].Rows)
				}
			}
			if r := w.newest("2026-02-21"); kind == rolling && (len(r.Reference.Earlier) != 5 || r.Reference.Earlier[0] != c.first) {
				t.Errorf("%s: held against %q", c.name, r.Reference.Earlier)
			}
			w.wantIdle()
		}
	}
}

func (w *world) remove(key string) {
	w.Helper()
	if err := w.store.Delete(w.Context(), key); err != nil {
		w.Fatal(err)
	}
}

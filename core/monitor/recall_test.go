package monitor_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestTheNewestWindowIsJudgedAgain against reference data that came later, and
// no other window is: not one whose summary is damaged either.
func TestTheNewestWindowIsJudgedAgain(t *testing.T) {
	w := newWorld(t)
	for number := 2; number <= 4; number++ {
		w.put(fmt.Sprintf("logs/m/%d.csv", number), day(number, 300, uint64(number)))
	}
	w.run()
	proposed := w.baseline().Version
	for key, text := range w.bytes("state/m/history/20260302") {
		w.put(key, strings.Repeat("\x00", len(text)))
	}
	w.put("reference/m/r.csv", day(1, 500, 1))
	w.run()
	for day, earlier := range map[string]bool{"2026-03-02": true, "2026-03-03": true, "2026-03-04": false} {
		if r := w.newest(day); (r.Reference.Baseline == proposed) != earlier {
			t.Errorf("%s: judged against %s; the proposal was %s", day, r.Reference.Baseline, proposed)
		}
	}
}

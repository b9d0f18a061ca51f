package vary

import (
	"errors"
	"testing"
	"time"

	"leeway/core/config"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/state"
)

// TestSpread: of however many windows, of whatever length, those that are judged
// have all hours of the day and all days of the week in them, in about the share
// that these have of all windows.
func TestSpread(t *testing.T) {
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	for _, every := range []time.Duration{time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour} {
		for _, n := range []int{65, 96, 100, 128, 168, 192, 256, 320, 336, 384, 448, 500, 512} {
			for _, stride := range []int{1, 5, 25} { // of a longer reference
				all, picked := map[string]int{}, map[string]int{}
				count := func(w state.Window, into map[string]int) {
					into[w.Start.Format("15h")]++
					into[w.Start.Format("Monday")]++
				}
				var parts []route.Part
				for i := range n {
					at := start.Add(time.Duration(i*stride) * every)
					parts = append(parts, route.Part{Window: state.Window{Start: at, End: at.Add(every)}})
					count(parts[i].Window, all)
				}
				picks := spread(parts, mostJudged)
				for i := range picks {
					if i > 0 && picks[i].Window.Compare(picks[i-1].Window) <= 0 {
						t.Fatalf("%s after %s", picks[i].Window.Key(), picks[i-1].Window.Key())
					}
					count(picks[i].Window, picked)
				}
				if len(picks) != mostJudged {
					t.Errorf("%d of %d", len(picks), n)
				}
				for what, has := range all {
					want := float64(has) * mostJudged / float64(n)
					if got := float64(picked[what]); got < want/2-1 || got > 2*want+1 || want >= 1.5 && got == 0 {
						t.Errorf("%d windows of %s, every %dth: %g of %s, want about %.1f", n, every, stride, got, what, want)
					}
				}
			}
		}
	}
}

// TestWindowsError: what went wrong with a file's windows is told, whatever files
// come after it.
func TestWindowsError(t *testing.T) {
	wrong := errors.New("wrong")
	w := New(config.Default(), nil, nil, nil)
	w.err = wrong
	w.Start(nil, nil, &schema.Schema{}, nil)
	w.Keep()
	if _, err := w.profiles(); !errors.Is(err, wrong) {
		t.Errorf("%v", err)
	}
}

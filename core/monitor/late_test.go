package monitor_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/check"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/infra/local/filestore"
	"leeway/infra/local/memstore"
)

// stores are the kinds of bucket that the pipeline is tried on.
var stores = map[string]func(t *testing.T) state.Store{
	"memstore": func(*testing.T) state.Store { return memstore.New() },
	"filestore": func(t *testing.T) state.Store {
		store, err := filestore.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return store
	},
}

func drop(t *testing.T, store state.Store, key, text string) {
	t.Helper()
	if _, err := store.Put(context.Background(), key, strings.NewReader(text), nil); err != nil {
		t.Fatal(err)
	}
}

// process runs a process of its own on the bucket.
func process(t *testing.T, store state.Store) *monitor.Result {
	t.Helper()
	m := &monitor.Monitor{DB: state.Open(store, store), Data: store, Clock: &clock{now: time.Now()}, Workers: 2}
	result, err := m.Run(context.Background(), "m")
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// month is a bucket's worth of batches, in order of time: the amounts drift for
// a while, one day has few rows, and each day comes in two halves.
func month() (keys []string, texts map[string]string) {
	texts = map[string]string{}
	for number := 2; number <= 17; number++ {
		rows := 60
		if number == 15 {
			rows = 8
		}
		for half := range 2 {
			key := fmt.Sprintf("logs/m/%02d-%d.csv", number, half)
			text := day(number, rows, uint64(10*number+half))
			if number >= 6 && number < 13 {
				text = strings.ReplaceAll(text, ":00Z,", ":00Z,7") // a digit more
			}
			keys, texts[key] = append(keys, key), text
		}
	}
	return keys, texts
}

// finals are the newest reports by window, without what says when they were
// made and what they replace.
func finals(t *testing.T, store state.Store) map[string]string {
	t.Helper()
	db := state.Open(store, store)
	history, err := db.History(context.Background(), "m", time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, summary := range history {
		r, err := db.Report(context.Background(), "m", summary.Report)
		if err != nil {
			t.Fatal(err)
		}
		if r.ID != summary.Report || r.Verdict != summary.Verdict {
			t.Errorf("%s: the summary is not that of its report", summary.Window.Key())
		}
		r.Created, r.Supersedes = "", ""
		data, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		all[summary.Window.Key()] = string(data)
	}
	return all
}

const lasting = "version: 1\npolicy: {persistence: 3}\n"

// TestOrderOfArrival: whatever comes late, the reports end up as if all had
// come in order.
func TestOrderOfArrival(t *testing.T) {
	keys, texts := month()
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			deliver := func(order []string, portion func() int) state.Store {
				store := open(t)
				drop(t, store, "reference/m/r.csv", day(1, 1000, 1))
				drop(t, store, "config/m.yaml", lasting)
				for len(order) > 0 {
					n := min(portion(), len(order))
					for _, key := range order[:n] {
						drop(t, store, key, texts[key])
					}
					order = order[n:]
					process(t, store)
				}
				return store
			}
			want := finals(t, deliver(keys, func() int { return 2 }))
			all := strings.Join(slices.Collect(values(want)), "\n")
			if len(want) != 16 || !strings.Contains(all, `"streak": 7`) || !strings.Contains(all, "in a row; it alarms") || !strings.Contains(all, "rows instead of about") {
				t.Fatal("the month has not what the test is about")
			}
			for seed := range uint64(2) {
				r := rand.New(rand.NewPCG(seed, 7))
				shuffled := slices.Clone(keys)
				r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
				got := finals(t, deliver(shuffled, func() int { return 1 + r.IntN(20) }))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("seed %d: in order (-) and shuffled (+): %.2000s", seed, diff)
				}
			}
		})
	}
}

func values(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, key := range keys(m) {
			if !yield(m[key]) {
				return
			}
		}
	}
}

// TestLateRowsJudgeWhatFollowsAgain: a day that turns out to have drifted
// completes the streak of the days after it, and says whom it replaces.
func TestLateRowsJudgeWhatFollowsAgain(t *testing.T) {
	shifted := func(number int) string {
		return strings.ReplaceAll(day(number, 300, uint64(number)), ":00Z,", ":00Z,7")
	}
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("config/m.yaml", lasting)
	w.put("logs/m/3.csv", shifted(3))
	w.put("logs/m/4.csv", shifted(4))
	w.put("logs/m/5.csv", day(5, 300, 5))
	w.put("logs/m/6.csv", day(6, 300, 6))
	w.run()
	before, calm := w.newest("2026-03-04"), w.newest("2026-03-06")
	if before.Verdict == report.Alert {
		t.Fatal("two days in a row alarm already")
	}
	w.put("logs/m/2.csv", shifted(2))
	result := w.run()
	after := w.newest("2026-03-04")
	if after.Verdict != report.Alert || after.Supersedes != before.ID || after.Created != w.batch("logs/m/2.csv").Arrived.Format(time.RFC3339) {
		t.Errorf("%s, replaces %q, made %s", after.Verdict, after.Supersedes, after.Created)
	}
	if now := w.newest("2026-03-06"); now.ID != calm.ID || now.Created != calm.Created {
		t.Error("a day that nothing changes for got another report")
	}
	var told []string
	for _, r := range result.Reports {
		told = append(told, r.Window.Start[:10])
	}
	if diff := cmp.Diff([]string{"2026-03-02", "2026-03-03", "2026-03-04"}, told); diff != "" {
		t.Errorf("new reports: %s", diff)
	}
	w.wantIdle()
}

// TestTheBaselineOfThatTime: a window that is judged again for the sake of its
// past is held against the baseline that it was held against before.
func TestTheBaselineOfThatTime(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("config/m.yaml", lasting)
	w.put("logs/m/3.csv", strings.ReplaceAll(day(3, 300, 3), ":00Z,", ":00Z,7"))
	w.run()
	first := w.newest("2026-03-03").Reference.Baseline
	w.put("logs/x/other.csv", day(1, 1200, 99))
	if _, err := w.monitor().BuildBaseline(context.Background(), "m", []string{"logs/x/"}, true); err != nil {
		t.Fatal(err)
	}
	w.put("logs/m/2.csv", strings.ReplaceAll(day(2, 300, 2), ":00Z,", ":00Z,7"))
	w.run()
	early, late := w.newest("2026-03-02"), w.newest("2026-03-03")
	if early.Reference.Baseline == first || late.Reference.Baseline != first || late.Supersedes == "" {
		t.Errorf("baselines %s, then %s for new rows and %s for the day after", first, early.Reference.Baseline, late.Reference.Baseline)
	}
}

// TestLateRowsCostLittle delivers windows in the worst order, the newest first
// and one at a time: each costs what it may touch and no more.
func TestLateRowsCostLittle(t *testing.T) {
	const windows = 40
	r := rand.New(rand.NewPCG(1, 1))
	hour := func(number, rows int) string {
		var b strings.Builder
		b.WriteString("timestamp,amount\n")
		for range rows {
			fmt.Fprintf(&b, "2026-03-%02dT%02d:00:00Z,%.2f\n", 2+number/24, number%24, 80+20*r.NormFloat64())
		}
		return b.String()
	}
	store := &strict{Store: memstore.New()}
	drop(t, store, "reference/m/r.csv", hour(0, 500))
	drop(t, store, "config/m.yaml", "version: 1\nwindow: {every: hour}\n")
	most := 0
	for i := windows; i > 0; i-- {
		drop(t, store, fmt.Sprintf("logs/m/%d.csv", i), hour(i, 20))
		before := len(store.writes)
		process(t, store)
		judged := 0
		for _, write := range store.writes[before:] {
			if strings.HasPrefix(write, "put state/m/history/") {
				judged++
			}
		}
		most = max(most, judged)
	}
	if reach := min(windows, check.TrailLength); most > 1+reach || most < check.Recent {
		t.Errorf("a window that came late had %d judged", most)
	}
}

// mortal is a store that dies at its nth change, and stays dead.
type mortal struct {
	state.Store
	left atomic.Int64
}

var errKilled = errors.New("killed")

func (m *mortal) Put(ctx context.Context, key string, body io.Reader, o *state.PutOptions) (state.Info, error) {
	if m.left.Add(-1) < 0 {
		return state.Info{}, errKilled
	}
	return m.Store.Put(ctx, key, body, o)
}

func (m *mortal) Delete(ctx context.Context, key string) error {
	if m.left.Add(-1) < 0 {
		return errKilled
	}
	return m.Store.Delete(ctx, key)
}

// TestKilledWhileLateRowsAreJudged kills a process at each change of the state
// in turn, some of which are under way at once; the next one comes to the state
// that it would have come to.
func TestKilledWhileLateRowsAreJudged(t *testing.T) {
	run := func(n int64) (map[string]string, bool) {
		w := newWorld(t)
		w.put("reference/m/r.csv", day(1, 300, 1))
		w.put("config/m.yaml", lasting)
		for number := 3; number < 9; number++ {
			w.put(fmt.Sprintf("logs/m/%d.csv", number), strings.ReplaceAll(day(number, 100, uint64(number)), ":00Z,", ":00Z,7"))
		}
		w.run()
		w.put("logs/m/2.csv", strings.ReplaceAll(day(2, 100, 2), ":00Z,", ":00Z,7"))
		w.put("logs/m/late.csv", day(5, 100, 55))
		killer := &mortal{Store: w.store}
		killer.left.Store(n)
		m := &monitor.Monitor{DB: state.Open(w.store, killer), Data: w.store, Clock: w.clock, Workers: 2}
		_, err := m.Run(context.Background(), "m")
		if err != nil && !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		w.clock.advance(time.Hour) // claims of the dead have run out
		w.run()
		return w.bytes("state/", "quarantine/"), err == nil
	}
	want, _ := run(1 << 40)
	for n, survived := int64(0), false; !survived; n++ {
		var got map[string]string
		got, survived = run(n)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("killed at change %d: state (-want +got): %.2000s", n, diff)
		}
	}
}

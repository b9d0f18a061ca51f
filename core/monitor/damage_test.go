package monitor_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/state"
	"leeway/core/state/storetest"
)

// told collects the errors that a process tells.
type told []string

// attempt is process, with what it tells and its error.
func attempt(t *testing.T, store state.Store) (told, error) {
	t.Helper()
	var all told
	events := make(chan monitor.Event, 1000)
	m := &monitor.Monitor{DB: state.Open(store, store), Data: store, Clock: &clock{now: time.Now()}, Workers: 2,
		Observe: func(e monitor.Event) { events <- e }}
	_, err := m.Run(context.Background(), "m")
	close(events)
	for e := range events {
		if e.Err != nil {
			all = append(all, e.Err.Error())
		}
	}
	return all, err
}

// three is a bucket with three days that were processed, one of them with a
// report that replaces another.
func three(t *testing.T, store state.Store) {
	drop(t, store, "reference/m/r.csv", day(1, 500, 1))
	drop(t, store, "config/m.yaml", lasting)
	drop(t, store, "logs/m/2.csv", day(2, 300, 2))
	drop(t, store, "logs/m/3.csv", day(3, 300, 3))
	process(t, store)
	drop(t, store, "logs/m/4.csv", day(4, 300, 4))
	drop(t, store, "logs/m/late.csv", day(3, 100, 33))
	process(t, store)
}

// harms are what may become of an object.
var harms = map[string]func(text string) string{
	"cut off":  func(text string) string { return text[:len(text)/2] },
	"empty":    func(string) string { return "" },
	"zeros":    func(text string) string { return strings.Repeat("\x00", len(text)) },
	"no sense": func(string) string { return "{}" },
}

// harm damages the objects below a prefix and gives their keys.
func harm(t *testing.T, store state.Store, prefix string, how func(string) string) []string {
	t.Helper()
	objects := storetest.Contents(t, store, prefix)
	if len(objects) == 0 {
		t.Fatalf("nothing below %s", prefix)
	}
	for key, text := range objects {
		drop(t, store, key, how(text))
	}
	return keys(objects)
}

// wantMended makes sure that the state is what it was, each damaged object is told of
// and noted once, and that there is nothing left to do.
func wantMended(t *testing.T, store state.Store, before map[string]string, harmed []string, said told) {
	t.Helper()
	if diff := cmp.Diff(before, storetest.Contents(t, store, "state/")); diff != "" {
		t.Errorf("state (-before +after): %.2000s", diff)
	}
	db := state.Open(store, store)
	noted, err := db.Quarantines(context.Background(), "m")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, q := range noted {
		if q.Reason != state.ReasonDamaged || q.Error == "" || q.Hint == "" || !strings.Contains(strings.Join(said, "\n"), q.Key+": is damaged") {
			t.Errorf("%+v was not told: %q", q, said)
		}
		got = append(got, q.Key)
	}
	if diff := cmp.Diff(harmed, got); diff != "" || len(said) != len(harmed) {
		t.Errorf("noted: %s; told: %q", diff, said)
	}
	watched := &strict{Store: store}
	if said, err := attempt(t, watched); err != nil || len(said) > 0 || len(watched.writes) > 0 {
		t.Errorf("again: %v, told %q, wrote %q", err, said, watched.writes)
	}
}

// TestDamageHeals: a damaged object is made again and comes out as it was.
func TestDamageHeals(t *testing.T) {
	for name, open := range stores {
		for place, prefix := range map[string]string{
			"records": "state/m/batches/", "summaries": "state/m/history/", "one summary": "state/m/history/20260303",
		} {
			for what, how := range harms {
				t.Run(name+"/"+place+"/"+what, func(t *testing.T) {
					store := open(t)
					three(t, store)
					before := storetest.Contents(t, store, "state/")
					harmed := harm(t, store, prefix, how)
					said, err := attempt(t, store)
					if err != nil {
						t.Fatal(err)
					}
					wantMended(t, store, before, harmed, said)
				})
			}
		}
	}
}

// TestDamagedReports: one that is cut off or gone is found by the next process,
// one that is damaged inside when somebody reads it.
func TestDamagedReports(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			three(t, store)
			before := storetest.Contents(t, store, "state/")
			db := state.Open(store, store)
			history, err := db.History(context.Background(), "m", time.Time{}, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			first, last := history[0], history[len(history)-1]
			cut := harm(t, store, state.ReportKey("m", last.Window, last.Report), harms["cut off"])
			inside := harm(t, store, state.ReportKey("m", first.Window, first.Report), func(text string) string {
				return strings.Replace(text, `"version": 1`, `"version":: 1`, 1)
			})
			if _, err := db.Report(context.Background(), "m", first.Report); fault.KindOf(err) != fault.Invalid || !strings.HasPrefix(err.Error(), inside[0]+": is damaged") {
				t.Errorf("read: %v", err)
			}
			said, err := attempt(t, store)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, storetest.Contents(t, store, "state/")); diff != "" {
				t.Errorf("state (-before +after): %.2000s", diff)
			}
			if len(said) != 1 || !strings.HasPrefix(said[0], cut[0]) { // the other one was told to the reader
				t.Errorf("told %q", said)
			}
			if err := store.Delete(context.Background(), cut[0]); err != nil {
				t.Fatal(err)
			}
			if _, err := attempt(t, store); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, storetest.Contents(t, store, "state/")); diff != "" {
				t.Errorf("a report that is gone: state (-before +after): %.2000s", diff)
			}
		})
	}
}

// TestDamagedProfiles: when a window needs one, or somebody has looked for
// damage, the object is read again that it was made from.
func TestDamagedProfiles(t *testing.T) {
	for name, open := range stores {
		t.Run(name+"/needed", func(t *testing.T) {
			sound, store := open(t), open(t)
			three(t, sound)
			three(t, store)
			harmed := harm(t, store, "state/m/profiles/20260303", harms["cut off"])
			for _, one := range []state.Store{sound, store} {
				drop(t, one, "logs/m/later.csv", day(3, 100, 34))
			}
			process(t, sound)
			said, err := attempt(t, store)
			if err != nil || len(said) != len(harmed) {
				t.Errorf("%v, told %q", err, said)
			}
			if diff := cmp.Diff(finals(t, sound), finals(t, store)); diff != "" {
				t.Errorf("undamaged (-) and damaged (+): %.2000s", diff)
			}
			wantMended(t, store, storetest.Contents(t, store, "state/"), harmed, said)
		})
		t.Run(name+"/found", func(t *testing.T) {
			store := open(t)
			three(t, store)
			before := storetest.Contents(t, store, "state/")
			harmed := harm(t, store, "state/m/profiles/20260304", harms["zeros"])
			db := state.Open(store, store)
			found, err := db.Inspect(context.Background(), "m", "")
			if err != nil || len(found) != 1 || found[0].Key != harmed[0] {
				t.Fatalf("%v %v", found, err)
			}
			if _, err := db.SetAside(context.Background(), "m", found[0]); err != nil {
				t.Fatal(err)
			}
			if said, err := attempt(t, store); err != nil || len(said) > 0 {
				t.Errorf("%v, told %q", err, said)
			}
			if diff := cmp.Diff(before, storetest.Contents(t, store, "state/")); diff != "" {
				t.Errorf("state (-before +after): %.2000s", diff)
			}
		})
	}
}

// TestWhatCannotBeMadeAgain: the log is gone that a damaged profile was made
// from. What was reported stays, until the window needs a report: that one says
// what it lacks.
func TestWhatCannotBeMadeAgain(t *testing.T) {
	w := newWorld(t)
	three(t, w.store)
	harm(t, w.store, "state/m/profiles/20260303", harms["cut off"])
	for _, key := range []string{"logs/m/3.csv", "logs/m/late.csv"} {
		if err := w.store.Delete(context.Background(), key); err != nil {
			t.Fatal(err)
		}
	}
	before := w.newest("2026-03-03")
	w.put("logs/m/2.csv", day(2, 350, 22)) // changes the past of the day
	w.run()
	if r := w.newest("2026-03-03"); r.ID != before.ID {
		t.Errorf("a day that got no rows has another report: %s", r.Summary)
	}
	w.put("logs/m/later.csv", day(3, 200, 34))
	w.run()
	r := w.newest("2026-03-03")
	if r.Current.Rows != 200 || !strings.Contains(strings.Join(r.Notes, "\n"), "300 rows of logs/m/3.csv are left out") {
		t.Errorf("%d rows, %q", r.Current.Rows, r.Notes)
	}
	w.wantIdle()
	w.put("logs/m/3.csv", day(3, 300, 3)) // and here it is again
	w.run()
	if r := w.newest("2026-03-03"); r.Current.Rows != 500 {
		t.Errorf("%d rows with the log back", r.Current.Rows)
	}
}

// TestARecordWhoseLogIsGone: its rows were counted, and go on counting.
func TestARecordWhoseLogIsGone(t *testing.T) {
	w := newWorld(t)
	three(t, w.store)
	reports := w.bytes("state/m/reports/")
	harm(t, w.store, "state/m/batches/", harms["zeros"])
	if err := w.store.Delete(context.Background(), "logs/m/3.csv"); err != nil {
		t.Fatal(err)
	}
	w.run()
	w.wantWindows(map[string]int64{"2026-03-02": 300, "2026-03-03": 400, "2026-03-04": 300})
	if b := w.batch("logs/m/3.csv"); b.Rows != 300 || len(b.Parts) != 1 || b.First.IsZero() || b.Arrived.IsZero() {
		t.Errorf("%+v", b)
	}
	if diff := cmp.Diff(reports, w.bytes("state/m/reports/")); diff != "" {
		t.Errorf("reports: %.1000s", diff)
	}
	w.wantIdle()
}

// TestDamagedBaseline: which baseline counts is a decision, so that a damaged
// one is an error of its model until a person decides.
func TestDamagedBaseline(t *testing.T) {
	for what, hint := range map[string]string{".json": "baseline build", ".profile": "baseline build", "CURRENT": "baseline approve"} {
		for how := range harms {
			t.Run(what+"/"+how, func(t *testing.T) {
				w := newWorld(t)
				three(t, w.store)
				version := w.baseline().Version
				drop(t, w.store, "reference/n/r.csv", day(1, 500, 1))
				drop(t, w.store, "logs/n/2.csv", day(2, 300, 2))
				key := state.BaselineKey("m", version) + what
				if what == "CURRENT" {
					key = state.BaselineKey("m", what)
				}
				harmed := harm(t, w.store, key, harms[how])
				before := w.bytes("state/m/")
				w.put("logs/m/5.csv", day(5, 300, 5))
				var ran []string
				err := w.monitor().RunAll(context.Background(), func(r *monitor.Result) {
					if len(r.Reports) > 0 {
						ran = append(ran, r.Model)
					}
				})
				if fault.KindOf(err) != fault.Invalid || !strings.HasPrefix(err.Error(), harmed[0]+": is damaged") || !strings.Contains(err.Error(), hint) {
					t.Errorf("got %v", err)
				}
				if diff := cmp.Diff([]string{"n"}, ran); diff != "" {
					t.Errorf("models that ran: %s", diff)
				}
				if diff := cmp.Diff(before, w.bytes("state/m/")); diff != "" {
					t.Errorf("something was done about it: %.1000s", diff)
				}
				if q := w.quarantined(); len(q) != 1 || !strings.HasPrefix(q[0], harmed[0]+": is damaged") {
					t.Errorf("noted: %q", q)
				}
				if what == "CURRENT" {
					err = w.db.Approve(context.Background(), "m", version)
				} else {
					_, err = w.monitor().BuildBaseline(context.Background(), "m", nil, true)
				}
				if err != nil {
					t.Fatal(err)
				}
				w.run()
				w.wantWindows(map[string]int64{"2026-03-02": 300, "2026-03-03": 400, "2026-03-04": 300, "2026-03-05": 300})
				if b := w.baseline(); b.Version != version || !b.Approved || !b.Current {
					t.Errorf("%+v", b)
				}
			})
		}
	}
}

// flaky is a store that does not answer for some objects.
type flaky struct {
	state.Store
	prefix string
}

func (f *flaky) Open(ctx context.Context, key string) (state.Object, error) {
	if strings.HasPrefix(key, f.prefix) {
		return nil, &fault.Error{Kind: fault.Unavailable, Object: key, Err: errors.New("no answer")}
	}
	return f.Store.Open(ctx, key)
}

// TestNoAnswerIsNoDamage: what cannot be had for now is left to the next run.
func TestNoAnswerIsNoDamage(t *testing.T) {
	for _, place := range []string{"batches", "history", "profiles", "baselines", "reports"} {
		t.Run(place, func(t *testing.T) {
			w := newWorld(t)
			three(t, w.store)
			w.put("logs/m/later.csv", day(3, 100, 34))
			before := w.bytes("state/")
			away := &flaky{w.store, "state/m/" + place}
			said, err := attempt(t, away)
			if fault.KindOf(err) != fault.Unavailable || len(said) > 0 {
				t.Errorf("%v, told %q", err, said)
			}
			for key, text := range before {
				if now := w.bytes(key)[key]; now != text {
					t.Errorf("%s was changed", key)
				}
			}
			if q := w.quarantined(); len(q) > 0 {
				t.Errorf("noted %q", q)
			}
			w.run()
			w.wantWindows(map[string]int64{"2026-03-02": 300, "2026-03-03": 500, "2026-03-04": 300})
		})
	}
}

package intake

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"leeway/core/fault"
	"leeway/core/state"
	"leeway/events"
	"leeway/functions/internal/boot"
	"leeway/infra/local/memstore"
)

func TestPlace(t *testing.T) {
	for key, want := range map[string]string{
		"logs/m/2026/day.csv": "m", "labels/m/x.csv": "m", "reference/m/train.parquet": "m", "config/m.yaml": "m", "retrain/m/answer.json": "m",
		"logs/m/":                  "folder marker",
		"logs/m//x.csv":            "never read",
		"logs/x.csv":               "belongs to no model: logs/",
		"logs/bad name/x.csv":      `"bad name" cannot be a model's name`,
		"logs/m/.hidden":           "hidden",
		"logs/m/_SUCCESS":          "bookkeeping",
		"logs/m/day.csv.tmp":       "temporary",
		"config/m.yml":             "belongs to no model",
		"config/a/m.yaml":          "belongs to no model",
		"config/.yaml":             "cannot be a model's name",
		"state/m/batches/x.json":   "Leeway wrote itself",
		"claims/m/x.json":          "Leeway wrote itself",
		"quarantine/invalid/m/x":   "Leeway wrote itself",
		"seen/m/x":                 "Leeway wrote itself",
		"other/m/x.csv":            "is not below logs/",
		"logs":                     "belongs to no model",
		"logs/m":                   "belongs to no model",
		strings.Repeat("x", 1_100): "never read",
	} {
		model, reason := place(key)
		if reason == "" && model != want || reason != "" && (model != "" || !strings.Contains(reason, want)) {
			t.Errorf("%s: %q, %q, want %s", key, model, reason, want)
		}
	}
}

func app(t *testing.T, store state.Store) (*boot.App, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	getenv := func(name string) string { return map[string]string{"LEEWAY_BUCKET": "b"}[name] }
	made, err := boot.Open(t.Context(), getenv, boot.Adapters{Store: func(context.Context, string) (state.Store, error) { return store, nil }}, boot.Log(&log, os.Getenv))
	if err != nil {
		t.Fatal(err)
	}
	return made, &log
}

// TestSpellings: which of an object's possible keys is the right one, the bucket
// tells.
func TestSpellings(t *testing.T) {
	store := memstore.New()
	a, log := app(t, store)
	if _, err := store.Put(t.Context(), "logs/m/a+b.csv", strings.NewReader("amount,score\n1,0.5\n"), nil); err != nil {
		t.Fatal(err)
	}
	received := events.Received{Bucket: "b", Keys: []string{"logs/m/a b.csv", "logs/m/a+b.csv"}}
	gone := events.Received{Bucket: "b", Keys: []string{"logs/m/gone.csv"}}
	elsewhere := events.Received{Bucket: "c", Keys: []string{"logs/m/x.csv"}}
	newer, older := received, received
	newer.Order, older.Order = "02", "01"
	o := Handle(t.Context(), a, []events.Message{{ID: "1", Received: []events.Received{newer, gone, elsewhere, older}}})
	if len(o.Failed) != 0 || len(o.Models) != 1 || o.Models[0].Batches != 1 {
		t.Errorf("%+v", o)
	}
	for _, line := range []string{
		`"object":"logs/m/a+b.csv","verdict":"unknown"`, `"object":"logs/m/gone.csv","model":"m","reason":"is not there`,
		`is in bucket c, and LEEWAY_BUCKET is b`, "an event of a newer version is at hand",
	} {
		if !strings.Contains(log.String(), line) {
			t.Errorf("the log lacks %s:\n%s", line, log)
		}
	}
}

// TestStages: who had no time is told what one call has to have the time for,
// whichever call of the bucket it is that does not come back in time.
func TestStages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := map[string]bool{}
		var reference strings.Builder
		reference.WriteString("id,a,score,label\n")
		for i := range 300 {
			fmt.Fprintf(&reference, "r%d,%d,%.2f,%d\n", i, i%3, 0.4+0.2*float64(i%2), i%2)
		}
		for calls, cut := int64(1), true; cut; calls++ {
			hung := &hangs{Store: memstore.New()}
			a, _ := app(t, hung)
			for key, text := range map[string]string{"reference/m/r.csv": reference.String(), "logs/m/a.csv": "id,a,score\ns7,1,0.6\n", "labels/m/l.csv": "id,label\ns7,1\n"} {
				put(t, hung.Store, key, text)
			}
			cut = false
			try := func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				hung.left.Store(calls)
				hung.until = time.Now().Add(time.Minute + time.Second)
				for _, err := range Handle(ctx, a, told("logs/m/a.csv", "labels/m/l.csv")).Failed {
					said[err.Error()], cut = true, true
				}
			}
			try()
			hung.until = time.Now()
			if _, err := a.Monitor.BuildBaseline(t.Context(), "m", nil, true); err != nil {
				t.Fatal(err)
			}
			try()
		}
		all := strings.Join(slices.Collect(maps.Keys(said)), "\n")
		for _, want := range []string{"while a baseline was made of reference/m/r.csv: one call has to do that", "while windows were compared and judged", "while labels/m/l.csv was read, which are labels"} {
			if !strings.Contains(all, want) {
				t.Errorf("no %q in\n%s", want, all)
			}
		}
	})
}

// TestNoTime: what is cut off comes again, and says why.
func TestNoTime(t *testing.T) {
	store := memstore.New()
	a, log := app(t, store)
	if _, err := store.Put(t.Context(), "logs/m/a.csv", strings.NewReader("amount,score\n1,0.5\n"), nil); err != nil {
		t.Fatal(err)
	}
	message := []events.Message{{ID: "1", Received: []events.Received{{Bucket: "b", Keys: []string{"logs/m/a.csv"}}}}}
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	o := Handle(ctx, a, message)
	if err := o.Failed["1"]; fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "the time was not enough") {
		t.Errorf("got %v\n%s", err, log)
	}
	if o := Handle(t.Context(), a, message); len(o.Failed) != 0 || o.Models[0].Batches != 1 {
		t.Errorf("with time: %+v", o)
	}
}

func TestStrangeModel(t *testing.T) {
	a, _ := app(t, memstore.New())
	o := Handle(t.Context(), a, []events.Message{{ID: "1", Ask: &events.Ask{What: events.AskRun, Models: []string{"../up"}}}})
	if fault.KindOf(o.Failed["1"]) != fault.Invalid {
		t.Errorf("got %v", o.Failed)
	}
}

// TestReminder: of two that ask the same, only the one that comes once comes again.
func TestReminder(t *testing.T) {
	store := memstore.New()
	a, log := app(t, store)
	for key, text := range map[string]string{"logs/m/a.csv": "amount,score\n1,0.5\n", "config/m.yaml": "windw: day\n"} {
		if _, err := store.Put(t.Context(), key, strings.NewReader(text), nil); err != nil {
			t.Fatal(err)
		}
	}
	o := Handle(t.Context(), a, []events.Message{{ID: "1", Ask: &events.Ask{What: events.AskRun, Reminder: true}}, {ID: "2", Ask: &events.Ask{What: events.AskRun}}})
	if fault.KindOf(o.Failed["2"]) != fault.Invalid || o.Failed["1"] != nil || !strings.Contains(log.String(), "windw") {
		t.Errorf("%v\n%s", o.Failed, log)
	}
}

package state_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
	"leeway/core/state/storetest"
	"leeway/infra/local/memstore"
)

func TestModels(t *testing.T) {
	store, drop := bucket(t)
	db := state.Open(store, store)
	for _, key := range []string{
		"logs/b/x.csv", "logs/b/y/z.csv", "logs/stray.csv", "logs/my model/x.csv", "reference/c/r.csv",
		"config/d.yaml", "config/h.yml", "config/notes.txt", "config/.e.yaml", "config/sub/f.yaml", "state/a/batches/1.json", "labels/g/x.csv",
	} {
		drop(key, "x")
	}
	names, err := db.Models(t.Context())
	if want := []string{"a", "b", "c", "d"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("models %q, %v; want %q", names, err, want)
	}
	strays, err := db.Strays(t.Context())
	if want := []string{"logs/my model", "config/h.yml"}; err != nil || !slices.Equal(strays, want) {
		t.Errorf("strays %q, %v; want %q", strays, err, want)
	}
}

func TestClaim(t *testing.T) {
	store := memstore.New()
	db, ctx := state.Open(store, store), t.Context()
	now := at(t, "2026-01-10T00:00:00Z")
	take := func(now time.Time) *state.Claim {
		t.Helper()
		claim, err := db.Claim(ctx, "m/x", now, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return claim
	}
	first := take(now)
	if first == nil || take(now) != nil || take(now.Add(59*time.Second)) != nil {
		t.Fatal("a claim is held by one until it runs out")
	}
	second := take(now.Add(time.Minute))
	if second == nil {
		t.Fatal("a claim that ran out was not taken over")
	}
	if held, err := first.Renew(ctx, now.Add(time.Minute)); held || err != nil {
		t.Errorf("renewed what somebody else has: %t, %v", held, err)
	}
	if err := first.Release(ctx); err != nil {
		t.Fatal(err)
	}
	if take(now.Add(61*time.Second)) != nil {
		t.Error("the first holder released the claim of the second")
	}
	if held, err := second.Renew(ctx, now.Add(90*time.Second)); !held || err != nil {
		t.Errorf("renew: %t, %v", held, err)
	}
	if take(now.Add(2*time.Minute)) != nil {
		t.Error("a renewed claim was taken over")
	}
	if err := second.Release(ctx); err != nil {
		t.Fatal(err)
	}
	if err := second.Release(ctx); err != nil {
		t.Errorf("released twice: %v", err)
	}
	if third := take(now); third == nil || third.Release(ctx) != nil {
		t.Error("a released claim is free")
	}
	if left := storetest.Contents(t, store, ""); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A clock that was years ahead when its process died must not block the work.
func TestClaimFromTheFuture(t *testing.T) {
	store, drop := bucket(t)
	db := state.Open(store, store)
	ahead, now := at(t, "2036-01-01T00:00:00Z"), at(t, "2026-01-01T00:00:00Z")
	if claim, err := db.Claim(t.Context(), "x", ahead, time.Minute); claim == nil || err != nil {
		t.Fatal(claim, err)
	}
	if claim, err := db.Claim(t.Context(), "x", now, time.Minute); claim == nil || err != nil {
		t.Errorf("a claim until 2036 blocks: %v, %v", claim, err)
	}
	drop("claims/y.json", "no JSON")
	if claim, err := db.Claim(t.Context(), "y", now, time.Minute); claim == nil || err != nil {
		t.Errorf("a claim that cannot be read blocks: %v, %v", claim, err)
	}
}

func TestClaimIsTakenOverOnce(t *testing.T) {
	store := memstore.New()
	now := at(t, "2026-01-01T00:00:00Z")
	for round := range 20 {
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				claim, err := state.Open(store, store).Claim(t.Context(), "x", now.Add(time.Duration(round)*time.Minute), time.Minute)
				if err != nil {
					t.Error(err)
				}
				if claim != nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("round %d: %d have the claim", round, won.Load())
		}
	}
}

func TestBaselines(t *testing.T) {
	store := memstore.New()
	db, ctx := state.Open(store, store), t.Context()
	low := 0.5
	contract := &schema.Schema{Task: schema.Binary, Positive: "1", Columns: []schema.Column{{Name: "x", Kind: schema.Numeric, Role: schema.Feature, Min: &low}}}
	older := state.Baseline{Version: "v2", Created: at(t, "2026-01-01T00:00:00Z"), Rows: 5, Reason: "first", Schema: contract, Objects: []report.Object{{Key: "logs/m/a.csv"}}}
	newer := state.Baseline{Version: "v1", Created: at(t, "2026-02-01T00:00:00Z"), Approved: true, Objects: []report.Object{}}
	for _, b := range []state.Baseline{newer, older, older} {
		if err := db.PutBaseline(ctx, "m", b, []byte("profile of "+b.Version)); err != nil {
			t.Fatal(err)
		}
	}
	if version, err := db.Current(ctx, "m"); version != "" || err != nil {
		t.Errorf("current is %q, %v", version, err)
	}
	// The first one stays until there is an approved one, which stays.
	for _, step := range []struct {
		adopt, current string
		approved       bool
	}{{"v2", "v2", false}, {"v3", "v2", false}, {"v1", "v1", true}, {"v2", "v1", true}} {
		if err := db.Adopt(ctx, "m", step.adopt); err != nil {
			t.Fatal(err)
		}
		if version, approved, err := db.Standing(ctx, "m"); version != step.current || approved != step.approved || err != nil {
			t.Errorf("after %s: current is %q, approved %v, %v", step.adopt, version, approved, err)
		}
	}
	older.Current, newer.Current = false, true
	all, err := db.Baselines(ctx, "m")
	if diff := cmp.Diff([]state.Baseline{older, newer}, all); err != nil || diff != "" {
		t.Errorf("%v, baselines (-want +got):\n%s", err, diff)
	}
	if err := db.Approve(ctx, "m", "v2"); err != nil {
		t.Fatal(err)
	}
	older.Approved, older.Current = true, true
	if b, err := db.Baseline(ctx, "m", "v2"); err != nil || cmp.Diff(older, b) != "" {
		t.Errorf("%v, baseline (-want +got):\n%s", err, cmp.Diff(older, b))
	}
	if data, err := db.BaselineProfile(ctx, "m", "v1"); err != nil || string(data) != "profile of v1" {
		t.Errorf("%q, %v", data, err)
	}
	for _, version := range []string{"none", "../../config/m", ""} {
		err := db.Approve(ctx, "m", version)
		if kind := fault.KindOf(err); kind != fault.NotFound && kind != fault.Invalid {
			t.Errorf("approve %q: %v", version, err)
		}
	}
}

// Several processes start on an empty state at once: one baseline is adopted.
func TestAdoptRace(t *testing.T) {
	store := memstore.New()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			db := state.Open(store, store)
			b := state.Baseline{Version: fmt.Sprint("v", i), Approved: i%2 == 0}
			if err := db.PutBaseline(t.Context(), "m", b, nil); err != nil {
				t.Error(err)
			}
			if err := db.Adopt(t.Context(), "m", b.Version); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	all, err := state.Open(store, store).Baselines(t.Context(), "m")
	if err != nil {
		t.Fatal(err)
	}
	current, approved := 0, 0
	for _, b := range all {
		if b.Current {
			current++
		}
		if b.Approved {
			approved++
		}
	}
	if len(all) != 20 || current != 1 || approved != 10 {
		t.Errorf("%d baselines, %d current, %d approved", len(all), current, approved)
	}
}

func TestHistory(t *testing.T) {
	store := memstore.New()
	db, ctx := state.Open(store, store), t.Context()
	for _, day := range []string{"2026-01-03", "2026-01-01", "2026-01-02", "2026-01-02"} {
		window, err := state.WindowOf(at(t, day+"T00:00:00Z"), "day")
		if err != nil {
			t.Fatal(err)
		}
		if err := db.PutSummary(ctx, "m", state.Summary{Window: window, Report: day}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		from, to time.Time
		want     []string
	}{
		{time.Time{}, time.Time{}, []string{"2026-01-01", "2026-01-02", "2026-01-03"}},
		{at(t, "2026-01-02T00:00:00Z"), time.Time{}, []string{"2026-01-02", "2026-01-03"}},
		{time.Time{}, at(t, "2026-01-02T00:00:00Z"), []string{"2026-01-01"}},
		{at(t, "2026-01-02T12:00:00Z"), at(t, "2026-01-02T13:00:00Z"), []string{"2026-01-02"}},
		{at(t, "2027-01-01T00:00:00Z"), time.Time{}, []string{}},
	} {
		for range 2 { // the second time from memory
			history, err := db.History(ctx, "m", c.from, c.to)
			got := []string{}
			for _, summary := range history {
				got = append(got, summary.Report)
			}
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("from %s to %s: got %q, %v; want %q", c.from, c.to, got, err, c.want)
			}
		}
	}
}

func TestReports(t *testing.T) {
	store := memstore.New()
	db, ctx := state.Open(store, store), t.Context()
	window, err := state.WindowOf(at(t, "2026-01-03T00:00:00Z"), "day")
	if err != nil {
		t.Fatal(err)
	}
	r := &report.Report{Version: report.Version, ID: "abc", Model: "m", Verdict: report.OK}
	if err := db.PutReport(ctx, r, window); err != nil {
		t.Fatal(err)
	}
	back, err := db.Report(ctx, "m", "abc")
	if err != nil || back.ID != "abc" || back.Verdict != report.OK {
		t.Errorf("%+v, %v", back, err)
	}
	for _, name := range [][2]string{{"m", "bc"}, {"m", ""}, {"m", "../abc"}, {"m2", "abc"}, {"..", "abc"}} {
		if _, err := db.Report(ctx, name[0], name[1]); fault.KindOf(err) != fault.NotFound {
			t.Errorf("report %q: %v", name, err)
		}
	}
	if _, err := db.PutProfile(ctx, "m", window, nil, "../x"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("unsafe profile name: %v", err)
	}
}

func TestSummarize(t *testing.T) {
	value := func(x float64) *float64 { return &x }
	sample := func(name, column string, x float64) metric.Sample {
		return metric.Sample{Check: "drift", Metric: name, Labels: metric.Labels{Column: column}, Value: x}
	}
	finding := func(check, column string, severity report.Severity, more ...string) report.Finding {
		return report.Finding{ID: check + column, Check: check, Labels: metric.Labels{Column: column}, Columns: more, Severity: severity, Streak: 2}
	}
	r := &report.Report{
		ID: "r", Verdict: report.Alert,
		Current:  report.Side{Rows: 10, Objects: []report.Object{{Key: "a", Bytes: 3}, {Key: "b", Bytes: 4}}},
		Findings: []report.Finding{finding("drift", "x", report.SeverityAlert), finding("quality", "y", report.SeverityWarn), finding("drift", "", report.SeverityInfo, "x", "z")},
		Samples:  []metric.Sample{sample("ks_statistic", "x", 0.5), sample("js_distance", "x", 0.4), sample("psi", "y", 9), sample("ks_statistic", "z", 0.1), {Check: "drift", Metric: "rff_mmd"}},
		Columns:  []report.Column{{Name: "x", Current: &report.Description{Rows: 4, Missing: 1, MissingRatio: 0.25}}, {Name: "y"}, {Name: "z"}},
	}
	s := state.Summarize(r, state.Window{}, []string{"p"})
	want := []state.ColumnSummary{
		{Name: "x", Severity: report.SeverityAlert, Metric: "js_distance", Score: value(0.4), Missing: 0.25},
		{Name: "y", Severity: report.SeverityWarn},
		{Name: "z", Severity: report.SeverityInfo, Metric: "ks_statistic", Score: value(0.1)},
	}
	if diff := cmp.Diff(want, s.Columns); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if s.Tested != 3 || s.Drifted != 1 || s.Rows != 10 || s.Objects != 2 || s.Bytes != 7 || len(s.Findings) != 3 || s.Severities[report.SeverityAlert] != 1 {
		t.Errorf("%+v", s)
	}
	data, err := json.Marshal(s)
	var back state.Summary
	if err != nil || json.Unmarshal(data, &back) != nil || cmp.Diff(s, back) != "" {
		t.Errorf("%v, through JSON (-before +after):\n%s", err, cmp.Diff(s, back))
	}
}

func TestQuarantine(t *testing.T) {
	store := memstore.New()
	db, ctx := state.Open(store, store), t.Context()
	batch := state.Batch{Key: "logs/m/a.csv", Verdict: report.Invalid, Error: "not a table", Hint: "look at it"}
	for range 2 {
		if err := db.Quarantine(ctx, "m", batch); err != nil {
			t.Fatal(err)
		}
		if err := db.PutBatch(ctx, "m", batch); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Deny(ctx, "m", state.Batch{Key: "logs/m/b.csv"}); err != nil {
		t.Fatal(err)
	}
	found, err := db.Quarantines(ctx, "m")
	if err != nil || len(found) != 2 || found[1].Reason != "denied" || found[0].Key != batch.Key || found[0].Error != batch.Error || found[0].Reason != "invalid" {
		t.Fatalf("%+v, %v", found, err)
	}
	batch.Verdict, batch.Error, batch.Hint = "", "", ""
	if err := db.PutBatch(ctx, "m", batch); err != nil {
		t.Fatal(err)
	}
	if err := db.PutBatch(ctx, "m", state.Batch{Key: "logs/m/b.csv"}); err != nil {
		t.Fatal(err)
	}
	if found, err := db.Quarantines(ctx, "m"); err != nil || len(found) > 0 {
		t.Errorf("still in quarantine: %+v, %v", found, err)
	}
}

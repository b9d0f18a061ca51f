package monitor_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/state"
)

func (w *world) baseline() state.Baseline {
	w.Helper()
	all, err := w.db.Baselines(context.Background(), "m")
	if err != nil || len(all) != 1 {
		w.Fatalf("baselines: %v %v", all, err)
	}
	return all[0]
}

func TestTheFirstBaselineComesFromTheReference(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/a.csv", day(1, 700, 1))
	w.put("reference/m/deeper/b.csv", day(1, 300, 2))
	w.put("reference/m/broken.csv", "PK\x03\x04")
	w.put("logs/m/2.csv", day(2, 300, 3))
	result := w.run()
	if b := w.baseline(); !b.Approved || !b.Current || b.Rows != 1000 || len(b.Objects) != 2 || !strings.Contains(b.Reason, "reference/m/") {
		t.Errorf("%+v", b)
	}
	r := w.newest("2026-03-02")
	if len(result.Reports) != 1 || result.Reports[0].ID != r.ID || r.Reference.Proposed || r.Reference.Rows != 1000 || r.Verdict != report.OK {
		t.Errorf("%+v: %+v", result, r)
	}
}

func TestWithoutAReferenceTheFirstBatchIsProposed(t *testing.T) {
	w := newWorld(t)
	w.put("logs/m/1-broken.csv", "PK\x03\x04")
	w.put("logs/m/2.csv", day(2, 500, 3))
	w.put("logs/m/3.csv", day(3, 500, 4))
	result := w.run()
	if b := w.baseline(); b.Approved || !b.Current || b.Rows != 500 || !strings.Contains(b.Reason, "logs/m/2.csv") {
		t.Errorf("%+v", b)
	}
	w.wantWindows(map[string]int64{"2026-03-02": 500, "2026-03-03": 500})
	r := w.newest("2026-03-03")
	if result.Batches != 3 || result.Invalid != 1 || !r.Reference.Proposed || !strings.Contains(strings.Join(r.Notes, "\n"), "only proposed") {
		t.Errorf("%+v: %+v", result, r)
	}
	if err := w.db.Approve(context.Background(), "m", w.baseline().Version); err != nil {
		t.Fatal(err)
	}
	w.put("logs/m/4.csv", day(4, 500, 5))
	w.run()
	if r := w.newest("2026-03-04"); r.Reference.Proposed {
		t.Error("approved, but the report says proposed")
	}
}

// TestAProposedBaseline says that it is one, until somebody approves it. Then the
// newest window is judged again, later ones as usual, and earlier reports stay.
func TestAProposedBaseline(t *testing.T) {
	w := newWorld(t)
	moved := func(number int) string { return strings.ReplaceAll(day(number, 500, uint64(number)), ",web,", ",fax,") }
	w.put("logs/m/2.csv", day(2, 500, 3))
	w.put("logs/m/3.csv", moved(3))
	w.put("logs/m/4.csv", strings.Replace(moved(4), "amount", "amuont", 1)) // a column is gone
	want := func(verdicts ...report.Verdict) {
		t.Helper()
		var got []report.Verdict
		for _, s := range w.history() {
			got = append(got, s.Verdict)
		}
		if diff := cmp.Diff(verdicts, got); diff != "" {
			t.Error(diff)
		}
	}
	if result := w.run(); result.Verdict() != report.Alert {
		t.Error(result.Verdict())
	}
	want(report.OK, report.Alert, report.Alert)
	const sentence = "The baseline is only proposed: approve it or give a reference."
	version := w.baseline().Version
	for _, number := range []string{"02", "03", "04"} {
		r := w.newest("2026-03-" + number)
		if strings.HasSuffix(r.Summary, " "+sentence) != (r.Verdict == report.Alert) || !strings.Contains(strings.Join(r.Notes, "\n"), "leeway baseline approve --bucket DIR --model m "+version+")") {
			t.Errorf("%s: %s %q", number, r.Summary, r.Notes)
		}
	}
	w.wantIdle()

	if err := w.db.Approve(context.Background(), "m", version); err != nil {
		t.Fatal(err)
	}
	w.put("logs/m/5.csv", moved(5))
	w.run()
	want(report.OK, report.Alert, report.Alert, report.Alert)
	if r := w.newest("2026-03-04"); r.Supersedes == "" || r.Reference.Proposed || strings.Contains(r.Summary, "proposed") {
		t.Errorf("%q: %s", r.Supersedes, r.Summary)
	}
	w.wantIdle()
}

// TestAReferenceReplacesAProposal: whoever copies the logs first and the
// reference after them gets what they would have got the other way round.
func TestAReferenceReplacesAProposal(t *testing.T) {
	w := newWorld(t)
	w.put("logs/m/2.csv", strings.ReplaceAll(day(2, 500, 3), ",web,", ",fax,"))
	w.run()
	proposed := w.baseline()
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.run()
	version, approved, err := w.db.Standing(context.Background(), "m")
	if version == proposed.Version || !approved || err != nil {
		t.Error(version, approved, err)
	}
	if b, err := w.db.Baseline(context.Background(), "m", version); b.Rows != 1000 || err != nil {
		t.Errorf("%+v %v", b, err)
	}
	if r := w.newest("2026-03-02"); r.Verdict != report.Alert || r.Reference.Proposed || r.Supersedes == "" {
		t.Errorf("%s: %s", r.Verdict, r.Summary)
	}
	// What somebody approved stays, whatever comes into reference/.
	if err := w.db.Approve(context.Background(), "m", proposed.Version); err != nil {
		t.Fatal(err)
	}
	w.put("reference/m/s.csv", day(1, 900, 7))
	w.run()
	if version, approved, err := w.db.Standing(context.Background(), "m"); version != proposed.Version || !approved || err != nil {
		t.Error(version, approved, err)
	}
}

func TestNothingThatCanBeReadIsNoBaseline(t *testing.T) {
	w := newWorld(t)
	w.put("logs/m/1.csv", "PK\x03\x04")
	w.put("logs/m/2.csv", header) // no rows
	if result := w.run(); result.Invalid != 1 || result.Verdict() != report.Invalid || len(result.Reports) != 0 || len(w.quarantined()) != 1 {
		t.Errorf("%+v", result)
	}
	if all, err := w.db.Baselines(context.Background(), "m"); err != nil || len(all) > 0 {
		t.Errorf("%v %v", all, err)
	}
	w.wantIdle()
	w.put("logs/m/3.csv", day(3, 500, 4))
	w.run()
	w.wantWindows(map[string]int64{"2026-03-03": 500})
}

func TestRowsGoToTheWindowOfTheirTime(t *testing.T) {
	t.Run("their own", func(t *testing.T) {
		w := newWorld(t)
		w.put("reference/m/r.csv", day(1, 1000, 1))
		mixed := day(2, 400, 2) + strings.TrimPrefix(day(3, 300, 3), header) + strings.TrimPrefix(day(5, 200, 4), header)
		mixed += "bad,no time at all,1.5,web,1\n" + "none,,1.5,web,1\n"
		w.put("logs/m/2026-02-11/mixed.csv", mixed) // the date counts for rows without a time
		w.run()
		w.wantWindows(map[string]int64{"2026-03-02": 400, "2026-03-03": 300, "2026-03-05": 200, "2026-02-11": 2})
		if b := w.batch("logs/m/2026-02-11/mixed.csv"); b.Rows != 902 || b.First.Format("01-02") != "03-02" || b.Last.Format("01-02") != "03-05" {
			t.Errorf("%+v", b)
		}
	})
	bare := func(seed uint64) string { // without the time column
		var b strings.Builder
		for line := range strings.Lines(day(1, 300, seed)) {
			fields := strings.Split(line, ",")
			b.WriteString(strings.Join(append(fields[:1], fields[2:]...), ","))
		}
		return b.String()
	}
	t.Run("the date in the name, else the arrival", func(t *testing.T) {
		w := newWorld(t)
		w.put("reference/m/r.csv", bare(1))
		for i, key := range []string{"2026/02/03/a.csv", "b-20260204.csv", "c_2026_02_05T10.csv", "year=2026-02-06.csv", "no-date-1234567890.csv", "d-2026-02-31.csv"} {
			w.put("logs/m/"+key, bare(uint64(i+2)))
		}
		w.clock.advance(48 * time.Hour)
		w.put("logs/m/later.csv", bare(99))
		w.run()
		w.wantWindows(map[string]int64{"2026-02-03": 300, "2026-02-04": 300, "2026-02-05": 300, "2026-02-06": 300, "2026-03-20": 600, "2026-03-22": 300})
	})
}

func TestRewrittenDeletedAndDeliveredTwice(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/2.csv", day(2, 400, 2))
	w.put("logs/m/3.csv", day(3, 300, 3))
	w.put("logs/m/again/3.csv", day(3, 300, 3))
	w.run()
	w.wantWindows(map[string]int64{"2026-03-02": 400, "2026-03-03": 300})
	if r := w.newest("2026-03-03"); len(r.Current.Objects) != 1 || !strings.Contains(strings.Join(r.Notes, "\n"), "not counted again") {
		t.Errorf("%+v %q", r.Current, r.Notes)
	}
	w.put("logs/m/2.csv", day(2, 350, 22))
	result := w.run()
	w.wantWindows(map[string]int64{"2026-03-02": 350, "2026-03-03": 300})
	if len(result.Reports) != 1 || result.Batches != 1 {
		t.Errorf("%+v", result)
	}
	if err := w.store.Delete(context.Background(), "logs/m/2.csv"); err != nil {
		t.Fatal(err)
	}
	before := w.versions()
	w.run()
	if diff := cmp.Diff(before, w.versions()); diff != "" {
		t.Errorf("old logs are deleted to save space; that changes nothing: %s", diff)
	}
	w.put("logs/m/again/3.csv", day(3, 100, 33)) // no copy any more
	w.run()
	w.wantWindows(map[string]int64{"2026-03-02": 350, "2026-03-03": 400})
}

func TestAWindowThatLosesItsRows(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/2.csv", day(2, 400, 2))
	w.run()
	first := w.newest("2026-03-02")
	w.put("logs/m/2.csv", day(4, 400, 2))
	w.run()
	w.wantWindows(map[string]int64{"2026-03-02": 0, "2026-03-04": 400})
	r := w.newest("2026-03-02")
	at, err := time.Parse(time.RFC3339, r.Created)
	if err != nil || !at.Equal(w.batch("logs/m/2.csv").Arrived.Truncate(time.Second)) || r.Supersedes != first.ID || !strings.Contains(r.Summary, "no rows") {
		t.Errorf("%s %s supersedes %s: %s", r.Created, r.ID, r.Supersedes, r.Summary)
	}
	if data, err := r.JSON(); err != nil || strings.Contains(string(data), "NaN") {
		t.Error(err)
	}
	w.wantIdle()
}

func TestLateRowsMakeANewReport(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/2.csv", day(2, 400, 2))
	w.put("logs/m/9.csv", day(9, 400, 9))
	w.run()
	first := w.newest("2026-03-02")
	if history := w.history(); !history[0].Closed || history[1].Closed {
		t.Errorf("closed: %v, %v", history[0].Closed, history[1].Closed)
	}
	w.put("logs/m/late.csv", day(2, 150, 22))
	result := w.run()
	r := w.newest("2026-03-02")
	if len(result.Reports) != 1 || r.Supersedes != first.ID || r.Current.Rows != 550 || len(r.Current.Objects) != 2 {
		t.Errorf("%s supersedes %q, %d rows", r.ID, r.Supersedes, r.Current.Rows)
	}
	if old, err := w.db.Report(context.Background(), "m", first.ID); err != nil || old.ID != first.ID {
		t.Errorf("the superseded report: %v", err)
	}
}

func TestInvalidThenHealed(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/2.csv", "PAR1 and nothing of the kind PAR1")
	w.put("logs/m/3.csv", day(3, 300, 3))
	result := w.run()
	if result.Invalid != 1 || result.Verdict() != report.Invalid || len(w.quarantined()) != 1 {
		t.Errorf("%+v %q", result, w.quarantined())
	}
	w.wantWindows(map[string]int64{"2026-03-03": 300})
	if b := w.batch("logs/m/2.csv"); b.Error == "" || b.Hint == "" || strings.Contains(b.Error, "logs/m") || len(b.Parts) > 0 {
		t.Errorf("%+v", b)
	}
	if result := w.run(); result.Batches != 0 {
		t.Errorf("read again, although nothing changed: %+v", result)
	}
	w.put("logs/m/2.csv", day(2, 200, 2))
	w.run()
	w.wantWindows(map[string]int64{"2026-03-02": 200, "2026-03-03": 300})
	if q := w.quarantined(); len(q) > 0 {
		t.Errorf("still in quarantine: %q", q)
	}
	w.put("logs/m/2.csv", "\x00\x01\x02") // and invalid again: its rows are gone
	w.run()
	w.wantWindows(map[string]int64{"2026-03-02": 0, "2026-03-03": 300})
}

// TestNoRowFits: a file that has rows, none of which can be used, is wrong as a
// whole and does not pass as an empty one.
func TestNoRowFits(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/2.csv", strings.Replace(day(2, 300, 2), "\n", ",one_too_many\n", 1))
	w.put("logs/m/3.csv", header) // no rows at all: nothing is wrong with any
	if result := w.run(); result.Invalid != 1 {
		t.Errorf("%+v", result)
	}
	if got := w.quarantined(); len(got) != 1 || !strings.HasPrefix(got[0], "logs/m/2.csv: no row can be used: rows with fewer fields than columns, the first is ") {
		t.Errorf("%q", got)
	}
	if hint := w.batch("logs/m/2.csv").Hint; !strings.Contains(hint, "the header") {
		t.Error(hint)
	}
}

func TestAnotherModelsFile(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/wrong.csv", "height,weight\n180,75.5\n170,60.2\n")
	w.put("logs/m/.hidden", "height")
	w.put("logs/m/half.tmp", "order_id")
	if result := w.run(); result.Invalid != 1 || len(result.Reports) != 0 {
		t.Errorf("%+v", result)
	}
	if q := w.quarantined(); len(q) != 1 || !strings.Contains(q[0], "none of the model's columns") {
		t.Errorf("%q", q)
	}
}

func TestAChangedConfigurationReadsAgain(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/2.csv", day(2, 400, 2))
	w.put("logs/m/3.csv", day(3, 300, 3))
	w.run()
	w.put("config/m.yaml", "version: 1\nwindow: {every: week}\n")
	result := w.run()
	if result.Batches != 2 {
		t.Errorf("read %d batches again", result.Batches)
	}
	w.wantWindows(map[string]int64{"2026-03-02": 700}) // and no alarm that days have no rows
	w.put("config/m.yaml", "version: 1\nwindow: {every: week}\ncolumns:\n  prediction: {role: ignore}\n")
	w.run()
	r := w.newest("2026-03-02")
	if slices.ContainsFunc(r.Columns, func(c report.Column) bool { return c.Name == "prediction" }) {
		t.Error("a column that is ignored is in the report")
	}
	for _, sample := range r.Samples {
		if sample.Labels.Column == "prediction" {
			t.Errorf("a column that is ignored has %s", sample.Metric)
		}
	}
	w.put("config/m.yaml", "version: 1\nwindow: {every: week}\ncolumns:\n  prediction: {role: ignore}\npolicy: {false_alarms: 0.02}\n")
	if result := w.run(); result.Batches != 0 {
		t.Errorf("the policy does not change what is read, but %d batches were", result.Batches)
	}
	w.put("config/m.yaml", "version: 1\n") // back to days
	w.run()
	w.wantWindows(map[string]int64{"2026-03-02": 400, "2026-03-03": 300})
}

func TestAKindThatIsConfiguredAfterTheBaseline(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/2.csv", day(2, 400, 2))
	w.run()
	w.put("config/m.yaml", "version: 1\ncolumns:\n  amount: {kind: text}\n  channel: {kind: text}\n  prediction: {kind: numeric}\n")
	r := w.run().Reports[0]
	for _, f := range r.Findings {
		if f.Severity != report.SeverityUnknown || !strings.HasPrefix(f.Message, "Nothing could be compared") {
			t.Errorf("%s %s %s: %s", f.Severity, f.Metric, f.Labels.Column, f.Message)
		}
	}
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "another kind: amount, channel, prediction") {
		t.Errorf("notes: %s", notes)
	}
	// The old log is gone, so it stays as it was read.
	if err := w.store.Delete(context.Background(), "logs/m/2.csv"); err != nil {
		t.Fatal(err)
	}
	w.put("config/m.yaml", "version: 1\ncolumns:\n  amount: {role: id, kind: numeric}\n  order_id: {role: feature, kind: text}\n")
	w.put("logs/m/late.csv", day(2, 100, 22))
	w.run()
	w.wantWindows(map[string]int64{"2026-03-02": 500})
}

func TestFilesWithoutAHeader(t *testing.T) {
	w := newWorld(t)
	var rows []string
	for i := range 400 {
		rows = append(rows, fmt.Sprintf("%s,%s\n", []string{"good", "bad"}[i%2], []string{"red", "green", "blue"}[i%3]))
	}
	w.put("reference/m/r.csv", strings.Join(rows, ""))
	w.put("logs/m/2026-03-02.csv", "odd,mauve\n"+strings.Join(rows, "")) // its first row could be a header
	w.run()
	w.wantWindows(map[string]int64{"2026-03-02": 401})
	if q := w.quarantined(); len(q) > 0 {
		t.Errorf("%q", q)
	}
}

func TestKindsAreReconsidered(t *testing.T) {
	w := newWorld(t)
	var b strings.Builder
	b.WriteString("order_id,timestamp,code\n")
	for i := range 9000 { // numbers as far as the head goes, words behind
		code := fmt.Sprint(i % 50)
		if i > 6000 {
			code = []string{"A1", "B2", "C3"}[i%3]
		}
		fmt.Fprintf(&b, "o%d,2026-03-01T%02d:00:00Z,%s\n", i, i%24, code)
	}
	w.put("reference/m/r.csv", b.String())
	w.put("logs/m/1.csv", b.String())
	w.run()
	contract := w.baseline().Schema
	if c := contract.Column("code"); c == nil || c.Kind != schema.Categorical {
		t.Errorf("%+v", c)
	}
	r := w.newest("2026-03-01")
	if r.Verdict != report.OK {
		t.Errorf("%s: %s", r.Verdict, r.Summary)
	}
	if b := w.batch("logs/m/1.csv"); len(b.Faults) > 0 {
		t.Errorf("%+v", b.Faults)
	}
}

func TestTwoAtOnce(t *testing.T) {
	fill := func(w *world) {
		w.put("reference/m/r.csv", day(1, 1000, 1))
		for i := range 12 {
			w.put(fmt.Sprintf("logs/m/%02d.csv", i), day(2+i, 300, uint64(i)))
		}
		w.put("logs/m/broken.csv", "PK\x03\x04")
	}
	alone, together := newWorld(t), newWorld(t)
	fill(alone)
	fill(together)
	alone.run()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if _, err := together.monitor().Run(context.Background(), "m"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(alone.bytes("state/", "quarantine/"), together.bytes("state/", "quarantine/")); diff != "" {
		t.Errorf("one alone (-) and three at once (+): %.3000s", diff)
	}
	if left := together.bytes("claims/"); len(left) > 0 {
		t.Errorf("claims that stay: %q", keys(left))
	}
}

// TestCopiesOfABucket: what is written depends on the objects alone, not on the
// clock, the order or the number of runs.
func TestCopiesOfABucket(t *testing.T) {
	objects := map[string]string{"reference/m/r.csv": day(1, 1000, 1), "logs/m/wrong.csv": "a,b\n1,2\n"}
	for i := range 8 {
		objects[fmt.Sprintf("logs/m/%d.csv", i)] = day(2+i/2, 300, uint64(i))
	}
	written := func(key string) time.Time {
		return time.Date(2026, 3, 20, 1, len(key), int(key[len(key)-5]), 0, time.UTC)
	}
	var copies []map[string]string
	for n := range 2 {
		w := newWorld(t)
		order := keys(objects)
		if n == 1 {
			slices.Reverse(order)
			w.clock.advance(777 * time.Hour)
		}
		now := w.store.Now
		for _, key := range order {
			w.store.Now = func() time.Time { return written(key) }
			w.put(key, objects[key])
		}
		w.store.Now = now
		w.run()
		w.run()
		copies = append(copies, w.bytes("state/", "quarantine/"))
	}
	if len(copies[0]) < 20 {
		t.Fatalf("%d objects of state", len(copies[0]))
	}
	if diff := cmp.Diff(copies[0], copies[1]); diff != "" {
		t.Errorf("%.3000s", diff)
	}
}

// strict counts what is written.
type strict struct {
	state.Store
	mu     sync.Mutex
	writes []string
}

func (s *strict) Put(ctx context.Context, key string, body io.Reader, o *state.PutOptions) (state.Info, error) {
	s.mu.Lock()
	s.writes = append(s.writes, "put "+key)
	s.mu.Unlock()
	return s.Store.Put(ctx, key, body, o)
}

func (s *strict) Delete(ctx context.Context, key string) error {
	s.mu.Lock()
	s.writes = append(s.writes, "delete "+key)
	s.mu.Unlock()
	return s.Store.Delete(ctx, key)
}

func TestNothingPendingWritesNothing(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/2.csv", day(2, 300, 2))
	w.put("logs/m/broken.csv", "PK\x03\x04")
	w.run()
	w.clock.advance(1000 * time.Hour)
	watched := &strict{Store: w.store}
	m := &monitor.Monitor{DB: state.Open(watched, watched), Data: watched, Clock: w.clock}
	for range 2 {
		if result, err := m.Run(context.Background(), "m"); err != nil || result.Batches > 0 || len(result.Reports) > 0 || result.Verdict() != report.OK {
			t.Errorf("%+v %v", result, err)
		}
	}
	if len(watched.writes) > 0 {
		t.Errorf("%q", watched.writes)
	}
}

func TestABrokenConfigurationStopsItsModelAlone(t *testing.T) {
	w := newWorld(t)
	for _, model := range []string{"a", "m", "z"} {
		w.put("reference/"+model+"/r.csv", day(1, 1000, 1))
		w.put("logs/"+model+"/2.csv", day(2, 300, 2))
	}
	w.put("config/a.yaml", "version: 1\nwindw: {every: week}\n")
	w.put("config/z.yaml", "version: 1\ncolumns:\n  amuont: {kind: numeric}\n")
	var ran []string
	err := w.monitor().RunAll(context.Background(), func(r *monitor.Result) {
		if len(r.Reports) > 0 {
			ran = append(ran, r.Model)
		}
	})
	if diff := cmp.Diff([]string{"m"}, ran); diff != "" {
		t.Error(diff)
	}
	if err == nil || fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "config/a.yaml:2") || !strings.Contains(err.Error(), "window") || !strings.Contains(err.Error(), "amount") {
		t.Errorf("got %v", err)
	}
	w.wantWindows(map[string]int64{"2026-03-02": 300})
}

func TestTooManyWindows(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("config/m.yaml", "version: 1\nwindow: {every: hour}\n")
	var b strings.Builder
	b.WriteString(header)
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range route.MaxWindows + 1 {
		fmt.Fprintf(&b, "o%d,%s,1.5,web,1\n", i, at.Add(time.Duration(i)*time.Hour).Format(time.RFC3339))
	}
	w.put("logs/m/long.csv", b.String())
	w.run()
	if q := w.quarantined(); len(q) != 1 || !strings.Contains(q[0], "more than 4000 windows") {
		t.Errorf("%q", q)
	}
}

func TestUnsafeNames(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"", "..", "a/b", ".x"} {
		if _, err := w.monitor().Run(context.Background(), name); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestTrouble: what stops a model is known until it is mended; its last report
// stays, and nothing is judged under the configuration of before.
func TestTrouble(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/2.csv", day(2, 300, 2))
	m := w.monitor()
	if _, err := m.Run(context.Background(), "m"); err != nil || m.Trouble("m") != nil {
		t.Fatal(err, m.Trouble("m"))
	}
	w.put("config/m.yaml", "version: 1\nwindw: {every: week}\npolicy: {persistance: 2}\n")
	w.put("logs/m/3.csv", day(3, 200, 3))
	if _, err := m.Run(context.Background(), "m"); err == nil {
		t.Fatal("a broken configuration ran")
	}
	var said []string
	for _, err := range m.Trouble("m") {
		said = append(said, err.Error())
	}
	want := []string{`config/m.yaml:2:1: unknown key "windw": did you mean "window"?`, `config/m.yaml:3:10: unknown key "persistance" in policy: did you mean "persistence"?`}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	w.wantWindows(map[string]int64{"2026-03-02": 300})
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Run(cancelled, "m"); err == nil || len(m.Trouble("m")) != 2 {
		t.Error("an interrupted run changed what is known:", err, m.Trouble("m"))
	}
	w.put("config/m.yaml", "version: 1\n")
	if _, err := m.Run(context.Background(), "m"); err != nil || m.Trouble("m") != nil {
		t.Error(err, m.Trouble("m"))
	}
	w.wantWindows(map[string]int64{"2026-03-02": 300, "2026-03-03": 200})
}

// TestServeTellsOnce: an error is told when it comes, for each model, and not
// again with every look.
func TestServeTellsOnce(t *testing.T) {
	w := newWorld(t)
	for _, model := range []string{"a", "m"} {
		w.put("reference/"+model+"/r.csv", day(1, 1000, 1))
		w.put("config/"+model+".yaml", "version: 2\n")
	}
	m := w.monitor()
	told := make(chan monitor.Event, 100)
	m.Observe = func(e monitor.Event) { told <- e }
	ctx, stop := context.WithCancel(context.Background())
	wake, ended := make(chan struct{}), make(chan error)
	go func() { ended <- m.Serve(ctx, wake, time.Hour) }()
	for range 5 {
		wake <- struct{}{}
	}
	w.put("config/a.yaml", "version: 3\n")
	for range 2 {
		wake <- struct{}{}
	}
	stop()
	<-ended
	close(told)
	var said []string
	for e := range told {
		said = append(said, e.Model+" "+e.Err.Error())
	}
	slices.Sort(said)
	if len(said) != 3 || !strings.HasPrefix(said[0], "a config/a.yaml:1:10:") || !strings.HasPrefix(said[2], "m config/m.yaml:1:10:") {
		t.Errorf("%q", said)
	}
}

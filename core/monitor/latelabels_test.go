package monitor_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/monitor"
	"leeway/core/report"
)

// predictions is the log of a day whose model is right in so many of ten rows,
// and what came true. Labels are written as another program would.
func predictions(number, rows, right int) (log string, labels []string) {
	r := rand.New(rand.NewPCG(uint64(number), 8))
	var b strings.Builder
	b.WriteString("order_id,timestamp,amount,prediction\n")
	for i := range rows {
		guess := r.IntN(2)
		actual := guess
		if r.IntN(10) >= right {
			actual = 1 - guess
		}
		fmt.Fprintf(&b, "o%d-%d,2026-03-%02dT%02d:00:00Z,%.2f,%d\n", number, i, number, i%24, 80+20*r.NormFloat64(), guess)
		labels = append(labels, fmt.Sprintf("o%d-%d,%s", number, i, []string{"no", "yes"}[actual]))
	}
	return b.String(), labels
}

func labelFile(lines ...string) string {
	return "order_id,came_true\n" + strings.Join(lines, "\n") + "\n"
}

const labelledModel = "task: binary\npositive: \"1\"\ncolumns: {came_true: {role: label}}\n"

// labelledWorld is the objects of a model with labels: two good days and a bad
// one.
func labelledWorld() map[string]string {
	reference, known := predictions(1, 600, 9)
	first, ofFirst := predictions(10, 300, 9)
	second, ofSecond := predictions(11, 300, 9)
	third, ofThird := predictions(12, 300, 5)
	return map[string]string{
		"reference/m/r.csv": reference, "labels/m/reference.csv": labelFile(known...),
		"logs/m/10.csv": first, "logs/m/11.csv": second, "logs/m/12.csv": third,
		"labels/m/a.csv": labelFile(append(ofFirst[:200:200], ofThird[:150]...)...), // two days in one file
		"labels/m/b.csv": labelFile(append(ofFirst[150:], ofThird[150:]...)...),     // part of it again
		"labels/m/c.csv": labelFile(append(ofSecond, "nobody,yes")...),
	}
}

// performance is what the newest report of a day says of it.
func (w *world) performance(day string) *report.Performance { return w.newest(day).Performance }

// TestLateLabels: labels judge the windows that their rows belong to, and only
// those.
func TestLateLabels(t *testing.T) {
	w, objects := newWorld(t), labelledWorld()
	w.put("config/m.yaml", labelledModel)
	for _, key := range []string{"reference/m/r.csv", "logs/m/10.csv", "logs/m/11.csv", "logs/m/12.csv", "labels/m/reference.csv"} {
		w.put(key, objects[key])
	}
	w.run()
	if w.performance("2026-03-10") != nil {
		t.Error("performance is known without labels")
	}
	w.wantIdle()
	for _, step := range []struct {
		file              string
		reports, d10, d12 int64
		note              string
	}{
		{"labels/m/a.csv", 2, 200, 150, ""},
		{"labels/m/c.csv", 1, 200, 150, "1 of 1,251 ids in labels/ fit no row so far: they wait for theirs"},
		{"labels/m/b.csv", 2, 300, 300, "1 of 1,501 ids in labels/ fit no row so far: they wait for theirs"},
	} {
		w.put(step.file, objects[step.file])
		result := w.run()
		if got := strings.Join(result.Notes, "\n"); got != step.note {
			t.Errorf("%s: notes %q", step.file, got)
		}
		if int64(len(result.Reports)) != step.reports {
			t.Errorf("%s: %d reports instead of %d", step.file, len(result.Reports), step.reports)
		}
		if p := w.performance("2026-03-10"); p == nil || p.Labelled != step.d10 || p.Rows != 300 {
			t.Errorf("%s: %+v on the 10th", step.file, p)
		}
		if p := w.performance("2026-03-12"); p == nil || p.Labelled != step.d12 {
			t.Errorf("%s: %+v on the 12th", step.file, p)
		}
		w.wantIdle()
	}
	for day, want := range map[string]report.Verdict{"2026-03-10": report.OK, "2026-03-11": report.OK, "2026-03-12": report.Alert} {
		if got := w.newest(day).Checks["performance"].Verdict; got != want {
			t.Errorf("performance of %s is %s, want %s", day, got, want)
		}
	}
	bad := w.newest("2026-03-12")
	if bad.Supersedes == "" || bad.Performance.Metrics[0].Reference == nil || !strings.HasPrefix(bad.Summary, "The concept moved, ") || !strings.Contains(bad.Summary, " The model got worse") {
		t.Errorf("%s: %+v", bad.Summary, bad.Performance)
	}
}

// TestLabelsInAnyOrder: whenever labels come, before their predictions or after
// them, the last reports are the same.
func TestLabelsInAnyOrder(t *testing.T) {
	objects := labelledWorld()
	names := keys(objects)
	r := rand.New(rand.NewPCG(4, 4))
	var want map[string]string
	for range 6 {
		w := newWorld(t)
		w.put("config/m.yaml", labelledModel)
		w.put("reference/m/r.csv", objects["reference/m/r.csv"])
		for i, at := range r.Perm(len(names)) {
			if names[at] != "reference/m/r.csv" {
				w.put(names[at], objects[names[at]])
			}
			if i%3 == 1 {
				w.run()
			}
		}
		w.run()
		w.wantIdle()
		got := map[string]string{}
		for _, s := range w.history() {
			got[s.Window.Key()] = s.Report + " " + s.Labels
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("another order ends otherwise: %s", diff)
		}
	}
	if len(want) != 3 {
		t.Errorf("%d windows", len(want))
	}
}

// TestCorrectedLabels: a file that comes later has the last word; one that cannot
// be read is set aside.
func TestCorrectedLabels(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", labelledModel)
	log, labels := predictions(10, 100, 10)
	reference, _ := predictions(1, 300, 10)
	w.put("reference/m/r.csv", reference)
	w.put("logs/m/10.csv", log)
	w.put("labels/m/z.csv", labelFile(labels...))
	w.put("labels/m/bad.csv", "fruit,colour,taste\napple,red,sour\n")
	w.run()
	accuracy := func() float64 {
		t.Helper()
		return *w.performance("2026-03-10").Metrics[0].Current.Value
	}
	if accuracy() != 1 {
		t.Errorf("accuracy is %v", accuracy())
	}
	if q := w.quarantined(); len(q) != 1 || !strings.Contains(q[0], `labels/m/bad.csv: the label file has no column "order_id"`) {
		t.Errorf("quarantine: %q", q)
	}
	flipped := strings.NewReplacer(",yes", ",no", ",no", ",yes")
	for i := range 20 {
		labels[i] = flipped.Replace(labels[i])
	}
	w.put("labels/m/a.csv", labelFile(labels[:20]...))
	if notes := w.run().Notes; len(notes) != 1 || notes[0] != "20 ids in labels/ had their label corrected by a later file" {
		t.Errorf("notes: %q", notes)
	}
	if accuracy() != 0.8 {
		t.Errorf("after corrections accuracy is %v", accuracy())
	}
	if p := w.performance("2026-03-10"); p.Corrected != 20 || p.Contradicted != 0 {
		t.Errorf("%d rows corrected, %d contradicted", p.Corrected, p.Contradicted)
	}
	w.wantIdle()
}

// TestDamagedLedger: what is damaged of ledger and labels is made again from the
// files.
func TestDamagedLedger(t *testing.T) {
	w, objects := newWorld(t), labelledWorld()
	w.put("config/m.yaml", labelledModel)
	for _, key := range keys(objects) {
		w.put(key, objects[key])
	}
	w.run()
	sound := w.bytes("state/m/")
	for _, place := range []string{"state/m/ledger/", "state/m/labels/"} {
		broken := 0
		for key, text := range sound {
			if strings.HasPrefix(key, place) && !strings.HasSuffix(key, ".json") {
				if _, err := w.store.Put(context.Background(), key, strings.NewReader(text[:len(text)/2]), nil); err != nil {
					t.Fatal(err)
				}
				broken++
			}
		}
		if broken < 3 {
			t.Fatalf("%d objects below %s", broken, place)
		}
		if err := w.store.Delete(context.Background(), "state/m/joined.json"); err != nil { // so that they are looked at
			t.Fatal(err)
		}
		w.run()
		if diff := cmp.Diff(sound, w.bytes("state/m/")); diff != "" {
			t.Errorf("%s is not as it was: %s", place, diff)
		}
	}
}

// TestFirstLabels: a model that nobody expects labels of keeps no predictions;
// when the first labels come, its logs are read again.
func TestFirstLabels(t *testing.T) {
	w, objects := newWorld(t), labelledWorld()
	for _, key := range []string{"reference/m/r.csv", "logs/m/10.csv", "logs/m/11.csv", "logs/m/12.csv"} {
		w.put(key, objects[key])
	}
	w.run()
	if kept := w.bytes("state/m/ledger/"); len(kept) > 0 {
		t.Errorf("predictions are kept: %v", keys(kept))
	}
	if err := w.store.Delete(context.Background(), "logs/m/11.csv"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"labels/m/a.csv", "labels/m/b.csv", "labels/m/c.csv"} {
		w.put(key, objects[key])
	}
	w.run()
	w.wantIdle()
	for day, want := range map[string]int64{"2026-03-10": 300, "2026-03-12": 300} {
		if p := w.performance(day); p == nil || p.Labelled != want {
			t.Errorf("%s: %+v", day, p)
		}
	}
	if w.performance("2026-03-11") != nil {
		t.Error("performance of rows that are gone")
	}
}

// TestLabelsTwoAtOnce: two processes at the same files, and one that was stopped
// between label files, leave what one run leaves.
func TestLabelsTwoAtOnce(t *testing.T) {
	objects := labelledWorld()
	deliver := func() *world {
		w := newWorld(t)
		w.put("config/m.yaml", labelledModel)
		for _, key := range keys(objects) {
			w.put(key, objects[key])
		}
		return w
	}
	one := deliver()
	one.run()
	want := one.bytes("state/m/")

	two := deliver()
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := two.monitor().Run(context.Background(), "m")
			errs <- err
		}()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(want, two.bytes("state/m/")); diff != "" {
		t.Errorf("two at once leave something else: %s", diff)
	}

	for stop := int64(1); stop < 40; stop += 3 {
		w := deliver()
		ctx, cancel := context.WithCancel(context.Background())
		var events atomic.Int64
		m := w.monitor()
		m.Observe = func(monitor.Event) {
			if events.Add(1) == stop {
				cancel()
			}
		}
		_, _ = m.Run(ctx, "m") // ends early
		cancel()
		w.run()
		if diff := cmp.Diff(want, w.bytes("state/m/")); diff != "" {
			t.Fatalf("stopped at event %d: %s", stop, diff)
		}
		if events.Load() < stop {
			break
		}
	}
}

// scores is the log of a day in March whose scores mean what they say, and what
// came true; bent scores mean the opposite.
func scores(number, rows int, bent bool) (log string, labels []string) {
	r := rand.New(rand.NewPCG(uint64(number), 9))
	var b strings.Builder
	b.WriteString("order_id,timestamp,score\n")
	for i := range rows {
		p := r.Float64()
		actual := r.Float64() < p
		if bent {
			actual = !actual
		}
		fmt.Fprintf(&b, "o%d-%d,2026-03-%02dT%02d:00:00Z,%.3f\n", number, i, number, i%24, p)
		labels = append(labels, fmt.Sprintf("o%d-%d,%t", number, i, actual))
	}
	return b.String(), labels
}

// TestEstimates: before labels come a report tells what performance is estimated
// to be, and after they came both.
func TestEstimates(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", labelledModel)
	log, known := scores(1, 2000, false)
	w.put("reference/m/r.csv", log)
	w.put("labels/m/reference.csv", labelFile(known...))
	log, known = scores(10, 1000, false)
	w.put("logs/m/10.csv", log)
	later, _ := scores(11, 1000, false)
	w.put("logs/m/11.csv", later)
	w.run()
	before := w.newest("2026-03-10")
	if before.Performance != nil || before.Estimates == nil || before.Estimates.Labelled != 0 {
		t.Fatalf("without labels: %+v, %+v", before.Performance, before.Estimates)
	}
	w.wantIdle()
	w.put("labels/m/a.csv", labelFile(known[:600]...))
	if result := w.run(); len(result.Reports) != 1 {
		t.Errorf("%d reports for the labels of one window", len(result.Reports))
	}
	after := w.newest("2026-03-10")
	if after.Performance == nil || after.Estimates.Labelled != 600 {
		t.Fatalf("with labels: %+v, %+v", after.Performance, after.Estimates)
	}
	for i, e := range before.Estimates.Metrics {
		came := after.Estimates.Metrics[i]
		if e.Expected != nil || e.Realized != nil || came.Expected == nil || came.Realized == nil {
			t.Fatalf("%s: %+v, then %+v", e.Metric, e, came)
		}
		if diff := cmp.Diff(e.Estimated, came.Estimated); diff != "" {
			t.Errorf("the labels of a window change what was estimated of it: %s", diff)
		}
		if came.Estimated.Rows != 1000 || came.Expected.Rows != 600 || came.Realized.Rows != 600 {
			t.Errorf("%s is of %d, %d and %d rows", e.Metric, came.Estimated.Rows, came.Expected.Rows, came.Realized.Rows)
		}
		if v, in := *came.Realized.Value, came.Expected.Interval; v < in[0] || v > in[1] {
			t.Errorf("%s is %v, was to be within %v", e.Metric, v, in)
		}
	}
	s := w.history()[0].Performance
	if s == nil || s.Labelled != 600 || len(s.Metrics) != 3 || s.Metrics[0].Metric != "roc_auc" || s.Metrics[0].Estimate == nil || s.Metrics[0].Value == nil || s.Metrics[0].Reference == nil {
		t.Errorf("the summary has %+v", s)
	}
}

// TestRecord: reports say how good estimates of earlier windows were, the same
// whatever came first, and that they cannot be trusted once scores mean something
// else.
func TestRecord(t *testing.T) {
	objects := map[string]string{}
	log, known := scores(1, 2000, false)
	objects["labels/m/reference.csv"] = labelFile(known...)
	for day := 10; day < 18; day++ {
		one, known := scores(day, 400, day > 13)
		objects[fmt.Sprintf("logs/m/%d.csv", day)] = one
		if day < 17 {
			objects[fmt.Sprintf("labels/m/%d.csv", day)] = labelFile(known...)
		}
	}
	names := keys(objects)
	r := rand.New(rand.NewPCG(5, 5))
	var want map[string]string
	for round := range 4 {
		w := newWorld(t)
		w.put("config/m.yaml", labelledModel)
		w.put("reference/m/r.csv", log)
		for i, at := range r.Perm(len(names)) {
			w.put(names[at], objects[names[at]])
			if round > 0 && i%3 == 1 {
				w.run()
			}
		}
		w.run()
		w.wantIdle()
		got := map[string]string{}
		for _, s := range w.history() {
			got[s.Window.Key()] = s.Report
		}
		if want != nil {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("another order ends otherwise: %s", diff)
			}
			continue
		}
		want = got
		good := w.newest("2026-03-13").Estimates
		if r := good.Record; r == nil || r.Windows != 4 || !r.Trusted || r.Drifted != 0 || len(r.Metrics) != 3 {
			t.Errorf("after four good windows: %+v", r)
		}
		bad := w.newest("2026-03-16").Estimates
		if r := bad.Record; r == nil || r.Windows != 7 || r.Trusted || r.Drifted != 3 {
			t.Errorf("after three bad windows: %+v", r)
		}
		if e := w.newest("2026-03-17").Estimates; e.Record != nil || e.Distrust == "" {
			t.Errorf("without labels: %+v", e)
		}
		if s := w.history()[7]; len(s.Findings) == 0 || s.Findings[len(s.Findings)-1].Metric != "estimate_untrusted" {
			t.Errorf("the window without labels has %+v", s.Findings)
		}
	}
}

// TestMovedLate: windows say which of data, labels and concept moved as soon as
// their labels are there, also where these came before the predictions.
func TestMovedLate(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", labelledModel)
	for key, text := range labelledWorld() {
		w.put(key, text)
	}
	w.run()
	for day, want := range map[string]string{"2026-03-10": "unknown", "2026-03-12": "concept"} {
		p := w.performance(day)
		if p == nil || p.Moved == nil || p.Moved.Verdict != want {
			t.Errorf("%s: %+v", day, p)
			continue
		}
		if p.Moved.Reference != 600 || p.Moved.Current != 300 || (p.Moved.Needed > 300) != (want == "unknown") {
			t.Errorf("%s: of %d and %d rows", day, p.Moved.Reference, p.Moved.Current)
		}
		if r := w.newest(day); r.Slices == nil || r.Slices.Rows != 300 || len(r.Slices.Found) > 0 {
			t.Errorf("%s: slices %+v", day, r.Slices)
		}
	}
}

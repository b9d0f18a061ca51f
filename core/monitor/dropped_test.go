package monitor_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/collect"
	"leeway/core/compare"
	"leeway/core/config"
	"leeway/core/format"
	"leeway/core/report"
)

// ragged drops the last field of n of the rows in a text.
func ragged(text string, n int) string {
	return broken(text, n, func(line string) string { return line[:strings.LastIndexByte(line, ',')] })
}

// broken spoils n of the rows in a text, spread over all of it.
func broken(text string, n int, spoil func(string) string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i := range n {
		at := 1 + i*(len(lines)-1)/n
		lines[at] = spoil(lines[at])
	}
	return strings.Join(lines, "\n") + "\n"
}

// objects are the rows of a log in CSV as lines of JSON.
func objects(text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	names := strings.Split(lines[0], ",")
	var b strings.Builder
	for _, line := range lines[1:] {
		for i, cell := range strings.Split(line, ",") {
			b.WriteString([]string{"{", ", "}[min(i, 1)] + fmt.Sprintf("%q: %q", names[i], cell))
		}
		b.WriteString("}\n")
	}
	return b.String()
}

// compared is the report on two files, without a bucket.
func compared(t *testing.T, reference, current string) *report.Report {
	t.Helper()
	settings := config.Default()
	var sides [2]*collect.Collection
	collector := &collect.Collector{Config: settings}
	for i, text := range []string{reference, current} {
		collector = &collect.Collector{Config: settings, Contract: collector.Contract}
		at := strings.NewReader(text)
		if err := collector.Add(format.Source{Name: "file", At: at, Size: at.Size(), Stream: strings.NewReader(text)}, report.Object{Key: "file"}); err != nil {
			t.Fatal(err)
		}
		sides[i] = collector.Collection()
	}
	r, err := compare.Compare(&compare.Comparison{Config: settings, Contract: collector.Contract, Reference: sides[0], Current: sides[1], Created: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestDroppedRows: what could not be read is no less a change than what could.
func TestDroppedRows(t *testing.T) {
	ref, cur := day(1, 2000, 1), day(1, 2000, 2)
	cut := func(line string) string { return line[:len(line)-5] }
	for name, c := range map[string]struct {
		ref, cur string
		verdict  report.Verdict
		message  string
	}{
		"40% are ragged": {ref, ragged(cur, 800), report.Alert, "800 of 2,000 rows (40%) could not be read and were left out: rows with fewer fields than columns."},
		"10% of the lines are broken": {objects(ref), broken(objects(cur), 200, cut), report.Alert,
			"200 of 2,000 rows (10%) could not be read and were left out: lines that are no JSON object."},
		"40%, and 2% before": {ragged(ref, 40), ragged(cur, 800), report.Alert,
			"800 of 2,000 rows (40%, in the reference 2%) could not be read and were left out: rows with fewer fields than columns."},
		"as many before":    {ragged(ref, 800), ragged(cur, 800), report.OK, ""},
		"fewer than before": {ragged(ref, 800), cur, report.OK, ""},
		"three rows":        {ref, ragged(cur, 3), report.OK, ""},
		"nearly all rows": {ref, ragged(cur, 1997), report.Alert,
			"1,997 of 2,000 rows (99.9%) could not be read and were left out: rows with fewer fields than columns."},
	} {
		r := compared(t, c.ref, c.cur)
		message := ""
		for _, f := range r.Findings {
			if f.Metric == "dropped_ratio" {
				message = f.Message
			}
		}
		if r.Verdict != c.verdict || message != c.message {
			t.Errorf("%s: %s, %q: %s", name, r.Verdict, message, r.Summary)
		}
	}
}

// TestNearlyAllDropped: more of the same would not help.
func TestNearlyAllDropped(t *testing.T) {
	r := compared(t, ragged(day(1, 1500, 1), 1495), ragged(day(1, 1500, 2), 1496))
	if r.Verdict != report.Unknown || strings.Contains(r.Summary, "window.every") ||
		!strings.HasSuffix(r.Summary, "and 99.7% of the current rows could not be read (rows with fewer fields than columns): mend what writes the files first.") {
		t.Errorf("%s: %s", r.Verdict, r.Summary)
	}
}

// TestDroppedRowsOfWindows: a file that several windows are part of has its
// faults shared out by rows, and backtest sees the same.
func TestDroppedRowsOfWindows(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 2000, 1))
	w.put("logs/m/a.csv", ragged(day(2, 1000, 2), 3))
	two := day(3, 900, 3) + strings.TrimPrefix(day(4, 300, 4), header)
	w.put("logs/m/b.csv", ragged(two, 400))
	w.run()
	if r := w.newest("2026-03-02"); r.Verdict != report.OK {
		t.Errorf("three rows: %s: %s", r.Verdict, r.Summary)
	}
	for day, want := range map[string]string{
		"2026-03-03": "300 of 900 rows (33%) could not be read and were left out: rows with fewer fields than columns.",
		"2026-03-04": "100 of 300 rows (33%) could not be read and were left out: rows with fewer fields than columns.",
	} {
		r := w.newest(day)
		if r.Verdict != report.Alert || r.Findings[0].ID != "quality.dropped_ratio" || r.Findings[0].Message != want {
			t.Errorf("%s: %s: %s", day, r.Verdict, r.Summary)
		}
	}
	w.wantIdle()
	if was, would := courses(w.backtest(nil)); !cmp.Equal(was, would) {
		t.Errorf("backtest with the same settings: %v, %v", was, would)
	}
}

// TestDroppedRowsRolling: what was lost of earlier windows and of the reference
// is what a window is held against, in each kind of baseline.
func TestDroppedRowsRolling(t *testing.T) {
	start := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for _, kind := range []string{"{kind: static}", "{kind: rolling, windows: 5}", "{kind: seasonal, season: day-of-week}"} {
		w := newWorld(t)
		w.put("config/m.yaml", "baseline: "+kind+"\n")
		w.put("reference/m/r.csv", ragged(creeping(start.AddDate(0, -1, 0), 5000, 0, 0), 500))
		for i := range 8 {
			w.put(fmt.Sprintf("logs/m/%02d.csv", i), ragged(creeping(start.AddDate(0, 0, i), 400, 0, 0), 40+120*(i/7)))
		}
		w.run()
		days, verdicts := w.course()
		for i, verdict := range verdicts {
			if (verdict == report.Alert) != (i == 7) {
				t.Errorf("%s, %s: %s", kind, days[i], verdict)
			}
		}
		if f := w.newest(days[7]).Findings[0]; f.Message != "160 of 400 rows (40%, in the reference 10%) could not be read and were left out: rows with fewer fields than columns." {
			t.Errorf("%s: %s", kind, f.Message)
		}
	}
}

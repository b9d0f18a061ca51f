package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/report"
	"leeway/core/schema"
)

// lines is a log of March 2 as JSON Lines whose key extra is only in the last of
// its rows.
func lines(without, with int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 8))
	var b strings.Builder
	for i := range without + with {
		extra := ""
		if value := r.NormFloat64(); i >= without {
			extra = fmt.Sprintf(",\"extra\":%.3f", value)
		}
		fmt.Fprintf(&b, "{\"order_id\":\"o%d-%d\",\"timestamp\":\"2026-03-02T%02d:%02d:00Z\",\"amount\":%.2f%s}\n", seed, i, i%24, i%60, 80+20*r.NormFloat64(), extra)
	}
	return b.String()
}

// missing gives the missing_ratio of a column, -1 where it has no sample.
func missing(r *report.Report, column string) float64 {
	for i := range r.Samples {
		if s := &r.Samples[i]; s.Metric == "missing_ratio" && s.Labels.Column == column {
			return s.Value
		}
	}
	return -1
}

func found(r *report.Report, metric, column string) bool {
	return slices.ContainsFunc(r.Findings, func(f report.Finding) bool { return f.Metric == metric && f.Labels.Column == column })
}

func TestKeysMayComeLateInAFile(t *testing.T) {
	for _, n := range []int{400, 511, 3000} {
		w := newWorld(t)
		w.put("reference/m/r.jsonl", lines(0, 3000, 1))
		w.put("logs/m/1.jsonl", lines(n, 2000, 2))
		w.run()
		r, b := w.newest("2026-03-02"), w.batch("logs/m/1.jsonl")
		if got, want := missing(r, "extra"), float64(n)/float64(n+2000); got != want {
			t.Errorf("%d: missing_ratio is %v, not %v", n, got, want)
		}
		if found(r, "missing_column", "extra") || !found(r, "missing_ratio", "extra") || len(b.Missing) > 0 || len(b.Faults) > 0 {
			t.Errorf("%d: %+v %+v", n, r.Findings, b)
		}
		w.wantIdle()
	}
}

func TestAFileWithALateKeyAgainstItself(t *testing.T) {
	for _, n := range []int{400, 511, 3000} {
		w := newWorld(t)
		w.put("reference/m/r.jsonl", lines(n, 2000, 1))
		w.put("logs/m/1.jsonl", lines(n, 2000, 1))
		w.run()
		if r := w.newest("2026-03-02"); r.Verdict != report.OK || missing(r, "extra") != float64(n)/float64(n+2000) {
			t.Errorf("%d: %s %v", n, r.Summary, missing(r, "extra"))
		}
	}
}

func TestAKeyThatNoRowHas(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.jsonl", lines(0, 3000, 1))
	w.put("logs/m/1.jsonl", lines(2000, 0, 2))
	w.run()
	r, b := w.newest("2026-03-02"), w.batch("logs/m/1.jsonl")
	if !found(r, "missing_column", "extra") || missing(r, "extra") >= 0 || !slices.Equal(b.Missing, []string{"extra"}) {
		t.Errorf("%+v %v %+v", r.Findings, missing(r, "extra"), b)
	}
}

func TestAConfiguredKeyThatComesLate(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "columns:\n  extra: {min: -100}\n")
	w.put("reference/m/r.jsonl", lines(6000, 2000, 1)) // behind what a contract is inferred from
	w.put("logs/m/1.jsonl", lines(0, 3000, 2))
	w.run()
	if c := w.baseline().Schema.Column("extra"); c == nil || c.Kind != schema.Numeric {
		t.Errorf("%+v", c)
	}
	if r := w.newest("2026-03-02"); !found(r, "missing_ratio", "extra") || missing(r, "extra") != 0 {
		t.Errorf("%+v %v", r.Findings, missing(r, "extra"))
	}
}

// bare takes the channel away from a day's log.
func bare(csv string) string {
	var b strings.Builder
	for line := range strings.Lines(csv) {
		fields := strings.Split(line, ",")
		b.WriteString(strings.Join(slices.Delete(fields, 3, 4), ","))
	}
	return b.String()
}

func TestAColumnThatSomeFilesLack(t *testing.T) {
	var reports []*report.Report
	for _, lacks := range []string{"a", "z"} { // before and behind the other file
		w := newWorld(t)
		w.put("reference/m/r.csv", day(1, 2000, 1))
		w.put("logs/m/"+lacks+".csv", bare(day(2, 299, 2)))
		w.put("logs/m/k.csv", day(2, 1500, 3))
		w.run()
		r := w.newest("2026-03-02")
		if got, want := missing(r, "channel"), 299.0/1799; got != want {
			t.Errorf("missing_ratio is %v, not %v", got, want)
		}
		if found(r, "missing_column", "channel") || !found(r, "missing_ratio", "channel") {
			t.Errorf("%+v", r.Findings)
		}
		note := fmt.Sprintf(`the column "channel" is not in 1 of 2 files, in whose rows it is missing: logs/m/%s.csv`, lacks)
		if !slices.Contains(r.Notes, note) {
			t.Errorf("%q", r.Notes)
		}
		if b := w.batch("logs/m/" + lacks + ".csv"); !slices.Equal(b.Missing, []string{"channel"}) {
			t.Errorf("%+v", b)
		}
		w.wantIdle()
		reports = append(reports, r)
	}
	if diff := cmp.Diff(fmt.Sprint(reports[0].Samples), fmt.Sprint(reports[1].Samples)); diff != "" {
		t.Errorf("the order of files matters:\n%s", diff)
	}
}

func TestAColumnThatAllFilesLack(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 2000, 1))
	w.put("logs/m/a.csv", bare(day(2, 299, 2)))
	w.put("logs/m/b.csv", bare(day(2, 1500, 3)))
	w.run()
	if r := w.newest("2026-03-02"); !found(r, "missing_column", "channel") || missing(r, "channel") >= 0 {
		t.Errorf("%+v %v", r.Findings, missing(r, "channel"))
	}
	w.put("logs/m/c.csv", day(2, 10, 4)) // now one has it
	w.run()
	if r := w.newest("2026-03-02"); found(r, "missing_column", "channel") || missing(r, "channel") != 1799.0/1809 {
		t.Errorf("%+v %v", r.Findings, missing(r, "channel"))
	}
}

func TestALabelThatComesLaterIsNotMissing(t *testing.T) {
	for _, lacks := range []string{bare(day(2, 900, 2)), strings.ReplaceAll(lines(900, 0, 2), `"amount"`, `"prediction":1,"amount"`)} {
		w := newWorld(t)
		w.put("config/m.yaml", "columns:\n  channel: {role: label}\n")
		w.put("reference/m/r.csv", day(1, 2000, 1))
		w.put("logs/m/a.csv", lacks)
		w.run()
		r := w.newest("2026-03-02")
		if found(r, "missing_column", "channel") || missing(r, "channel") >= 0 || missing(r, "amount") != 0 {
			t.Errorf("%+v %v %v", r.Findings, missing(r, "channel"), missing(r, "amount"))
		}
	}
}

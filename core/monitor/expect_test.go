package monitor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"leeway/core/report"
	"leeway/core/state"
)

// optional is a file of JSON Lines of which a key comes with line first+1.
func optional(first, rows int) string {
	text := &strings.Builder{}
	for row := range rows {
		extra := ""
		if row >= first {
			extra = fmt.Sprintf(`,"code":"c%d"`, row%3)
		}
		fmt.Fprintf(text, "{\"id\":\"i%d\",\"timestamp\":\"2026-03-0%dT00:00:00Z\",\"x\":%d%s}\n", row, 1+row%2, row%17, extra)
	}
	return text.String()
}

// TestLateKeys: a key that the reference knows is read wherever it first comes;
// one that never comes is a missing column.
func TestLateKeys(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.jsonl", optional(0, 4000))
	w.put("logs/m/late.jsonl", optional(3000, 5000))
	w.run()
	if b := w.batch("logs/m/late.jsonl"); len(b.Missing)+len(b.Unexpected)+len(b.Faults) > 0 {
		t.Errorf("missing %v, unexpected %v, faults %v", b.Missing, b.Unexpected, b.Faults)
	}
	for _, s := range w.history() {
		at := slices.IndexFunc(s.Columns, func(c state.ColumnSummary) bool { return c.Name == "code" })
		if at < 0 || s.Columns[at].Missing != 0.6 {
			t.Errorf("%s: %+v", s.Window.Key(), s.Columns)
		}
	}
	w.put("logs/m/never.jsonl", strings.ReplaceAll(optional(5000, 5000), "2026-03", "2026-04"))
	w.run()
	if b := w.batch("logs/m/never.jsonl"); !slices.Equal(b.Missing, []string{"code"}) {
		t.Errorf("missing %v", b.Missing)
	}
	last := w.history()[len(w.history())-1]
	if last.Verdict != report.Alert || !slices.ContainsFunc(last.Findings, func(f state.FindingSummary) bool { return f.ID == "quality.missing_column.code" }) {
		t.Errorf("%s: %v", last.Verdict, last.Findings)
	}
}

// TestSomeFilesLackAColumn: what is said of a column that only some files have
// is true.
func TestSomeFilesLackAColumn(t *testing.T) {
	w := newWorld(t)
	table := func(rows int, columns string) string {
		text := &strings.Builder{}
		fmt.Fprintln(text, "id,timestamp,x"+columns)
		for row := range rows {
			fmt.Fprintf(text, "i%d,2026-03-01T00:00:00Z,%d%s\n", row, row%17, strings.Repeat(",5", strings.Count(columns, ",")))
		}
		return text.String()
	}
	w.put("reference/m/r.csv", table(4000, ",age"))
	w.put("logs/m/with.csv", table(1500, ",age"))
	w.put("logs/m/without.csv", strings.ReplaceAll(table(299, ""), "\ni", "\nj"))
	w.run()
	findings := w.history()[0].Findings
	at := slices.IndexFunc(findings, func(f state.FindingSummary) bool { return f.ID == "quality.missing_column.age" })
	if at < 0 || findings[at].Message != "The column `age` is absent from 299 of the 1,799 current rows: not all files have it." {
		t.Errorf("%+v", findings)
	}
}

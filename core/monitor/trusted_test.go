package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/core/report"
)

// marked is the log of a day in March whose scores, up to a highest, are the chance of a
// label, if the concept did not move: else that chance moves a little in all and much with
// a column, by which no metric becomes worse.
func marked(number, rows int, highest float64, moved bool, wanted func(r *rand.Rand, is bool) bool) (log string, labels []string) {
	r := rand.New(rand.NewPCG(uint64(number), 31))
	var b strings.Builder
	b.WriteString("order_id,timestamp,x,score\n")
	for i := range rows {
		p, x := 0.1+(highest-0.1)*r.Float64(), r.NormFloat64()
		chance := p
		if moved {
			chance += 0.09
			if x > 0 {
				chance += 0.25
			} else {
				chance -= 0.25
			}
		}
		is := r.Float64() < chance
		id := fmt.Sprintf("o%d-%d", number, i)
		fmt.Fprintf(&b, "%s,2026-03-%02dT%02d:00:00Z,%.4f,%.4f\n", id, number, i%24, x, p)
		if wanted(r, is) {
			labels = append(labels, fmt.Sprintf("%s,%t", id, is))
		}
	}
	return b.String(), labels
}

func noted(r *report.Report, metric string) *report.Finding {
	at := slices.IndexFunc(r.Findings, func(f report.Finding) bool { return f.Metric == metric })
	if at < 0 {
		return nil
	}
	return &r.Findings[at]
}

// twoDays runs two days, of the first of which labels came.
func twoDays(t *testing.T, highest float64, moved bool, wanted func(r *rand.Rand, is bool) bool) (first, second *report.Report) {
	t.Helper()
	w := newWorld(t)
	w.put("config/m.yaml", labelledModel)
	log, known := marked(1, 3000, highest, false, func(*rand.Rand, bool) bool { return true })
	w.put("reference/m/r.csv", log)
	w.put("labels/m/reference.csv", labelFile(known...))
	log, known = marked(10, 900, highest, moved, wanted)
	w.put("logs/m/10.csv", log)
	w.put("labels/m/10.csv", labelFile(known...))
	log, _ = marked(11, 900, highest, moved, wanted)
	w.put("logs/m/11.csv", log)
	w.run()
	w.wantIdle()
	return w.newest("2026-03-10"), w.newest("2026-03-11")
}

// TestMovedIsDistrusted: where the concept moved, later estimates cannot be trusted,
// though none was off so far.
func TestMovedIsDistrusted(t *testing.T) {
	first, second := twoDays(t, 0.9, true, func(*rand.Rand, bool) bool { return true })
	if f := noted(first, "concept_shift"); f == nil || f.Severity != report.SeverityAlert || noted(first, "estimate_off") != nil {
		t.Fatalf("not the concept alone: %s", first.Summary)
	}
	if r := first.Estimates.Record; r == nil || r.Drifted != 1 || r.Trusted {
		t.Errorf("the record is %+v", r)
	}
	if f := noted(second, "estimate_untrusted"); f == nil || !strings.Contains(second.Estimates.Distrust, "concept drift") {
		t.Errorf("the next day: %+v", second.Estimates)
	}
}

// TestChosenLabels: labels that come for positive cases first put an estimate off. That
// is no concept drift, and says nothing of the next day's estimates.
func TestChosenLabels(t *testing.T) {
	first, second := twoDays(t, 0.65, false, func(r *rand.Rand, is bool) bool { return is || r.Float64() < 0.05 })
	if noted(first, "labels_selective") == nil || noted(first, "not_comparable") == nil || noted(first, "concept_shift") != nil {
		t.Fatalf("not selective: %s", first.Summary)
	}
	f := noted(first, "estimate_off")
	if f == nil || f.Severity != report.SeverityInfo || strings.Contains(f.Message, "oncept") || !strings.Contains(f.Message, "It may be no more than which labels came") {
		t.Errorf("the estimate: %+v", f)
	}
	if first.Estimates.Record != nil || first.Estimates.Distrust != "" || second.Estimates.Distrust != "" || noted(second, "estimate_untrusted") != nil {
		t.Errorf("estimates are distrusted: %+v, %+v", first.Estimates, second.Estimates)
	}
}

package monitor_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"leeway/core/metric"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/state"
)

// people is the log of a day: of the group f so many of ten rows are predicted
// positive, of m half. What came true is a coin.
func people(number, rows, ofTen int, id bool) (log string, labels []string, selected [2]int) {
	r := rand.New(rand.NewPCG(uint64(number), 9))
	var b strings.Builder
	b.WriteString("timestamp,amount,sex,prediction")
	if id {
		b.WriteString(",order_id")
	}
	b.WriteString("\n")
	for i := range rows {
		sex, chance := i%2, 5
		if sex == 0 {
			chance = ofTen
		}
		guess := 0
		if r.IntN(10) < chance {
			guess = 1
			selected[sex]++
		}
		fmt.Fprintf(&b, "2026-03-%02dT%02d:00:00Z,%.2f,%s,%d", number, i%24, 80+20*r.NormFloat64(), []string{"f", "m"}[sex], guess)
		if id {
			fmt.Fprintf(&b, ",o%d-%d", number, i)
		}
		b.WriteString("\n")
		labels = append(labels, fmt.Sprintf("o%d-%d,%d", number, i, r.IntN(2)))
	}
	return b.String(), labels, selected
}

const groupedModel = "task: binary\npositive: \"1\"\ncolumns: {sex: {role: sensitive}}\n"

// fair is a sample of fairness in the newest report of a day, NaN without a value.
func (w *world) fair(day, name, group string) float64 {
	w.Helper()
	r := w.newest(day)
	for _, s := range r.Samples {
		if s.Check == "fairness" && s.Metric == name && s.Labels == (metric.Labels{Column: "sex", Group: group}) {
			return s.Value
		}
	}
	return math.NaN()
}

// TestGroupsWithoutLabels: how groups are treated is known of every window at once,
// without labels and without ids, and a gap that grew is an alert of its window
// alone.
func TestGroupsWithoutLabels(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", groupedModel)
	reference, _, _ := people(1, 1200, 5, false)
	w.put("reference/m/r.csv", reference)
	first, _, _ := people(10, 800, 5, false)
	second, _, selected := people(11, 800, 1, false)
	w.put("logs/m/10.csv", first)
	w.put("logs/m/11.csv", second)
	w.run()
	w.wantIdle()
	if got, want := w.fair("2026-03-11", "demographic_parity_difference", ""), float64(selected[1]-selected[0])/400; math.Abs(got-want) > 1e-12 {
		t.Errorf("demographic_parity_difference is %v, want %v", got, want)
	}
	if got := w.fair("2026-03-11", "group_rows", "f"); got != 400 {
		t.Errorf("%v rows of a group", got)
	}
	for day, want := range map[string]report.Verdict{"2026-03-10": report.OK, "2026-03-11": report.Alert} {
		r := w.newest(day)
		if got := r.Checks["fairness"].Verdict; got != want {
			t.Errorf("fairness of %s is %s, want %s: %+v", day, got, want, r.Findings)
		}
	}
	if !math.IsNaN(w.fair("2026-03-11", "equal_opportunity_difference", "")) {
		t.Error("what came true is known without labels")
	}
	if r := w.newest("2026-03-11"); !strings.Contains(r.Summary, " The model treats the groups of `sex` less alike") || len(r.Fairness) != 1 || len(r.Fairness[0].Groups) != 2 {
		t.Errorf("%s: %+v", r.Summary, r.Fairness)
	}
}

// TestGroupsOfLateLabels: once labels come, so do the rates that need them; a second
// file of the same day counts with the first.
func TestGroupsOfLateLabels(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", groupedModel+"segments: [sex]\n")
	reference, _, _ := people(1, 600, 5, true)
	w.put("reference/m/r.csv", reference)
	first, known, _ := people(10, 400, 5, true)
	w.put("logs/m/10.csv", first)
	w.put("logs/m/10b.csv", strings.ReplaceAll(first, ",o10", ",p10"))
	w.run()
	w.put("labels/m/a.csv", labelFile(known...))
	w.run()
	w.wantIdle()
	if got := w.fair("2026-03-10", "group_rows", "m"); got != 400 {
		t.Errorf("%v rows of a group in two files", got)
	}
	for _, name := range []string{"equal_opportunity_difference", "equalized_odds_difference", "predictive_parity_difference"} {
		if math.IsNaN(w.fair("2026-03-10", name, "")) {
			t.Errorf("no %s", name)
		}
	}
	if r := w.newest("2026-03-10"); r.Fairness[0].Groups[0].Current.Labelled != 200 || r.Fairness[0].Groups[0].Reference.Labelled != 0 {
		t.Errorf("%+v", r.Fairness[0].Groups[0].Current)
	}
}

// TestGroupsDeclaredLater: a model whose column becomes sensitive has its logs read
// again; of the reference nothing is known, and that is said.
func TestGroupsDeclaredLater(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "task: binary\npositive: \"1\"\n")
	reference, _, _ := people(1, 600, 5, false)
	w.put("reference/m/r.csv", reference)
	first, _, _ := people(10, 400, 5, false)
	w.put("logs/m/10.csv", first)
	w.run()
	w.put("config/m.yaml", groupedModel)
	second, _, _ := people(11, 400, 5, false)
	w.put("logs/m/11.csv", second)
	w.run()
	w.wantIdle()
	for _, day := range []string{"2026-03-10", "2026-03-11"} {
		if got := w.fair(day, "group_rows", "m"); got != 200 {
			t.Errorf("%s: %v rows of a group", day, got)
		}
		said := false
		for _, f := range w.newest(day).Findings {
			said = said || f.Metric == "no_reference" && f.Severity == report.SeverityInfo
		}
		if !said {
			t.Errorf("%s: %+v", day, w.newest(day).Findings)
		}
	}
}

// counting is a store that counts how often objects are opened whose keys end so.
type counting struct {
	state.Store
	end string
	n   atomic.Int64
}

func (c *counting) Open(ctx context.Context, key string) (state.Object, error) {
	if strings.HasSuffix(key, c.end) {
		c.n.Add(1)
	}
	return c.Store.Open(ctx, key)
}

// TestBaselineLedgerIsReadOnce: however many windows new labels are joined to, what the
// baseline predicted is read as often.
func TestBaselineLedgerIsReadOnce(t *testing.T) {
	for name, grouped := range map[string]string{"plain": "", "grouped": "segments: [channel]\n"} {
		var opened []int64
		for _, windows := range []int{2, 6} {
			w := newWorld(t)
			w.put("config/m.yaml", labelledModel+grouped)
			log := func(number int) (string, []string) {
				text, labels := predictions(number, 150, 9)
				text = strings.ReplaceAll(text, "\n", ",web\n")
				return strings.Replace(text, "prediction,web", "prediction,channel", 1), labels
			}
			reference, all := log(1)
			w.put("reference/m/r.csv", reference)
			for i := range windows {
				text, labels := log(10 + i)
				w.put(fmt.Sprintf("logs/m/%d.csv", i), text)
				all = append(all, labels...)
			}
			w.run()
			w.put("labels/m/a.csv", labelFile(all...))
			store := &counting{Store: w.store, end: ".ledger"}
			m := &monitor.Monitor{DB: state.Open(w.store, store), Data: w.store, Clock: w.clock, Workers: 2}
			result, err := m.Run(context.Background(), "m")
			if err != nil || len(result.Reports) != windows {
				t.Fatalf("%v, %d reports", err, len(result.Reports))
			}
			opened = append(opened, store.n.Load())
		}
		if opened[0] != opened[1] || opened[0] > 3 {
			t.Errorf("%s: read %d times for 2 windows, %d times for 6", name, opened[0], opened[1])
		}
	}
}

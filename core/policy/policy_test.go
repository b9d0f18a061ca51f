package policy

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
)

// tested is evidence of a drift test with an effect.
func tested(column string, p, effect float64) check.Evidence {
	return check.Evidence{
		Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: column},
		Value: effect + 0.01, NoiseFloor: 0.01, Effect: effect, P: p, Low: effect, High: effect + 0.02, Material: 0.1,
		NReference: 1000, NCurrent: 1000, Message: column + " changed.", Hint: "Look.",
	}
}

func severities(j Judgement) map[string]report.Severity {
	found := map[string]report.Severity{}
	for _, f := range j.Findings {
		found[f.Labels.Column+f.Metric] = f.Severity
	}
	return found
}

func TestSeverities(t *testing.T) {
	broken := check.Evidence{Check: "quality", Metric: "missing_column", Labels: metric.Labels{Column: "d"}, Broken: true,
		P: math.NaN(), Value: math.NaN(), Effect: math.NaN(), NoiseFloor: math.NaN(), Low: math.NaN(), High: math.NaN(), Message: "gone."}
	notable := broken
	notable.Metric, notable.Broken, notable.Notable = "unexpected_column", false, true
	j := Judge([]check.Evidence{
		tested("still", 0.4, 0), tested("small", 1e-9, 0.05), tested("large", 1e-9, 0.3), tested("larger", 1e-9, 0.6), tested("chance", 0.02, 0.5), notable, broken,
	}, nil)
	var order []string
	for _, f := range j.Findings {
		order = append(order, string(f.Severity)+" "+f.Labels.Column+" "+f.Metric)
	}
	want := []string{"alert d missing_column", "alert larger js_distance", "alert large js_distance", "warn small js_distance", "info d unexpected_column"}
	if !slices.Equal(order, want) {
		t.Errorf("%q", order)
	}
	if j.Verdict != report.Alert || j.Checks["drift"] != (report.CheckOutcome{Verdict: report.Alert, Tests: 5}) || j.Checks["quality"].Tests != 0 {
		t.Errorf("%s %v", j.Verdict, j.Checks)
	}
	if want := "gone. larger changed, and `large` and `small` with it. 3 of 5 columns drifted. The data have 1 problem of quality too."; j.Summary != want {
		t.Error(j.Summary)
	}
	f := j.Findings[1]
	if *f.Threshold != 0.1 || *f.P != 1e-9 || *f.Q < 3e-9 || *f.Effect != 0.6 || f.Interval == nil || f.Streak != 1 || f.ID == "" {
		t.Errorf("%+v", f)
	}
}

// TestFaint: what is told though it is not sure enough for an alarm says so; an alarm does not.
func TestFaint(t *testing.T) {
	for p, want := range map[float64]string{1e-9: "alert a changed.", 0.02: "info a changed. It is faint.", 0.4: ""} {
		e := tested("a", p, 0.5)
		e.Notable, e.Faint = p < 0.1, "It is faint."
		got := ""
		for _, f := range Judge([]check.Evidence{e}, nil).Findings {
			got += string(f.Severity) + " " + f.Message
		}
		if got != want {
			t.Errorf("p = %g: %q, not %q", p, got, want)
		}
	}
}

// TestHolm compares with statsmodels' multipletests(method="holm") worked out
// by hand, and takes discrete tests into account.
func TestHolm(t *testing.T) {
	var evidence []check.Evidence
	for _, p := range []float64{0.01, 0.04, 0.03, 0.005} {
		evidence = append(evidence, tested("", p, 0))
	}
	j := &judge{evidence: evidence, options: complete(&Options{FalseAlarms: 0.5})}
	j.correct()
	for i, want := range []float64{0.03, 0.06, 0.06, 0.02} {
		if math.Abs(j.q[i]-want) > 1e-12 {
			t.Errorf("q[%d] = %g, want %g", i, j.q[i], want)
		}
	}
	// Tests that can never get below 0.02 do not count against one at 0.005.
	for i := range 3 {
		evidence[i].Null = func(x float64) float64 {
			if x < 0.02 {
				return 0
			}
			return x
		}
	}
	evidence[0].P = 0.02
	j.correct()
	if j.q[3] != 0.005 {
		t.Errorf("q = %g", j.q[3])
	}
}

// TestBudget: uniform p-values alarm as often as the budget says, no more.
func TestBudget(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const runs, tests, budget = 20000, 30, 0.05
	alarmed := 0
	for range runs {
		evidence := make([]check.Evidence, tests)
		for i := range evidence {
			evidence[i] = tested("", r.Float64(), 0.5)
		}
		if Judge(evidence, &Options{FalseAlarms: budget}).Verdict == report.Alert {
			alarmed++
		}
	}
	if rate := float64(alarmed) / runs; rate > budget+3*math.Sqrt(budget/runs) || rate < budget*0.9 {
		t.Errorf("rate %g at a budget of %g", rate, budget)
	}
}

func TestPersistence(t *testing.T) {
	evidence := []check.Evidence{tested("a", 1e-9, 0.5)}
	id := Key("drift", "js_distance", metric.Labels{Column: "a"})
	for streak, want := range map[int]report.Severity{0: report.SeverityInfo, 1: report.SeverityInfo, 2: report.SeverityAlert, 7: report.SeverityAlert} {
		j := Judge(evidence, &Options{Persistence: 3, Streaks: map[string]int{id: streak}})
		if j.Findings[0].Severity != want || j.Findings[0].Streak != streak+1 || j.Findings[0].ID != id {
			t.Errorf("streak %d: %+v", streak, j.Findings[0])
		}
		if want == report.SeverityInfo && j.Verdict != report.OK {
			t.Error(j.Verdict)
		}
	}
	j := Judge(evidence, &Options{Streaks: map[string]int{id: MaxStreak}})
	if j.Findings[0].Streak != MaxStreak {
		t.Errorf("counted up to %d", j.Findings[0].Streak)
	}
}

// TestPersistenceOfSlices: a slice by the same columns is the same weakness, wherever
// the search draws the line this time.
func TestPersistenceOfSlices(t *testing.T) {
	slice := func(name string, columns ...string) check.Evidence {
		e := tested("", 1e-9, 0.5)
		e.Check, e.Metric, e.Labels, e.Columns = "performance", check.SliceErrors, metric.Labels{Group: name}, columns
		return e
	}
	judged := func(e check.Evidence, streaks map[string]int) report.Finding {
		all := Judge([]check.Evidence{e, tested("other", 0.5, 0)}, &Options{Persistence: 2, Streaks: streaks}).Findings
		return all[slices.IndexFunc(all, func(f report.Finding) bool { return f.Metric == e.Metric })]
	}
	first := judged(slice("age > 40 and site = a", "age", "site"), nil)
	streaks := map[string]int{first.Lasting(): first.Streak}
	if first.Severity != report.SeverityInfo || first.Streak != 1 {
		t.Errorf("at first: %+v", first)
	}
	for name, want := range map[string]report.Severity{"site = a and age > 42": report.SeverityAlert, "age > 40": report.SeverityInfo} {
		columns := []string{"site", "age"}
		if want == report.SeverityInfo {
			columns = []string{"age"}
		}
		if f := judged(slice(name, columns...), streaks); f.Severity != want {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestMaterial(t *testing.T) {
	evidence := []check.Evidence{tested("a", 1e-9, 0.15)}
	j := Judge(evidence, &Options{Material: map[string]float64{"js_distance": 0.2}})
	if j.Findings[0].Severity != report.SeverityWarn || *j.Findings[0].Threshold != 0.2 || j.Verdict != report.Warn {
		t.Errorf("%+v", j.Findings[0])
	}
}

// TestUnknown: too few rows to see what matters is not ok, unless something
// was found all the same.
func TestUnknown(t *testing.T) {
	few := func(p, detectable float64) check.Evidence {
		e := tested("a", p, 0)
		e.Detectable = func(float64) float64 { return detectable }
		e.NReference, e.NCurrent = 50, 40
		return e
	}
	j := Judge([]check.Evidence{few(0.5, 0.5), few(0.4, 0.6), few(0.3, 0.2)}, nil)
	if j.Verdict != report.Unknown || len(j.Findings) != 1 || j.Findings[0].Severity != report.SeverityUnknown || j.Checks["drift"].Verdict != report.Unknown {
		t.Errorf("%+v", j)
	}
	// (1/50+1/40)/5² = 1/555: more than the 50 reference rows can ever give.
	if want := "About 1,200 rows on each side would show all that matters."; !strings.HasPrefix(j.Findings[0].Hint, want) {
		t.Error(j.Findings[0].Hint)
	}
	if !strings.Contains(j.Summary, "too few") {
		t.Error(j.Summary)
	}
	if j := Judge([]check.Evidence{few(math.NaN(), 3)}, nil); j.Verdict != report.Unknown || j.Checks["drift"].Tests != 0 {
		t.Errorf("nothing could be tested: %s", j.Verdict)
	}
	if j := Judge([]check.Evidence{few(math.NaN(), 3), few(0.5, 0.1)}, nil); j.Verdict != report.OK {
		t.Errorf("a constant beside a column that was tested: %s", j.Verdict)
	}
	if j := Judge([]check.Evidence{few(0.5, 0.2), few(0.4, 0.6), few(0.3, 0.2)}, nil); j.Verdict != report.OK {
		t.Error(j.Verdict)
	}
	if j := Judge([]check.Evidence{few(1e-9, 0.5), few(0.4, 0.6)}, nil); j.Verdict != report.Warn || len(j.Findings) != 1 {
		t.Error(j.Verdict, severities(j))
	}
}

func TestNothing(t *testing.T) {
	j := Judge(nil, nil)
	if j.Verdict != report.Unknown || len(j.Findings) != 1 || j.Checks["drift"].Verdict != report.Unknown || !strings.Contains(j.Summary, "columns: {comment: {kind: categorical}}") {
		t.Errorf("%+v", j)
	}
	rows := check.Evidence{Check: "quality", Metric: "rows", NReference: 500, P: math.NaN(), Broken: true}
	lost := check.Evidence{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "a"}, NReference: 500, P: math.NaN()}
	j = Judge([]check.Evidence{rows, lost}, nil)
	if j.Verdict != report.Alert || j.Checks["drift"].Verdict != report.Unknown || !strings.Contains(j.Findings[1].Message, "the current side has no values (1 column looked at)") {
		t.Errorf("%+v", j)
	}
	j = Judge([]check.Evidence{tested("a", 0.5, 0)}, &Options{FalseAlarms: math.NaN()})
	if want := "Nothing changed beyond chance in 1 column. 1 test, with a chance of at most 1% of any false alarm."; j.Summary != want {
		t.Error(j.Summary)
	}
}

func TestSummaryNamesTheModel(t *testing.T) {
	a, b := tested("lead_time", 1e-9, 0.5), tested("score", 1e-9, 0.2)
	b.Labels.Role = "score"
	j := Judge([]check.Evidence{a, b, tested("c", 0.9, 0)}, nil)
	if want := "lead_time changed, and `score` with it. 2 of 3 columns drifted; the model's predictions with them."; j.Summary != want {
		t.Error(j.Summary)
	}
}

// TestOnsetInSummary: when the lead began is a sentence of its own, after the
// one that says who went along, and stays where the finding is explained.
func TestOnsetInSummary(t *testing.T) {
	a, b := tested("customer_age", 1e-9, 0.5), tested("score", 1e-9, 0.2)
	a.Message = "`customer_age` shifted down: the typical (median) value fell from 41 to 32."
	slow := tested("customer_age", 1e-9, 0.2)
	slow.Metric, slow.Since = "slow_drift", &check.Since{Text: "about 7 October 2026"}
	evidence := []check.Evidence{a, b, slow}
	j := Judge(evidence, nil)
	if want := strings.TrimSuffix(a.Message, ".") + ", and `score` with it. It began about 7 October 2026. 2 of 2 columns drifted."; j.Summary != want {
		t.Error(j.Summary)
	}
	if want := a.Message + " It began about 7 October 2026."; j.Findings[0].Message != want {
		t.Error(j.Findings[0].Message)
	}
	j = Judge(evidence, &Options{Explain: func(f []report.Finding) {
		f[0].Message, f[0].Cause = "`customer_age` is cut off.", &report.Cause{Kind: "cut_off"}
	}})
	if want := "`customer_age` is cut off. It began about 7 October 2026. "; !strings.HasPrefix(j.Summary, want) || j.Findings[0].Message+" " != want {
		t.Errorf("%q, %q", j.Summary, j.Findings[0].Message)
	}
}

// TestJoin: a column that alarms by itself is told once, with when it began.
func TestJoin(t *testing.T) {
	window := check.Evidence{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "age"},
		Value: 0.3, Effect: 0.3, Material: 0.1, P: 1e-9, Message: "`age` shifted."}
	slow := check.Evidence{Check: "drift", Metric: "slow_drift", Labels: metric.Labels{Column: "age"},
		Value: 0.2, Effect: 0.2, Material: 0.1, P: 1e-9, Message: "`age` has been creeping.",
		Since: &check.Since{At: new(int64), To: 86400e9, Text: "about 1 January 1970"}}
	f := Judge([]check.Evidence{window, slow}, nil).Findings
	if len(f) != 1 || f[0].Metric != "js_distance" || f[0].Message != "`age` shifted. It began about 1 January 1970." || f[0].Since == nil || *f[0].Since != (report.Since{At: "1970-01-01T00:00:00Z", To: "1970-01-02T00:00:00Z"}) {
		t.Errorf("%+v", f)
	}
	missing, since := slow, *slow.Since
	since.Missing, missing.Since = true, &since
	if f := Judge([]check.Evidence{window, missing}, nil).Findings; len(f) != 2 || f[0].Since != nil {
		t.Errorf("missing values that creep are told with values that changed: %+v", f)
	}
	lost := check.Evidence{Check: "quality", Metric: "missing_ratio", Labels: metric.Labels{Column: "age"},
		Value: 0.3, Effect: 0.3, Material: 0.05, P: 1e-9, Message: "`age`: rows without a value rose."}
	if f := Judge([]check.Evidence{lost, missing}, nil).Findings; len(f) != 1 || f[0].Metric != "missing_ratio" || f[0].Since == nil {
		t.Errorf("missing values that creep are told twice: %+v", f)
	}
	for name, other := range map[string]check.Evidence{
		"a mere warning":  {Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "age"}, Effect: 0.01, Material: 0.1, P: 1e-9},
		"another column":  {Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "income"}, Effect: 0.3, Material: 0.1, P: 1e-9},
		"another family":  {Check: "quality", Metric: "missing_ratio", Labels: metric.Labels{Column: "age"}, Effect: 0.3, Material: 0.1, P: 1e-9},
		"nothing of note": {Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "age"}, Effect: 0, Material: 0.1, P: 0.5},
	} {
		f := Judge([]check.Evidence{other, slow}, nil).Findings
		if !slices.ContainsFunc(f, func(f report.Finding) bool { return f.Metric == "slow_drift" && f.Message == slow.Message }) {
			t.Errorf("beside %s the creep is not told: %+v", name, f)
		}
	}
}

// TestManyTests: judging thousands of tests takes time that grows with their
// number, not with its square, also if all of them are significant.
func TestManyTests(t *testing.T) {
	const tests = 5000
	asked := 0
	evidence := make([]check.Evidence, tests)
	for i := range evidence {
		evidence[i] = check.Evidence{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: strconv.Itoa(i)}, P: 1e-9 * float64(i+1) / tests, Effect: 1, Material: 0.1,
			Null: func(x float64) float64 { asked++; return x }}
	}
	j := Judge(evidence, nil)
	if len(j.Findings) != tests {
		t.Errorf("%d findings", len(j.Findings))
	}
	if most := 200 * tests; asked > most {
		t.Errorf("%d chances summed, more than %d", asked, most)
	}
}

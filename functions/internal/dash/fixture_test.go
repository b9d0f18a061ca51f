package dash_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
	"leeway/infra/local/memstore"
)

// now is the instant at which the tests look at the pages.
var now = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// story fills a bucket with a model of so many columns over so many days, the
// last of which is the day before now: quiet but for a gradual drift, a broken
// upstream, a new category and one file that cannot be read.
func story(t testing.TB, model string, columns, days int) (*state.DB, state.Store) {
	t.Helper()
	store := memstore.New()
	db := state.Open(store, store)
	extend(t, db, store, model, columns, days)
	return db, store
}

func extend(t testing.TB, db *state.DB, store state.Store, model string, columns, days int) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	baseline := state.Baseline{
		Version: "4f2a91c07be3", Created: now.AddDate(0, 0, -days-1), Rows: 20000, Approved: false,
		Reason: "proposed from the first batch", Schema: &schema.Schema{},
	}
	must(db.PutBaseline(ctx, model, baseline, []byte("profile")))
	must(db.Adopt(ctx, model, baseline.Version))
	first := now.Truncate(24*time.Hour).AddDate(0, 0, -days)
	for day := range days {
		start := first.AddDate(0, 0, day)
		window := state.Window{Start: start, End: start.AddDate(0, 0, 1)}
		key := fmt.Sprintf("logs/%s/%s.%s", model, start.Format("2006-01-02"), []string{"csv", "csv.gz", "jsonl", "parquet"}[day%4])
		_, err := store.Put(ctx, key, bytes.NewReader([]byte(key)), nil)
		must(err)
		batch := state.Batch{
			Key: key, ETag: "e", Hash: key, Size: 1_234_567, Rows: int64(4000 + 40*(day%7)), Arrived: start.Add(26 * time.Hour), Format: "csv",
			Parts: []state.Part{{Window: window, Profile: fmt.Sprintf("p%d", day), Rows: 4000}},
		}
		if day == days-3 {
			batch.Parts, batch.Verdict = nil, report.Invalid
			batch.Error, batch.Hint = "is no CSV, JSON Lines or Parquet", "look at how it was exported"
			must(db.Quarantine(ctx, model, batch))
		}
		if day == days-1 {
			batch.Faults = []report.Fault{{Column: "price", What: "not a number", Row: 17, Text: `"12,50 €"`, Count: 41}}
			batch.Notes = []string{"semicolon separated"}
		}
		must(db.PutBatch(ctx, model, batch))
		if batch.Verdict == report.Invalid {
			continue
		}
		r := windowReport(model, window, columns, day, days, batch)
		if day >= days-20 { // the pages need no older ones, and writing them takes most of the time
			must(db.PutReport(ctx, r, window))
		}
		must(db.PutSummary(ctx, model, state.Summarize(r, window, []string{batch.Parts[0].Profile})))
	}
}

func columnName(i int) string {
	known := []string{"price", "channel", "lead_time", "country", "score", "prediction"}
	if i < len(known) {
		return known[i]
	}
	return fmt.Sprintf("feature_%02d", i)
}

// windowReport is what the pipeline would have made of a day.
func windowReport(model string, window state.Window, columns, day, days int, batch state.Batch) *report.Report {
	random := rand.New(rand.NewPCG(uint64(day), 7))
	left := days - 1 - day // days before the newest
	r := &report.Report{
		Version: report.Version, ID: fmt.Sprintf("%016x", uint64(day)*2654435761+1), Model: model,
		Created:   batch.Arrived.Format(time.RFC3339),
		Window:    &report.Window{Start: window.Start.Format(time.RFC3339), End: window.End.Format(time.RFC3339)},
		Reference: report.Side{Rows: 20000, Baseline: "4f2a91c07be3", Proposed: true, Objects: []report.Object{}},
		Current:   report.Side{Rows: batch.Rows, Objects: []report.Object{{Key: batch.Key, Rows: batch.Rows, Bytes: batch.Size}}},
		Verdict:   report.OK, Summary: "Nothing moved beyond what chance would do.", Sinks: []report.SinkOutcome{},
		Findings: []report.Finding{}, Samples: []metric.Sample{}, Columns: []report.Column{},
	}
	for i := range columns {
		name := columnName(i)
		shift := 0.1 * (random.Float64() - .5)
		severity := report.Severity("")
		switch {
		case name == "lead_time" && left < 12: // gradual drift
			shift += float64(12-left) / 10
			if left < 8 {
				severity = report.SeverityWarn
			}
			if left < 5 {
				severity = report.SeverityAlert
			}
		case name == "price" && left < 3, name == "price" && left > 40 && left < 45: // cents instead of dollars
			shift, severity = 4, report.SeverityAlert
		case name == "channel" && left < 6:
			shift, severity = .8, report.SeverityWarn
		case random.IntN(4000) == 0:
			severity = report.SeverityWarn
		case left == 20 && i%5 == 0:
			severity = report.SeverityUnknown
		}
		r.Columns = append(r.Columns, describe(name, i, shift, batch.Rows))
		score := min(math.Abs(shift)/4, 1)
		labels := metric.Labels{Column: name}
		r.Samples = append(r.Samples,
			metric.Sample{Check: "drift", Metric: "js_distance", Labels: labels, Value: score, P: .5, Exact: true, NReference: 20000, NCurrent: batch.Rows},
			metric.Sample{Check: "quality", Metric: "missing_ratio", Labels: labels, Value: .01, P: math.NaN(), Exact: true, NReference: 20000, NCurrent: batch.Rows})
		if severity != "" {
			r.Findings = append(r.Findings, finding(name, severity, score, left))
		}
	}
	goodness(r, left, shareRandom(day))
	conclude(r)
	return r
}

func shareRandom(day int) float64 { return float64((day*7919)%100) / 100 }

// goodness is how good the model was: labels come after six days, some of them
// late; ten days ago it got worse, which its estimates did not see.
func goodness(r *report.Report, left int, wave float64) {
	level := func(x, half float64) *report.Level {
		return &report.Level{Value: &x, Interval: &[2]float64{x - half, x + half}, Rows: r.Current.Rows}
	}
	r.Fairness = groupsOf(level, left >= 6, wave)
	guess := .82 + .01*wave
	r.Estimates = &report.Estimates{Rows: r.Current.Rows, Metrics: []report.Estimate{{Metric: "roc_auc", Estimated: level(guess, .02)}, {Metric: "accuracy", Estimated: level(guess-.1, .02)}}}
	divide(r)
	if left < 6 {
		return
	}
	labelled, fell := r.Current.Rows, 0.0
	if left < 9 {
		labelled = labelled * int64(left-5) / 5
	}
	if left < 10 {
		fell = .09
	}
	r.Performance = &report.Performance{
		Task: "binary", Rows: r.Current.Rows, Labelled: labelled, Curves: drawnCurves(fell),
		Metrics: []report.Measure{{Metric: "roc_auc", Reference: level(.82, .005), Current: level(guess-fell, .03)}, {Metric: "accuracy", Reference: level(.72, .005), Current: level(guess-.1-fell, .03)}},
		Moved:   &report.Moved{Verdict: "concept", Message: "The relation of `price` to what comes true moved."},
	}
	reference := .1
	r.Slices = &report.Slices{Rows: labelled, Searched: 4000, Found: []report.Slice{
		{Name: "country=Belgium, price above 120", Severity: report.SeverityWarn, Message: "Worse there.", Rows: 180, Share: .05, Wrong: .4, Elsewhere: .12, Reference: &reference, RowsBefore: 900},
	}}
	for name, auc := range map[string]float64{"": guess - fell, "country=Austria": .8, "country=Belgium": .6, "country=Cuba": math.NaN()} {
		one := metric.Sample{Check: "performance", Metric: "roc_auc", Labels: metric.Labels{Segment: name}, Value: auc, NCurrent: 1000, Interval: &[2]float64{auc - .05, auc + .05}}
		if math.IsNaN(auc) {
			one.Interval, one.Reason = nil, "no row"
		}
		r.Samples = append(r.Samples, one)
	}
	slices.SortStableFunc(r.Samples, func(a, b metric.Sample) int { return strings.Compare(a.Labels.Segment, b.Labels.Segment) })
	r.Estimates.Record = &report.Record{Windows: 30, Metrics: []report.RecordOfOne{{Metric: "roc_auc", Windows: 30, Held: 26, Error: .012}}, Trusted: true}
	if fell > 0 {
		r.Findings = append(r.Findings, report.Finding{
			ID: "f-auc", Check: "performance", Metric: "roc_auc", Severity: report.SeverityAlert, Message: "The model got worse: how well it tells positive from negative cases (ROC AUC) fell.",
			Value: r.Performance.Metrics[0].Current.Value, NReference: 20000, NCurrent: labelled,
		})
	}
}

// divide adds segments.
func divide(r *report.Report) {
	changed := .3
	r.Segments = []report.Segment{
		{Name: "country=Austria", NReference: 9000, NCurrent: 1900, Verdict: report.OK, Tests: 20}, {Name: "country=Cuba", NReference: 30, NCurrent: 3, Verdict: report.Unknown},
		{Name: "country=Belgium", NReference: 9000, NCurrent: 1500, Verdict: report.Warn, Tests: 20, Column: "price", Metric: "js_distance", Value: &changed},
	}
}

// groupsOf are how two groups and a small one are treated.
func groupsOf(level func(x, half float64) *report.Level, labelled bool, wave float64) []report.Treated {
	rated := func(rows int64, rate float64) *report.Rated {
		one := &report.Rated{Rows: rows, Selection: level(rate, .02)}
		if labelled {
			one.Labelled, one.TruePositive, one.FalsePositive, one.Precision = rows, level(rate+.4, .03), level(rate/4, .01), level(.6, .05)
		}
		return one
	}
	small := &report.Rated{Rows: 3, Selection: &report.Level{Rows: 3, Reason: "too few rows"}}
	one := report.Treated{Columns: []string{"country"}, Distinct: 3, Groups: []report.TreatedGroup{
		{Name: "Austria", Reference: rated(9000, .31), Current: rated(1900, .30+.02*wave)}, {Name: "Belgium", Reference: rated(9000, .3), Current: rated(1500, .2)}, {Name: "Cuba", Current: small},
	}, Metrics: []report.Measure{
		{Metric: "demographic_parity_difference", Reference: level(.01, .01), Current: level(.1+.02*wave, .03)},
		{Metric: "demographic_parity_ratio", Reference: level(.97, .01), Current: &report.Level{Reason: "nobody is predicted positive"}},
	}}
	if labelled {
		one.Metrics = append(one.Metrics, report.Measure{Metric: "equal_opportunity_difference", Current: level(.1, .05)})
	}
	return []report.Treated{one}
}

func drawnCurves(fell float64) *report.Curves {
	side := func(bend float64) *report.CurveSide {
		s := &report.CurveSide{ROC: []report.ROC{{Class: "1"}}, PrecisionRecall: []report.PrecisionRecall{{Class: "1"}}, Confusion: [][]float64{{2000, 300}, {400, 1300}}}
		for i := range 21 {
			x := float64(i) / 20
			s.ROC[0].FPR, s.ROC[0].TPR = append(s.ROC[0].FPR, x), append(s.ROC[0].TPR, math.Pow(x, bend))
			s.PrecisionRecall[0].Recall, s.PrecisionRecall[0].Precision = append(s.PrecisionRecall[0].Recall, x), append(s.PrecisionRecall[0].Precision, 1-bend*x)
		}
		for i := range 10 {
			x := float64(i)/10 + .05
			s.Reliability = append(s.Reliability, report.Reliability{Rows: 400, Expected: x, Observed: x * (1 - fell), Interval: &[2]float64{x * (1 - fell) * .9, min(1, x*1.1)}})
		}
		return s
	}
	return &report.Curves{Classes: []string{"0", "1"}, Reference: side(.3), Current: side(.3 + 3*fell)}
}

func finding(name string, severity report.Severity, score float64, left int) report.Finding {
	limit, p := .1, 1e-12
	return report.Finding{
		ID: "f-" + name, Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: name}, Severity: severity,
		Value: &score, P: &p, Threshold: &limit, NReference: 20000, NCurrent: 4000, Streak: max(1, 8-left),
		Message: name + " has moved: its values are spread differently from those that the model was trained on.",
		Hint:    "Ask whoever delivers " + name + " what changed, then compare a few rows by hand.",
	}
}

func conclude(r *report.Report) {
	worst := report.OK
	for _, f := range r.Findings {
		switch {
		case f.Severity == report.SeverityAlert:
			worst = report.Alert
		case f.Severity == report.SeverityWarn && worst != report.Alert:
			worst = report.Warn
		case f.Severity == report.SeverityUnknown && worst == report.OK:
			worst = report.Unknown
		}
	}
	r.Verdict = worst
	if n := len(r.Findings); n > 0 {
		r.Summary = fmt.Sprintf("%d of %d columns drifted, %s first.", n, len(r.Columns), r.Findings[0].Labels.Column)
	}
	r.Checks = report.Checks{"quality": {Verdict: report.OK, Tests: 3 * len(r.Columns)}, "drift": {Verdict: worst, Tests: len(r.Columns)}}
}

func describe(name string, i int, shift float64, rows int64) report.Column {
	if name == "channel" || name == "country" || i%9 == 8 {
		return discrete(name, shift, rows)
	}
	side := func(n int64, shift float64) *report.Description {
		at := func(q float64) float64 { return 100 + 30*(q+shift) }
		mean, std, low, high := at(0), 30.0, at(-3), at(3)
		return &report.Description{
			Rows: n, Missing: n / 100, MissingRatio: .01 + max(0, shift-1)/20, Distinct: 900, Exact: true, Mean: &mean, Std: &std, Min: &low, Max: &high,
			Quantiles: &report.Quantiles{Q01: at(-2.33), Q05: at(-1.64), Q25: at(-.67), Q50: at(0), Q75: at(.67), Q95: at(1.64), Q99: at(2.33)},
		}
	}
	d := &report.Distribution{}
	for k := range 31 {
		d.Edges = append(d.Edges, 10+6*float64(k))
	}
	for k := range 30 {
		x := (d.Edges[k]+3-100)/30 - 0
		d.Reference = append(d.Reference, .08*math.Exp(-x*x/2))
		d.Current = append(d.Current, .08*math.Exp(-(x-shift)*(x-shift)/2))
	}
	role := schema.Feature
	switch name {
	case "score":
		role = schema.Score
	case "prediction":
		role = schema.Prediction
	}
	return report.Column{Name: name, Kind: schema.Numeric, Role: role, Reference: side(20000, 0), Current: side(rows, shift), Distribution: d}
}

func discrete(name string, shift float64, rows int64) report.Column {
	names := []string{"web", "agency", "phone", "partner", "corporate"}
	parts := []float64{.45, .3, .15, .07, .03}
	side := func(n int64, parts []float64, names []string) *report.Description {
		d := &report.Description{Rows: n, Distinct: float64(len(names)), Exact: true}
		for k, name := range names {
			d.Top = append(d.Top, report.Category{Name: name, Count: int64(parts[k] * float64(n))})
		}
		return d
	}
	moved := make([]float64, len(parts)+1)
	for k, part := range parts {
		moved[k] = part * (1 - .4*math.Abs(shift))
	}
	moved[len(parts)] = .4 * math.Abs(shift)
	all := append(append([]string{}, names...), "kiosk")
	return report.Column{
		Name: name, Kind: schema.Categorical, Role: schema.Feature,
		Reference: side(20000, parts, names), Current: side(rows, moved, all),
		Distribution: &report.Distribution{Names: all, Reference: append(append([]float64{}, parts...), 0), Current: moved},
	}
}

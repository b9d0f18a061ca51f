package policy

import (
	"math"
	"slices"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
)

func alarmed(check, name, column, message string) report.Finding {
	return report.Finding{Check: check, Metric: name, Labels: metric.Labels{Column: column}, Severity: report.SeverityAlert, NReference: 10000, NCurrent: 2000, Message: message}
}

func caused(f report.Finding, kind string, factor float64, columns ...string) report.Finding {
	f.Cause = &report.Cause{Kind: kind, Factor: &factor, Columns: columns}
	return f
}

func lost(column string, was, is float64) report.Finding {
	f := alarmed("quality", "missing_ratio", column, "`"+column+"`: rows without a value rose from 1% to 20%.")
	f.Value, f.NoiseFloor = &is, &was
	return f
}

func TestStory(t *testing.T) {
	name := "PRT"
	country := alarmed("drift", "js_distance", "country", "`country` changed: PRT fell from 41% to 12% of rows.")
	country.Contributions = []report.Contribution{{Category: &name, Reference: .41, Current: .12}}
	age := alarmed("drift", "js_distance", "age", "`age` shifted down: the typical (median) value fell from 41 to 38.")
	unseen := alarmed("quality", "unseen_category_ratio", "country", "`country`: 3% of the values are new.")
	cents := func(column string) report.Finding {
		return caused(alarmed("drift", "js_distance", column, "`"+column+"` arrives in another unit."), "unit_change", 100)
	}
	waits := age
	waits.Severity = report.SeverityInfo
	for _, c := range []struct {
		what     string
		findings []report.Finding
		want     []string
		groups   [][]string
	}{
		{"nothing", nil, nil, nil},
		{"one", []report.Finding{age}, []string{"`age` shifted down: the typical (median) value fell from 41 to 38."}, nil},
		{"a category, and others", []report.Finding{country, age, alarmed("drift", "js_distance", "a", "x."), alarmed("drift", "js_distance", "b", "x.")},
			[]string{"`country` = PRT fell from 41% to 12%, and 3 more columns with it."}, nil},
		{"each column once", []report.Finding{unseen, country, age}, []string{"`country`: 3% of the values are new, and `age` with it."}, nil},
		{"a fault goes first", []report.Finding{country, age, cents("fee")},
			[]string{"`fee` arrives in another unit.", "`country` = PRT fell from 41% to 12%, and `age` with it."}, nil},
		{"the same fault", []report.Finding{cents("fee"), cents("tax"), caused(cents("km"), "unit_change", 1000)},
			[]string{"`fee` arrives in another unit, and `tax` likewise.", "`km` arrives in another unit."}, [][]string{{"fee", "tax"}}},
		{"swapped", []report.Finding{caused(alarmed("drift", "js_distance", "a", "`a` and `b` are swapped."), "swapped_columns", 0, "b"), caused(alarmed("drift", "js_distance", "b", "`b` and `a` are swapped."), "swapped_columns", 0, "a")},
			[]string{"`a` and `b` are swapped."}, [][]string{{"a", "b"}}},
		{"lost together", []report.Finding{lost("a", .01, .2), lost("b", .01, .205), lost("c", .01, .5), lost("d", .4, .2)},
			[]string{"`a`: rows without a value rose from 1% to 20%, and `b` likewise.", "`c`: rows without a value rose from 1% to 20%."}, [][]string{{"a", "b"}}},
		{"what waits is no story", []report.Finding{waits}, nil, nil},
	} {
		all := topics(c.findings, make([]string, len(c.findings)))
		if got := slices.Concat(tell(all, report.AtBroken, mostTopics), tell(all, report.AtColumns, mostTopics)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.what, got)
		}
		var together [][]string
		for _, g := range groups(all) {
			together = append(together, g.Columns)
		}
		if !slices.EqualFunc(together, c.groups, slices.Equal[[]string]) {
			t.Errorf("%s: groups %q", c.what, together)
		}
	}
}

// TestOrder: a summary tells what is broken, what moved and how good the model is, which
// columns changed, where it is worst, and for whom, whatever is largest; what is in doubt
// is told with the reason, also where nothing alarms.
func TestOrder(t *testing.T) {
	of := func(check, metric, column, message string, effect float64) check.Evidence {
		e := tested(column, 1e-12, effect)
		e.Check, e.Metric, e.Message = check, metric, message
		return e
	}
	slice := of("performance", "slice_error_ratio", "", "Where x, accuracy is 50%.", 0.9)
	slice.Columns = []string{"age"}
	evidence := []check.Evidence{
		of("fairness", "demographic_parity_difference", "sex", "Groups are treated less alike.", 0.9), slice,
		of("drift", "js_distance", "age", "`age` shifted.", 0.3), of("performance", "accuracy", "", "The model got worse.", 0.2), of("performance", "concept_shift", "", "The concept moved.", 0.8),
		{Check: "quality", Metric: "missing_column", Labels: metric.Labels{Column: "fee"}, Broken: true, P: math.NaN(), Effect: math.NaN(), Message: "`fee` is gone."},
	}
	options := Options{FalseAlarms: 0.01, Moved: "The concept moved."}
	want := "`fee` is gone. The concept moved. The model got worse. `age` shifted. 1 of 1 column drifted. The data have 1 problem of quality too. Where x, accuracy is 50%. Groups are treated less alike."
	if j := Judge(evidence, &options); j.Summary != want {
		t.Errorf("%s", j.Summary)
	}
	model := of("drift", "js_distance", "score", "The scores rose.", 0.3)
	model.Labels.Role = "score"
	twice := of("drift", "js_distance", "prediction", "More are 1.", 0.3)
	twice.Labels.Role = "prediction"
	want = "The predictions moved. More are 1, and `score` with it. 2 of 2 columns drifted; the model's predictions themselves."
	if j := Judge([]check.Evidence{model, twice}, &Options{FalseAlarms: 0.01, Moved: "The predictions moved.", Restated: true}); j.Summary != want {
		t.Errorf("%s", j.Summary)
	}
	doubted := check.Evidence{Check: "performance", Metric: "accuracy", P: math.NaN(), Effect: math.NaN(), Notable: true, Doubted: true, Message: "It fell, maybe."}
	reason := check.Evidence{Check: "confidence", Metric: check.LabelsSelective, P: math.NaN(), Effect: math.NaN(), Notable: true, Message: "Labelled rows are others."}
	if j := Judge([]check.Evidence{doubted, reason, tested("a", 0.5, 0)}, &options); j.Verdict != report.OK || !strings.HasSuffix(j.Summary, " It fell, maybe. Labelled rows are others.") {
		t.Errorf("%s: %s", j.Verdict, j.Summary)
	}
}

// TestNamesOfTurns: package report orders findings by names of metrics that checks give.
func TestNamesOfTurns(t *testing.T) {
	unseen := report.Finding{ID: "a", Check: "quality", Metric: check.UnseenLabels}
	slice := report.Finding{ID: "b", Check: "performance", Metric: check.SliceErrors, Columns: []string{"x"}}
	if unseen.Turn() != report.AtLabels || slice.Turn() != report.AtSlices || slice.Lasting() == slice.ID || unseen.Lasting() != unseen.ID {
		t.Errorf("%v %v %q", unseen.Turn(), slice.Turn(), slice.Lasting())
	}
}

// TestGravestProblem: of problems of quality that warn the gravest is named, and not
// what was told before.
func TestGravestProblem(t *testing.T) {
	of := func(column, message string, severity report.Severity) report.Finding {
		return report.Finding{Check: "quality", Metric: "missing_ratio", Severity: severity, Message: message, Labels: metric.Labels{Column: column}}
	}
	os, fee := of("os", "`os` is missing in 19% of rows.", report.SeverityWarn), of("fee", "`fee` is gone.", report.SeverityWarn)
	inside := of("os", "`os` is missing there.", report.SeverityWarn)
	inside.Labels.Segment = "country=DE"
	for _, c := range []struct {
		findings []report.Finding
		told     []string
		more     bool
		want     string
	}{
		{[]report.Finding{inside, of("x", "`x` may be.", report.SeverityInfo)}, nil, true, ""},
		{[]report.Finding{inside, os}, []string{"`age` shifted."}, true, "The data have 1 problem of quality too: `os` is missing in 19% of rows."},
		{[]report.Finding{os, fee}, nil, false, "The data have 2 problems of quality, above all: `os` is missing in 19% of rows."},
		{[]report.Finding{os, fee}, []string{"`fee` is gone, and `tax` likewise."}, true, "The data have 2 problems of quality too."},
	} {
		if got := quality(c.findings, c.told, c.more); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestExplainIsHeard: what is said about a finding is in the summary.
func TestExplainIsHeard(t *testing.T) {
	e := tested("a", 1e-9, 0.5)
	j := Judge([]check.Evidence{e}, &Options{FalseAlarms: 0.01, Explain: func(f []report.Finding) {
		f[0].Message, f[0].Cause = "`a` is stuck.", &report.Cause{Kind: "stuck_value"}
	}})
	if j.Verdict != report.Alert || len(j.Findings) != 1 || j.Summary != "`a` is stuck. 1 of 1 column drifted." {
		t.Errorf("%s %q", j.Verdict, j.Summary)
	}
}

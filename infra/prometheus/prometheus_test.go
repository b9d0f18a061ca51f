package prometheus_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/infra/prometheus"

	"github.com/google/go-cmp/cmp"
)

var catalogue = []metric.Desc{
	{Check: "drift", Name: "js_distance", Low: 0, High: 1, Help: "Square root of the Jensen-Shannon divergence, base 2."},
	{Check: "quality", Name: "missing_ratio", Unit: "ratio", Low: 0, High: 1, Help: `Share of missing values, "missing / rows".`},
	{Check: "quality", Name: "freshness_seconds", Unit: "seconds", Help: `A \ and
a line end.`},
	{Check: "quality", Name: "quantile", Help: "Quantile, numpy linear."},
	{Check: "drift", Name: "never", Help: "Without a sample."},
}

const odd = "a \"quoted\" \\ name\nwith a line end \xff and ünïcode"

func sample(check, name string, value float64, labels metric.Labels) metric.Sample {
	return metric.Sample{Check: check, Metric: name, Labels: labels, Value: value, P: math.NaN()}
}

func models() []prometheus.Model {
	return []prometheus.Model{{
		Name: "churn", Drifted: 1, Tested: 3, LastBatch: time.Unix(1772352000, 250e6), Run: prometheus.Run{Seconds: .125, Bytes: 1 << 40},
		Batches: map[report.Verdict]int64{report.OK: 29, report.Alert: 1, report.Invalid: 1},
		Report: &report.Report{
			Verdict: report.Alert, Current: report.Side{Rows: 4210},
			Checks:   report.Checks{"quality": {Verdict: report.OK}, "drift": {Verdict: report.Alert}},
			Findings: []report.Finding{{Severity: report.SeverityAlert}, {Severity: report.SeverityInfo}},
			Samples: []metric.Sample{
				sample("drift", "js_distance", 0.30000000000000004, metric.Labels{Column: odd}),
				sample("drift", "js_distance", math.NaN(), metric.Labels{Column: "undefined"}),
				sample("drift", "js_distance", 1, metric.Labels{Column: odd}), // twice
				sample("quality", "missing_ratio", 5e-324, metric.Labels{Column: "a"}),
				sample("quality", "freshness_seconds", 86400, metric.Labels{}),
				sample("quality", "quantile", -1e308, metric.Labels{Column: "a", Q: "0.5"}),
				sample("quality", "unheard_of", 1, metric.Labels{}),
			},
		},
	}, {Name: "quiet"}}
}

func write(t *testing.T, format prometheus.Format) string {
	t.Helper()
	var b bytes.Buffer
	if err := prometheus.Write(&b, models(), catalogue, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	text := write(t, prometheus.Text)
	for _, line := range []string{
		`leeway_verdict{model="churn",check="all"} 2`,
		`leeway_verdict{model="churn",check="quality"} 0`,
		`leeway_drifted_columns{model="churn"} 1`,
		`leeway_drifted_ratio{model="churn"} 0.3333333333333333`,
		`leeway_rows{model="churn"} 4210`,
		`leeway_findings{model="churn",severity="alert"} 1`,
		`leeway_findings{model="churn",severity="warn"} 0`,
		`leeway_batches_total{model="churn",verdict="ok"} 29`,
		`leeway_batches_total{model="churn",verdict="invalid"} 1`,
		`leeway_last_batch_timestamp_seconds{model="churn"} 1.77235200025e+09`,
		`leeway_model_errors{model="churn"} 0`,
		`leeway_run_seconds{model="churn"} 0.125`,
		`leeway_run_bytes{model="churn"} 1.099511627776e+12`,
		`leeway_drift_js_distance{model="churn",column="a \"quoted\" \\ name\nwith a line end ` + "\uFFFD" + ` and ünïcode"} 0.30000000000000004`,
		`leeway_quality_missing_ratio{model="churn",column="a"} 5e-324`,
		`leeway_quality_quantile{model="churn",column="a",q="0.5"} -1e+308`,
		`# HELP leeway_quality_freshness_seconds A \\ and\na line end.`,
		`# HELP leeway_quality_missing_ratio Share of missing values, "missing / rows".`,
		`leeway_batches_total{model="quiet",verdict="ok"} 0`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("not there: %s", line)
		}
	}
	for _, absent := range []string{"NaN", "undefined", "unheard_of", "never", `leeway_verdict{model="quiet"`, "# EOF", "# UNIT"} {
		if strings.Contains(text, absent) {
			t.Errorf("should not be there: %s", absent)
		}
	}
	if n := strings.Count(text, "leeway_drift_js_distance{"); n != 1 {
		t.Errorf("%d samples of one label set", n)
	}
}

var line = regexp.MustCompile(`^([a-z_0-9]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (\S+)$`)

// TestOpenMetrics reads the exposition by the rules of the format: every
// sample follows the TYPE of its own family, counters end in _total, units end
// the names, no label set is there twice, and EOF ends it.
func TestOpenMetrics(t *testing.T) {
	text := write(t, prometheus.OpenMetrics)
	body, found := strings.CutSuffix(text, "# EOF\n")
	if !found {
		t.Fatal("does not end with # EOF")
	}
	family, kind, seen, families := "", "", map[string]bool{}, map[string]bool{}
	for row := range strings.SplitSeq(strings.TrimSuffix(body, "\n"), "\n") {
		words := strings.SplitN(row, " ", 4)
		switch {
		case words[0] == "#" && words[1] == "HELP":
			if families[words[2]] {
				t.Errorf("family %s twice", words[2])
			}
			family, kind, families[words[2]] = words[2], "", true
		case words[0] == "#" && words[1] == "TYPE":
			kind = words[3]
		case words[0] == "#" && words[1] == "UNIT":
			if !strings.HasSuffix(family, "_"+words[3]) {
				t.Errorf("unit %s of %s", words[3], family)
			}
		default:
			parts := line.FindStringSubmatch(row)
			if parts == nil {
				t.Errorf("not a sample: %s", row)
				continue
			}
			want := family
			if kind == "counter" {
				want += "_total"
			}
			if parts[1] != want || kind == "" {
				t.Errorf("%s in family %s of type %q", parts[1], family, kind)
			}
			if seen[parts[1]+parts[2]] {
				t.Errorf("twice: %s", row)
			}
			seen[parts[1]+parts[2]] = true
			if _, err := strconv.ParseFloat(parts[3], 64); err != nil {
				t.Error(err)
			}
		}
	}
	if !strings.Contains(text, "# TYPE leeway_batches counter\n") || !strings.Contains(text, "# UNIT leeway_run_seconds seconds\n") {
		t.Error("counter or unit is not declared")
	}
	if !strings.Contains(text, `Share of missing values, \"missing / rows\".`) {
		t.Error("OpenMetrics wants quotes in HELP escaped")
	}
}

func TestPromtool(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed")
	}
	check := exec.Command(tool, "check", "metrics")
	check.Stdin = strings.NewReader(write(t, prometheus.Text))
	if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}

func TestNegotiation(t *testing.T) {
	exporter := &prometheus.Exporter{Source: bucket{}, Catalogue: catalogue}
	for accept, want := range map[string]prometheus.Format{
		"":           prometheus.Text,
		"*/*":        prometheus.Text,
		"text/plain": prometheus.Text,
		"application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.9":                              prometheus.Text,
		"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;q=.5": prometheus.OpenMetrics,
	} {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		exporter.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Type"); got != string(want) {
			t.Errorf("Accept %q: %s", accept, got)
		}
	}
}

// bucket is a source with one model of two windows and four batches.
type bucket struct{ broken error }

var monday = state.Window{Start: time.Unix(0, 0).UTC(), End: time.Unix(86400, 0).UTC()}
var tuesday = state.Window{Start: time.Unix(86400, 0).UTC(), End: time.Unix(172800, 0).UTC()}

func (b bucket) Models(context.Context) ([]string, error) { return []string{"churn"}, b.broken }

func (b bucket) Batches(context.Context, string) ([]state.Batch, error) {
	return []state.Batch{
		{Key: "1", Parts: []state.Part{{Window: monday, Profile: "p1"}}, Arrived: time.Unix(300, 0), Size: 123},
		{Key: "2", Parts: []state.Part{{Window: monday, Profile: "p2"}, {Window: tuesday, Profile: "p2"}}, Arrived: time.Unix(200, 0)},
		{Key: "3", Verdict: report.Invalid},
		{Key: "4", Parts: []state.Part{{Window: state.Window{}, Profile: "p4"}}},
	}, nil
}

func (b bucket) History(context.Context, string, time.Time, time.Time) ([]state.Summary, error) {
	return []state.Summary{
		{Window: monday, Report: "r1", Verdict: report.OK, Inputs: state.Inputs([]string{"p1", "p2"})},
		{Window: tuesday, Report: "r2", Verdict: report.Alert, Drifted: 2, Tested: 4, Inputs: state.Inputs([]string{"p2"})},
	}, nil
}

func (b bucket) LabelFiles(context.Context, string) ([]state.LabelFile, error) {
	return []state.LabelFile{{Key: "labels/churn/a", Labels: 9}, {Key: "labels/churn/b", Hash: "b", Error: "no id"}}, nil
}

func (b bucket) LabelCounts(context.Context, string) (*state.LabelCounts, error) {
	return &state.LabelCounts{Labels: 9, IDs: 8, Unmatched: 3, Late: 2, Duplicate: 1, Conflicting: 4}, nil
}

func (b bucket) Report(_ context.Context, _, id string) (*report.Report, error) {
	return &report.Report{ID: id, Verdict: report.Alert, Current: report.Side{Rows: 7}}, nil
}

func TestExporter(t *testing.T) {
	runs := &prometheus.Runs{}
	runs.Record("churn", prometheus.Run{Seconds: 2, Bytes: 10})
	w := httptest.NewRecorder()
	(&prometheus.Exporter{Source: bucket{}, Runs: runs}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	var got []string
	for row := range strings.SplitSeq(w.Body.String(), "\n") {
		if row != "" && !strings.HasPrefix(row, "#") && !strings.HasPrefix(row, "leeway_findings") {
			got = append(got, strings.TrimPrefix(row, "leeway_"))
		}
	}
	want := []string{
		`verdict{model="churn",check="all"} 2`,
		`drifted_columns{model="churn"} 2`,
		`drifted_ratio{model="churn"} 0.5`,
		`rows{model="churn"} 7`,
		`batches_total{model="churn",verdict="ok"} 1`,
		`batches_total{model="churn",verdict="warn"} 0`,
		`batches_total{model="churn",verdict="alert"} 1`,
		`batches_total{model="churn",verdict="unknown"} 0`,
		`batches_total{model="churn",verdict="invalid"} 2`,
		`windows{model="churn",verdict="alert"} 1`,
		`windows{model="churn",verdict="warn"} 0`,
		`windows{model="churn",verdict="unknown"} 0`,
		`windows{model="churn",verdict="ok"} 1`,
		`last_batch_timestamp_seconds{model="churn"} 300`,
		`model_errors{model="churn"} 0`,
		`run_seconds{model="churn"} 2`,
		`run_bytes{model="churn"} 10`,
		`label_ids{model="churn"} 8`,
		`labels_unmatched{model="churn"} 3`,
		`labels_late{model="churn"} 2`,
		`labels_duplicate{model="churn"} 1`,
		`labels_conflicting{model="churn"} 4`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	w = httptest.NewRecorder()
	(&prometheus.Exporter{Source: bucket{}}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if !strings.Contains(w.Body.String(), "leeway_run_bytes{model=\"churn\"} 123\n") {
		t.Error("after a restart the bytes are not those of the newest batch")
	}
}

// judging is a bucket of which windows are judged again.
type judging struct {
	bucket
	batches []state.Batch
	history []state.Summary
}

func (j *judging) LabelFiles(context.Context, string) ([]state.LabelFile, error) { return nil, nil }

func (j *judging) Batches(context.Context, string) ([]state.Batch, error) { return j.batches, nil }

func (j *judging) History(context.Context, string, time.Time, time.Time) ([]state.Summary, error) {
	return j.history, nil
}

// TestCountersOnlyGrow: what was counted stays counted, whatever becomes of it.
func TestCountersOnlyGrow(t *testing.T) {
	one := state.Batch{Key: "1", Hash: "a", Parts: []state.Part{{Window: monday, Profile: "p1"}}}
	two := state.Batch{Key: "2", Hash: "b", Parts: []state.Part{{Window: monday, Profile: "p2"}}}
	bad := state.Batch{Key: "2", Hash: "c", Verdict: report.Invalid}
	of := func(verdict report.Verdict, profiles ...string) []state.Summary {
		return []state.Summary{{Window: monday, Verdict: verdict, Inputs: state.Inputs(profiles)}}
	}
	unfinished := of(report.Unknown, "p1")
	unfinished[0].Partial = report.LacksEnd
	source := &judging{}
	exporter := &prometheus.Exporter{Source: source}
	for _, step := range []struct {
		what                string
		batches             []state.Batch
		history             []state.Summary
		ok, alert, unread   int
		windowsOK, windowsA int
	}{
		{"not judged yet", []state.Batch{one}, nil, 0, 0, 0, 0, 0},
		{"not over", []state.Batch{one}, unfinished, 0, 0, 0, 0, 0},
		{"judged", []state.Batch{one}, of(report.OK, "p1"), 1, 0, 0, 1, 0},
		{"once more the same", []state.Batch{one}, of(report.OK, "p1"), 1, 0, 0, 1, 0},
		{"another waits", []state.Batch{one, two}, of(report.OK, "p1"), 1, 0, 0, 1, 0},
		{"both in alert", []state.Batch{one, two}, of(report.Alert, "p1", "p2"), 1, 2, 0, 0, 1},
		{"back again", []state.Batch{one, two}, of(report.OK, "p1", "p2"), 3, 2, 0, 1, 0},
		{"written anew, unreadable", []state.Batch{one, bad}, of(report.OK, "p1"), 3, 2, 1, 1, 0},
		{"delivered twice", []state.Batch{one, {Key: "3", Hash: "a", Parts: one.Parts}, bad}, of(report.OK, "p1"), 3, 2, 1, 1, 0},
		{"gone", nil, nil, 3, 2, 1, 0, 0},
	} {
		source.batches, source.history = step.batches, step.history
		w := httptest.NewRecorder()
		exporter.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		for line, want := range map[string]int{`windows{model="churn",verdict="unknown"}`: 0, `batches_total{model="churn",verdict="unknown"}`: 0, `batches_total{model="churn",verdict="ok"}`: step.ok, `batches_total{model="churn",verdict="alert"}`: step.alert, `batches_total{model="churn",verdict="invalid"}`: step.unread,
			`windows{model="churn",verdict="ok"}`: step.windowsOK, `windows{model="churn",verdict="alert"}`: step.windowsA} {
			if !strings.Contains(w.Body.String(), fmt.Sprintf("leeway_%s %d\n", line, want)) {
				t.Errorf("%s: not %s %d in\n%s", step.what, line, want, w.Body)
			}
		}
	}
}

// unreadable is a bucket whose newest batches are others.
type unreadable struct {
	bucket
	newest []state.Batch
}

func (u unreadable) Batches(ctx context.Context, model string) ([]state.Batch, error) {
	batches, err := u.bucket.Batches(ctx, model)
	return append(u.newest, batches...), err
}

// TestInvalid: the verdict is invalid for as long as the newest batch is.
func TestInvalid(t *testing.T) {
	bad := state.Batch{Key: "5", Verdict: report.Invalid, Arrived: time.Unix(400, 0)}
	for name, try := range map[string]struct {
		newest []state.Batch
		want   string
	}{
		"the newest":        {[]state.Batch{bad}, "-2"},
		"one of the newest": {[]state.Batch{bad, {Key: "6", Arrived: bad.Arrived}}, "2"},
		"its sibling first": {[]state.Batch{{Key: "6", Arrived: bad.Arrived}, bad}, "2"},
		"an older one":      {[]state.Batch{bad, {Key: "6", Arrived: time.Unix(500, 0)}}, "2"},
	} {
		w := httptest.NewRecorder()
		(&prometheus.Exporter{Source: unreadable{newest: try.newest}}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		if !strings.Contains(w.Body.String(), `leeway_verdict{model="churn",check="all"} `+try.want+"\n") {
			t.Errorf("%s is invalid: not %s in\n%s", name, try.want, w.Body)
		}
	}
	var b bytes.Buffer
	if err := prometheus.Write(&b, []prometheus.Model{{Name: "m", Invalid: true}}, nil, prometheus.Text); err != nil || !strings.Contains(b.String(), `leeway_verdict{model="m",check="all"} -2`+"\n") {
		t.Errorf("without a report: %v\n%s", err, &b)
	}
}

func TestBrokenSource(t *testing.T) {
	w := httptest.NewRecorder()
	broken := bucket{fault.New(fault.Unavailable, "the disk is gone", "")}
	(&prometheus.Exporter{Source: broken}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 503 {
		t.Errorf("status %d", w.Code)
	}
}

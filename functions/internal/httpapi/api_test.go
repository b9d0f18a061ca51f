package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/functions/internal/httpapi"
	"leeway/infra/local/memstore"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

const token = "a-token-of-sufficient-length"

// fixture is a server over a bucket in memory with one model.
type fixture struct {
	*httptest.Server
	t     *testing.T
	store state.Store
	db    *state.DB
	woken int
}

func start(t *testing.T, change func(*httpapi.Options)) *fixture {
	t.Helper()
	store := memstore.New()
	f := &fixture{t: t, store: store, db: state.Open(store, store)}
	options := &httpapi.Options{
		DB: f.db, Data: store, Notify: func() { f.woken++ }, Loopback: true, Version: "1.2.3", Now: time.Now, MaxBody: 3 << 20,
		Metrics: []metric.Desc{{Check: "drift", Name: "js_distance", Help: "Distance."}},
	}
	if change != nil {
		change(options)
	}
	for day := range 5 {
		f.window(day)
	}
	f.Server = httptest.NewServer(httpapi.New(options))
	t.Cleanup(f.Close)
	return f
}

// window stores the report of one day.
func (f *fixture) window(day int) {
	f.t.Helper()
	start := time.Date(2026, 1, 1+day, 0, 0, 0, 0, time.UTC)
	window := state.Window{Start: start, End: start.AddDate(0, 0, 1)}
	r := &report.Report{
		Version: 1, ID: fmt.Sprintf("report-%d", day), Model: "churn", Created: "2026-01-09T00:00:00Z",
		Window:  &report.Window{Start: start.Format(time.RFC3339), End: window.End.Format(time.RFC3339)},
		Verdict: report.Warn, Summary: "One column moved.", Checks: report.Checks{"drift": {Verdict: report.Warn, Tests: 1}},
		Current: report.Side{Rows: 100, Objects: []report.Object{}}, Reference: report.Side{Rows: 100, Objects: []report.Object{}},
		Findings: []report.Finding{}, Columns: []report.Column{}, Sinks: []report.SinkOutcome{},
		Samples: []metric.Sample{{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "age"}, Value: .25, P: math.NaN()}},
	}
	if err := f.db.PutReport(context.Background(), r, window); err != nil {
		f.t.Fatal(err)
	}
	if err := f.db.PutSummary(context.Background(), "churn", state.Summarize(r, window, nil)); err != nil {
		f.t.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	*http.Response
	body []byte
}

// do sends a request. Headers come in pairs; Host is among them.
func (f *fixture) do(method, path, body string, headers ...string) answer {
	f.t.Helper()
	r, err := http.NewRequest(method, f.URL+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	response, err := http.DefaultTransport.RoundTrip(r) // no redirect is followed
	if err != nil {
		f.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return answer{response, data}
}

func (f *fixture) post(path, kind, body string, headers ...string) answer {
	f.t.Helper()
	return f.do("POST", path, body, append([]string{"Content-Type", kind}, headers...)...)
}

func decode[T any](t *testing.T, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return v
}

// TestProblems goes through everything that can be wrong with a request.
func TestProblems(t *testing.T) {
	f := start(t, nil)
	const logs, csv = "/api/v1/models/churn/logs", "text/csv"
	for name, try := range map[string]struct {
		got  answer
		want int
	}{
		"empty body":                 {f.post(logs, csv, ""), 400},
		"blank body":                 {f.post(logs, csv, "\ufeff \r\n"), 400},
		"empty gzip body":            {f.post(logs, csv, "", "Content-Encoding", "gzip"), 400},
		"media type":                 {f.post(logs, "image/png", "x"), 415},
		"no media type":              {f.do("POST", logs, "a\n1\n"), 415},
		"broken media type":          {f.post(logs, ";;;", "a\n1\n"), 415},
		"form":                       {f.post(logs, "application/x-www-form-urlencoded", "a=1"), 415},
		"octets that are no Parquet": {f.post(logs, "application/octet-stream", "a\n1\n"), 415},
		"CSV as Parquet":             {f.post(logs, "application/vnd.apache.parquet", "a\n1\n"), 422},
		"Parquet as CSV":             {f.post(logs, csv, "PAR1...."), 422},
		"array as JSON Lines":        {f.post(logs, "application/x-ndjson", "[1]"), 422},
		"encoding":                   {f.post(logs, csv, "a\n1\n", "Content-Encoding", "br"), 415},
		"gzip that is none":          {f.post(logs, csv, "a\n1\n", "Content-Encoding", "gzip"), 400},
		"zstd that is none":          {f.post(logs, csv, "a\n1\n", "Content-Encoding", "zstd"), 400},
		"cut gzip":                   {f.post(logs, csv, gzipped("a\n1\n")[:20], "Content-Encoding", "gzip"), 400},
		"too large":                  {f.post(logs, csv, strings.Repeat("a\n", 2<<20)), 413},
		"a bomb":                     {f.post(logs, csv, gzipped(strings.Repeat("a\n", 2<<20)), "Content-Encoding", "gzip"), 413},
		"unsafe name":                {f.post("/api/v1/models/..%2F..%2Fetc/logs", csv, "a\n1\n"), 422},
		"dots":                       {f.post("/api/v1/models/%2e%2e/logs", csv, "a\n1\n"), 422},
		"climbing":                   {f.post("/api/v1/models/../../etc/logs", csv, "a\n1\n"), 404},
		"name with a NUL":            {f.post("/api/v1/models/a%00b/logs", csv, "a\n1\n"), 422},
		"name with a line end":       {f.post("/api/v1/models/a%0Ab/labels", csv, "a\n1\n"), 422},
		"endless name":               {f.post("/api/v1/models/"+strings.Repeat("a", 200)+"/logs", csv, "a\n1\n"), 422},
		"unknown path":               {f.do("GET", "/api/v1/nothing", ""), 404},
		"unknown path outside":       {f.do("GET", "/nothing", ""), 404},
		"path that is not clean":     {f.do("GET", "/api//v1/models", ""), 404},
		"unknown model":              {f.do("GET", "/api/v1/models/chrun/reports", ""), 404},
		"unknown report":             {f.do("GET", "/api/v1/models/churn/reports/nope", ""), 404},
		"report that climbs":         {f.do("GET", "/api/v1/models/churn/reports/..%2F..%2Fx", ""), 404},
		"limit":                      {f.do("GET", "/api/v1/models/churn/reports?limit=0", ""), 422},
		"limit that is no number":    {f.do("GET", "/api/v1/models/churn/reports?limit=all", ""), 422},
		"from":                       {f.do("GET", "/api/v1/models/churn/reports?from=yesterday", ""), 422},
		"to":                         {f.do("GET", "/api/v1/models/churn/reports?to=2026-02-31", ""), 422},
		"cursor":                     {f.do("GET", "/api/v1/models/churn/reports?cursor=%3Cscript%3E", ""), 422},
		"method":                     {f.do("DELETE", "/api/v1/models", ""), 405},
		"method of logs":             {f.do("GET", logs, ""), 405},
		"method of a page":           {f.do("POST", "/", ""), 405},
	} {
		if try.got.StatusCode != try.want {
			t.Errorf("%s: %d instead of %d: %s", name, try.got.StatusCode, try.want, try.got.body)
			continue
		}
		if kind := try.got.Header.Get("Content-Type"); kind != "application/problem+json" {
			t.Errorf("%s: answered as %s", name, kind)
			continue
		}
		p := decode[struct {
			Status        int
			Title, Detail string
		}](t, try.got)
		if p.Status != try.want || p.Title == "" || p.Detail == "" {
			t.Errorf("%s: the problem says %+v", name, p)
		}
	}
	if f.woken != 0 {
		t.Errorf("the watcher was woken %d times for nothing", f.woken)
	}
	if got := f.do("DELETE", "/api/v1/models", "").Header.Get("Allow"); got != "GET, HEAD" {
		t.Errorf("Allow: %s", got)
	}
	if got := f.do("GET", "/api/v1/models/chrun/reports", ""); !bytes.Contains(got.body, []byte("did you mean churn?")) {
		t.Errorf("no suggestion: %s", got.body)
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text) // to memory
	_ = w.Close()
	return b.String()
}

func zstandard(t *testing.T, text string) string {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll([]byte(text), nil))
}

// TestDelivery sends one file in every way that it can be sent: it is kept
// once, as it was before it was compressed for the way.
func TestDelivery(t *testing.T) {
	f := start(t, nil)
	const body = "id,age\n1,20\n"
	first := f.post("/api/v1/models/new/logs", "text/csv; charset=utf-8", body)
	key := decode[struct{ Key string }](t, first).Key
	if first.StatusCode != 202 || !strings.HasPrefix(key, "logs/new/api/") || !strings.HasSuffix(key, ".csv") {
		t.Fatalf("%d %s", first.StatusCode, first.body)
	}
	for _, again := range []answer{
		f.post("/api/v1/models/new/logs", "text/csv", body),
		f.post("/api/v1/models/new/logs", "application/csv", gzipped(body), "Content-Encoding", "gzip"),
		f.post("/api/v1/models/new/logs", "TEXT/CSV", zstandard(t, body), "Content-Encoding", "zstd"),
	} {
		if got := decode[struct{ Key string }](t, again).Key; again.StatusCode != 200 || got != key {
			t.Errorf("%d %s", again.StatusCode, again.body)
		}
	}
	if got := f.read(key); got != body {
		t.Errorf("kept %q", got)
	}
	if f.woken != 1 {
		t.Errorf("the watcher was woken %d times", f.woken)
	}
	large := strings.Repeat("row\n", 1<<19) // more than stays in memory
	if got := decode[struct{ Key string }](t, f.post("/api/v1/models/new/logs", "text/csv", large)).Key; f.read(got) != large {
		t.Error("a large body was not kept as it was")
	}
	for kind, file := range map[string][2]string{
		"application/x-ndjson":     {"{\"a\":1}\n", ".jsonl"},
		"application/jsonl":        {gzipped("{\"a\":1}\n"), ".jsonl.gz"},
		"application/octet-stream": {"PAR1 and so on PAR1", ".parquet"},
		"text/csv":                 {zstandard(t, "a\n1\n"), ".csv.zst"},
	} {
		if got := decode[struct{ Key string }](t, f.post("/api/v1/models/new/logs", kind, file[0])).Key; !strings.HasSuffix(got, file[1]) {
			t.Errorf("%s: %s", kind, got)
		}
	}
	labels := decode[struct{ Key string }](t, f.post("/api/v1/models/new/labels", "text/csv", body))
	if !strings.HasPrefix(labels.Key, "labels/new/api/") {
		t.Errorf("labels: %+v", labels)
	}
}

func (f *fixture) read(key string) string {
	f.t.Helper()
	object, err := f.store.Open(context.Background(), key)
	if err != nil {
		f.t.Fatal(err)
	}
	defer object.Close()
	data, err := io.ReadAll(io.NewSectionReader(object, 0, object.Info().Size))
	if err != nil {
		f.t.Fatal(err)
	}
	return string(data)
}

// TestPaging walks through the list two at a time, while a window arrives.
func TestPaging(t *testing.T) {
	f := start(t, nil)
	var ids []string
	next := ""
	for range 9 {
		page := decode[struct {
			Reports []struct {
				ID, Verdict string
				Window      report.Window
			}
			Next string
		}](t, f.do("GET", "/api/v1/models/churn/reports?limit=2&cursor="+next, ""))
		for _, one := range page.Reports {
			ids = append(ids, one.ID)
		}
		if next = page.Next; next == "" {
			break
		}
		f.window(7)
	}
	if diff := cmp.Diff([]string{"report-4", "report-3", "report-2", "report-1", "report-0"}, ids); diff != "" {
		t.Error(diff)
	}
	between := f.do("GET", "/api/v1/models/churn/reports?from=2026-01-02&to=2026-01-03T00:00:00Z", "")
	if n := bytes.Count(between.body, []byte(`"id":`)); n != 1 {
		t.Errorf("%d reports on one day: %s", n, between.body)
	}
}

func TestOneReport(t *testing.T) {
	f := start(t, nil)
	const path = "/api/v1/models/churn/reports/report-3"
	data := f.do("GET", path, "")
	if r, err := report.Parse(data.body); err != nil || r.ID != "report-3" || data.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%v %s %s", err, data.Header.Get("Content-Type"), data.body)
	}
	page := f.do("GET", path, "", "Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
	if page.Header.Get("Content-Type") != "text/html; charset=utf-8" || !bytes.HasPrefix(page.body, []byte("<!doctype html>")) {
		t.Errorf("%s %.80s", page.Header.Get("Content-Type"), page.body)
	}
	for accept, want := range map[string]string{"*/*": "application/json", "application/json": "application/json", "text/html;q=0.1,application/json": "application/json"} {
		if got := f.do("GET", path, "", "Accept", accept).Header.Get("Content-Type"); got != want {
			t.Errorf("Accept %s: %s", accept, got)
		}
	}
	tag := data.Header.Get("ETag")
	if tag == "" || tag == page.Header.Get("ETag") {
		t.Errorf("ETags %s and %s", tag, page.Header.Get("ETag"))
	}
	if again := f.do("GET", path, "", "If-None-Match", `"other", W/`+tag); again.StatusCode != 304 || len(again.body) != 0 {
		t.Errorf("%d with %d bytes", again.StatusCode, len(again.body))
	}
	if head := f.do("HEAD", path, ""); head.StatusCode != 200 || head.Header.Get("ETag") != tag {
		t.Errorf("HEAD: %d %s", head.StatusCode, head.Header.Get("ETag"))
	}
}

func TestModels(t *testing.T) {
	f := start(t, nil)
	list := decode[struct {
		Models []struct {
			Name, Verdict, Report string
			Rows, Windows         int
			Window                report.Window
		}
	}](t, f.do("GET", "/api/v1/models", ""))
	if len(list.Models) != 1 || list.Models[0].Name != "churn" || list.Models[0].Verdict != "warn" || list.Models[0].Report != "report-4" || list.Models[0].Windows != 5 {
		t.Errorf("%+v", list)
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/", "/models/churn", "/models/churn/batches", "/models/churn/reports", "/models/churn/reports/report-1"} {
		if got := f.do("GET", path, ""); got.StatusCode != 200 {
			t.Errorf("%s: %d %s", path, got.StatusCode, got.body)
		}
	}
	if got := f.do("GET", "/metrics", ""); !bytes.Contains(got.body, []byte(`leeway_drift_js_distance{model="churn",column="age"} 0.25`)) {
		t.Errorf("%s", got.body)
	}
}

// TestTrouble: what stops a model's runs is told by the API and by /metrics,
// beside its last verdict.
func TestTrouble(t *testing.T) {
	f := start(t, func(o *httpapi.Options) {
		o.Trouble = func(string) []error {
			return []error{
				&fault.Error{Kind: fault.Invalid, Object: "config/churn.yaml:2:1", Err: errors.New("unknown key"), Hint: "did you mean window?"},
				errors.New("another thing"),
			}
		}
	})
	list := decode[struct {
		Models []struct {
			Verdict string
			Errors  []map[string]string
		}
	}](t, f.do("GET", "/api/v1/models", ""))
	want := []map[string]string{
		{"kind": "invalid", "object": "config/churn.yaml:2:1", "message": "unknown key", "hint": "did you mean window?"},
		{"kind": "internal", "message": "another thing"},
	}
	if diff := cmp.Diff(want, list.Models[0].Errors); diff != "" || list.Models[0].Verdict != "warn" {
		t.Error(list.Models[0].Verdict, diff)
	}
	text := string(f.do("GET", "/metrics", "").body)
	for _, line := range []string{`leeway_model_errors{model="churn"} 2`, `leeway_verdict{model="churn",check="all"} 1`} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is not in\n%s", line, text)
		}
	}
}

// TestOpenAPI is not a validator: it looks for what clients are made from, and
// that no reference leads nowhere.
func TestOpenAPI(t *testing.T) {
	f := start(t, nil)
	got := f.do("GET", "/openapi.json", "")
	document := decode[struct {
		OpenAPI    string
		Info       struct{ Title, Version string }
		Paths      map[string]map[string]struct{ Responses map[string]any }
		Components struct{ Schemas map[string]any }
	}](t, got)
	if !strings.HasPrefix(document.OpenAPI, "3.1") || document.Info.Version != "1.2.3" {
		t.Errorf("%s %+v", document.OpenAPI, document.Info)
	}
	for path, method := range map[string]string{
		"/healthz": "get", "/readyz": "get", "/api/v1/models": "get", "/api/v1/models/{model}/reports": "get",
		"/api/v1/models/{model}/reports/{id}": "get", "/api/v1/models/{model}/logs": "post", "/api/v1/models/{model}/labels": "post",
	} {
		if len(document.Paths[path][method].Responses) == 0 {
			t.Errorf("%s %s is not described", method, path)
		}
	}
	for _, part := range strings.Split(string(got.body), `"$ref":"#/components/schemas/`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		if document.Components.Schemas[name] == nil {
			t.Errorf("no schema %s", name)
		}
	}
}

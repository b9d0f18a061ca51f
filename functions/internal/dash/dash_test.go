package dash_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
	"leeway/functions/internal/dash"
	"leeway/infra/local/memstore"
)

func handler(db *state.DB, at time.Time) http.Handler {
	mux := http.NewServeMux()
	dash.New(&dash.Options{DB: db, Version: "1.2.3", Now: func() time.Time { return at }}).Register(mux)
	return mux
}

func look(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// paths are one of each kind of page of a model.
func paths(model string) []string {
	m := "/models/" + model
	return []string{
		"/", m, m + "?severity=alert&check=drift&role=feature&column=PRICE&from=2026-02-01&to=2026-02-28", m + "?from=1999-01-01&to=1999-01-02",
		m + "/columns/lead_time", m + "/columns/channel", m + "/columns/score?from=2026-02-20", m + "/batches", m + "/reports", m + "/reports?page=2",
		m + "/performance", m + "/performance?from=2026-02-01&to=2026-02-10", m + "/performance?from=1999-01-01&to=1999-01-02",
		m + "/fairness", m + "/fairness?from=1999-01-01&to=1999-01-02",
	}
}

var (
	elsewhere = regexp.MustCompile(`(?i)(?:src|href|action|url)\s*[=(]\s*["']?(?:https?:)?//[^"')\s]*|@import`)
	inline    = regexp.MustCompile(`(?i)<script(?:>|\s[^>]*[^r]>)|\son[a-z]+\s*=|javascript:`)
)

// TestPages opens every page and looks for what must be on each and for what
// must be on none.
func TestPages(t *testing.T) {
	db, _ := story(t, "hotel", 12, 130)
	h := handler(db, now)
	for _, path := range paths("hotel") {
		w := look(h, path)
		body := w.Body.String()
		if w.Code != 200 || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
		for _, part := range []string{`<html lang="en">`, "<title>", `name="viewport"`, `<main id="main"`, "<h1", `class="skip"`, "<noscript><meta http-equiv=\"refresh\"", "</html>"} {
			if !strings.Contains(body, part) {
				t.Errorf("%s: no %s", path, part)
			}
		}
		if n := strings.Count(body, "<h1"); n != 1 {
			t.Errorf("%s: %d main headings", path, n)
		}
		if found := elsewhere.FindString(body); found != "" {
			t.Errorf("%s loads from elsewhere: %s", path, found)
		}
		if found := inline.FindString(body); found != "" {
			t.Errorf("%s: script in the page: %s", path, found)
		}
		if strings.Contains(body, "ZgotmplZ") || strings.Contains(body, "&lt;svg") || strings.Contains(body, "NaN") {
			t.Errorf("%s: something was escaped that should not be, or is no number", path)
		}
	}
}

// TestStory: what a person should see of the story at one look.
func TestStory(t *testing.T) {
	db, _ := story(t, "hotel", 12, 130)
	h := handler(db, now)
	model := look(h, "/models/hotel").Body.String()
	for _, part := range []string{
		`class="verdict-word">Alert<`, "leeway baseline approve --bucket DIR --model hotel 4f2a91c07be3",
		"Findings of 28 Feb 2026", "7 windows in a row, since 21 Feb 2026", "1 file could not be read", "is no CSV, JSON Lines or Parquet", "41 faults",
	} {
		if !strings.Contains(model, part) {
			t.Errorf("the model's page does not say %q", part)
		}
	}
	if n := strings.Count(look(h, "/").Body.String(), `<h2><a href="/models/hotel">`); n != 1 {
		t.Errorf("the model is on the first page %d times", n)
	}
	column := look(h, "/models/hotel/columns/channel").Body.String()
	for _, part := range []string{"kiosk", "Baseline", "Distance from the baseline", "5 windows in a row"} {
		if !strings.Contains(column, part) {
			t.Errorf("the column's page does not say %q", part)
		}
	}
	quiet := look(h, "/models/hotel?severity=alert&column=country").Body.String()
	if !strings.Contains(quiet, "No column fits the filter") || !strings.Contains(quiet, `value="country"`) {
		t.Error("a filter that fits nothing does not say so")
	}
	if empty := look(handler(state.Open(memstore.New(), memstore.New()), now), "/").Body.String(); !strings.Contains(empty, "No models yet") {
		t.Error("an empty bucket does not say what to do")
	}
}

// TestPerformancePage: how good the model is, over time and by the newest labels;
// where nothing is known of that, neither page nor link is there.
func TestPerformancePage(t *testing.T) {
	db, _ := story(t, "hotel", 6, 30)
	h := handler(db, now)
	page := look(h, "/models/hotel/performance").Body.String()
	for _, part := range []string{
		"ROC AUC over time", `class="other-band"`, `class="outer"`, "Rows with a label", "the baseline, 0.82", "0 of 4,", "1 other metric",
		"What came true in 20 Feb 2026", "What moved", "<code>price</code>", "ROC curve", "Reliability", "Confusion matrix", "accuracy", "Where it became worse", "country=Belgium, price above 120", "180 (5%)", "12%", "ROC AUC by segment", "all rows", "0.6 (0.55 to 0.65)", "Not known of <bdi>country=Cuba</bdi>",
		"roc_auc off by 0.012 on average, in its interval in 26 of 30", "fell.", "4 windows in a row",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page does not say %q", part)
		}
	}
	overview := look(h, "/models/hotel").Body.String()
	for _, part := range []string{`<a href="/models/hotel/performance">Performance</a>`, `<a href="/models/hotel/performance">ROC AUC</a>`, "estimated without labels", "Segments of 28 Feb 2026", "country=Belgium", "country=Cuba"} {
		if !strings.Contains(overview, part) {
			t.Errorf("the model's page lacks %q", part)
		}
	}
	if early := look(h, "/models/hotel/performance?from=2026-02-10&to=2026-02-12").Body.String(); !strings.Contains(early, "What came true in 12 Feb 2026") || !strings.Contains(early, "3 windows") {
		t.Error("dates do not narrow the page down")
	}
	bare := state.Open(memstore.New(), memstore.New())
	fair := look(h, "/models/hotel/fairness").Body.String()
	for _, part := range []string{
		"How <bdi>hotel</bdi> treats groups", `<a href="/models/hotel/columns/country">Its distribution</a>`, "Austria", "1,500 rows", "four fifths of the highest rate", "Too few rows to tell: <bdi>Cuba</bdi>",
		"Gap in being predicted positive", "nobody is predicted positive", "What came true in 20 Feb 2026", "Gap in positive cases found over time",
	} {
		if !strings.Contains(fair, part) {
			t.Errorf("the page of groups does not say %q", part)
		}
	}
	if !strings.Contains(overview, `<a href="/models/hotel/fairness">Fairness</a>`) {
		t.Error("no link to the page of groups")
	}
	window := state.Window{Start: now.AddDate(0, 0, -1), End: now}
	if err := bare.PutSummary(t.Context(), "hotel", state.Summarize(&report.Report{ID: "0123456789abcdef", Verdict: report.OK}, window, []string{"p"})); err != nil {
		t.Fatal(err)
	}
	if w := look(handler(bare, now), "/models/hotel/performance"); w.Code != 404 || !strings.Contains(w.Body.String(), "labels/hotel/") {
		t.Errorf("without labels and estimates: %d", w.Code)
	}
	if w := look(handler(bare, now), "/models/hotel/fairness"); w.Code != 404 || !strings.Contains(w.Body.String(), "sensitive") {
		t.Errorf("without groups: %d", w.Code)
	}
	if w := look(handler(bare, now), "/models/hotel"); w.Code != 200 || strings.Contains(w.Body.String(), "/performance") || strings.Contains(w.Body.String(), "/fairness") {
		t.Errorf("a link to a page that is not there (%d)", w.Code)
	}
}

func TestMissing(t *testing.T) {
	db, _ := story(t, "hotel", 6, 5)
	h := handler(db, now)
	for _, path := range []string{
		"/models/nobody", "/models/..%2f..%2fetc", "/models/hotel/columns/nobody", "/models/hotel/reports/nobody", "/models/%3Cscript%3E/batches",
	} {
		w := look(h, path)
		if w.Code != 404 || !strings.Contains(w.Body.String(), "There is no such page") || strings.Contains(w.Body.String(), "<script>") {
			t.Errorf("%s: %d %.300s", path, w.Code, w.Body)
		}
	}
	if w := look(h, "/models/hotel/reports/"+fmt.Sprintf("%016x", 1)); w.Code != 200 || !strings.Contains(w.Body.String(), `<a rel="up" href="/models/hotel">`) {
		t.Errorf("full report: %d", w.Code)
	}
}

// TestETag: a page that did not change is not sent again, and one that did is.
func TestETag(t *testing.T) {
	db, store := story(t, "hotel", 6, 10)
	h := handler(db, now)
	for _, path := range append(paths("hotel"), "/models/hotel/reports/0000000000000001") {
		tag := look(h, path).Header().Get("ETag")
		if again := look(h, path, "If-None-Match", tag); again.Code != 304 || again.Body.Len() != 0 {
			t.Errorf("%s: %d with %d bytes", path, again.Code, again.Body.Len())
		}
		if later := look(handler(db, now.Add(59*time.Second)), path).Header().Get("ETag"); later != tag && !strings.Contains(path, "/reports/0") {
			continue // another minute may have begun
		}
	}
	before := look(h, "/models/hotel").Header().Get("ETag")
	extend(t, db, store, "hotel", 6, 11)
	if w := look(h, "/models/hotel", "If-None-Match", before); w.Code != 200 {
		t.Errorf("a new window: %d", w.Code)
	}
}

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>'/../` + "\u202e"

// TestHostile: names and texts that come from files are shown, never obeyed.
func TestHostile(t *testing.T) {
	store := memstore.New()
	db := state.Open(store, store)
	start := now.Truncate(24*time.Hour).AddDate(0, 0, -1)
	window := state.Window{Start: start, End: start.AddDate(0, 0, 1)}
	value, category := .5, hostile
	r := &report.Report{
		Version: 1, ID: "r", Model: "m", Created: now.Format(time.RFC3339), Verdict: report.Alert, Summary: hostile,
		Window: &report.Window{Start: window.Start.Format(time.RFC3339), End: window.End.Format(time.RFC3339)},
		Checks: report.Checks{"drift": {Verdict: report.Alert}}, Current: report.Side{Rows: 10},
		Findings: []report.Finding{{
			ID: "f", Check: "drift", Metric: hostile, Labels: metric.Labels{Column: hostile}, Severity: report.SeverityAlert,
			Value: &value, Message: hostile, Hint: hostile, Columns: []string{hostile},
			Cause: &report.Cause{Kind: hostile, Evidence: hostile}, Contributions: []report.Contribution{{Category: &category, Current: 1}},
		}},
		Columns: []report.Column{{
			Name: hostile, Kind: schema.Categorical, Role: schema.Feature,
			Reference:    &report.Description{Rows: 10, Top: []report.Category{{Name: hostile, Count: 10}}},
			Current:      &report.Description{Rows: 10, Top: []report.Category{{Name: hostile + "2", Count: 10}}},
			Distribution: &report.Distribution{Names: []string{hostile, hostile + "2"}, Reference: []float64{1, 0}, Current: []float64{0, 1}},
		}},
	}
	batch := state.Batch{
		Key: "logs/m/" + hostile, Verdict: report.Invalid, Error: hostile, Hint: hostile, Notes: []string{hostile}, Missing: []string{hostile},
		Unexpected: []string{hostile}, Faults: []report.Fault{{Column: hostile, What: hostile, Text: hostile, Count: 1}}, Arrived: now,
	}
	ctx := context.Background()
	_, stray := store.Put(ctx, "logs/<script>alert(3)<!--/x.csv", strings.NewReader("x"), nil)
	for _, err := range []error{
		stray, db.PutReport(ctx, r, window), db.PutSummary(ctx, "m", state.Summarize(r, window, nil)),
		db.PutBatch(ctx, "m", batch), db.Quarantine(ctx, "m", batch),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	h := handler(db, now)
	column := "/models/m/columns/" + url.PathEscape(hostile)
	query := "?column=" + url.QueryEscape(hostile) + "&severity=" + url.QueryEscape(hostile) + "&from=" + url.QueryEscape(hostile)
	for _, path := range []string{"/", "/models/m", "/models/m" + query, column, column + query, "/models/m/batches", "/models/m/reports", "/models/m/reports/r"} {
		w := look(h, path)
		body := w.Body.String()
		if w.Code != 200 {
			t.Errorf("%s: %d %.400s", path, w.Code, body)
		}
		for _, bad := range []string{"<script>", "<img", "onerror=alert(2)>", "<!--"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s: %s is in the page", path, bad)
			}
		}
		// What a reader typed comes back as it was, and so does the document in
		// a full report; nothing else may turn the direction of text around.
		if !strings.Contains(path, "?") && !strings.HasSuffix(path, "/r") && strings.Contains(body, "\u202e") {
			t.Errorf("%s: hidden characters are in the page", path)
		}
	}
	if model := look(h, "/models/m").Body.String(); !strings.Contains(model, strings.ReplaceAll(column, "'", "&#39;")) && !strings.Contains(model, "columns/%22%3E%3Cscript") {
		t.Error("the model's page does not lead to the column")
	}
}

// counted counts what of a bucket is looked at.
type counted struct {
	state.Store
	opened, listed int
}

func (c *counted) Open(ctx context.Context, key string) (state.Object, error) {
	c.opened++
	return c.Store.Open(ctx, key)
}

func (c *counted) List(ctx context.Context, prefix string) iter.Seq2[state.Info, error] {
	c.listed++
	return c.Store.List(ctx, prefix)
}

// TestWork holds what the promise of a page in 50 ms hangs on, in counts that no busy
// machine changes: once the bucket's 400 days were read, a page takes few calls of it and
// not much memory. The benchmark measures the time.
func TestWork(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	_, store := story(t, "hotel", 50, 400)
	watched := &counted{Store: store}
	h := handler(state.Open(watched, watched), now)
	for _, path := range paths("hotel") {
		look(h, path) // the first one reads the bucket
		watched.opened, watched.listed = 0, 0
		if w := look(h, path); w.Body.Len() > 400<<10 {
			t.Errorf("%s: %d bytes", path, w.Body.Len())
		}
		if watched.opened > 6 || watched.listed > 20 { // there are at most 3 and 14
			t.Errorf("%s opens %d objects and lists %d folders", path, watched.opened, watched.listed)
		}
		if n := testing.AllocsPerRun(1, func() { look(h, path) }); n > 110_000 { // at most 56,000
			t.Errorf("%s takes %.0f allocations", path, n)
		}
	}
}

func BenchmarkPages(b *testing.B) {
	db, _ := story(b, "hotel", 50, 400)
	h := handler(db, now)
	for _, path := range paths("hotel") {
		b.Run(strings.ReplaceAll(strings.Trim(path, "/"), "/", "_"), func(b *testing.B) {
			n := 0
			for b.Loop() {
				n = look(h, path).Body.Len()
			}
			b.ReportMetric(float64(n)/1e3, "kB")
		})
	}
	b.Run("unchanged", func(b *testing.B) {
		tag := look(h, "/models/hotel").Header().Get("ETag")
		for b.Loop() {
			look(h, "/models/hotel", "If-None-Match", tag)
		}
	})
}

// TestTrouble: what stops a model stands first on its page and on the fleet's,
// beside its last verdict, and is gone as soon as it is mended.
func TestTrouble(t *testing.T) {
	db, _ := story(t, "hotel", 6, 10)
	var trouble []error
	mux := http.NewServeMux()
	dash.New(&dash.Options{DB: db, Version: "1.2.3", Now: func() time.Time { return now }, Trouble: func(model string) []error {
		if model != "hotel" {
			t.Errorf("asked for %q", model)
		}
		return trouble
	}}).Register(mux)
	paths := []string{"/", "/models/hotel"}
	calm := map[string]string{}
	for _, path := range paths {
		w := look(mux, path)
		calm[path] = w.Header().Get("ETag")
		if strings.Contains(w.Body.String(), "until th") {
			t.Errorf("%s: stands still without a reason", path)
		}
	}
	trouble = []error{
		&fault.Error{Kind: fault.Invalid, Object: "config/hotel.yaml:2:1", Err: errors.New(`unknown key "<windw>"`), Hint: "did you mean `window`?"},
		errors.New("another thing"),
	}
	for _, path := range paths {
		w := look(mux, path, "If-None-Match", calm[path])
		body := w.Body.String()
		for _, want := range []string{"config/hotel.yaml:2:1: unknown key &#34;&lt;windw&gt;&#34;: did you mean <code>window</code>?", "Nothing new is judged until th", "Alert"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %d without %s", path, w.Code, want)
			}
		}
		if more := strings.Contains(body, "another thing") || strings.Contains(body, "1 more error"); !more {
			t.Errorf("%s: the second error is not there", path)
		}
	}
	trouble = nil
	for _, path := range paths {
		if w := look(mux, path, "If-None-Match", calm[path]); w.Code != 304 {
			t.Errorf("%s: %d after it was mended", path, w.Code)
		}
	}
}

// TestNotOver: a window that is not over stands beside the last one that is judged,
// and takes neither its place nor that of its findings.
func TestNotOver(t *testing.T) {
	db, _ := story(t, "hotel", 6, 30)
	history, err := db.History(t.Context(), "hotel", time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	before := look(handler(db, now), "/models/hotel").Body.String()
	next := history[len(history)-1]
	next.Window.Start, next.Window.End = next.Window.End, next.Window.End.AddDate(0, 0, 1)
	next.Report, next.Partial, next.Verdict, next.Text = "r-open", report.LacksEnd, report.Unknown, "The window is not over: its rows end at noon."
	next.Findings = []state.FindingSummary{{ID: "drift.partial_window", Check: "drift", Metric: "partial_window", Severity: report.SeverityUnknown, Message: next.Text}}
	if err := db.PutSummary(t.Context(), "hotel", next); err != nil {
		t.Fatal(err)
	}
	body := look(handler(db, now), "/models/hotel").Body.String()
	for _, want := range []string{"<h2>Not judged yet</h2>", "/models/hotel/reports/r-open", "rows so far. The window is not over: its rows end at noon.", ": Unknown, not whole yet"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q", want)
		}
	}
	if n := strings.Count(body, next.Text); n != 1 || strings.Contains(before, "Not judged yet") {
		t.Errorf("it is said %d times", n)
	}
	hero := `<p class="verdict-word">Alert</p>`
	if !strings.Contains(before, hero) || !strings.Contains(body, hero) || strings.Count(before, `class="card alert"`) != strings.Count(body, `class="card alert"`) {
		t.Error("the verdict or the findings of the last window are gone")
	}
	if body := look(handler(db, now), "/").Body.String(); strings.Contains(body, next.Text) {
		t.Error("the list of models shows it")
	}
}

// TestFleetSaysItOnce: the gravest finding stands on a model's card once, though
// summaries mostly end with it.
func TestFleetSaysItOnce(t *testing.T) {
	db, _ := story(t, "hotel", 6, 30)
	history, err := db.History(t.Context(), "hotel", time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	newest := history[len(history)-1]
	if len(newest.Findings) < 2 {
		t.Fatal("the story has too few findings")
	}
	message := newest.Findings[0].Message
	for _, text := range []string{"3 of 6 columns drifted. " + message, "3 of 6 columns drifted."} {
		newest.Text = text
		if err := db.PutSummary(t.Context(), "hotel", newest); err != nil {
			t.Fatal(err)
		}
		body := look(handler(db, now), "/").Body.String()
		if n := strings.Count(body, message); n != 1 || !strings.Contains(body, "more finding") {
			t.Errorf("%q: there %d times", text, n)
		}
	}
}

package dash

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/state"
)

// Options is what the pages are made from.
type Options struct {
	DB      *state.DB
	Version string
	Now     func() time.Time
	Trouble func(model string) []error // what stops a model's runs; nil: nothing ever does
}

// Dash serves the pages. It is safe for concurrent use.
type Dash struct {
	*Options

	mu      sync.Mutex
	reports map[string]*report.Report // newest report by model: a report never changes under its ID
}

//go:embed page/*.html
var pages embed.FS

//go:embed asset/dash.css
var layout string

//go:embed asset/live.js
var script string

// The style sheet and the script are named by their content, so that browsers
// keep them for ever and a new version is never mixed with an old one.
var (
	style      = report.Theme + "\n" + layout
	stylePath  = "/assets/" + digest(style)[:16] + ".css"
	scriptPath = "/assets/" + digest(script)[:16] + ".js"
)

// templates are parsed when the first page is asked for: commands that serve
// none need not wait for them.
var templates = sync.OnceValue(func() map[string]*template.Template {
	set := map[string]*template.Template{}
	for _, name := range []string{"fleet", "model", "performance", "fairness", "column", "batches", "reports", "error"} {
		set[name] = template.Must(template.New("layout.html").Funcs(functions).ParseFS(pages, "page/layout.html", "page/parts.html", "page/"+name+".html"))
	}
	return set
})

// New gives the pages over a database.
func New(o *Options) *Dash { return &Dash{Options: o, reports: map[string]*report.Report{}} }

// Register adds the pages to a mux.
func (d *Dash) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", d.page(d.fleet))
	mux.HandleFunc("GET /models/{model}", d.page(d.model))
	mux.HandleFunc("GET /models/{model}/performance", d.page(d.performance))
	mux.HandleFunc("GET /models/{model}/fairness", d.page(d.fairness))
	mux.HandleFunc("GET /models/{model}/columns/{column}", d.page(d.column))
	mux.HandleFunc("GET /models/{model}/batches", d.page(d.batches))
	mux.HandleFunc("GET /models/{model}/reports", d.page(d.list))
	mux.HandleFunc("GET /models/{model}/reports/{id}", d.report)
	mux.HandleFunc("GET "+stylePath, asset("text/css; charset=utf-8", style))
	mux.HandleFunc("GET "+scriptPath, asset("text/javascript; charset=utf-8", script))
}

func asset(kind, content string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		_, _ = w.Write([]byte(content)) // the client is gone: nobody is left to tell
	}
}

// view is a page before it is rendered.
type view struct {
	template string
	tag      string // names all that the page is made from, but the address and the minute
	frame    frame
	content  func() any // computed only when the client has no copy that is still right
}

// frame is what the layout shows around each page.
type frame struct {
	Title   string
	Crumbs  []crumb
	Model   string // "" outside of a model
	Tab     string // which of the model's pages it is
	Pages   pagesOf
	Version string
	Style   string
	Script  string
	ETag    string
	Now     time.Time
	Content any
}

type crumb struct{ Text, Link string }

// pagesOf are the pages of a model that are there only if there is something to
// show.
type pagesOf struct{ Performance, Fairness bool }

func (s *subject) pages() pagesOf {
	return pagesOf{
		Performance: slices.ContainsFunc(s.history, func(one state.Summary) bool { return one.Performance != nil }),
		Fairness:    slices.ContainsFunc(s.history, func(one state.Summary) bool { return len(one.Fairness) > 0 }),
	}
}

// frame is that of one of the model's pages, below the model's first page.
func (s *subject) frame(title, tab string) frame {
	return frame{Title: title, Model: s.name, Tab: tab, Pages: s.pages(), Crumbs: []crumb{{"Models", "/"}, {s.name, modelPath(s.name)}}}
}

// page turns a function that makes a view into a handler with ETags.
func (d *Dash) page(make func(r *http.Request) (*view, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := make(r)
		if err != nil {
			d.fail(w, err)
			return
		}
		now := d.Now().UTC().Truncate(time.Minute)
		tag := `"` + digest(strings.Join([]string{d.Version, stylePath, scriptPath, r.URL.String(), now.String(), v.tag}, "\x00"))[:32] + `"`
		w.Header().Set("ETag", tag)
		w.Header().Set("Cache-Control", "no-cache")
		if strings.Contains(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		v.frame.ETag, v.frame.Now, v.frame.Content = tag, now, v.content()
		d.write(w, http.StatusOK, v)
	}
}

func (d *Dash) write(w http.ResponseWriter, status int, v *view) {
	v.frame.Version, v.frame.Style, v.frame.Script = d.Version, stylePath, scriptPath
	var body bytes.Buffer
	body.Grow(128 << 10)
	if err := templates()[v.template].ExecuteTemplate(&body, "layout.html", &v.frame); err != nil {
		http.Error(w, "the page cannot be shown: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the client is gone: nobody is left to tell
}

// fail shows an error as a page.
func (d *Dash) fail(w http.ResponseWriter, err error) {
	status, title := http.StatusInternalServerError, "This page cannot be shown"
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Invalid:
		status, title = http.StatusNotFound, "There is no such page"
	case fault.Unavailable, fault.Denied, fault.Exhausted:
		status, title = http.StatusServiceUnavailable, "The bucket cannot be read"
	}
	w.Header().Del("ETag")
	w.Header().Set("Cache-Control", "no-store")
	d.write(w, status, &view{template: "error", frame: frame{Title: title, Now: d.Now().UTC(), Content: err.Error()}})
}

// Missing is the page for an address that nothing answers.
func (d *Dash) Missing(w http.ResponseWriter, r *http.Request) {
	d.fail(w, fault.New(fault.NotFound, "nothing is at "+r.URL.Path, "start from the list of models"))
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

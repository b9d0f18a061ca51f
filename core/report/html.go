package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// HTMLLimit is the size in bytes that an HTML report does not exceed: it goes
// into mails and chats. A report on many columns shows less of each.
const HTMLLimit = 300_000

// sentence is how much of a summary, a message or a hint is shown.
const sentence = 600

//go:embed report.css
var ownStyle string

//go:embed page.html
var pageSource string

var reportPage parsed

func pageTemplate() *template.Template { return reportPage.template("page", pageSource) }

// parsed is a template, made when it is first used. It is a type with a method,
// and no sync.OnceValue in a variable: a binary that writes no pages then holds
// no templates, and without these the linker can leave out what nothing calls.
type parsed struct {
	once sync.Once
	made *template.Template
}

func (p *parsed) template(name, source string) *template.Template {
	p.once.Do(func() { p.made = template.Must(template.New(name).Parse(source)) })
	return p.made
}

// detail is how much a page shows.
type detail struct {
	cards   int  // findings with everything
	lines   int  // further findings, a line each
	rows    int  // columns of the table
	objects int  // objects of each side
	bodies  bool // the columns of the table unfold
	data    bool // the document itself is in the page
}

// details from the most on: the first that fits is taken.
var details = []detail{
	{24, 200, 400, 100, true, true},
	{24, 200, 400, 100, true, false},
	{24, 200, 400, 100, false, false},
	{16, 150, 150, 50, false, false},
	{8, 80, 80, 20, false, false},
	{4, 20, 20, 5, false, false},
}

// HTML writes the report as one page that needs nothing else: no script, no
// fonts, no network. It is below HTMLLimit. Where it fits, the document itself
// is in the page as <script type="application/json" id="report">.
func HTML(w io.Writer, r *Report) error {
	var b bytes.Buffer
	r = r.sound()
	data, err := json.Marshal(r) // escapes <, > and &
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	for _, d := range details {
		if d.data && len(data) > HTMLLimit/2 {
			continue
		}
		p := r.page(d)
		if d.data {
			p.Data = template.JS(data)
		}
		b.Reset()
		if err := pageTemplate().Execute(&b, p); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
		if b.Len() < HTMLLimit {
			break
		}
	}
	_, err = w.Write(b.Bytes())
	return err
}

// page is what the template shows; every text in it went through plain.
type page struct {
	Level       chart.Level
	Word        string
	Title       string
	Summary     template.HTML
	Icon        template.HTML
	Style       template.CSS
	Legend      template.HTML
	Facts       []fact
	Checks      []family
	Tally       string
	Quiet       string // instead of findings
	Cards       []card
	Lines       []claim
	More        string // title of Lines
	Beyond      string // how many findings are not shown at all
	ColumnsNote string
	Rows        []line
	RowsBeyond  string
	Retrain     *retrained
	Performance *performed
	Slices      *worst
	Estimates   *foretold
	Fairness    []treated
	Segments    *divided
	Compat      *compared
	Origin      [][2]string
	Sides       []side
	Notes       []string
	Sinks       []string
	Foot        string
	Data        template.JS
}

type fact struct{ Name, Value, Note string }

type family struct {
	Badge       template.HTML
	Name, Tests string
}

func (r *Report) page(d detail) *page {
	level := chart.Level(r.Verdict)
	p := &page{
		Level: level, Word: level.Word(), Title: r.title(), Summary: rich(r.Summary, sentence),
		Icon: chart.Icon(level), Style: template.CSS(Theme + ownStyle),
		Legend: chart.Legend("Reference", "Current"),
		Facts:  r.facts(), Tally: r.tally(), Foot: "Report " + plain.Name(r.ID, 40) + ", made " + plain.Instant(r.Created) + " UTC.",
	}
	for _, name := range r.families() {
		c := r.Checks[name]
		p.Checks = append(p.Checks, family{chart.Badge(chart.Level(c.Verdict)), plain.Name(name, 20), plain.Plural(int64(c.Tests), "test", "tests")})
	}
	p.Quiet = "No findings"
	if r.Verdict == OK {
		p.Quiet = "Nothing outside the policy"
	}
	p.findings(r, d)
	p.retrain(r)
	p.performance(r)
	p.slices(r)
	p.estimates(r)
	p.fairness(r)
	p.segments(r, d)
	p.columns(r, d)
	p.compat(r, d)
	p.origin(r, d)
	return p
}

// rich is a sentence of any origin, not longer than a person reads, as HTML:
// what stands in backticks is code.
func rich(s string, width int) template.HTML {
	var b strings.Builder
	marked(plain.Prose(s, width),
		func(text string) { b.WriteString(template.HTMLEscapeString(text)) },
		func(text string) { b.WriteString("<code>" + template.HTMLEscapeString(text) + "</code>") })
	return template.HTML(b.String())
}

func (r *Report) facts() []fact {
	flagged, columns := 0, r.byName()
	for name, severity := range r.worst() {
		if severity != SeverityInfo && columns[name] != nil {
			flagged++
		}
	}
	facts := []fact{
		{"Rows", plain.Count(r.Current.Rows), "against " + plain.Count(r.Reference.Rows) + " of the reference"},
	}
	if part := r.Reference.part(); part != "" {
		facts[0].Note += ": " + part
	}
	if len(r.Columns) > 0 {
		note := plain.Count(int64(flagged)) + " with findings"
		if flagged == 0 {
			note = "none with findings"
		}
		facts = append(facts, fact{"Columns", plain.Count(int64(len(r.Columns))), note})
	}
	if r.Reference.Baseline != "" {
		note := "approved"
		if r.Reference.Proposed {
			note = "proposed, nobody has approved it yet"
		}
		facts = append(facts, fact{"Baseline", plain.Name(r.Reference.Baseline, 24), note})
	}
	return facts
}

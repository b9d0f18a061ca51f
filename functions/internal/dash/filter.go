package dash

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// filter is what a reader wants to see of a model. It lives in the address, so
// that it can be sent to somebody.
type filter struct {
	Severity report.Severity // at least this grave, "" for any
	Check    string          // "" for any
	Role     schema.Role     // "" for any
	Column   string          // part of the column's name, "" for any
	From, To string          // dates, "" for open
	from, to time.Time       // the zero time for open; to is exclusive
}

func filterOf(r *http.Request) filter {
	q := r.URL.Query()
	f := filter{
		Severity: report.Severity(q.Get("severity")), Check: q.Get("check"), Role: schema.Role(q.Get("role")),
		Column: q.Get("column"), From: q.Get("from"), To: q.Get("to"),
	}
	if rankOf(f.Severity) == 0 {
		f.Severity = ""
	}
	f.from, f.From = date(f.From)
	if f.to, f.To = date(f.To); !f.to.IsZero() {
		f.to = f.to.AddDate(0, 0, 1) // the day itself is meant too
	}
	return f
}

// date reads a date; what is none is as if nothing had been written.
func date(text string) (time.Time, string) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, ""
	}
	return t, text
}

// Active tells whether anything is filtered.
func (f filter) Active() bool {
	return f != filter{}
}

// With is the address that differs in one parameter.
func (f filter) With(name, value string) string {
	q := url.Values{}
	for key, text := range map[string]string{
		"severity": string(f.Severity), "check": f.Check, "role": string(f.Role), "column": f.Column, "from": f.From, "to": f.To,
	} {
		if key == name {
			text = value
		}
		if text != "" {
			q.Set(key, text)
		}
	}
	if len(q) == 0 {
		return "?"
	}
	return "?" + q.Encode()
}

// windows cuts the history to the filter's time.
func (f filter) windows(history []state.Summary) []state.Summary {
	for len(history) > 0 && !f.from.IsZero() && !history[0].Window.End.After(f.from) {
		history = history[1:]
	}
	for len(history) > 0 && !f.to.IsZero() && !history[len(history)-1].Window.Start.Before(f.to) {
		history = history[:len(history)-1]
	}
	return history
}

// column tells whether a column is wanted.
func (f filter) column(name string, role schema.Role) bool {
	return (f.Role == "" || f.Role == role) &&
		(f.Column == "" || strings.Contains(strings.ToLower(name), strings.ToLower(f.Column)))
}

// finding tells whether a finding is wanted.
func (f filter) finding(one *state.FindingSummary, roles map[string]schema.Role) bool {
	if f.Check != "" && one.Check != f.Check || rankOf(one.Severity) < rankOf(f.Severity) {
		return false
	}
	if f.Column == "" && f.Role == "" {
		return true
	}
	for _, name := range concerned(one) {
		if f.column(name, roles[name]) {
			return true
		}
	}
	return false
}

// concerned lists the columns that a finding is about.
func concerned(f *state.FindingSummary) []string {
	if f.Labels.Column == "" {
		return f.Columns
	}
	return append([]string{f.Labels.Column}, f.Columns...)
}

var gravity = []report.Severity{"", report.SeverityInfo, report.SeverityUnknown, report.SeverityWarn, report.SeverityAlert}

// rankOf orders severities, the gravest highest; 0 for what is none.
func rankOf(s report.Severity) int { return max(0, slices.Index(gravity, s)) }

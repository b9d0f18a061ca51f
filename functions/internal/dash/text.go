package dash

import (
	"html/template"
	"net/url"
	"strings"
	"time"

	"leeway/core/report"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
	"leeway/core/state"
)

// functions are what the templates call.
var functions = template.FuncMap{
	"badge":  func(word any) template.HTML { return chart.Badge(levelOf(word)) },
	"icon":   func(word any) template.HTML { return chart.Icon(levelOf(word)) },
	"word":   func(word any) string { return levelOf(word).Word() },
	"class":  func(word any) string { return string(levelOf(word)) },
	"name":   func(s string) string { return plain.Name(s, 60) },
	"text":   plain.Text,
	"prose":  prose,
	"file":   fileText,
	"clip":   func(s string) string { return plain.Clip(plain.Text(s), 240) },
	"count":  plain.Count,
	"plural": func(n any, one, many string) string { return plain.Plural(whole(n), one, many) },
	"bytes":  plain.Bytes,
	"share":  plain.Share,
	"window": windowText,
	"stamp":  stamp,
	"ago":    ago,
	"model":  modelPath,
	"report": reportPath,
	"column": columnPath,
	"metric": func(s string) string { return strings.ReplaceAll(plain.Text(s), "_", " ") },
}

// levelOf is the tone of a verdict or a severity.
func levelOf(word any) chart.Level {
	switch w := word.(type) {
	case report.Verdict:
		return chart.Level(w)
	case report.Severity:
		return chart.Level(w)
	case chart.Level:
		return w
	case string:
		return chart.Level(w)
	}
	return chart.None
}

func whole(n any) int64 {
	switch n := n.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	}
	return 0
}

// ago says how long before now t was, to the minute: pages are compared by
// what they show, and one that counts seconds would never be the same twice.
func ago(now, t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plain.Plural(int64(d/time.Minute), "minute", "minutes") + " ago"
	case d < 48*time.Hour:
		return plain.Plural(int64(d/time.Hour), "hour", "hours") + " ago"
	}
	return plain.Plural(int64(d/(24*time.Hour)), "day", "days") + " ago"
}

// prose is a sentence of any origin as HTML: what stands in backticks is code.
func prose(s string) template.HTML {
	var b strings.Builder
	rest := plain.Prose(s, 400)
	for {
		before, after, found := strings.Cut(rest, "`")
		code, following, closed := strings.Cut(after, "`")
		if !found || !closed {
			b.WriteString(template.HTMLEscapeString(rest))
			return template.HTML(b.String())
		}
		b.WriteString(template.HTMLEscapeString(before) + "<code>" + template.HTMLEscapeString(code) + "</code>")
		rest = following
	}
}

// windowText names a window as short as it can be said.
func windowText(w state.Window) string {
	const day, minute = "2 Jan 2006", "2 Jan 2006 15:04"
	start, end := w.Start.UTC(), w.End.UTC()
	last := end.Add(-time.Nanosecond)
	midnights := start.Equal(start.Truncate(24*time.Hour)) && end.Equal(end.Truncate(24*time.Hour))
	sameYear := start.Year() == last.Year()
	switch {
	case midnights && end.Equal(start.AddDate(0, 0, 1)):
		return start.Format(day)
	case midnights && start.Day() == 1 && end.Equal(start.AddDate(0, 1, 0)):
		return start.Format("January 2006")
	case midnights && sameYear && start.Month() == last.Month():
		return start.Format("2–") + last.Format(day)
	case midnights && sameYear:
		return start.Format("2 Jan – ") + last.Format(day)
	case midnights:
		return start.Format(day) + " – " + last.Format(day)
	case sameYear && start.YearDay() == last.YearDay():
		return start.Format(minute) + end.Format("–15:04")
	}
	return start.Format(minute) + " – " + end.Format(minute)
}

// marks are the windows on an axis: days where the axis is shorter than a
// year, else months.
func marks(history []state.Summary) []string {
	if len(history) == 0 {
		return nil
	}
	layout := "2 Jan"
	switch span := history[len(history)-1].Window.End.Sub(history[0].Window.Start); {
	case span > 300*24*time.Hour:
		layout = "Jan 2006"
	case span < 4*24*time.Hour:
		layout = "2 Jan 15:04"
	}
	all := make([]string, len(history))
	for i := range history {
		all[i] = history[i].Window.Start.UTC().Format(layout)
	}
	return all
}

// stamp writes an instant to the minute.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2 Jan 2006 15:04") + " UTC"
}

// path joins segments that may hold anything into an absolute path.
func path(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

func modelPath(model string) string      { return path("models", model) }
func reportPath(model, id string) string { return path("models", model, "reports", id) }

// columnPath is the page of a column. A name that a browser would take for a
// step in the path has no page of its own.
func columnPath(model, column string) string {
	if column == "" || column == "." || column == ".." {
		return modelPath(model)
	}
	return path("models", model, "columns", column)
}

// fileText is an object's key without the folder that all of the model's
// objects lie in.
func fileText(model, key string) string {
	return plain.Text(strings.TrimPrefix(key, "logs/"+model+"/"))
}

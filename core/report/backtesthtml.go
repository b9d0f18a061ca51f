package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"leeway/core/internal/words"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

//go:embed backtest.html
var backtestSource string

var backtestParsed parsed

func backtestTemplate() *template.Template {
	return backtestParsed.template("backtest", backtestSource)
}

// backtestPage is what the template shows.
type backtestPage struct {
	Title        string
	Style        template.CSS
	Was, WouldBe template.HTML
	Lead         string
	Sentences    []string
	Rows         []backtestRow
}

type backtestRow struct {
	Span, Rows   string
	Was, WouldBe template.HTML
	Difference   string
	Text         template.HTML
	Changed      bool
}

// BacktestHTML writes the backtest as one page that needs nothing else: both
// courses of verdicts as SVG, and a table of the windows.
func BacktestHTML(w io.Writer, b *Backtest) error {
	sentences := b.sentences()
	p := backtestPage{
		Title: plain.Name(b.Model, 80), Style: template.CSS(Theme + ownStyle),
		Was:     chart.Timeline("What was reported", b.moments(func(r *Replayed) Verdict { return r.Was })),
		WouldBe: chart.Timeline("What would have been", b.moments(func(r *Replayed) Verdict { return r.WouldBe })),
		Lead:    sentences[0], Sentences: sentences[1:],
	}
	for i := range b.Windows {
		r := &b.Windows[i]
		row := backtestRow{
			Span: plain.Span(r.Window.Start, r.Window.End), Rows: plain.Count(r.Rows), Changed: r.changed(),
			WouldBe: chart.Badge(chart.Level(r.WouldBe)), Difference: r.difference(), Text: rich(r.Summary, sentence),
		}
		if r.Was != "" {
			row.Was = chart.Badge(chart.Level(r.Was))
		}
		p.Rows = append(p.Rows, row)
	}
	var page bytes.Buffer
	if err := backtestTemplate().Execute(&page, p); err != nil {
		return fmt.Errorf("write backtest: %w", err)
	}
	_, err := w.Write(page.Bytes())
	return err
}

func (b *Backtest) moments(verdict func(*Replayed) Verdict) []chart.Moment {
	moments := make([]chart.Moment, len(b.Windows))
	for i := range b.Windows {
		r := &b.Windows[i]
		span := plain.Span(r.Window.Start, r.Window.End)
		word := string(verdict(r))
		if word == "" {
			word = "no report"
		}
		moments[i] = chart.Moment{Label: span, Title: span + ": " + word, Level: chart.Level(verdict(r))}
	}
	return moments
}

// BacktestSVG writes both courses of verdicts as one drawing, for a document
// or a chat.
func BacktestSVG(w io.Writer, b *Backtest) error {
	const width, height = 960, 230
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" class="chart timeline">`, width, height, width, height)
	s.WriteString("<style>" + Theme + "</style>")
	course := func(y int, title string, verdict func(*Replayed) Verdict) {
		fmt.Fprintf(&s, `<text x="20" y="%d" style="font-size:14px;font-weight:600">%s</text><svg x="20" y="%d" width="%d" height="80">`, y, template.HTMLEscapeString(title), y+8, width-40)
		s.WriteString(string(inner(chart.Timeline(title, b.moments(verdict)))))
		s.WriteString("</svg>")
	}
	course(24, fmt.Sprintf("%s: what was reported (%s)", plain.Name(b.Model, 60), words.Plural(int64(b.Was.Alerts), "alert")), func(r *Replayed) Verdict { return r.Was })
	course(134, fmt.Sprintf("What would have been (%s, %d new, %d missed)", words.Plural(int64(b.WouldBe.Alerts), "alert"), b.New, b.Missed), func(r *Replayed) Verdict { return r.WouldBe })
	s.WriteString("</svg>\n")
	_, err := io.WriteString(w, s.String())
	return err
}

// inner is a chart without the division around it, for use inside a drawing.
func inner(c template.HTML) template.HTML {
	text := string(c)
	if at := strings.Index(text, "<svg"); at >= 0 {
		text = text[at:]
	}
	return template.HTML(strings.TrimSuffix(text, "</div>"))
}

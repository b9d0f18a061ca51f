package report

import (
	"bytes"
	"io"

	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// BacktestMarkdown writes what [BacktestText] does for a comment on a pull
// request or a chat, as [Markdown] writes a report.
func BacktestMarkdown(w io.Writer, b *Backtest) error {
	var out bytes.Buffer
	out.WriteString("## Backtest: " + inert(plain.Name(b.Model, 80)) + "\n\n")
	for _, sentence := range b.sentences() {
		out.WriteString(paragraph(sentence, 4*markdownMessage) + "\n\n")
	}
	row(&out, "Window", "Rows", "Was", "Would be", "What changes")
	row(&out, "---", "---:", "---", "---", "---")
	for i := range b.Windows {
		if out.Len() > markdownSize-1000 {
			out.WriteString("\n… " + plain.Plural(int64(len(b.Windows)-i), "more window", "more windows") + "\n")
			break
		}
		r := &b.Windows[i]
		row(&out, inert(plain.Span(r.Window.Start, r.Window.End)), plain.Count(r.Rows), sign(r.Was), sign(r.WouldBe), inert(r.difference()))
	}
	_, err := w.Write(out.Bytes())
	return err
}

// sign is a verdict with its icon.
func sign(v Verdict) string {
	if v == "" {
		return "no report"
	}
	level := chart.Level(v)
	return icons[level] + " " + level.Word()
}

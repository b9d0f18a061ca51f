package report

import (
	"fmt"
	"io"
	"strings"

	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// BacktestText writes a line for each window and the sums below. nil options
// are the default.
func BacktestText(w io.Writer, b *Backtest, o *TextOptions) error {
	if o == nil {
		o = &TextOptions{}
	}
	t := &terminal{color: o.Color, width: min(max(o.Width, 80), 120)}
	spans, wide := make([]string, len(b.Windows)), len("WINDOW")
	for i := range b.Windows {
		spans[i] = plain.Span(b.Windows[i].Window.Start, b.Windows[i].Window.End)
		wide = max(wide, plain.Width(spans[i]))
	}
	t.line(t.paint(fmt.Sprintf("%s  %10s  %-8s %-8s  %s", pad("WINDOW", wide), "ROWS", "WAS", "WOULD BE", "WHAT CHANGES"), dim))
	for i := range b.Windows {
		r := &b.Windows[i]
		row := []string{fmt.Sprintf("%s  %10s  ", pad(spans[i], wide), plain.Count(r.Rows)), t.verdictWord(r.Was), " ", t.verdictWord(r.WouldBe)}
		if changes := r.difference(); changes != "" {
			row = append(row, "  ", changes)
		}
		t.line(row...)
	}
	t.line()
	for _, sentence := range b.sentences() {
		t.wrapped("", sentence)
	}
	_, err := w.Write(t.Bytes())
	return err
}

func (t *terminal) verdictWord(v Verdict) string {
	word := string(v)
	if v == "" {
		word = "-"
	}
	padded := fmt.Sprintf("%-8s", word)
	if code, known := toneCodes[chart.Level(v)]; known {
		return t.paint(padded, code)
	}
	return padded
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-plain.Width(s), 0))
}

// difference lists what would be there (+) and what would not (-).
func (r *Replayed) difference() string {
	var parts []string
	for _, id := range r.New {
		parts = append(parts, "+"+plain.Name(id, 48))
	}
	for _, id := range r.Missed {
		parts = append(parts, "-"+plain.Name(id, 48))
	}
	const most = 4
	if len(parts) > most {
		parts = append(parts[:most-1], fmt.Sprintf("and %d more", len(parts)-most+1))
	}
	return strings.Join(parts, " ")
}

// sentences sum the backtest up.
func (b *Backtest) sentences() []string {
	windows := plain.Plural(int64(len(b.Windows)), "window", "windows")
	sums := []string{
		fmt.Sprintf("%s: %s would have ended in alert (%s, 95%% interval %s to %s) and %d in a warning; it was %d and %d.",
			windows, plain.Plural(int64(b.WouldBe.Alerts), "window", "windows"), plain.Share(b.WouldBe.Rate),
			plain.Share(b.WouldBe.Interval[0]), plain.Share(b.WouldBe.Interval[1]), b.WouldBe.Warnings, b.Was.Alerts, b.Was.Warnings),
		fmt.Sprintf("Of these alerts %d would be new; %s would be missed.", b.New, plain.Plural(int64(b.Missed), "alert", "alerts")),
		fmt.Sprintf("Had nothing changed, policy.false_alarms of %s would give at most %s by chance.", plain.Number(b.FalseAlarms), plain.Number(b.Expected)),
	}
	return append(sums, b.Notes...)
}

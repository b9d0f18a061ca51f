package report

import (
	"bytes"
	"io"
	"strings"

	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// TextOptions says how to write for a terminal.
type TextOptions struct {
	Color bool // colours and bold; the caller knows about NO_COLOR
	Width int  // columns of the terminal; 0 is 80, at least 40 are assumed
}

// What a terminal is shown at most; the JSON has everything.
const (
	textFindings = 30
	textColumns  = 60
	textMessage  = 600
)

// Text writes the report for a terminal: the verdict, the findings with their
// evidence, then a line for each column. No text from the data reaches the
// terminal with its control characters. nil options are the default.
func Text(w io.Writer, r *Report, o *TextOptions) error {
	if o == nil {
		o = &TextOptions{}
	}
	t := &terminal{color: o.Color, width: max(o.Width, 40)}
	if o.Width == 0 {
		t.width = 80
	}
	t.width = min(t.width, 120) // longer lines are hard to read
	r = r.sound()
	t.verdict(r)
	t.findings(r)
	t.performance(r)
	t.slices(r.Slices)
	t.estimates(r)
	t.fairness(r)
	t.segments(r)
	t.columns(r)
	t.compat(r.Compat)
	t.origin(r)
	_, err := w.Write(t.Bytes())
	return err
}

// terminal collects lines for a terminal of a width.
type terminal struct {
	bytes.Buffer
	color bool
	width int
}

// The SGR codes of the tones.
const (
	bold = "1"
	dim  = "2"
)

var toneCodes = map[chart.Level]string{
	chart.OK: "32", chart.Info: "36", chart.Unknown: "35", chart.Warn: "33", chart.Alert: "31", chart.Invalid: "31",
}

// glyphs are the signs of the levels, each a shape of its own.
var glyphs = map[chart.Level]string{
	chart.OK: "✓", chart.Info: "i", chart.Unknown: "?", chart.Warn: "▲", chart.Alert: "✗", chart.Invalid: "⊘",
}

// paint wraps s in SGR codes if colours are wanted.
func (t *terminal) paint(s string, codes ...string) string {
	if !t.color || s == "" {
		return s
	}
	return "\x1b[" + strings.Join(codes, ";") + "m" + s + "\x1b[0m"
}

func (t *terminal) line(parts ...string) {
	for _, part := range parts {
		t.WriteString(part)
	}
	t.WriteByte('\n')
}

// wrapped writes a text of any origin over as many lines as it takes, the
// first after lead, the others after blanks as wide.
func (t *terminal) wrapped(lead, text string, codes ...string) {
	indent := strings.Repeat(" ", plain.Width(lead))
	for i, line := range wrap(plain.Prose(text, textMessage), t.width-plain.Width(lead)) {
		if i > 0 {
			lead = indent
		}
		if len(codes) > 0 {
			line = t.paint(line, codes...)
		}
		t.line(lead, line)
	}
}

// wrap breaks a text at blanks into lines of at most width cells; a longer
// word is cut.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		for plain.Width(word) > width {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			head := strings.TrimSuffix(plain.Clip(word, width+1), "…")
			if head == "" || head == word {
				break
			}
			lines, word = append(lines, head), word[len(head):]
		}
		switch {
		case line == "":
			line = word
		case plain.Width(line)+1+plain.Width(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

func (t *terminal) verdict(r *Report) {
	level := chart.Level(r.Verdict)
	head := glyphs[level] + " " + strings.ToUpper(level.Word())
	t.line(t.paint(head, bold, toneCodes[level]), "  ", t.paint(plain.Clip(r.title(), t.width-plain.Width(head)-2), bold))
	t.wrapped("", r.Summary)
	t.line()
	facts := plain.Plural(r.Current.Rows, "row", "rows") + " against " + plain.Count(r.Reference.Rows) + " of the reference"
	if r.Reference.Baseline != "" {
		facts += " ("
		if part := r.Reference.part(); part != "" {
			facts += part + "; "
		}
		facts += "baseline " + plain.Name(r.Reference.Baseline, 24)
		if r.Reference.Proposed {
			facts += ", proposed"
		}
		facts += ")"
	}
	for _, name := range r.families() {
		c := r.Checks[name]
		facts += " · " + plain.Name(name, 20) + " " + string(c.Verdict) + ", " + plain.Plural(int64(c.Tests), "test", "tests")
	}
	t.wrapped("", facts, dim)
}

func (t *terminal) heading(title, note string) {
	t.line()
	t.line(t.paint(title, bold), "  ", t.paint(plain.Clip(note, t.width-len(title)-2), dim))
}

func (t *terminal) findings(r *Report) {
	if len(r.Findings) == 0 {
		return
	}
	t.heading("Findings", r.tally())
	pictured, columns := map[string]bool{}, r.byName()
	for i, one := range r.told() {
		if i == textFindings {
			t.line()
			t.line(t.paint("… "+plain.Plural(int64(len(r.Findings)-i), "more finding", "more findings")+": --output json or html has them all", dim))
			return
		}
		t.line()
		c := columns[one.Labels.Column]
		if c != nil && (pictured[c.Name] || one.Labels.Segment != "") { // a picture is of all rows
			c = nil
		}
		f := *one
		if pictured[f.Labels.Column] && f.Labels.Column != "" {
			f.Cause = nil // it was told with the first finding on the column
		}
		t.finding(&f, c)
		if f.Labels.Segment == "" {
			pictured[f.Labels.Column] = true
		}
	}
}

// finding writes one finding, with a picture of column c unless that is nil.
func (t *terminal) finding(f *Finding, c *Column) {
	level := chart.Level(f.Severity)
	lead := t.paint(glyphs[level]+" "+level.Word(), bold, toneCodes[level])
	evidence := strings.TrimSpace(plain.Name(f.Metric, 40) + " " + f.amount())
	room := t.width - plain.Width(glyphs[level]+" "+level.Word()) - 2
	subject := f.subject(min(nameWidth, room))
	if plain.Width(subject)+2+plain.Width(evidence) <= room {
		gap := strings.Repeat(" ", room-plain.Width(subject)-plain.Width(evidence))
		t.line(lead, "  ", t.paint(subject, bold), gap, t.paint(evidence, dim))
	} else {
		t.line(lead, "  ", t.paint(plain.Clip(subject, room), bold))
		t.line("  ", t.paint(plain.Clip(evidence, t.width-2), dim))
	}
	t.wrapped("  ", f.Message)
	if why := f.why(); why != "" {
		t.wrapped("  ", why, dim)
	}
	t.evidence(f)
	t.picture(c, f)
	if carried := f.Carried(3); carried != "" {
		t.wrapped("  ", "most of it: "+carried, dim)
	}
	if also := f.spread(); also != "" {
		t.wrapped("  ", also, dim)
	}
	if f.Hint != "" {
		t.wrapped("  → ", f.Hint)
	}
}

// evidence is one dim line: how far past the limit, how sure.
func (t *terminal) evidence(f *Finding) {
	var parts []string
	if words := f.judged(); words != "" {
		parts = append(parts, words)
	}
	if f.NoiseFloor != nil {
		parts = append(parts, "no change would give "+plain.Value(f.Metric, *f.NoiseFloor))
	}
	if f.Q != nil {
		parts = append(parts, "q "+plain.P(*f.Q))
	}
	if f.Severity == SeverityUnknown && f.Detectable != nil {
		parts = append(parts, "could have seen "+plain.Value(f.Metric, *f.Detectable))
	}
	if f.Streak > 1 {
		parts = append(parts, plain.Plural(int64(f.Streak), "window", "windows")+" in a row")
	}
	if len(parts) > 0 {
		t.wrapped("  ", strings.Join(parts, ", "), dim)
	}
}

// origin ends with what was read and the notes.
func (t *terminal) origin(r *Report) {
	t.line()
	for _, side := range []struct {
		name string
		Side
	}{{"reference", r.Reference}, {"current", r.Current}} {
		if n := len(side.Objects); n > 0 {
			keys := make([]string, n)
			faults := int64(0)
			for i, object := range side.Objects {
				keys[i] = object.Key
				for _, fault := range object.Faults {
					faults += fault.Count
				}
			}
			text := side.name + ": " + several(keys, nameWidth)
			if faults > 0 {
				text += ", " + plain.Plural(faults, "faulty row or cell", "faulty rows or cells")
			}
			t.wrapped("", text, dim)
		}
	}
	for _, sink := range r.Sinks {
		if !sink.OK {
			t.wrapped("", "sink "+sink.Name+" did not take the report: "+sink.Error, toneCodes[chart.Warn])
		}
	}
	t.wrapped("", "report "+r.ID, dim)
}

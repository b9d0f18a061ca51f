package report

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"

	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// What Markdown shows at most: a comment on a pull request holds 65,536
// characters on GitHub.
const (
	markdownSize    = 60_000
	markdownMessage = 400
	markdownRows    = 100
)

// icons are the signs of the levels in Markdown.
var icons = map[chart.Level]string{
	chart.OK: "✅", chart.Info: "ℹ️", chart.Unknown: "❔", chart.Warn: "⚠️", chart.Alert: "❌", chart.Invalid: "⛔", chart.None: "",
}

// Markdown writes the report for a comment on a pull request or a chat
// (GitHub's dialect): the verdict, a table of findings, and the columns folded
// away. Names and categories from the data are escaped: they cannot form
// markup, links, mentions or cells.
func Markdown(w io.Writer, r *Report) error {
	var b bytes.Buffer
	r = r.sound()
	level := chart.Level(r.Verdict)
	b.WriteString("## " + icons[level] + " " + level.Word())
	if title := r.title(); title != "" {
		b.WriteString(": " + inert(title))
	}
	b.WriteString("\n\n" + paragraph(r.Summary, 4*markdownMessage) + "\n\n")
	b.WriteString("**" + plain.Count(r.Current.Rows) + "** rows against **" + plain.Count(r.Reference.Rows) + "** of the reference")
	if part := r.Reference.part(); part != "" {
		b.WriteString(" (" + inert(part) + ")")
	}
	for _, name := range r.families() {
		c := r.Checks[name]
		b.WriteString(" · " + inert(plain.Name(name, 20)) + " **" + inert(string(c.Verdict)) + "** (" + plain.Plural(int64(c.Tests), "test", "tests") + ")")
	}
	b.WriteString("\n")
	r.markdownFindings(&b)
	r.markdownPerformance(&b)
	r.markdownSlices(&b)
	r.markdownEstimates(&b)
	r.markdownFairness(&b)
	r.markdownSegments(&b)
	r.markdownColumns(&b)
	r.markdownCompat(&b)
	b.WriteString("\n<sub>Leeway report " + code(plain.Name(r.ID, 40)))
	if r.Reference.Baseline != "" {
		b.WriteString(" · baseline " + code(plain.Name(r.Reference.Baseline, 40)))
	}
	b.WriteString("</sub>\n")
	_, err := w.Write(b.Bytes())
	return err
}

func (r *Report) markdownFindings(b *bytes.Buffer) {
	if len(r.Findings) == 0 {
		return
	}
	b.WriteString("\n### Findings: " + r.tally() + "\n\n")
	row(b, "", "What", "Finding", "Value", "Evidence")
	row(b, "---", "---", "---", "---:", "---")
	for i, f := range r.told() {
		if i == markdownRows || b.Len() > markdownSize*2/3 {
			b.WriteString("\n… " + plain.Plural(int64(len(r.Findings)-i), "more finding", "more findings") + "\n")
			return
		}
		level := chart.Level(f.Severity)
		text := paragraph(f.Message, markdownMessage)
		if why := f.why(); why != "" {
			text += "<br>" + paragraph(why, markdownMessage)
		}
		if carried := f.Carried(3); carried != "" {
			text += "<br>Most of it: " + inert(carried)
		}
		if also := f.spread(); also != "" {
			text += "<br>" + inert(also)
		}
		if f.Hint != "" {
			text += "<br>*" + strings.TrimRight(paragraph(f.Hint, markdownMessage), " ") + "*"
		}
		value := code(plain.Name(f.Metric, 40))
		if amount := f.amount(); amount != "" {
			value += "<br>" + inert(amount)
		}
		row(b, icons[level]+" "+level.Word(), code(f.subject(nameWidth)), text, value, f.evidence())
	}
}

// evidence is the judgement and the certainty in a few words.
func (f *Finding) evidence() string {
	var parts []string
	if words := f.judged(); words != "" {
		parts = append(parts, inert(words))
	}
	if f.Q != nil {
		parts = append(parts, "q "+inert(plain.P(*f.Q)))
	}
	if f.Severity == SeverityUnknown && f.Detectable != nil {
		parts = append(parts, "could have seen "+inert(plain.Value(f.Metric, *f.Detectable)))
	}
	if f.Streak > 1 {
		parts = append(parts, strconv.Itoa(f.Streak)+" windows in a row")
	}
	return strings.Join(parts, "<br>")
}

func (r *Report) markdownColumns(b *bytes.Buffer) {
	if len(r.Columns) == 0 {
		return
	}
	b.WriteString("\n<details><summary>All " + plain.Plural(int64(len(r.Columns)), "column", "columns") + "</summary>\n\n")
	row(b, "Column", "Kind", "Missing", "Typical", "Distribution", "Finding")
	row(b, "---", "---", "---:", "---", "---", "---")
	worst := r.worst()
	for i, c := range r.gravest() {
		if i == markdownRows || b.Len() > markdownSize-2000 {
			b.WriteString("\n… " + plain.Plural(int64(len(r.Columns)-i), "more column", "more columns") + "\n")
			break
		}
		level := chart.Level(worst[c.Name])
		what, typical := c.typical(24)
		state := ""
		if level != chart.None {
			state = icons[level] + " " + level.Word()
		}
		row(b, code(plain.Name(c.Name, nameWidth)), string(c.Kind), inert(c.missing()), what+" "+inert(typical), c.thumbnail(), state)
	}
	b.WriteString("\n</details>\n")
}

func row(b *bytes.Buffer, cells ...string) {
	b.WriteString("|")
	for _, cell := range cells {
		b.WriteString(" " + cell + " |")
	}
	b.WriteString("\n")
}

// paragraph is prose of any origin for a paragraph or a cell.
func paragraph(s string, width int) string {
	var b strings.Builder
	marked(plain.Prose(s, width),
		func(text string) { b.WriteString(inert(text)) },
		func(text string) { b.WriteString(code(text)) })
	return unlisted(b.String())
}

// unlisted keeps the beginning of a paragraph from making it a list or heading.
func unlisted(s string) string {
	if digits := len(s) - len(strings.TrimLeft(s, "0123456789")); digits > 0 && (strings.HasPrefix(s[digits:], ". ") || strings.HasPrefix(s[digits:], ") ")) {
		return s[:digits] + "\\" + s[digits:]
	}
	if s != "" && strings.ContainsRune("-+#=", rune(s[0])) {
		return "\\" + s
	}
	return s
}

// inert escapes what has a meaning in GitHub's Markdown, anywhere in a line:
// markup, HTML, cells, formulas, mentions, references and links.
func inert(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_' && i > 0 && i < len(s)-1 && alphanumeric(s[i-1]) && alphanumeric(s[i+1]):
			b.WriteByte(c) // lead_time: no emphasis inside a word
		case strings.IndexByte("\\`*_[]<>|~$", c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '&':
			b.WriteString("&amp;")
		case c == ':' && strings.HasPrefix(s[i:], "://"):
			b.WriteString("&#58;")
		case c == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www"):
			b.WriteString("&#46;")
		case c == '@' || c == '#':
			b.WriteByte(c)
			b.WriteString("\u2060") // word joiner: unseen, and no mention
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// code puts a name into a code span, where nothing but backticks and, within a
// table, bars has a meaning.
func code(s string) string {
	longest, run := 0, 0
	for _, c := range []byte(s) {
		run++
		if c != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	// GitHub takes \| for a bar in a cell; a backslash before it would be read
	// as part of that, so such names are written as prose.
	if strings.Contains(s, `\|`) || slices.Contains([]string{"", " "}, strings.Trim(s, "`")) {
		return inert(s)
	}
	s = strings.ReplaceAll(s, "|", `\|`)
	if longest > 0 {
		s = " " + s + " "
	}
	return fence + s + fence
}

package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"leeway/core/report/plain"
)

// hostile are names that columns and categories may have: data is untrusted.
var hostile = []string{
	`<script>alert(1)</script>`,
	`</style></script><img src=x onerror=alert(1)>`,
	`" onmouseover="alert(1)`, `' onfocus='alert(1)`, "`+alert(1)+`", `{{.Style}}`, `--> <!-- ]]>`,
	"\x1b[31mred\x1b]0;title\x07", "\u009b31m", "a\r\nb\tc\x00d", "\xff\xfe\xc3(",
	"\u202egnp.exe\u2066", "אבג\u200fدهو", "\u2028\u2029\ufeff\u00ad\U000e0041",
	"| a | b |", "`code` ``more`` |", `\| \\|`, "[x](javascript:alert(1))", "![x](http://evil/x.png)", "@everyone #1 www.evil.com http://evil.com",
	"# heading", "1. list", "- list", "<!-- hidden", "&lt;b&gt; &#60;", "$x$ ~~no~~ **b** __b__", "a\\", " ", "", "…", "大小" + strings.Repeat("👩‍👩‍👧", 9),
	strings.Repeat("e\u0301", 5000), strings.Repeat("<b>", 3334), strings.Repeat("x", 10_000), strings.Repeat("|`\n", 3000),
}

// poisoned puts a name wherever a report holds text from users' data.
func poisoned(name string) *Report {
	r := fixture()
	if name != "" {
		r.Model, r.Reference.Baseline = name, name
	}
	r.Summary = name + " drifted " + name
	r.Notes = []string{name}
	r.Retrain = &Retrain{
		Decision: RetrainHeld, Request: "rt-" + name, Message: "worth it: " + name,
		Reasons: []RetrainReason{{Kind: "data", Message: name, Windows: []string{"2026-01-01T00:00:00Z"}}}, Held: []RetrainHold{{By: "quality", Message: name}},
	}
	r.Compat = compatible()
	r.Compat.Tool, r.Compat.Version = name, name
	for i := range r.Compat.Scores {
		s := &r.Compat.Scores[i]
		s.Column, s.Type, s.Method, s.Title, s.Reason = name, name, name, name, name
	}
	r.Sinks[1].Name, r.Sinks[1].Error = name, name
	for _, s := range []*Side{&r.Reference, &r.Current} {
		for i := range s.Objects {
			o := &s.Objects[i]
			o.Key, o.ETag, o.Format = name+"k", name+"e", name+"f"
			for j := range o.Faults {
				o.Faults[j].Column, o.Faults[j].What, o.Faults[j].Text = name, name, name
			}
		}
	}
	for i := range r.Columns {
		c := &r.Columns[i]
		c.Name = name + fmt.Sprint(i)
		if c.Distribution != nil && c.Distribution.Names != nil {
			c.Distribution.Names[0] = name
		}
		if c.Current != nil && len(c.Current.Top) > 0 {
			c.Current.Top[0].Name = name
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Labels.Column, f.Message, f.Hint, f.ID = name+fmt.Sprint(i), name+" changed.", name+" is to blame", name
		f.Labels.Group, f.Columns = name+"g", []string{name, name}
		f.Cause = &Cause{Kind: name, Evidence: name + " rose", Value: name, Columns: []string{name}}
		f.Contributions = []Contribution{{Category: &name, Reference: .1, Current: .2}}
	}
	return r
}

// TestTextStaysInItsLines: whatever a name holds, a terminal is sent nothing
// but visible text and the colours that were asked for.
func TestTextStaysInItsLines(t *testing.T) {
	colour := regexp.MustCompile(`\x1b\[[0-9;]*m`)
	for _, name := range hostile {
		for _, width := range []int{40, 80} {
			got := colour.ReplaceAllString(text(t, poisoned(name), &TextOptions{Width: width, Color: true}), "")
			for _, line := range strings.Split(got, "\n") {
				if plain.Text(line) != line {
					t.Errorf("%.40q: control characters in %q", name, line)
				}
				if plain.Width(line) > width {
					t.Errorf("%.40q: %d cells of %d: %q", name, plain.Width(line), width, line)
				}
			}
			if !utf8.ValidString(got) {
				t.Errorf("%.40q: not UTF-8", name)
			}
		}
		if got := text(t, poisoned(name), nil); strings.Contains(got, "\x1b") {
			t.Errorf("%.40q: an escape sequence without colours", name)
		}
	}
}

var (
	tags       = regexp.MustCompile(`<[^>]*>`)
	unseen     = regexp.MustCompile(`(?s)<style>.*?</style>|<script type="application/json" id="report">[^<]*</script>`)
	attributes = regexp.MustCompile(`(title|aria-label)="[^"]*"`)
)

// skeleton is the markup of a page without its text: tags with attributes,
// where the values of those that hold names are left out.
func skeleton(page string) []string {
	var all []string
	for _, tag := range tags.FindAllString(page, -1) {
		if tag != "<code>" && tag != "</code>" { // backticks may mark up code
			all = append(all, attributes.ReplaceAllString(tag, `$1=""`))
		}
	}
	return all
}

// TestHTMLKeepsItsShape: whatever a name holds, the page has the same markup.
func TestHTMLKeepsItsShape(t *testing.T) {
	want := skeleton(unseen.ReplaceAllString(render(t, poisoned("harmless")), ""))
	for _, name := range hostile {
		page := render(t, poisoned(name))
		if len(page) >= HTMLLimit {
			t.Errorf("%.40q: %d bytes", name, len(page))
		}
		page = unseen.ReplaceAllString(page, "")
		if diff := cmp.Diff(want, skeleton(page)); diff != "" {
			t.Errorf("%.40q changes the page (-want +got):\n%.2000s", name, diff)
		}
		if strings.ContainsAny(page, "\u202e\u2066\x00\x1b") || !utf8.ValidString(page) {
			t.Errorf("%.40q: control characters", name)
		}
	}
}

// TestMarkdownKeepsItsShape: the same for lines and cells of Markdown.
func TestMarkdownKeepsItsShape(t *testing.T) {
	bars := func(text string) (counts []int) {
		for _, line := range strings.Split(text, "\n") {
			escaped := strings.NewReplacer(`\\`, "", `\|`, "").Replace(line)
			counts = append(counts, strings.Count(escaped, "|"))
		}
		return counts
	}
	want := bars(markdown(t, poisoned("harmless")))
	markup := regexp.MustCompile(`<[^>]*>`)
	for _, name := range hostile {
		got := markdown(t, poisoned(name))
		if diff := cmp.Diff(want, bars(got)); diff != "" {
			t.Errorf("%.40q changes the tables (-want +got):\n%s\n%.3000s", name, diff, got)
		}
		spans := regexp.MustCompile("(?s)(`+) .*? `+|`[^`]*`").ReplaceAllString(got, "")
		for _, tag := range markup.FindAllString(strings.ReplaceAll(spans, `\<`, ""), -1) {
			if !strings.Contains("<br> <sub> </sub> <details> <summary> </summary> </details>", tag) {
				t.Errorf("%.40q: %s", name, tag)
			}
		}
		for _, bad := range []string{"@everyone", "http://", "www.", "]("} {
			if strings.Contains(strings.ReplaceAll(spans, `\]`, ""), bad) {
				t.Errorf("%.40q: %s comes through", name, bad)
			}
		}
		if len(got) > 65_536 {
			t.Errorf("%.40q: %d bytes", name, len(got))
		}
	}
}

// TestSameReportSameBytes: nothing depends on the order of a map or the clock.
func TestSameReportSameBytes(t *testing.T) {
	for range 5 {
		a, b := wideReport(40, feature), wideReport(40, feature)
		if text(t, a, nil) != text(t, b, nil) || markdown(t, a) != markdown(t, b) || render(t, a) != render(t, b) {
			t.Fatal("the same report gives other bytes")
		}
	}
}

func TestHTMLSizeWithLongNames(t *testing.T) {
	long := strings.Repeat("\u202e<é\"大", 1000)
	for _, n := range []int{30, 150} {
		page := render(t, wideReport(n, func(i int) string { return fmt.Sprint(i, long) }))
		if len(page) >= HTMLLimit {
			t.Errorf("%d columns: %d bytes", n, len(page))
		}
	}
}

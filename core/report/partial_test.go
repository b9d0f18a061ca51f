package report

import (
	"bytes"
	"strings"
	"testing"
)

// TestPartial: every form of a report says that its window is not whole.
func TestPartial(t *testing.T) {
	r := fixture()
	r.Verdict, r.Summary = Unknown, "The window is not over: its rows end at 2026-10-21, those of whole windows at 2026-10-25 or later."
	r.Partial = &Partial{Lacks: LacksEnd, First: r.Window.Start, Last: "2026-10-21T00:00:00Z", Until: "2026-10-25T00:00:00Z"}
	r.Findings = nil
	var html, markdown, json bytes.Buffer
	for _, err := range []error{HTML(&html, r), Markdown(&markdown, r), r.WriteCompact(&json)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, body := range map[string]string{"text": text(t, r, nil), "html": html.String(), "markdown": markdown.String()} {
		plain := strings.Join(strings.Fields(strings.ReplaceAll(body, "\\", "")), " ")
		for _, want := range []string{"not whole yet", "The window is not over: its rows end at 2026-10-21"} {
			if !strings.Contains(plain, want) {
				t.Errorf("%s does not say %q:\n%.600s", name, want, plain)
			}
		}
	}
	if want := `"lacks":"end"`; !strings.Contains(json.String(), want) || strings.Contains(json.String(), `"from"`) {
		t.Errorf("no %s in the document, or a start", want)
	}
}

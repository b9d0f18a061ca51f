package report

import (
	"bytes"
	"strings"
	"testing"
)

// TestPart: every rendering says what a window was held against.
func TestPart(t *testing.T) {
	earlier := []string{"2026-01-03T00:00:00Z", "2026-01-10T00:00:00Z"}
	for _, c := range []struct {
		side Side
		want string
	}{
		{Side{Against: &Against{Kind: "rolling", Windows: 7}, Earlier: earlier}, "the last 2 windows without an alert"},
		{Side{Against: &Against{Kind: "seasonal", Season: "day-of-week"}, Slot: "saturday"}, "Saturdays"},
		{Side{Against: &Against{Kind: "seasonal", Season: "day-of-week"}, Slot: "saturday", Earlier: earlier}, "Saturdays with 2 windows without an alert"},
		{Side{Against: &Against{Kind: "seasonal", Season: "hour-of-week"}, Slot: "monday-06"}, "Mondays 06:00"},
		{Side{Against: &Against{Kind: "seasonal", Season: "month-of-year"}, Slot: "january"}, "January"},
		{Side{Against: &Against{Kind: "rolling", Windows: 7}}, ""},
	} {
		if got := c.side.part(); got != c.want {
			t.Errorf("%+v: %q", c.side, got)
		}
		c.side.Baseline = "0123"
		r := &Report{Reference: c.side, Verdict: OK}
		var text, markdown, html bytes.Buffer
		if err := Text(&text, r, &TextOptions{Width: 120}); err != nil {
			t.Fatal(err)
		}
		if err := Markdown(&markdown, r); err != nil {
			t.Fatal(err)
		}
		if err := HTML(&html, r); err != nil {
			t.Fatal(err)
		}
		for _, out := range []string{text.String(), markdown.String(), html.String()} {
			if !strings.Contains(out, c.want) {
				t.Errorf("%q is not in %s", c.want, out)
			}
		}
	}
}

package report

import (
	"bytes"
	"io"
	"math"
	"regexp"
	"strconv"
	"testing"
)

func render(t *testing.T, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHTMLGolden(t *testing.T) {
	golden(t, "report.html", []byte(render(t, fixture())))
}

func TestHTMLSize(t *testing.T) {
	for _, n := range []int{1, 20, 50, 100, 1000} {
		page := render(t, wideReport(n, feature))
		t.Logf("%d columns: %d bytes", n, len(page))
		if len(page) >= HTMLLimit {
			t.Errorf("%d columns: %d bytes", n, len(page))
		}
	}
}

// TestHTMLNeedsNothing: no script, nothing to load, no handler.
func TestHTMLNeedsNothing(t *testing.T) {
	page := render(t, fixture())
	for _, bad := range []string{`<script(?: type="application/json"|)[^>]*src`, `<script>`, ` src=`, `@import`, `url\(`, ` on\w+=`, `<link rel="stylesheet`, `href="(?:http|//|javascript)`} {
		if at := regexp.MustCompile(bad).FindString(page); at != "" {
			t.Errorf("the page has %s", at)
		}
	}
}

// TestThemeContrast: text on its ground is readable in both schemes (WCAG AA).
func TestThemeContrast(t *testing.T) {
	light := regexp.MustCompile(`(?s):root \{(.*?)\n\}`).FindStringSubmatch(Theme)[1]
	dark := regexp.MustCompile(`(?s)prefers-color-scheme: dark\) \{\s*:root \{(.*?)\n  \}`).FindStringSubmatch(Theme)[1]
	for scheme, source := range map[string]string{"light": light, "dark": dark} {
		colors := map[string]string{}
		for _, found := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6})`).FindAllStringSubmatch(source, -1) {
			colors[found[1]] = found[2]
		}
		pairs := [][2]string{{"ink", "paper"}, {"ink", "card"}, {"ink", "sunk"}, {"soft", "paper"}, {"soft", "card"}, {"soft", "sunk"}, {"link", "card"}, {"link", "paper"}}
		for _, tone := range []string{"ok", "warn", "alert", "unknown", "info", "invalid"} {
			pairs = append(pairs, [2]string{tone, tone + "-fill"}, [2]string{tone, "card"})
		}
		for _, pair := range pairs {
			if ratio := contrast(t, colors[pair[0]], colors[pair[1]]); ratio < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f", scheme, pair[0], pair[1], ratio)
			}
		}
	}
}

// contrast is the ratio of WCAG 2.2 between two colours.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(hex string) float64 {
		n, err := strconv.ParseUint(hex, 16, 32)
		if err != nil {
			t.Fatalf("colour %q: %v", hex, err)
		}
		channel := func(shift uint) float64 {
			c := float64(n>>shift&0xff) / 255
			if c <= 0.04045 {
				return c / 12.92
			}
			return math.Pow((c+0.055)/1.055, 2.4)
		}
		return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func BenchmarkHTML(b *testing.B) {
	r := wideReport(100, feature)
	for b.Loop() {
		if err := HTML(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

package plain

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"lead_time", "lead_time"},
		{"größe 大小 👍 می\u200cخواهم", "größe 大小 👍 می\u200cخواهم"},
		{"\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"a\nb\rc\td\x00e\x7f\u009bf", `a\x0ab\x0dc\x09d\x00e\x7f\x9bf`},
		{"evil\u202egpj.exe\u2066\u2069\u061c", `evil\u202egpj.exe\u2066\u2069\u061c`},
		{"line\u2028break\ufeff\u00ad", `line\u2028break\ufeff\xad`},
		{"bad\xff\xc3(", `bad\xff\xc3(`},
		{"real \ufffd stays", "real \ufffd stays"},
		{"cut \xef\xbf", `cut \xef\xbf`},
		{"tag\U000E0041", `tag\U000e0041`},
	} {
		if got := Text(c.in); got != c.want {
			t.Errorf("Text(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestName(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"", 10, "(empty)"},
		{" x ", 10, "␠x␠"},
		{"   ", 10, "␠␠␠"},
		{"0123456789", 10, "0123456789"},
		{"0123456789a", 10, "012345678…"},
		{"大小大小大小", 10, "大小大小…"},
		{strings.Repeat("x", 10000), 4, "xxx…"},
	} {
		if got := Name(c.in, c.width); got != c.want {
			t.Errorf("Name(%.20q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func FuzzName(f *testing.F) {
	f.Add("a\x1b]0;title\x07b", 5)
	f.Add("\u202e\xff大e\u0301", 3)
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = 1 + (width&0xff)%100
		got := Name(s, width)
		if s != "" && Width(got) > width {
			t.Errorf("Name(%q, %d) = %q is %d wide", s, width, got, Width(got))
		}
		if !utf8.ValidString(got) {
			t.Errorf("Name(%q) is not UTF-8: %q", s, got)
		}
		for _, r := range got {
			if hidden(r) {
				t.Errorf("Name(%q) = %q lets %U through", s, got, r)
			}
		}
	})
}

func TestNumber(t *testing.T) {
	for want, x := range map[string]float64{
		"0": 0, "0.3123": 0.31234, "0.31": 0.31, "2016": 2016, "16,913": 16913, "1,234,568": 1234567.8,
		"1.2e-12": 1.2e-12, "0.0001": 1e-4, "99.99": 99.994, "-0.5": -0.5, "-16,913": -16913, "1e9": 1e9,
		"1.5e300": 1.5e300, "123.5": 123.46, "–": math.NaN(), "+∞": math.Inf(1),
	} {
		if got := Number(x); got != want {
			t.Errorf("Number(%v) = %q, want %q", x, got, want)
		}
	}
}

func TestShare(t *testing.T) {
	for want, x := range map[string]float64{
		"0%": 0, "100%": 1, "31%": 0.314, "3.1%": 0.0314, "<0.1%": 1e-9, ">99.9%": 0.99999, "99.5%": 0.995,
		"10%": 0.0999, "-5%": -0.05, "12,300%": 123, "–": math.NaN(),
	} {
		if got := Share(x); got != want {
			t.Errorf("Share(%v) = %q, want %q", x, got, want)
		}
	}
}

func TestP(t *testing.T) {
	for want, p := range map[string]float64{"0.034": 0.034, "2.1e-8": 2.13e-8, "< 1e-240": 0, "1": 1, "5e-4": 5e-4, "–": math.NaN()} {
		if got := P(p); got != want {
			t.Errorf("P(%v) = %q, want %q", p, got, want)
		}
	}
}

func TestSpan(t *testing.T) {
	for _, c := range []struct{ start, end, want string }{
		{"2017-01-02T00:00:00Z", "2017-01-03T00:00:00Z", "2 Jan 2017"},
		{"2017-01-01T00:00:00Z", "2017-02-01T00:00:00Z", "Jan 2017"},
		{"2017-01-01T00:00:00Z", "2017-03-01T00:00:00Z", "1 Jan 2017 – 28 Feb 2017"},
		{"2017-01-01T06:00:00Z", "2017-01-01T07:00:00Z", "1 Jan 2017 06:00 – 1 Jan 2017 07:00"},
		{"soon", "later\x1b", `soon – later\x1b`},
	} {
		if got := Span(c.start, c.end); got != c.want {
			t.Errorf("Span(%s, %s) = %q, want %q", c.start, c.end, got, c.want)
		}
	}
}

func TestBytes(t *testing.T) {
	for want, n := range map[string]int64{"0 B": 0, "812 B": 812, "1.4 MB": 1_400_000, "1 kB": 1000, "1 MB": 999_900, "250 GB": 250e9} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

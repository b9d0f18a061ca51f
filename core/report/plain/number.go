package plain

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Number rounds x to four significant digits and writes it without an
// exponent where that is short: 0.0312, 2016, 16,913, 1.2e-12. Whole numbers
// below 1e9 keep every digit. NaN is "–".
func Number(x float64) string {
	size := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 0):
		return strings.Replace(strconv.FormatFloat(x, 'g', -1, 64), "Inf", "∞", 1)
	case x == 0:
		return "0"
	case size < 1e9 && x == math.Trunc(x):
		return whole(int64(x))
	case size >= 1e9 || size < 1e-4:
		return scientific(x, 2)
	case size >= 1000:
		return whole(int64(math.Round(x)))
	}
	digits := 3 - int(math.Floor(math.Log10(size)))
	return trimZeros(strconv.FormatFloat(x, 'f', digits, 64))
}

func scientific(x float64, digits int) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', digits, 64), "e")
	sign := strings.TrimLeft(exponent[:1], "+")
	return trimZeros(mantissa) + "e" + sign + strings.TrimLeft(exponent[1:], "0+-")
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// whole writes commas from 10,000 on: what looks like a year stays one.
func whole(n int64) string {
	if n > -10000 && n < 10000 {
		return strconv.FormatInt(n, 10)
	}
	return Count(n)
}

// Count writes how many there are of something, with commas: 4,210.
func Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Share writes a fraction as a percentage: 0%, <0.1%, 3.2%, 31%, 100%. Only
// exactly nothing is 0% and only exactly all is 100%.
func Share(x float64) string {
	switch percent := 100 * x; {
	case math.IsNaN(x):
		return "–"
	case x == 0 || x == 1 || math.Abs(percent) >= 1000:
		return Number(math.Round(percent)) + "%"
	case percent > 0 && percent < 0.1:
		return "<0.1%"
	case percent > 99.9 && percent < 100:
		return ">99.9%"
	case math.Abs(percent) < 9.95 || percent > 99:
		return trimZeros(strconv.FormatFloat(percent, 'f', 1, 64)) + "%"
	default:
		return strconv.FormatFloat(percent, 'f', 0, 64) + "%"
	}
}

// P writes a p-value: 0.034, 2.1e-8, < 1e-240.
func P(p float64) string {
	switch {
	case math.IsNaN(p):
		return "–"
	case p < 1e-240:
		return "< 1e-240"
	case p < 0.001:
		return scientific(p, 1)
	}
	return trimZeros(strconv.FormatFloat(p, 'f', 3, 64))
}

// Value writes the value of a metric: a percentage for a metric that is a
// ratio by its name, else a number.
func Value(metric string, x float64) string {
	if strings.HasSuffix(metric, "_ratio") || strings.HasSuffix(metric, "_coverage") {
		return Share(x)
	}
	return Number(x)
}

// Plural is "1 row" or "16,913 rows".
func Plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// Bytes writes a size: 812 B, 1.4 MB.
func Bytes(n int64) string {
	size, unit := float64(n), "B"
	for _, next := range []string{"kB", "MB", "GB", "TB"} {
		if size < 999.5 {
			break
		}
		size, unit = size/1000, next
	}
	if unit == "B" || size >= 99.5 {
		return strconv.FormatFloat(size, 'f', 0, 64) + " " + unit
	}
	return trimZeros(strconv.FormatFloat(size, 'f', 1, 64)) + " " + unit
}

// Instant writes an RFC 3339 time in UTC the way people read it: "2 Jan 2017",
// with the time of day unless that is midnight. What is no time stays as it is.
func Instant(text string) string {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return Text(text)
	}
	return instant(t.UTC())
}

func instant(t time.Time) string {
	switch h, m, s := t.Clock(); {
	case h == 0 && m == 0 && s == 0:
		return t.Format("2 Jan 2006")
	case s == 0:
		return t.Format("2 Jan 2006 15:04")
	}
	return t.Format("2 Jan 2006 15:04:05")
}

// Span writes the interval [start, end) of RFC 3339 times: "2 Jan 2017" for
// that whole day, "Jan 2017" for the month, else "2 Jan 2017 – 1 Feb 2017"
// with the last day inside the interval.
func Span(start, end string) string {
	from, err := time.Parse(time.RFC3339Nano, start)
	until, err2 := time.Parse(time.RFC3339Nano, end)
	if err != nil || err2 != nil {
		return Text(start) + " – " + Text(end)
	}
	from, until = from.UTC(), until.UTC()
	if !midnight(from) || !midnight(until) || !until.After(from) {
		return instant(from) + " – " + instant(until)
	}
	last := until.AddDate(0, 0, -1)
	switch {
	case last.Equal(from):
		return instant(from)
	case from.Day() == 1 && until.Equal(from.AddDate(0, 1, 0)):
		return from.Format("Jan 2006")
	}
	return instant(from) + " – " + instant(last)
}

func midnight(t time.Time) bool {
	return t.Truncate(24 * time.Hour).Equal(t)
}

// Package words writes numbers and names for sentences that people read:
// findings, summaries. Machines get the numbers themselves.
package words

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Share writes a share 0..1 as a percentage with the digits that matter; only
// 0 and 1 themselves become 0% and 100%.
func Share(x float64) string {
	p := 100 * x
	format, digits := byte('f'), 2
	switch {
	case x == 0 || x == 1 || p >= 10 && p < 99.5:
		digits = 0
	case p >= 0.1 && p <= 99.9:
		digits = 1
	case p < 0.1:
		format, digits = 'g', 1
	}
	text := strconv.FormatFloat(p, format, digits, 64)
	if strings.ContainsRune(text, '.') {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	if text == "100" && x < 1 {
		text = "99.99"
	}
	return text + "%"
}

// FromTo tells how a share a/n became x/m: "rose from 2% to 34%".
func FromTo(a, n, x, m int64) string {
	before, after := float64(a)/float64(n), float64(x)/float64(m)
	verb := "rose"
	if after < before {
		verb = "fell"
	}
	return verb + " from " + Share(before) + " to " + Share(after)
}

// Number writes a value with three significant digits, thousands in full.
func Number(x float64) string {
	size := math.Abs(x)
	switch {
	case math.IsInf(x, -1):
		return "-∞"
	case math.IsInf(x, 1):
		return "∞"
	case x == 0:
		return "0"
	case size >= 1e12 || size < 1e-4:
		return strconv.FormatFloat(x, 'g', 3, 64)
	case size >= 999.5:
		return grouped(strconv.FormatFloat(x, 'f', 0, 64))
	}
	digits := 2 - int(math.Floor(math.Log10(size)))
	text := strconv.FormatFloat(x, 'f', max(digits, 0), 64)
	if strings.ContainsRune(text, '.') {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Digits is a number with all its digits, 1234567.5: what names a value.
func Digits(x float64) string {
	if size := math.Abs(x); x != 0 && (size < 1e-4 || size >= 1e15) {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strconv.FormatFloat(x+0, 'f', -1, 64)
}

// Count groups the digits of a number: 16,913.
func Count(n int64) string { return grouped(strconv.FormatInt(n, 10)) }

func grouped(digits string) string {
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Plural counts things: "1 column", "3 columns".
func Plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Count(n) + " " + what + "s"
}

// Are is the verb for so many: "is" or "are".
func Are(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// Quoted is a category for a sentence: as it is if it reads like a word or a
// number, in quotes otherwise, and never long.
func Quoted(name string) string {
	const most = 40
	if utf8.RuneCountInString(name) > most {
		name = string([]rune(name)[:most-1]) + "…"
	}
	odd := func(r rune) bool { return r <= ' ' || r == utf8.RuneError || strings.ContainsRune("\"'`,;", r) }
	if name == "" || strings.ContainsFunc(name, odd) {
		return strconv.Quote(name)
	}
	return name
}

// Union appends to lines those of others that are not among them.
func Union(lines, others []string) []string {
	for _, line := range others {
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

package quality

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"leeway/core/sketch"
	"leeway/core/stat"
)

// pairs lays the categories of both sides side by side.
func (c *column) pairs() (names []string, a, b []int64, exact bool) {
	if c.ref == nil {
		return sketch.Pair(nil, c.cur.Categories)
	}
	return sketch.Pair(c.ref.Categories, c.cur.Categories)
}

// groups counts equal values of both sides together by how often they occur;
// nil for kinds whose values are not kept.
func (c *column) groups() (groups stat.Groups, all int64) {
	groups = stat.Groups{}
	switch {
	case c.cur.Categories != nil && c.ref.Categories != nil:
		_, a, b, _ := c.pairs()
		for i := range a {
			groups[a[i]+b[i]]++
			all += a[i] + b[i]
		}
		return groups, all
	case c.cur.Numeric != nil && c.ref.Numeric != nil && c.cur.Numeric.Min == c.cur.Numeric.Max:
		x := c.cur.Numeric.Min
		ref := c.ref.Numeric.Grid
		same := ref.Count() - ref.CountBelow(x) - ref.CountAbove(x)
		groups[same+c.cur.Valid()]++
		return groups, ref.Count() + c.cur.Valid()
	}
	return nil, 0
}

// share writes a share as a percentage with the digits that matter.
func share(x float64) string {
	p := 100 * x
	switch {
	case x == 0 || x == 1:
		return strconv.FormatFloat(p, 'f', 0, 64) + "%"
	case p >= 10 && p < 99.5:
		return strconv.FormatFloat(p, 'f', 0, 64) + "%"
	case p >= 0.1 && p <= 99.9:
		return strconv.FormatFloat(p, 'f', 1, 64) + "%"
	case p < 0.1:
		return strconv.FormatFloat(p, 'g', 1, 64) + "%"
	}
	return strconv.FormatFloat(p, 'f', 2, 64) + "%"
}

func fromTo(a, n, x, m int64) string {
	before, after := float64(a)/float64(n), float64(x)/float64(m)
	verb := "rose"
	if after < before {
		verb = "fell"
	}
	return verb + " from " + share(before) + " to " + share(after)
}

// count groups the digits of a number: 16,913.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func number(x float64) string {
	switch {
	case math.IsInf(x, -1):
		return "no lower bound"
	case math.IsInf(x, 1):
		return "no upper bound"
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// quoted is a category for a sentence.
func quoted(name string) string {
	if utf8.RuneCountInString(name) > 40 {
		name = string([]rune(name)[:39]) + "…"
	}
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || strings.ContainsRune("\"'`,;", r) }) {
		return strconv.Quote(name)
	}
	return name
}

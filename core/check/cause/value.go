package cause

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"leeway/core/internal/words"
	"leeway/core/report"
)

// A value has taken over if its share rose by so much, and tenfold; if it rose
// by farMore, fourfold is enough.
const (
	tookOver = 0.05
	tenfold  = 10
	farMore  = 0.2
	fourfold = 4
	stuckBy  = 0.2
)

// sentinels are numbers that stand for "not known" in many systems.
var sentinels = []float64{
	0, -1, 99, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999, -99, -999, -9999, -99999, -999999,
	math.MaxInt8, math.MaxUint8, math.MinInt16, math.MaxInt16, math.MaxUint16, math.MinInt32, math.MaxInt32, math.MaxUint32, math.MaxInt64, math.MinInt64, -127, -2, 888, 8888, -888, -8888, 1e10, 9.96921e36, 1e20, 1e30, -1e30,
}

// placeholders are categories that stand for "not known", in lower case.
var placeholders = []string{
	"", "unknown", "unk", "undefined", "undef", "none", "null", "nil", "nan", "na", "n/a", "#n/a", "n.a.", "missing", "default", "unspecified",
	"not set", "not_set", "notset", "(not set)", "not available", "not specified", "not provided", "no value", "empty", "blank", "(none)", "(null)", "<null>", "?", "-", "--", "xx", "xxx", "tbd", "dummy", "test",
	"-1", "0", "99", "999", "9999", "-99", "-999", "-9999",
}

// rise is a value whose share of the rows rose the most.
type rise struct {
	name        string // as it is written
	before, now float64
	blank       bool // stands for "not known", or lies far from all values
	sentinel    bool // one of those that many systems have
	gap, left   float64
	agree       bool // without it, the two sides agree
	rest        bool // there are enough others to say so
	filled      bool // missing values became fewer by as much
}

func defaultValue(c *column) *found {
	r := c.risen()
	if r == nil || !r.agree && (r.before > 0 || !r.sentinel) {
		return nil
	}
	name := words.Quoted(r.name)
	w := &found{cause: report.Cause{Value: r.name, Explains: 1}, strange: !r.agree}
	grew := fmt.Sprintf("%s went from %s to %s of the values", name, words.Share(r.before), words.Share(r.now))
	w.short = "the default " + name + " took over"
	w.hint = fmt.Sprintf("Find out what fills %s in when the real value is not at hand, and have it left empty instead: then it counts as missing. Do not retrain on it.", c.title())
	switch {
	case r.filled && r.agree:
		w.missing = true
		w.message = fmt.Sprintf("%s: missing values are now filled with %s: rows without a value %s, and %s.", c.title(), name,
			words.FromTo(c.ref.Missing, c.ref.Rows, c.cur.Missing, c.cur.Rows), grew)
	case r.blank && r.tookOver():
		w.message = fmt.Sprintf("%s: the default %s has taken the place of real values: it %s of the values.", c.title(), name, rose(r))
	default:
		return nil
	}
	w.cause.Evidence = grew
	if w.missing {
		w.cause.Evidence += fmt.Sprintf(", as missing values fell from %s to %s of the rows", words.Share(c.ref2missing()), words.Share(c.cur2missing()))
	}
	switch {
	case w.strange:
		w.cause.Explains = r.now
		w.cause.Evidence += ", and the reference never had it; the others changed as well"
	case r.rest:
		w.cause.Evidence += "; leaving it out, " + fell(r.gap, r.left)
		w.cause.Explains = explained(r.gap, r.left)
	}
	return w
}

// tookOver tells whether the value rose by more than what things do by themselves.
func (r *rise) tookOver() bool {
	up := r.now - r.before
	return up >= tookOver && r.now >= tenfold*r.before || up >= farMore && r.now >= fourfold*r.before
}

func rose(r *rise) string {
	if r.before == 0 {
		return "is new and makes up " + words.Share(r.now)
	}
	return "rose from " + words.Share(r.before) + " to " + words.Share(r.now)
}

func (c *column) ref2missing() float64 { return float64(c.ref.Missing) / float64(c.ref.Rows) }
func (c *column) cur2missing() float64 { return float64(c.cur.Missing) / float64(c.cur.Rows) }

func stuckValue(c *column) *found {
	r := c.risen()
	if r == nil || r.filled || !r.agree || r.now < stuckBy {
		return nil
	}
	constant := r.now == 1
	distinct, _ := c.ref.DistinctCount()
	switch {
	case r.blank && (!constant || r.before*tenfold <= 1): // a default is the better word
		return nil
	case constant && (r.before > 0.5 || distinct < 5 || c.calendar()): // a part of the data can be like that
		return nil
	case !constant && (c.table != nil || r.now < tenfold*r.before):
		return nil
	}
	name := words.Quoted(r.name)
	w := &found{cause: report.Cause{Value: r.name, Explains: 1}, short: "stuck at " + name}
	w.hint = fmt.Sprintf("Check what measures or delivers %s: it repeats one value. Do not retrain on it.", c.title())
	if constant {
		w.message = fmt.Sprintf("%s is stuck: every row says %s, where the reference had %s different values.", c.title(), name, words.Count(int64(math.Round(distinct))))
		w.cause.Evidence = fmt.Sprintf("all %s values are %s, which was %s of the reference's", words.Count(c.cur.Valid()), name, words.Share(r.before))
		return w
	}
	w.message = fmt.Sprintf("%s is stuck at %s for part of the rows: that value %s of the values.", c.title(), name, rose(r))
	w.cause.Evidence = fmt.Sprintf("%s went from %s to %s of the values", name, words.Share(r.before), words.Share(r.now))
	if r.rest {
		w.cause.Evidence += "; leaving it out, " + fell(r.gap, r.left)
		w.cause.Explains = explained(r.gap, r.left)
	}
	return w
}

// calendar tells whether the column is called after a part of the calendar: a
// window lies in one year, season or month.
func (c *column) calendar() bool {
	return named(c.name, "year", "yr", "season", "quarter", "month", "mnth", "mon", "week", "weeknum", "day", "date", "dom", "doy", "weekday", "weekdays", "holiday", "period", "hour", "hr")
}

// named tells whether a name contains one of some words.
func named(name string, any ...string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if slices.Contains(any, word) {
			return true
		}
	}
	return false
}

// risen finds the value whose share rose most, and what is left without it; nil
// if none rose by much.
func (c *column) risen() *rise {
	var r *rise
	switch {
	case c.a.n >= enough && c.b.n >= enough:
		r = c.risenNumber()
	case c.table != nil && c.table.n >= enough && c.table.m >= enough:
		r = c.risenCategory()
	}
	if r != nil {
		c.fill(r)
	}
	return r
}

func (c *column) risenNumber() *rise {
	at, most := -1, 0.0
	for i, x := range c.b.values {
		now := float64(c.b.counts[i]) / float64(c.b.n)
		if now <= most {
			continue
		}
		if up := now - float64(c.a.of(x))/float64(c.a.n); up > most {
			at, most = i, up
		}
	}
	if at < 0 || most < 0.01 || c.b.counts[at] < 20 {
		return nil
	}
	x := c.b.values[at]
	r := &rise{before: float64(c.a.of(x)) / float64(c.a.n), now: float64(c.b.counts[at]) / float64(c.b.n)}
	value := c.b.named(x)
	r.name = strconv.FormatFloat(value, 'f', -1, 64)
	r.sentinel = slices.Contains(sentinels, value)
	r.blank = r.sentinel || c.beyond(x) && r.now < 1 || c.imputed(x)
	if slid(c.a, c.b) {
		return nil
	}
	other := func(y float64) bool { return y != x }
	a, b := c.a.only(other), c.b.only(other)
	r.gap, r.agree = gap(c.a, c.b, 0), true
	if a.n >= enough && b.n >= enough {
		r.rest, r.left = true, gap(a, b, 0)
		r.agree = undone(r.gap, r.left, a.n, b.n)
	} else if r.now < 0.9 {
		r.agree = false
	}
	return r
}

// named is the value that a cell stands for: the sentinel in it, if there is
// one, else the roundest number.
func (s sample) named(x float64) float64 {
	if s.width == 0 {
		return x
	}
	within := func(y float64) bool { return math.Abs(y-x) <= s.width*math.Abs(x) }
	if at := slices.IndexFunc(sentinels, within); at >= 0 {
		return sentinels[at]
	}
	for digits := 1; digits < 17; digits++ {
		if y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64); err == nil && within(y) {
			return y
		}
	}
	return x
}

// beyond tells whether a number lies far outside of all that there was.
func (c *column) beyond(x float64) bool {
	reach := float64((c.a.quantile(0.95) - c.a.quantile(0.05)) / 2)
	return x < c.ref.Numeric.Min-reach || x > c.ref.Numeric.Max+reach
}

// imputed tells whether a value is the reference's mean.
func (c *column) imputed(x float64) bool {
	near := func(y float64) bool { return math.Abs(x-y) <= max(1e-6, c.b.width)*math.Abs(y) }
	return c.b.width == 0 && x != math.Round(x) && near(c.ref.Numeric.Mean())
}

func (c *column) risenCategory() *rise {
	t := c.table
	at, most := -1, 0.0
	for i := range t.names {
		if up := t.after(i) - t.before(i); up > most {
			at, most = i, up
		}
	}
	if at < 0 || most < 0.01 || t.b[at] < 20 {
		return nil
	}
	r := &rise{name: t.names[at], before: t.before(at), now: t.after(at), gap: t.gap(), agree: true}
	r.sentinel = slices.Contains(placeholders, strings.ToLower(strings.TrimSpace(r.name)))
	r.blank = r.sentinel
	rest := t.without(func(i int) bool { return i == at })
	if rest.n >= enough && rest.m >= enough && len(rest.names) > 1 {
		r.rest, r.left = true, rest.gap()
		r.agree = rest.undone(r.gap)
	} else if r.now < 0.9 {
		r.agree = len(rest.names) == 1
	}
	return r
}

// fill tells whether the value rose because missing values are filled with it:
// they fell to less than a third, by as many rows as it rose.
func (c *column) fill(r *rise) {
	before, now := c.ref2missing(), c.cur2missing()
	fell := before - now
	if fell < 0.01 || now > before/3 {
		return
	}
	rose := r.now*float64(c.cur.Valid())/float64(c.cur.Rows) - r.before*float64(c.ref.Valid())/float64(c.ref.Rows)
	sway := func(p float64) float64 {
		return math.Sqrt(p * (1 - p) * (1/float64(c.ref.Rows) + 1/float64(c.cur.Rows)))
	}
	off := float64(3*sway(before)) + float64(3*sway(r.before)) + float64(0.1*fell)
	expected := before*float64(c.cur.Rows) >= 20
	r.filled = expected && math.Abs(rose-fell) <= off
}

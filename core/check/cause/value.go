package cause

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/core/internal/words"
	"leeway/core/report"
	"leeway/core/schema"
)

// A value has taken over if its share rose by so much, and tenfold; if it rose
// by farMore, fourfold is enough.
const (
	tookOver  = 0.05
	tenfold   = 10
	farMore   = 0.2
	fourfold  = 4
	stuckBy   = 0.2
	seldom    = 0.03
	nearlyOne = 0.85 // of the change is this value's: then it may have been there before
	seen      = 0.02 // a number that no ordinary change looks like has only to be seen
	written   = 0.04 // a word is sooner one that some have
	grouped   = 0.25 // what a group of rows may be
)

// sentinels are numbers that stand for "not known" in many systems.
var sentinels = []float64{
	0, -1, 99, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999, -99, -999, -9999, -99999, -999999,
	math.MaxInt8, math.MaxUint8, math.MinInt16, math.MaxInt16, math.MaxUint16, math.MinInt32, math.MaxInt32, math.MaxUint32, math.MaxInt64, math.MinInt64, -127, 888, 8888, -888, -8888, 1e10, 9.96921e36, 1e20, 1e30, -1e30,
}

// placeholders are categories that stand for "not known", in lower case.
var placeholders = []string{
	"", "unknown", "unk", "undefined", "undef", "none", "null", "nil", "nan", "na", "n/a", "#n/a", "n.a.", "missing", "default", "unspecified",
	"not set", "not_set", "notset", "(not set)", "not available", "not specified", "not provided", "no value", "empty", "blank", "(none)", "(null)", "<null>", "?", "-", "--", "xx", "xxx", "tbd", "dummy", "test",
	"-1", "0", "99", "999", "9999", "-99", "-999", "-9999",
}

func defaultValue(c *column) (strange *found) {
	for _, r := range c.risen() {
		w := c.defaulted(r)
		if w == nil {
			continue
		}
		if !w.strange {
			return w
		}
		if strange == nil {
			strange = w
		}
	}
	return strange
}

// defaulted tells that a value which rose is a default.
func (c *column) defaulted(r *rise) *found {
	if !r.filled && (c.capped(r) || !r.blank || !r.tookOver() && !r.certain() && !r.doubled()) {
		return nil
	}
	w := &found{cause: report.Cause{Value: r.name, Explains: 1, Evidence: r.evidence()}, missing: r.filled, strange: !r.mostly()}
	if w.strange && !r.foreign() || !r.filled && !r.outside && !r.odd && r.common() || c.ordinary(r) {
		return nil
	}
	w.aside = r.rest && r.explains() < 0.5
	w.likely = !r.filled && !r.outside && !r.odd && (r.drifted || !r.sentinel || !r.tookOver()) || r.filled && r.unsure || c.weekday(r)
	name := words.Quoted(r.name)
	w.short = "the default " + name + " took over"
	w.hint = fmt.Sprintf("Find out what fills %s in when the real value is not at hand, and have it left empty instead: then it counts as missing. Do not retrain on it.", c.title())
	if r.filled {
		w.message = fmt.Sprintf("%s: missing values are now filled with %s: rows without a value %s, and %s.", c.title(), name,
			words.FromTo(c.ref.Missing, c.ref.Rows, c.cur.Missing, c.cur.Rows), r.evidence())
		w.cause.Evidence += fmt.Sprintf("; missing values fell from %s to %s of the rows", words.Share(c.ref2missing()), words.Share(c.cur2missing()))
	} else {
		w.message = fmt.Sprintf("%s: the default %s has taken the place of real values: it %s of the values.", c.title(), name, rose(r))
	}
	if r.rest {
		w.cause.Explains = r.explains()
	}
	w.cause.Evidence += r.others()
	if c.weekday(r) {
		w.cause.Evidence += "; the reference is of other hours of the week, which may differ by themselves"
	}
	return w
}

// ordinary tells that the value may have risen by itself: days of the week differ, and
// other columns moved with them; of a flag that was always 1, rows may be 0; or chance
// alone may move the others as far as this value rose.
func (c *column) ordinary(r *rise) bool {
	switch {
	case !r.usual || r.filled:
		return false
	case r.flag || c.weekday(r) && len(c.changed) > 2:
		return true
	}
	return !r.category && r.rest && float64(r.chance) > r.now-r.before
}

// capped tells that the value is the bound of a clipped column: it is the largest
// (smallest) one, and what lay beyond it is gone. No default takes just the place
// of what is beyond it.
func (c *column) capped(r *rise) bool {
	if c.a.n < enough || c.b.n < enough || r.now == 1 || r.typical != "" && r.filled {
		return false
	}
	beyond := 0.0
	if r.at == c.b.most() {
		beyond = 1 - c.a.share(r.at)
	}
	if r.at == c.b.least() {
		beyond = max(beyond, float64(c.a.below(r.at))/float64(c.a.n))
	}
	return float64(4*beyond) >= r.now-r.before && beyond*float64(c.b.n) >= 20
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
	if c.contract.Kind == schema.Text || c.contract.Role == schema.ID {
		return stuckText(c)
	}
	risen := c.risen()
	if len(risen) == 0 {
		return nil
	}
	r := risen[0]
	if r.filled || !r.mostly() || r.now < stuckBy || c.capped(r) {
		return nil
	}
	constant := r.now == 1
	distinct, _ := c.ref.DistinctCount()
	switch {
	case r.blank && (!constant || r.before*tenfold <= 1): // a default is the better word
		return nil
	case constant && (r.before > 0.5 || distinct < 5 || c.calendar()): // a part of the data can be like that
		return nil
	case !constant && c.weekday(r) && len(c.changed) > 2:
		return nil
	case !constant && (c.table != nil || r.now < tenfold*r.before || r.now < fourfold*c.a.part(c.a.mode()) || r.common()):
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
	w.likely = true
	w.message = fmt.Sprintf("%s is stuck at %s for part of the rows: that value %s of the values.", c.title(), name, rose(r))
	if r.rest {
		w.cause.Explains = r.explains()
	}
	w.cause.Evidence = r.evidence() + r.others()
	return w
}

// stuckText is as stuckValue for texts, of which no single ones are known: not what it
// is, and only how often the reference had it at most.
func stuckText(c *column) *found {
	distinct, _ := c.ref.DistinctCount()
	now, exact := c.cur.DistinctCount()
	n := c.ref.Valid()
	before := (float64(n) - distinct + 1) / float64(n)
	if n < enough || c.cur.Valid() < enough || now != 1 || !exact || !(distinct >= 5) || before > 0.5 || c.calendar() {
		return nil
	}
	return &found{
		short: "stuck at one value",
		hint:  fmt.Sprintf("Look at a row to see what fills %s: a default, a constant in the code, a template without its values. Do not retrain on it.", c.title()),
		message: fmt.Sprintf("%s is stuck: every row has the same value, where the reference had %s different ones.",
			c.title(), words.Count(int64(math.Round(distinct)))),
		cause: report.Cause{Explains: 1, Evidence: fmt.Sprintf("all %s values are one, which was %s of the reference's at most",
			words.Count(c.cur.Valid()), words.Share(max(before, 0)))},
	}
}

// calendar tells whether the column is called after a part of the calendar: a
// window lies in one year, season or month, and another one in the next.
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

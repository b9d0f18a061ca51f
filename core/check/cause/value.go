package cause

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"leeway/core/internal/words"
	"leeway/core/report"
	"leeway/core/schema"
)

// A value has taken over if its share rose by so much, and tenfold; if it rose
// by farMore, fourfold is enough.
const (
	tookOver = 0.05
	tenfold  = 10
	farMore  = 0.2
	fourfold = 4
	stuckBy  = 0.2
	seldom   = 0.03
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

// rise is a value whose share of the rows rose the most.
type rise struct {
	name        string  // as it is written
	at          float64 // of numbers: as it is kept
	before, now float64
	sentinel    bool   // one of those that stand for "not known" in many systems
	outside     bool   // lies where the reference has no values at all
	typical     string // what it is to the reference, "median" or "mean"; empty: neither
	blank       bool   // stands for "not known" for one of these reasons
	alone       bool   // the values next to it did not rise with it
	left        float64
	drifted     bool // the others changed by more than chance
	rest        bool // there are enough others to say so
	filled      bool // missing values became fewer by as much
}

// explains is the share of the change that is this value's.
func (r *rise) explains() float64 { return explainsOf(r.now-r.before, r.left) }

// mostly tells that the value is most of the change, and no part of a wider one:
// the others are as before, or have drifted by less, and hardly ever were it.
func (r *rise) mostly() bool {
	switch {
	case !r.rest:
		return r.now >= 0.9
	case !r.drifted:
		return r.alone && r.left <= r.now-r.before
	}
	return r.alone && r.explains() >= 0.5 && r.left <= 1./3 && r.before <= seldom
}

// evidence is what speaks for it.
func (r *rise) evidence() string {
	text := fmt.Sprintf("%s went from %s to %s of the values", words.Quoted(r.name), words.Share(r.before), words.Share(r.now))
	if r.typical != "" {
		text += ", and is the reference's " + r.typical
	}
	return text
}

// others is what became of the rest.
func (r *rise) others() string {
	switch {
	case !r.rest:
		return ""
	case r.drifted:
		return fmt.Sprintf("; leaving it out, a gap of %s of the values is left between the two distributions: more than chance leaves, so the column drifted besides", words.Share(r.left))
	}
	return fmt.Sprintf("; leaving it out, the two distributions agree: the widest gap between them is %s of the values", words.Share(r.left))
}

func defaultValue(c *column) *found {
	r := c.risen()
	if r == nil || !r.filled && c.capped(r) {
		return nil
	}
	w := &found{cause: report.Cause{Value: r.name, Explains: 1, Evidence: r.evidence()}, missing: r.filled, strange: !r.mostly()}
	if w.strange && !(r.before == 0 && r.sentinel && r.outside && r.alone) {
		return nil
	}
	name := words.Quoted(r.name)
	w.short = "the default " + name + " took over"
	w.hint = fmt.Sprintf("Find out what fills %s in when the real value is not at hand, and have it left empty instead: then it counts as missing. Do not retrain on it.", c.title())
	switch {
	case r.filled:
		w.message = fmt.Sprintf("%s: missing values are now filled with %s: rows without a value %s, and %s.", c.title(), name,
			words.FromTo(c.ref.Missing, c.ref.Rows, c.cur.Missing, c.cur.Rows), r.evidence())
		w.cause.Evidence += fmt.Sprintf("; missing values fell from %s to %s of the rows", words.Share(c.ref2missing()), words.Share(c.cur2missing()))
	case r.blank && r.tookOver():
		w.message = fmt.Sprintf("%s: the default %s has taken the place of real values: it %s of the values.", c.title(), name, rose(r))
	default:
		return nil
	}
	if r.rest {
		w.cause.Explains = r.explains()
	}
	w.cause.Evidence += r.others()
	return w
}

// capped tells that the value is the bound of a clipped column: it is the largest
// (smallest) one, and what lay beyond it is gone. No default takes just the place
// of what is beyond it.
func (c *column) capped(r *rise) bool {
	if c.a.n < enough || c.b.n < enough || r.now == 1 || r.at != c.b.most() && r.at != c.b.least() {
		return false
	}
	w := clipped(c)
	return w != nil && *w.cause.Bound == r.at
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
	if c.contract.Kind == schema.Text || c.contract.Role == schema.ID {
		return stuckText(c)
	}
	r := c.risen()
	if r == nil || r.filled || !r.mostly() || r.now < stuckBy || c.capped(r) {
		return nil
	}
	constant := r.now == 1
	distinct, _ := c.ref.DistinctCount()
	switch {
	case r.blank && (!constant || r.before*tenfold <= 1): // a default is the better word
		return nil
	case constant && (r.before > 0.5 || distinct < 5 || c.calendar()): // a part of the data can be like that
		return nil
	case !constant && (c.table != nil || r.now < tenfold*r.before || r.now < fourfold*c.a.part(c.a.mode())):
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
		if up := now - c.a.part(x); up > most {
			at, most = i, up
		}
	}
	if at < 0 || most < 0.01 || c.b.counts[at] < 20 || slid(c.a, c.b) {
		return nil
	}
	x := c.b.values[at]
	value := c.b.named(x)
	r := &rise{
		name: strconv.FormatFloat(value, 'f', -1, 64), at: x,
		before: c.a.part(x), now: c.b.part(x),
		sentinel: slices.Contains(sentinels, value), outside: c.beyond(x), typical: c.typicalOf(x),
		alone: c.alone(x, most),
	}
	r.blank = r.sentinel || (r.outside || r.typical != "") && r.now < 1
	other := func(y float64) bool { return y != x }
	if a, b := c.a.only(other), c.b.only(other); a.n >= enough && b.n >= enough {
		r.rest, r.left = true, gap(a, b, 0)
		r.drifted = r.left > noise(a.n, b.n)
	}
	return r
}

// alone tells that a value stands out: the nearest other ones, which a change of
// all values would have moved with it, rose by less than a third as much.
func (c *column) alone(x, rose float64) bool {
	for _, s := range []sample{c.a, c.b} {
		at := sort.SearchFloat64s(s.values, x)
		for i := max(at-2, 0); i < min(at+3, len(s.values)); i++ {
			if y := s.values[i]; y != x && c.b.part(y)-c.a.part(y) > rose/3 {
				return false
			}
		}
	}
	return true
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

// beyond tells whether a number lies far outside of all that there was, or is
// the first with its sign.
func (c *column) beyond(x float64) bool {
	if x < 0 && c.a.least() >= 0 {
		return true
	}
	reach := float64((c.a.quantile(0.95) - c.a.quantile(0.05)) / 2)
	if reach == 0 {
		reach = (c.a.most() - c.a.least()) / 2
	}
	return len(c.a.values) >= 10 && (x < c.ref.Numeric.Min-reach || x > c.ref.Numeric.Max+reach)
}

// typicalOf tells whether a value is the reference's median or mean, which is
// what missing values are filled with: exactly, or the mean to what one sample
// tells of it. It has to be known to the digit, in a column of many values.
func (c *column) typicalOf(x float64) string {
	n := c.ref.Numeric
	if c.a.width > 0 || c.b.width > 0 || len(c.a.values) < enough {
		return ""
	}
	mean := n.Mean()
	off := min(2*n.Std()/math.Sqrt(float64(c.a.n)), 0.03*c.a.middle())
	switch {
	case x == c.a.quantile(0.5):
		return "median"
	case math.Abs(x-mean) <= 1e-6*math.Abs(mean):
		return "mean"
	case math.Abs(x-mean) <= off:
		return "mean, to the digits that a sample tells"
	}
	return ""
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
	r := &rise{name: t.names[at], before: t.before(at), now: t.after(at), alone: true, outside: t.fresh(at)}
	r.sentinel = slices.Contains(placeholders, strings.ToLower(plainNumber(strings.TrimSpace(r.name))))
	if _, err := strconv.ParseFloat(r.name, 64); err == nil && r.now == 1 && (t.rich() < 5 || c.calendar()) {
		r.sentinel = false // of a few codes, all can be 0
	}
	r.blank = r.sentinel
	rest := t.without(func(i int) bool { return i == at })
	if rest.n >= enough && rest.m >= enough {
		r.rest, r.left = true, rest.gap()
		r.drifted = rest.chance() < 0.01
	}
	return r
}

// fill tells whether the value rose because missing values are filled with it:
// they fell to less than a third, by as many rows as it rose, or about as many if
// it is the reference's mean or median.
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
	if r.typical != "" { // which is proof enough, if about as many are missing as before
		off = max(off, fell/2)
	}
	expected := before*float64(c.cur.Rows) >= 20
	r.filled = expected && math.Abs(rose-fell) <= off
}

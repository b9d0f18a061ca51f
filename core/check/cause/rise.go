package cause

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"leeway/core/internal/words"
)

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
	category    bool
	usual       bool    // is a number that the column may have by itself
	flag        bool    // is 0, where all others are 1
	rich        bool    // there are several others on both sides
	odd         bool    // is the mean, and between the steps that the reference's values lie on
	precise     bool    // is the mean to the last digit, and of the reference's values one in a thousand at most
	few         bool    // of numbers outside: there are hardly any others there; of categories: it is a word
	chance      float64 // what chance leaves of a gap between the others
	left        float64
	drifted     bool // the others changed by more than chance
	rest        bool // there are enough others to say so
	filled      bool // missing values became fewer by as much
	unsure      bool // all values may have become more frequent alike
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
	return r.alone && (r.explains() >= 0.5 || r.precise && r.tookOver()) && r.left <= 1./3 && (r.before <= seldom || r.explains() >= nearlyOne && r.tookOver())
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

// tookOver tells whether the value rose by more than what things do by themselves.
func (r *rise) tookOver() bool {
	up := r.now - r.before
	return up >= tookOver && r.now >= tenfold*r.before || up >= farMore && r.now >= fourfold*r.before
}

// foreign tells that the value is one for "not known" that the reference cannot
// have had: whatever else changed, the values out of range or unseen are it.
func (r *rise) foreign() bool {
	return r.before == 0 && r.sentinel && r.outside && r.alone && (!r.category || !r.rest || r.left <= 0.5)
}

// certain tells that nothing else looks like it: few rows are enough.
func (r *rise) certain() bool {
	least := seen
	if r.category {
		least = written
	}
	return r.foreign() && r.few && r.now >= least
}

// doubled tells that nothing changed but the share of this value, which grew to 2.5
// times what it was.
func (r *rise) doubled() bool {
	up := r.now - r.before
	return r.rich && !r.drifted && up >= tookOver && r.before <= 0.15 && r.now >= 2.5*r.before && float64(2*r.chance) <= up
}

// common tells that a group of rows that is like this by itself, as all guests of one
// tour book on one day for one price, may be as large: no more than chance may be left
// of a rise by less than a quarter.
func (r *rise) common() bool {
	up := r.now - r.before
	return !r.sentinel && !r.precise && r.now < 1 && up < grouped && (r.drifted || float64(3*r.chance) > up)
}

// several is how many different values it takes to say that they are as before.
const several = 5

// candidates is how many values that rose are looked at: a season moves some as well.
const candidates = 5

// risen lists the values whose share rose by much, those that rose most first,
// with what is left without each.
func (c *column) risen() []*rise {
	var all []*rise
	switch {
	case c.a.n >= enough && c.b.n >= enough:
		all = c.risenNumbers()
	case c.table != nil && c.table.n >= enough && c.table.m >= enough:
		all = c.risenCategories()
	}
	for _, r := range all {
		c.fill(r)
	}
	return all
}

func (c *column) risenNumbers() (all []*rise) {
	type one struct {
		at int
		up float64
	}
	var risen []one
	last := len(c.b.values) - 1
	for i, x := range c.b.values {
		if now := float64(c.b.counts[i]) / float64(c.b.n); now >= 0.01 && c.b.counts[i] >= 20 {
			if up := now - c.a.part(x); up >= 0.01 {
				risen = append(risen, one{i, up})
			}
		}
	}
	if len(risen) == 0 {
		return nil
	}
	slid := slid(c.a, c.b)
	slices.SortStableFunc(risen, func(x, y one) int { return cmp.Compare(y.up, x.up) })
	for k, r := range risen {
		if x := c.b.values[r.at]; k < candidates || r.at == 0 || r.at == last || slices.Contains(sentinels, x) {
			if one := c.riseOf(x, r.up); !slid || one.certain() && c.far(x) {
				all = append(all, one)
			}
		}
	}
	return all
}

func (c *column) riseOf(x, up float64) *rise {
	value := c.b.named(x)
	r := &rise{
		name: strconv.FormatFloat(value, 'f', -1, 64), at: x,
		before: c.a.part(x), now: c.b.part(x),
		sentinel: slices.Contains(sentinels, value), outside: c.beyond(x), typical: c.typicalOf(x),
		few: c.deserted(x),
	}
	r.alone = r.few && c.far(x) || c.alone(x, up)
	step := c.stepped()[0]
	r.odd = strings.HasPrefix(r.typical, "mean") && r.before == 0 && step > 0 && !multiple(x, step, 1e-6)
	r.precise = strings.HasPrefix(r.typical, "mean") && step > 0 && math.Abs(value-c.ref.Numeric.Mean()) <= float64(0.501*step) && r.before <= 0.001
	r.blank = r.sentinel || (r.outside || r.typical != "") && r.now < 1
	r.usual = !r.outside
	r.flag = value == 0 && c.a.of(0)+c.a.of(1) == c.a.n && c.b.of(0)+c.b.of(1) == c.b.n
	other := func(y float64) bool { return y != x }
	if a, b := c.a.only(other), c.b.only(other); a.n >= enough && b.n >= enough {
		r.rest, r.left, r.chance = true, gap(a, b, 0), noise(a.n, b.n)
		r.rich = min(len(a.values), len(b.values)) >= several
		r.drifted = r.left > r.chance
	}
	return r
}

// deserted tells that the current side has hardly any other values about x or beyond,
// seen from all that the reference had.
func (c *column) deserted(x float64) bool {
	low, high := c.ref.Numeric.Min, c.ref.Numeric.Max
	beyond := c.b.n - c.b.below((x+high)/2)
	if x < low {
		beyond = c.b.below((x + low) / 2)
	}
	return 6*c.b.of(x) >= 5*beyond
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
	return x < 0 && c.a.least() >= 0 || c.far(x)
}

// far tells whether a number lies outside of all that there was by half of what that
// spans.
func (c *column) far(x float64) bool {
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

func (c *column) risenCategories() (all []*rise) {
	t := c.table
	up := func(i int) float64 { return t.after(i) - t.before(i) }
	risen := t.where(func(i int) bool { return up(i) >= 0.01 && t.b[i] >= 20 })
	slices.SortStableFunc(risen, func(i, j int) int { return cmp.Compare(up(j), up(i)) })
	for k, at := range risen {
		if r := c.riseOfCategory(at); k < candidates || r.sentinel {
			all = append(all, r)
		}
	}
	return all
}

func (c *column) riseOfCategory(at int) *rise {
	t := c.table
	r := &rise{name: t.names[at], before: t.before(at), now: t.after(at), alone: true, outside: t.fresh(at), category: true}
	r.sentinel = slices.Contains(placeholders, strings.ToLower(plainNumber(strings.TrimSpace(r.name))))
	_, err := strconv.ParseFloat(r.name, 64)
	if err == nil && (r.now == 1 && t.rich() < several || c.calendar()) {
		r.sentinel = false // of a few codes, all can be 0
	}
	r.blank, r.few, r.usual = r.sentinel, err != nil, err == nil && (r.before > 0 || plainNumber(r.name) == "0")
	rest := t.without(func(i int) bool { return i == at })
	r.flag = plainNumber(r.name) == "0" && len(rest.names) == 1 && plainNumber(rest.names[0]) == "1"
	if rest.n >= enough && rest.m >= enough {
		r.rest, r.left = true, rest.gap()
		r.drifted = rest.chance() < 0.01
		r.chance, r.rich = r.left, rest.rich() >= several
	}
	return r
}

// fill tells whether the value rose because missing values are filled with it:
// they fell to less than a third, it rose by about as many rows, and not as if all values
// had become more frequent alike.
func (c *column) fill(r *rise) {
	before, now := c.ref2missing(), c.cur2missing()
	fell := before - now
	if fell < 0.01 || now > before/3 || before*float64(c.cur.Rows) < 20 {
		return
	}
	others := float64((1 - r.before) * (1 - before)) // shares of the rows
	more := float64((1-r.now)*(1-now)) - others
	short := float64(3*sway(others, c.ref.Rows, c.cur.Rows)) + float64(0.1*fell)
	long := float64(3*sway(before, c.ref.Rows, c.cur.Rows)) + float64(3*sway(r.before, c.ref.Rows, c.cur.Rows)) + float64(0.1*fell)
	if r.typical != "" { // which is proof enough, if about as many are missing as before
		short, long = max(short, fell/2), max(long, fell/2)
	}
	alike := (r.now - r.before) / sway(r.before, c.ref.Valid(), c.cur.Valid()) // standard deviations; infinite for a new value
	r.filled = alike > 2.5 && more <= min(short, float64((1-r.before)*fell/2)) && more >= -long
	r.unsure = alike < 4
}

// sway is the standard deviation of the difference between two samples' shares.
func sway(share float64, n, m int64) float64 {
	return math.Sqrt(share * (1 - share) * (1/float64(n) + 1/float64(m)))
}

package cause

import (
	"fmt"
	"math"

	"leeway/core/internal/words"
	"leeway/core/report"
	"leeway/core/schema"
)

// conversion is a change of unit: x becomes factor*x + offset.
type conversion struct {
	factor, offset float64
	up, down       string // what it may be, and what its inverse may be
}

// conversions are the changes of unit that data meet. Each is also looked for
// the other way round.
var conversions = []conversion{
	{100, 0, "dollars to cents, metres to centimetres, shares to percents", "cents to dollars, centimetres to metres, percents to shares"},
	{1000, 0, "seconds to milliseconds, kilograms to grams, kilometres to metres", "milliseconds to seconds, grams to kilograms, metres to kilometres"},
	{10, 0, "centimetres to millimetres", "millimetres to centimetres"},
	{1e4, 0, "shares to basis points, square metres to square centimetres", "basis points to shares, square centimetres to square metres"},
	{1e6, 0, "millions to ones, seconds to microseconds", "ones to millions, microseconds to seconds"},
	{1e9, 0, "seconds to nanoseconds, billions to ones", "nanoseconds to seconds, ones to billions"},
	{60, 0, "hours to minutes, minutes to seconds", "minutes to hours, seconds to minutes"},
	{3600, 0, "hours to seconds", "seconds to hours"},
	{24, 0, "days to hours", "hours to days"},
	{1440, 0, "days to minutes", "minutes to days"},
	{86400, 0, "days to seconds", "seconds to days"},
	{7, 0, "weeks to days", "days to weeks"},
	{12, 0, "years to months, feet to inches", "months to years, inches to feet"},
	{365.25, 0, "years to days", "days to years"},
	{8, 0, "bytes to bits", "bits to bytes"},
	{1024, 0, "kibibytes to bytes, mebibytes to kibibytes", "bytes to kibibytes, kibibytes to mebibytes"},
	{1 << 20, 0, "mebibytes to bytes", "bytes to mebibytes"},
	{1 << 30, 0, "gibibytes to bytes", "bytes to gibibytes"},
	{1.609344, 0, "miles to kilometres", "kilometres to miles"},
	{1609.344, 0, "miles to metres", "metres to miles"},
	{1.852, 0, "nautical miles to kilometres, knots to km/h", "kilometres to nautical miles, km/h to knots"},
	{2.2046226218, 0, "kilograms to pounds", "pounds to kilograms"},
	{453.59237, 0, "pounds to grams", "grams to pounds"},
	{28.349523125, 0, "ounces to grams", "grams to ounces"},
	{2.54, 0, "inches to centimetres", "centimetres to inches"},
	{25.4, 0, "inches to millimetres", "millimetres to inches"},
	{39.370078740, 0, "metres to inches", "inches to metres"},
	{30.48, 0, "feet to centimetres", "centimetres to feet"},
	{3.2808398950, 0, "metres to feet", "feet to metres"},
	{10.763910417, 0, "square metres to square feet", "square feet to square metres"},
	{3.785411784, 0, "gallons to litres", "litres to gallons"},
	{3.6, 0, "m/s to km/h, MJ to kWh the other way", "km/h to m/s, kWh to MJ the other way"},
	{2.2369362921, 0, "m/s to miles per hour", "miles per hour to m/s"},
	{4.184, 0, "calories to joules", "joules to calories"},
	{57.295779513, 0, "radians to degrees", "degrees to radians"},
	{14.503773773, 0, "bar to psi", "psi to bar"},
	{33.863886667, 0, "inches of mercury to hectopascals", "hectopascals to inches of mercury"},
	{1.3332236842, 0, "millimetres of mercury to hectopascals", "hectopascals to millimetres of mercury"},
	{1.8, 32, "°C to °F", "°F to °C"},
	{1, 273.15, "°C to kelvin", "kelvin to °C"},
}

func (v conversion) apply(x float64) float64 { return float64(v.factor*x) + v.offset }

func (v conversion) inverse() conversion {
	return conversion{factor: 1 / v.factor, offset: -v.offset / v.factor, up: v.down, down: v.up}
}

// size is the factor, or its inverse where that is larger.
func (v conversion) size() float64 { return max(v.factor, 1/v.factor) }

// fit is how well a conversion undoes a change.
type fit struct {
	conversion
	sides
	left, slack float64
	whole       func(float64) float64 // rounds what is converted to the current side's step; nil: nothing was lost
	proved      bool                  // the current values lie on the steps of the old unit, converted
	marked      bool                  // they are multiples of the factor, which those before were not
}

// sides are what a conversion is tried on.
type sides struct {
	a, b   sample
	before float64 // the gap between them
}

// enough is how many values it takes to speak of a distribution.
const enough = 30

// nearlyAll is the share of values that have to lie on a step, which a few that
// were entered otherwise must not hide.
const nearlyAll = 0.97

// elsewhere is the gap of what hardly a season moves so far: steps then prove a unit
// also where drift is the larger part of what is left.
const elsewhere = 0.9

// few is how many rows it takes to say that a value is there.
const few = 5

func unitChange(c *column) *found {
	if c.a.n < enough || c.b.n < enough {
		return nil
	}
	whole := sides{a: c.a, b: c.b, before: c.changedBy()}
	factors := whole
	if c.a.of(0)+c.b.of(0) > 0 { // zeros say nothing of a factor
		nonzero := func(x float64) bool { return x != 0 }
		factors = sides{a: c.a.only(nonzero), b: c.b.only(nonzero)}
	}
	if factors.a.n < enough || factors.b.n < enough || len(factors.a.values) < 3 || len(factors.b.values) < 3 {
		return nil
	}
	if factors.before == 0 {
		factors.before = gap(factors.a, factors.b, 0)
	}
	var best *fit
	for _, v := range conversions {
		on := &factors
		if v.offset != 0 {
			on = &whole
		}
		for _, one := range []conversion{v, v.inverse()} {
			f := c.fit(one, on)
			if f == nil {
				f = c.cut(one, &whole)
			}
			if f != nil && (best == nil || f.better(best)) {
				best = f
			}
		}
	}
	if best == nil {
		return nil
	}
	return c.unit(best)
}

// stepped is the steps between the values of both sides.
func (c *column) stepped() [2]float64 {
	if c.steps == nil {
		c.steps = &[2]float64{c.a.step(nearlyAll), c.b.step(nearlyAll)}
	}
	return *c.steps
}

// better compares what is left. Of two that leave about the same, the one that
// comes first in the table is the likelier. What lies on every 24th step lies on
// every 12th one too: of two that are proved, the larger says more. What marks
// the values is known whatever is left.
func (f *fit) better(than *fit) bool {
	limit := noise(f.a.n, f.b.n)
	switch {
	case f.marked != than.marked:
		return f.marked
	case f.proved != than.proved:
		return f.proved
	case f.proved && (f.left <= limit) == (than.left <= limit):
		return f.factor > than.factor
	}
	return f.left < than.left-max(limit/2, float64(0.1*than.left))
}

// fit tries a conversion; nil if it does not undo the change, or something else
// would do it as well.
func (c *column) fit(v conversion, on *sides) *fit {
	f := &fit{conversion: v, slack: c.rounding(v)}
	back := func(x float64) float64 { return (x - v.offset) / v.factor }
	most := float64(0.75 * on.before)
	if on.before < 0.1 || apart(on.a, on.b, back, f.slack, most) {
		return nil
	}
	f.marked = c.marked(v)
	if !f.marked && apart(on.a, on.b, back, f.slack, on.before/2) && (on.before < elsewhere || !c.lattice(v, on.b) && !c.restepped(v)) {
		return nil
	}
	f.sides = *on
	if f.left = f.gapOf(v); f.left > most {
		return nil
	}
	f.proved = f.steps(c.stepped()) || c.lattice(v, f.b) || c.percents(v)
	if f.left > on.before/2 && !f.marked && !(f.proved && on.before >= elsewhere) {
		return nil
	}
	if !f.sharp() || f.refuted(c.stepped()) || f.vague() {
		return nil
	}
	if f.left > on.before/2 && !f.marked && c.another(f.left) {
		return nil
	}
	return f
}

// percents tells that a score that filled 0 to 1 fills 0 to 100, or the other way round.
func (c *column) percents(v conversion) bool {
	if c.contract.Role != schema.Score || v.offset != 0 || v.factor != 100 && v.factor != 0.01 {
		return false
	}
	top := max(v.factor, 1) // of the current side
	fills := func(s sample, top float64) bool { return s.least() >= 0 && s.most() <= top && s.most() > top/2 }
	return fills(c.a, top/v.factor) && fills(c.b, top)
}

func (f *fit) gapOf(v conversion) float64 { return gap(f.convert(v), f.b, f.slack) }

// convert is what a conversion makes of the reference, in the current side's steps.
func (f *fit) convert(v conversion) sample {
	if f.whole == nil {
		return f.a.apply(v.apply)
	}
	return f.a.apply(func(x float64) float64 { return f.whole(v.apply(x)) })
}

// rounding is how far values may be off because one side was rounded in its
// unit, where that is little beside their spread.
func (c *column) rounding(v conversion) float64 {
	slack, steps := 0.0, c.stepped()
	for _, step := range []float64{v.factor * steps[0], steps[1]} {
		if half := float64(step / 2); half > 0 && slack+half <= float64(0.05*c.b.middle()) {
			slack += half
		}
	}
	return slack
}

// sharp tells whether the data can tell the conversion from others like it,
// which an ordinary change could have come to by chance: what these would change
// is more than twice what is left. Small factors must be sharp to one percent;
// no ordinary change is as large as the largest. Steps prove a conversion
// whatever else changed.
func (f *fit) sharp() bool {
	limit := max(noise(f.a.n, f.b.n), f.left)
	told := func(factor, offset, least float64) bool {
		other := conversion{factor: f.factor * factor, offset: f.offset + offset}
		return gap(f.convert(other), f.convert(f.conversion), f.slack) >= least
	}
	both := func(factor, least float64) bool { return told(factor, 0, least) && told(1/factor, 0, least) }
	size := f.size()
	switch {
	case f.proved:
		return true
	case f.offset != 0:
		little := max(math.Abs(f.offset)*0.02, 3*f.factor)
		return f.before >= 0.7 && limit <= 0.1 && told(1, little, 2*limit) && told(1, -little, 2*limit) && (f.factor == 1 || f.scaled(limit))
	case size >= 50:
		return both(1.6, 2*limit) || f.before >= 0.8 && both(math.Sqrt(math.Sqrt(size)), 2*limit)
	case size >= 5:
		return both(1.05, 2*limit)
	}
	return both(1.01, 2*limit)
}

// scaled tells that a shift alone does not undo the change.
func (f *fit) scaled(limit float64) bool {
	return f.gapOf(conversion{factor: 1, offset: f.b.quantile(0.5) - f.a.quantile(0.5)}) > limit
}

// went says how a typical value changed: the median, or the average where the
// median did not, as in a column that is mostly 0.
func (c *column) went() string {
	was, is, what := c.a.quantile(0.5), c.b.quantile(0.5), "median"
	if was == is {
		was, is, what = c.ref.Numeric.Mean(), c.cur.Numeric.Mean(), "average"
	}
	return fmt.Sprintf("the %s went from %s to %s", what, words.Number(was), words.Number(is))
}

func (c *column) unit(f *fit) *found {
	medians := c.went()
	w := &found{cause: report.Cause{Explains: explained(f.before, f.left)}}
	factor := short(f.factor)
	w.cause.Factor = &factor
	undo := "divided by " + digits(f.factor)
	switch {
	case f.offset != 0:
		offset := short(f.offset)
		w.cause.Offset = &offset
		undo = "converted back"
		w.message = fmt.Sprintf("%s arrives in another unit, as if from %s: %s.", c.title(), f.up, medians)
		w.short = "another unit, as if from " + f.up
		w.hint = fmt.Sprintf("Have the source send the old unit, or convert %s back where it is read. Do not retrain on it.", c.title())
	default:
		times := digits(f.factor) + " times"
		if f.factor < 1 {
			times = "1/" + digits(1/f.factor) + " of"
			undo = "multiplied by " + digits(1/f.factor)
		}
		w.message = fmt.Sprintf("%s arrives in another unit: its values are %s what they were (%s).", c.title(), times, medians)
		w.short = "another unit, " + times + " what it was"
		w.hint = fmt.Sprintf("It looks like %s. Have the source send the old unit, or convert %s back where it is read. Do not retrain on it.", f.up, c.title())
	}
	w.likely = f.whole != nil
	agree := "agree with the reference"
	rest := remains(f.left, f.a, f.b)
	if rest != "" {
		agree = "come close to the reference"
	}
	switch {
	case f.whole != nil:
		agree += ", rounded to " + wholes(c.stepped()[1])
	case f.left > f.before/2:
		agree = "lie on the steps of the reference"
		w.aside = true
	case f.proved:
		agree += " and lie on its steps"
	}
	w.cause.Evidence = fmt.Sprintf("%s; %s, the current values %s: %s%s", medians, undo, agree, fell(f.before, f.left), rest)
	return w
}

// short keeps twelve digits.
func short(x float64) float64 {
	return *limit(x)
}

// digits writes a factor as people know it.
func digits(x float64) string {
	if x == math.Round(x) {
		return words.Count(int64(x))
	}
	return fmt.Sprintf("%.6g", x)
}

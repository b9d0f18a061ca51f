package drift

import (
	"fmt"
	"math"

	"leeway/core/internal/words"
	"leeway/core/schema"
	"leeway/core/stat"
)

// subject names the column as people think of it.
func (s *sides) subject() string {
	name := "`" + s.column.Name + "`"
	switch s.column.Role {
	case schema.Prediction:
		return "The model's predictions (" + name + ")"
	case schema.Score:
		return "The model's scores (" + name + ")"
	case schema.Label:
		return "The labels (" + name + ")"
	}
	return name
}

// message is the change in one sentence, with numbers before and after.
func (s *sides) message(c stat.Change) string {
	if s.pair == nil {
		return s.subject() + " changed: " + s.category()
	}
	switch c.By {
	case "level":
		if text := s.level(); text != "" {
			return s.subject() + text
		}
	case "spread", "tails":
		if text := s.spread(); text != "" {
			return s.subject() + text
		}
	case "value":
		return s.subject() + " changed: " + s.value(c.At)
	}
	return s.subject() + " changed shape: " + s.interval()
}

// level tells a shift by the median, or by a mean when the median stayed.
func (s *sides) level() string {
	a, b := s.ref.Numeric.Quantile(0.5), s.cur.Numeric.Quantile(0.5)
	what := "the typical (median) value"
	if words.Number(a) == words.Number(b) {
		a, b = s.ref.Numeric.Mean(), s.cur.Numeric.Mean()
		what = "the average"
	}
	if words.Number(a) == words.Number(b) || math.IsNaN(a) || math.IsNaN(b) {
		return ""
	}
	verb, shift := "rose", " shifted up: "
	if b < a {
		verb, shift = "fell", " shifted down: "
	}
	return fmt.Sprintf("%s%s %s from %s to %s.", shift, what, verb, words.Number(a), words.Number(b))
}

// parts are parts of the values, between two quantiles, from the middle outwards.
var parts = []struct {
	q    float64 // and 1-q
	what string
}{{0.25, "the middle half of the values"}, {0.05, "nine in ten values"}, {0.005, "99 in a hundred values"}}

// wider is by which share a width has to change to be told of first.
const wider = 0.05

// spread tells a change of width by the first part whose width changed by some
// percent, else by the first that changed at all.
func (s *sides) spread() string {
	told := ""
	for _, part := range parts {
		a, b := s.ref.Numeric, s.cur.Numeric
		a1, a2 := a.Quantile(part.q), a.Quantile(1-part.q)
		b1, b2 := b.Quantile(part.q), b.Quantile(1-part.q)
		before, after := words.Number(a1)+" to "+words.Number(a2), words.Number(b1)+" to "+words.Number(b2)
		if before == after {
			continue
		}
		verb := " spread out: "
		if b2-b1 < a2-a1 {
			verb = " narrowed: "
		}
		text := fmt.Sprintf("%s%s lay in %s, now in %s.", verb, part.what, before, after)
		if told == "" {
			told = text
		}
		if math.Abs((b2-b1)-(a2-a1)) > wider*(a2-a1) {
			return text
		}
	}
	return told
}

// value tells of a single number that became frequent or rare.
func (s *sides) value(at int) string {
	x, before, after := s.pair.At(at)
	what := words.Number(x)
	if !s.exact {
		what = "values around " + what
	}
	return share(what, before, s.n, after, s.m)
}

// interval tells where most of a change of shape happened.
func (s *sides) interval() string {
	at := s.moved(s.counts[0], s.counts[1])
	low, high, single := s.edges.Cell(at)
	what := "values between " + words.Number(low) + " and " + words.Number(high)
	switch {
	case single:
		what = "the value " + words.Number(low)
	case math.IsInf(low, -1):
		what = "values up to " + words.Number(high)
	case math.IsInf(high, 1):
		what = "values above " + words.Number(low)
	}
	return share(what, s.counts[0][at], s.n, s.counts[1][at], s.m)
}

// category tells which category moved most.
func (s *sides) category() string {
	at := s.moved(s.cells.Reference, s.cells.Current)
	before, after := s.cells.Reference[at], s.cells.Current[at]
	if !s.exact {
		return share("a group of rare categories", before, s.n, after, s.m)
	}
	name := words.Quoted(s.names[at])
	switch {
	case before == 0:
		return fmt.Sprintf("%s is new and makes up %s of rows.", name, words.Share(float64(after)/float64(s.m)))
	case after == 0:
		return fmt.Sprintf("%s is gone, it made up %s of rows.", name, words.Share(float64(before)/float64(s.n)))
	}
	return share(name, before, s.n, after, s.m)
}

// moved is the cell that contributes most to the change.
func (s *sides) moved(a, b []int64) int {
	best, at := -1.0, 0
	for i := range a {
		p, q := float64(a[i])/float64(s.n), float64(b[i])/float64(s.m)
		d := p - q
		if p+q > 0 {
			// Between the largest difference and the most surprising one: what
			// people want to hear of is both.
			d = math.Abs(d) / math.Sqrt(math.Sqrt(p+q))
		}
		if d > best {
			best, at = d, i
		}
	}
	return at
}

func share(what string, before, n, after, m int64) string {
	return what + " " + words.FromTo(before, n, after, m) + " of rows."
}

package drift

import (
	"fmt"
	"math"
	"strings"

	"leeway/core/frame"
	"leeway/core/internal/words"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// message is how two columns go together otherwise than before, in a sentence,
// and which others do.
func (r *rows) message(found *stat.Relation) string {
	text := r.moved(found)
	const shown = 3
	var others []string
	for _, pair := range found.Others[:min(len(found.Others), shown)] {
		others = append(others, r.name(pair[0])+" with "+r.name(pair[1]))
	}
	if len(others) > 0 {
		text += " Also changed: " + strings.Join(others, ", ") + "."
	}
	return text
}

func (r *rows) name(column int) string { return "`" + r.columns[column].Name + "`" }

func (r *rows) moved(found *stat.Relation) string {
	a, b := r.name(found.A), r.name(found.B)
	switch found.By {
	case "correlation":
		return together(a+" and "+b, found.Before, found.After)
	case "height":
		number, other, code := a, b, found.Codes[1]
		at := found.B
		if code == 0 {
			number, other, code, at = b, a, found.Codes[0], found.A
		}
		category, ok := r.category(at, code)
		switch {
		case !ok || math.IsNaN(found.Before+found.After):
		case math.Abs(found.Before-found.After) < level:
			return fmt.Sprintf("Where %s is %s, %s is spread otherwise than before, though its average hardly tells (above %s of all values, now %s).",
				other, category, number, words.Share(found.Before), words.Share(found.After))
		default:
			return fmt.Sprintf("Where %s is %s, %s used to lie above %s of all values on average, now above %s.",
				other, category, number, words.Share(found.Before), words.Share(found.After))
		}
	case "share":
		first, ok := r.category(found.A, found.Codes[0])
		second, both := r.category(found.B, found.Codes[1])
		from, to := words.Share(found.Before), words.Share(found.After)
		if ok && both && from != to && !math.IsNaN(found.Before+found.After) {
			return fmt.Sprintf("Where %s is %s, rows whose %s is %s went from %s to %s.", a, first, b, second, from, to)
		}
	case "shape":
		return fmt.Sprintf("%s and %s no longer go together as before, though their rank correlation hardly tells (%s, now %s).",
			a, b, hundredths(found.Before), hundredths(found.After))
	}
	return a + " and " + b + " no longer go together as before."
}

// level is by how much an average place among all values has to move to be what
// people should hear of.
const level = 0.02

// hardly is below which correlation people would see none.
const hardly = 0.1

// together tells of two numbers by their rank correlation before and after.
func together(both string, before, after float64) string {
	from, to := hundredths(before), hundredths(after)
	how := func(r float64) string {
		if r < 0 {
			return "move in opposite directions"
		}
		return "rise together"
	}
	weak, weakNow := math.Abs(before) < hardly, math.Abs(after) < hardly
	switch {
	case weak && weakNow:
		return fmt.Sprintf("%s go together a little otherwise than before (rank correlation %s, now %s).", both, from, to)
	case weak:
		return fmt.Sprintf("%s used to have little to do with each other (rank correlation %s), now they %s (%s).", both, from, how(after), to)
	case weakNow:
		return fmt.Sprintf("%s used to %s (rank correlation %s), now hardly (%s).", both, how(before), from, to)
	case before*after < 0:
		return fmt.Sprintf("%s used to %s (rank correlation %s), now they %s (%s).", both, how(before), from, how(after), to)
	case math.Abs(after) < math.Abs(before):
		return fmt.Sprintf("%s %s less closely than before (rank correlation %s, now %s).", both, how(before), from, to)
	}
	return fmt.Sprintf("%s %s more closely than before (rank correlation %s, now %s).", both, how(before), from, to)
}

// hundredths writes a correlation.
func hundredths(r float64) string {
	return words.Number(math.Round(100*r) / 100)
}

// category is the name of a code, for a sentence. Only what occurs often has
// one.
func (r *rows) category(column int, code uint32) (string, bool) {
	for _, d := range r.sides {
		for _, heavy := range d.Column(r.columns[column].Name).Categories.Heavy() {
			if sketch.TextCode(frame.HashText([]byte(heavy.Text))) == code {
				return words.Quoted(heavy.Text), true
			}
		}
	}
	return "", false
}

package cause

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"leeway/core/internal/words"
	"leeway/core/report"
)

// spelling is one way in which names come to be written otherwise: names that
// it makes equal are the same.
type spelling struct {
	name string // what changed, in words
	form func(string) string
}

// spellings from the narrowest on: the first that explains the new names is
// told.
var spellings = []spelling{
	{"blanks around it", strings.TrimSpace},
	{"upper and lower case", strings.ToLower},
	{"quotes around it", func(s string) string { return strings.Trim(s, `"'`) }},
	{"blanks, dashes and underscores", plainBlanks},
	{"the way numbers are written", plainNumber},
	{"the encoding of letters", plainLetters},
	{"letters, blanks and case", func(s string) string {
		return plainNumber(strings.ToLower(plainLetters(plainBlanks(strings.Trim(strings.TrimSpace(s), `"'`)))))
	}},
}

// plainBlanks leaves out blanks and what stands for them.
func plainBlanks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '_' || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, s)
}

// plainNumber writes a number without what does not count: 07, 7.0 and +7 are 7.
func plainNumber(s string) string {
	if x, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil && x-x == 0 {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return s
}

// plainLetters puts a mark in the place of each run of what is no ASCII: it
// makes equal what was read in another encoding, or lost its accents' letters.
// Marks that combine with the letter before are left out with it.
func plainLetters(s string) string {
	var b strings.Builder
	odd := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r): // the letter before it is part of the mark
			text := b.String()
			if _, size := utf8.DecodeLastRuneInString(text); !odd && size > 0 {
				b.Reset()
				b.WriteString(text[:len(text)-size])
			}
		case r < utf8.RuneSelf && r != '?':
			b.WriteRune(r)
			odd = false
			continue
		}
		if !odd {
			b.WriteByte('?')
		}
		odd = true
	}
	return b.String()
}

// truths are spellings of true and false, in lower case.
var truths = map[string]string{
	"true": "true", "t": "true", "yes": "true", "y": "true", "on": "true", "1": "true", "1.0": "true",
	"false": "false", "f": "false", "no": "false", "n": "false", "off": "false", "0": "false", "0.0": "false",
}

func categorySpelling(c *column) *found {
	t := c.table
	if t == nil || t.m < enough {
		return nil
	}
	for _, s := range spellings {
		if w := c.spelt(s.form, s.name); w != nil {
			return w
		}
	}
	return nil
}

func booleanSpelling(c *column) *found {
	t := c.table
	if t == nil || len(t.names) > 4 || t.m < enough {
		return nil
	}
	for _, name := range t.names {
		if truths[strings.ToLower(strings.TrimSpace(name))] == "" {
			return nil
		}
	}
	return c.spelt(func(name string) string { return truths[strings.ToLower(strings.TrimSpace(name))] }, "the words for true and false")
}

// spelt tells that the current side's new names are names of the reference in
// another form.
func (c *column) spelt(form func(string) string, what string) *found {
	t := c.table
	r := t.respelt(form)
	if float64(r.fresh) < max(5, 0.01*float64(t.m)) || float64(r.same) < 0.8*float64(r.fresh) {
		return nil
	}
	before := t.gap()
	left := t.renamed(func(name string) string {
		if old, is := r.known[form(name)]; is {
			return t.names[old]
		}
		return name
	}).gap()
	old, now, only := words.Quoted(t.names[r.old]), words.Quoted(t.names[r.now]), orLength(what)
	share := words.Share(float64(r.same) / float64(t.m))
	pair := old + " is now " + now
	message := fmt.Sprintf("%s is spelt otherwise: %s. Only %s changed.", c.title(), pair, only)
	if t.b[r.old] > 0 {
		pair = old + " also comes as " + now
		message = fmt.Sprintf("%s is spelt otherwise in %s of the values: %s. Only %s changed.", c.title(), share, pair, only)
	}
	return &found{
		cause: report.Cause{Explains: explained(before, left),
			Evidence: fmt.Sprintf("%s of the values have a name that is new only in %s (%s); taken as the same, %s", share, only, pair, fellShares(before, left))},
		message: message,
		short:   "spelt otherwise, " + pair,
		hint:    fmt.Sprintf("Have the source of %s write the names as before, or map them where they are read: to the model they are unknown categories.", c.title()),
		strange: left > before/2,
	}
}

// respelt is what becomes of new names in another form.
type respelt struct {
	known    map[string]int // by form: the largest category of the reference
	fresh    int64          // current values with a new name
	same     int64          // those whose form is known
	old, now int            // the largest of those, before and now
}

func (t *table) respelt(form func(string) string) respelt {
	r := respelt{known: map[string]int{}}
	for i, name := range t.names {
		if t.a[i] == 0 {
			continue
		}
		f := form(name)
		if other, known := r.known[f]; !known || t.a[other] < t.a[i] {
			r.known[f] = i
		}
	}
	var most int64
	for i, name := range t.names {
		if !t.fresh(i) {
			continue
		}
		r.fresh += t.b[i]
		if old, is := r.known[form(name)]; is {
			r.same += t.b[i]
			if t.b[i] > most {
				most, r.old, r.now = t.b[i], old, i
			}
		}
	}
	return r
}

func orLength(what string) string {
	if what == "" {
		return "its length"
	}
	return what
}

func fellShares(before, left float64) string {
	return fmt.Sprintf("the share of values that moved falls from %s to %s", words.Share(before), words.Share(left))
}

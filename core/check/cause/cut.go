package cause

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"leeway/core/internal/words"
	"leeway/core/report"
)

func textCut(c *column) *found {
	t := c.table
	if t == nil || t.m < enough {
		return nil
	}
	longest := 0
	for i, name := range t.names {
		if t.b[i] > 0 {
			longest = max(longest, utf8.RuneCountInString(name))
		}
	}
	if longest < 1 {
		return nil
	}
	cut := func(name string) string {
		if utf8.RuneCountInString(name) > longest {
			return strings.TrimRight(string([]rune(name)[:longest]), " ")
		}
		return strings.TrimRight(name, " ")
	}
	fresh := t.where(t.fresh)
	for _, i := range fresh { // what is cut is as long as can be
		if utf8.RuneCountInString(strings.TrimRight(t.names[i], " ")) < longest-1 {
			return nil
		}
	}
	if len(fresh) == 0 {
		return c.cutToOthers(cut, longest)
	}
	if len(fresh) == 1 && !t.midWord(t.names[fresh[0]]) {
		return nil
	}
	w := c.spelt(cut, "")
	if w == nil {
		return nil
	}
	return c.cutAt(w, longest, strings.TrimPrefix(w.short, "spelt otherwise, "))
}

// cutAt tells after how many characters names are cut.
func (c *column) cutAt(w *found, longest int, what string) *found {
	bound := float64(longest)
	w.cause.Bound = &bound
	at := words.Plural(int64(longest), "character")
	w.message = fmt.Sprintf("%s is cut after %s: %s.", c.title(), at, what)
	w.short = "cut after " + at
	w.hint = fmt.Sprintf("Find out what shortens %s to %s: the width of a field or of a column in a database.", c.title(), at)
	return w
}

// cutToOthers tells that names which are gone, cut to the length of the longest that is
// left, are names that there were before and that have their rows now; and that rows
// which simply went missing would have left the others in other proportions.
func (c *column) cutToOthers(cut func(string) string, longest int) *found {
	t := c.table
	gone := t.where(t.gone)
	if len(gone) == 0 || len(gone) > 20 {
		return nil
	}
	lost, into := map[int]bool{}, -1
	for _, i := range gone {
		to := slices.Index(t.names, cut(t.names[i]))
		if utf8.RuneCountInString(t.names[i]) <= longest || to < 0 || t.b[to] == 0 || utf8.RuneCountInString(t.names[to]) < longest-1 {
			return nil
		}
		lost[i] = true
		if into < 0 {
			into = to
		}
	}
	before, left := t.gap(), t.renamed(cut).gap()
	rest := t.without(func(i int) bool { return lost[i] })
	if before < 0.05 || left > before/3 || len(rest.names) < 2 || rest.chance() > 0.001 || rest.gap()/2 < left {
		return nil
	}
	first, to := words.Quoted(t.names[gone[0]]), words.Quoted(t.names[into])
	return c.cutAt(&found{
		cause: report.Cause{Explains: explained(before, left),
			Evidence: fmt.Sprintf("%s had %s of the values and have none, %s, which is as long as any name now and how they begin, rose from %s to %s; taken as the same, %s",
				list(t, gone), words.Share(t.shareOf(t.a, gone, t.n)), to, words.Share(t.before(into)), words.Share(t.after(into)), fellShares(before, left))},
		likely: true,
	}, longest, first+" is now counted as "+to)
}

// midWord tells that a name of the reference goes on after a new one with
// another letter, or that the new one ends in a mark that no name ends in. One new name
// alone that ends where a word or a number does, as May 1 of May 12, may be another
// category.
func (t *table) midWord(name string) bool {
	last, _ := utf8.DecodeLastRuneInString(name)
	if strings.ContainsRune("-_/&,;:(", last) {
		return slices.ContainsFunc(t.names, func(long string) bool { return len(long) > len(name) && strings.HasPrefix(long, name) })
	}
	return unicode.IsLetter(last) && slices.ContainsFunc(t.names, func(long string) bool {
		rest, is := strings.CutPrefix(long, name)
		next, _ := utf8.DecodeRuneInString(rest)
		return is && unicode.IsLetter(next)
	})
}

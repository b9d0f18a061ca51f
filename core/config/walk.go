package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// walker lays the table over a tree.
type walker struct {
	known Names
	out   *problems
}

// fields walks over a mapping with known keys; path names it for people.
func (w *walker) fields(at *cursor, table []*field, n *node, path string) {
	if n.shape == null {
		return
	}
	if n.shape != mapping {
		where := path
		if where == "" {
			where = "the file"
		}
		w.out.add(n.place, fmt.Sprintf("%s is %s instead of a mapping", where, n.what()), "write keys: "+words(names(table)))
		return
	}
	for _, p := range n.pairs {
		f := find(table, p.key)
		if f == nil {
			where := ""
			if path != "" {
				where = " in " + path
			}
			w.out.add(p.place, fmt.Sprintf("unknown key %q%s", cut(p.key), where), meant(p.key, names(table)))
			continue
		}
		w.value(at, f, p.value, join(path, f.name))
	}
}

func names(table []*field) []string {
	list := make([]string, len(table))
	for i, f := range table {
		list[i] = f.name
	}
	return list
}

func find(table []*field, name string) *field {
	for _, f := range table {
		if f.name == name {
			return f
		}
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// value walks over the value of a field. Nothing, as in "min:", leaves the default.
func (w *walker) value(at *cursor, f *field, n *node, path string) {
	if n.shape == null {
		return
	}
	switch f.form {
	case section:
		w.fields(at, f.fields, n, path)
	case open:
		w.open(at, f, n, path)
	case series:
		if n.shape != sequence {
			w.out.add(n.place, fmt.Sprintf("%s is %s instead of a list", path, n.what()), "begin each item with a dash")
			return
		}
		for i, item := range n.items {
			inner := *at
			f.enter(&inner, "", item.place)
			w.value(&inner, f.each, item, fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		v, problem, hint := f.parse(n)
		if problem != "" {
			w.out.add(n.place, fmt.Sprintf("%s is %s", path, problem), hint)
			return
		}
		w.listed(f, v, path)
		f.set(at, v)
	}
}

func (w *walker) open(at *cursor, f *field, n *node, path string) {
	if n.shape != mapping {
		w.out.add(n.place, fmt.Sprintf("%s is %s instead of a mapping", path, n.what()), "")
		return
	}
	for _, p := range n.pairs {
		if f.names != nil {
			if valid := f.names(w.known); valid != nil && !contains(valid, p.key) {
				w.out.add(p.place, fmt.Sprintf("unknown name %q in %s", cut(p.key), path), meant(p.key, valid))
			}
		}
		inner := *at
		f.enter(&inner, p.key, p.place)
		w.value(&inner, f.each, p.value, join(path, cut(p.key)))
	}
}

// listed checks the names in a list of texts.
func (w *walker) listed(f *field, v *value, path string) {
	if f.names == nil {
		return
	}
	valid := f.names(w.known)
	for i, name := range v.texts {
		if valid != nil && !contains(valid, name) {
			w.out.add(v.places[i], fmt.Sprintf("unknown name %q in %s", cut(name), path), meant(name, valid))
		}
	}
}

func contains(list []string, name string) bool {
	for _, candidate := range list {
		if candidate == name {
			return true
		}
	}
	return false
}

// parse reads a value in the field's form. A problem completes the sentence
// "KEY is ...".
func (f *field) parse(n *node) (v *value, problem, hint string) {
	v = &value{}
	switch f.form {
	case texts:
		return f.list(n)
	case groups:
		return grouped(n)
	}
	if n.shape != scalar {
		return v, n.what() + " instead of " + f.wants(), ""
	}
	v.text = n.text
	switch f.form {
	case number, count:
		x, err := strconv.ParseFloat(strings.ReplaceAll(n.text, "_", ""), 64)
		if err != nil || n.quoted || math.IsNaN(x) || math.IsInf(x, 0) {
			return v, n.what() + " instead of " + f.wants(), ""
		}
		if f.form == count && x != math.Trunc(x) || !f.within(x) {
			return v, n.text, "give " + f.wants()
		}
		v.number = x
	case choice:
		if !contains(f.choices, n.text) {
			return v, n.what(), meant(n.text, f.choices)
		}
	case interval, every:
		if f.form == every && contains(f.choices, n.text) {
			return v, "", ""
		}
		d, ok := parseInterval(n.text)
		if !ok || d < 0 {
			hint := "write a duration like 36h or 7d"
			if f.form == every {
				hint = meant(n.text, f.choices) + " or write a duration like 6h"
			}
			return v, n.what(), hint
		}
		if f.form == every {
			if d < time.Minute {
				return v, n.what(), "make a window at least 1m long"
			}
			v.text = d.String()
		}
		v.interval = d
	}
	return v, "", ""
}

func (f *field) list(n *node) (v *value, problem, hint string) {
	v = &value{texts: []string{}}
	if n.shape != sequence {
		return v, n.what() + " instead of a list", "write [" + n.text + "]"
	}
	for _, item := range n.items {
		if item.shape != scalar {
			return v, "a list with " + item.what(), "write texts, quoted if they are empty"
		}
		v.texts = append(v.texts, item.text)
		v.places = append(v.places, item.place)
	}
	return v, "", ""
}

// grouped reads a list of names, and of lists of names that belong together.
func grouped(n *node) (v *value, problem, hint string) {
	const example = "name columns, and columns together in a list of their own: [country, [channel, country]]"
	v = &value{}
	if n.shape != sequence {
		return v, n.what() + " instead of a list", "write [" + n.text + "]"
	}
	for _, item := range n.items {
		together := []*node{item}
		if item.shape == sequence {
			together = item.items
		}
		if len(together) == 0 {
			return v, "a list with a list of no columns", example
		}
		var group []string
		for _, one := range together {
			switch {
			case one.shape != scalar:
				return v, "a list with " + one.what() + " where a column belongs", example
			case strings.TrimSpace(one.text) == "":
				return v, "a list with a column of no name", example
			}
			group = append(group, one.text)
			v.places = append(v.places, one.place)
		}
		v.groups = append(v.groups, group)
	}
	return v, "", ""
}

func (f *field) within(x float64) bool {
	if f.low == 0 && f.high == 0 {
		return true
	}
	return x <= f.high && (x > f.low || x == f.low && !f.above)
}

// wants says what a value of the field must be.
func (f *field) wants() string {
	kind := "a text"
	switch f.form {
	case number:
		kind = "a number"
	case count:
		kind = "a whole number"
	case choice:
		return "one of " + words(f.choices)
	case interval:
		return "a duration like 36h or 7d"
	case every:
		return "one of " + words(f.choices) + " or a duration like 6h"
	}
	if f.low == 0 && f.high == 0 {
		return kind
	}
	if f.low == f.high {
		return plain(f.low)
	}
	from := "from "
	if f.above {
		from = "above "
	}
	return kind + " " + from + plain(f.low) + " to " + plain(f.high)
}

func plain(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// defaults sets the default of a field and of those within.
func (f *field) defaults(at *cursor) {
	for _, inner := range f.fields {
		inner.defaults(at)
	}
	if f.fallback == "" {
		return
	}
	v, problem, _ := f.parse(&node{shape: scalar, text: f.fallback})
	if problem == "" { // a test holds every default against its own field
		f.set(at, v)
	}
}

// parseInterval reads a duration with days and weeks: 36h, 1d12h, 2w.
func parseInterval(text string) (time.Duration, bool) {
	rest, total := text, time.Duration(0)
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}} {
		number, after, found := strings.Cut(rest, unit.name)
		if !found {
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n > 5000 {
			return 0, false
		}
		total += time.Duration(n) * unit.size
		rest = after
	}
	if rest == "" {
		return total, text != ""
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 || d > 100*365*24*time.Hour {
		return 0, false
	}
	return total + d, true
}

package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Explain says in a few lines what a key means, "" if there is none. It is named
// with the keys that it is in (policy.false_alarms; columns.age.min) or alone, if
// it is in one place only.
func Explain(name string) string {
	at, path := seek(root, "", strings.Split(name, "."))
	if at == nil && !strings.Contains(name, ".") {
		at, path = alone(name)
	}
	if at == nil {
		return ""
	}
	lines := []string{unmarked(at.help)}
	line := func(label, text string) {
		if text != "" {
			lines = append(lines, fmt.Sprintf("%-8s  %s", label, unmarked(text)))
		}
	}
	line("key", path)
	line("value", at.written())
	line("default", at.byDefault())
	line("example", at.example)
	return strings.Join(lines, "\n")
}

var link = regexp.MustCompile(`\[([^\]]*)\]\(([^)#]*)[^)]*\)`)

// unmarked is a text of the documentation for a terminal.
func unmarked(text string) string {
	text = link.ReplaceAllStringFunc(text, func(one string) string {
		parts := link.FindStringSubmatch(one)
		return parts[1] + " in docs/" + cmp.Or(parts[2], "config.md")
	})
	return strings.ReplaceAll(text, "`", "")
}

// Keys are the names of all keys, sorted.
func Keys() []string {
	var names []string
	each(root, "", func(f *field, _ string) { names = append(names, f.name) })
	slices.Sort(names)
	return slices.Compact(names)
}

// deeper is the table of a field's own keys, and how they are reached from it.
func (f *field) deeper() (table []*field, by string) {
	if f.each != nil && f.each.form == section {
		if f.form == open {
			return f.each.fields, ".NAME."
		}
		return f.each.fields, "[]."
	}
	return f.fields, "."
}

// seek follows a path of keys; any name does for a key that people choose, and any number
// for the place in a list.
func seek(table []*field, path string, keys []string) (*field, string) {
	f := find(table, keys[0])
	if f == nil {
		return nil, ""
	}
	path, keys = path+f.name, keys[1:]
	if len(keys) == 0 {
		return f, path
	}
	own, by := f.deeper()
	_, err := strconv.Atoi(keys[0])
	switch {
	case f.form == open && by == ".": // its values have no keys of ours
		return f, path
	case len(keys) > 1 && (by == ".NAME." || by == "[]." && err == nil):
		keys = keys[1:]
	}
	return seek(own, path+by, keys)
}

// alone is the one key of that name, wherever it is.
func alone(name string) (found *field, path string) {
	times := 0
	each(root, "", func(f *field, at string) {
		if f.name == name {
			found, path = f, at
			times++
		}
	})
	if times != 1 {
		return nil, ""
	}
	return found, path
}

// each visits all keys.
func each(table []*field, path string, visit func(f *field, path string)) {
	for _, f := range table {
		visit(f, path+f.name)
		own, by := f.deeper()
		each(own, path+f.name+by, visit)
	}
}

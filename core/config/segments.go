package config

import (
	"fmt"
	"slices"

	"leeway/core/schema"
	"leeway/core/segment"
)

// Bounds on declared segments.
const (
	mostDivisions = 8
	mostTogether  = segment.MostColumns
)

// considerSegments checks the declared segments by themselves.
func (c *Config) considerSegments(tree *node, out *problems) {
	at := tree.at("segments")
	if len(c.Segments) > mostDivisions {
		out.add(at, fmt.Sprintf("%d segments", len(c.Segments)), fmt.Sprintf("declare at most %d: each is looked at by up to 20 values", mostDivisions))
	}
	var known [][]string
	for _, group := range c.Segments {
		sorted := slices.Sorted(slices.Values(group))
		switch {
		case len(group) > mostTogether:
			out.add(at, fmt.Sprintf("segments by %d columns together", len(group)), fmt.Sprintf("combine at most %d", mostTogether))
		case len(slices.Compact(slices.Clone(sorted))) < len(sorted):
			out.add(at, fmt.Sprintf("segments by %q twice", cut(repeated(sorted))), "name each column once")
		case slices.ContainsFunc(known, func(k []string) bool { return slices.Equal(k, sorted) }):
			out.add(at, fmt.Sprintf("the same segments twice: %s", words(group)), "keep one")
		}
		known = append(known, sorted)
	}
}

// repeated is the first name that stands twice in an ascending list.
func repeated(sorted []string) string {
	for i := range len(sorted) - 1 {
		if sorted[i] == sorted[i+1] {
			return sorted[i]
		}
	}
	return ""
}

// undividable says which columns can make no segments: of what every row has
// another value, or what is not there when rows come.
func (c *Config) undividable(s *schema.Schema, out *problems) {
	refuse := func(name string, place Place) {
		col := s.Column(name)
		problem, hint := "", ""
		switch {
		case col.Role == schema.ID, col.Role == schema.Timestamp, col.Role == schema.Weight, col.Role == schema.Ignore, col.Role == schema.Label:
			problem, hint = "a column of role "+string(col.Role), "name columns whose values come with each row and many share"
		case col.Kind == schema.Time, col.Kind == schema.Embedding:
			problem, hint = "a column of kind "+string(col.Kind), "log a column with a few names: the hour, the shop, the channel"
		case col.Kind == schema.Text:
			problem, hint = "a column of kind text", fmt.Sprintf("if its values are few, say so: columns: {%s: {kind: categorical}}", name)
		default:
			return
		}
		out.add(place, fmt.Sprintf("no segments can be made of %q, %s", cut(name), problem), hint)
	}
	for _, group := range c.Segments {
		for _, name := range group {
			refuse(name, c.places[name])
		}
	}
	for i := range c.Columns {
		if col := &c.Columns[i]; col.Role == schema.Segment {
			refuse(col.Name, col.place)
		}
	}
}

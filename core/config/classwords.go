package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"leeway/core/schema"
)

// considerWords refuses words that mean two things.
func (c *Config) considerWords(tree *node, out *problems) {
	at := tree.in("labels").in("map")
	if at == nil || at.shape != mapping {
		return
	}
	c.mapped = map[string]Place{}
	if c.Task == schema.Regression || c.Task == schema.None {
		out.add(at.place, fmt.Sprintf("labels.map has no meaning with task: %s", c.Task), "remove it or write task: binary")
		return
	}
	two := c.Task != schema.Multiclass
	first := map[string]pair{} // by meaning
	for _, p := range at.pairs {
		c.mapped[p.key] = p.place
		means := schema.Meaning(p.key, two)
		if strings.TrimSpace(c.Labels.Map[p.key]) == "" {
			if p.value.shape != scalar && p.value.shape != null {
				continue // that is said of its own
			}
			out.add(p.place, fmt.Sprintf("labels.map.%s means nothing", cut(p.key)), "name a class; texts that stand for a missing label go into missing_values")
			continue
		}
		if before, twice := first[means]; twice && !c.sameWord(before.key, p.key, two) {
			out.add(p.place, fmt.Sprintf("labels.map: %q and %q of line %d are the same word and mean different classes", cut(p.key), cut(before.key), before.place.Line), "keep one")
			continue
		}
		first[means] = p
	}
	for _, p := range at.pairs {
		means := schema.Meaning(c.Labels.Map[p.key], two)
		if next, is := first[means]; is && schema.Meaning(c.Labels.Map[next.key], two) != means {
			out.add(p.place, fmt.Sprintf("labels.map: %q means %q, which means %q", cut(p.key), cut(c.Labels.Map[p.key]), cut(c.Labels.Map[next.key])),
				fmt.Sprintf("map each word to what it means in the end; if %q is one class in the reference and another in newer data no map can say it, since it goes for all data: write newer data as before, or build a baseline of data in the new words", cut(next.key)))
		}
	}
}

func (c *Config) sameWord(a, b string, two bool) bool {
	return schema.Meaning(c.Labels.Map[a], two) == schema.Meaning(c.Labels.Map[b], two)
}

// worded gives a contract the words that are configured, else those that were inferred of
// the same columns.
func (c *Config) worded(merged, inferred *schema.Schema) {
	if c.Labels.Map != nil {
		merged.Words = maps.Clone(c.Labels.Map)
		return
	}
	if inferred.Guessed && sameColumns(merged, inferred, schema.Prediction) && sameColumns(merged, inferred, schema.Label) && sameColumns(merged, inferred, schema.Score) {
		merged.Words, merged.Guessed = maps.Clone(inferred.Words), true
	}
}

// reworded has the columns of classes read in the words that are configured. Booleans
// become categories, since other words would not be any.
func (c *Config) reworded(s *schema.Schema, fixed map[string]bool) {
	for i := range s.Columns {
		col := &s.Columns[i]
		col.Words = nil
		if c.Labels.Map == nil || s.Task == schema.Regression || col.Role != schema.Prediction && col.Role != schema.Label {
			continue
		}
		if col.Kind == schema.Boolean && !fixed[col.Name] {
			col.Kind = schema.Categorical
		}
		if col.Kind == schema.Categorical {
			col.Words = c.spelt(col.Values, s.Task == schema.Binary)
		}
	}
}

// spelt is the configured map with other spellings of what words mean, as far as values
// have any.
func (c *Config) spelt(values []string, two bool) map[string]string {
	all := maps.Clone(c.Labels.Map)
	for _, from := range slices.Sorted(maps.Keys(c.Labels.Map)) {
		to := c.Labels.Map[from]
		for _, value := range values {
			if _, is := all[value]; !is && value != to && schema.Meaning(value, two) == schema.Meaning(to, two) {
				all[value] = to
			}
		}
	}
	return all
}

func sameColumns(a, b *schema.Schema, role schema.Role) bool {
	return slices.EqualFunc(a.ByRole(role), b.ByRole(role), func(x, y *schema.Column) bool { return x.Name == y.Name })
}

// named refuses a configured map to what no prediction or label is called, where all of
// these are known, and notes words that none of them says.
func (c *Config) named(s *schema.Schema, out *problems) (notes []string) {
	if c.Labels.Map == nil {
		return nil
	}
	if s.Task != schema.Binary && s.Task != schema.Multiclass {
		return []string{fmt.Sprintf("labels.map has no effect: the task is %s", s.Task)}
	}
	classes, all := c.calledBy(s)
	for _, from := range slices.Sorted(maps.Keys(c.Labels.Map)) {
		to := c.Labels.Map[from]
		switch known := called(s, classes, to); {
		case !all || known && called(s, classes, from):
		case known && labelled(s): // else it is what labels say that come later
			notes = append(notes, fmt.Sprintf("labels.map: %q is no word of the reference: it is taken for %q where later predictions or labels say it", from, to))
		case known:
		case labelled(s) || !called(s, classes, from):
			out.add(c.mapped[from], fmt.Sprintf("labels.map: %q means %q, which no prediction or label says", cut(from), cut(to)), meant(to, classes))
		}
	}
	return notes
}

// labelled tells whether the data have labels.
func labelled(s *schema.Schema) bool {
	return slices.ContainsFunc(s.ByRole(schema.Label), func(l *schema.Column) bool { return l.Values != nil })
}

// calledBy lists what predictions, labels and scores call classes; all tells whether
// nothing is left out.
func (c *Config) calledBy(s *schema.Schema) (classes []string, all bool) {
	all = true
	for _, col := range slices.Concat(s.ByRole(schema.Prediction), s.ByRole(schema.Label)) {
		classes = append(classes, col.Values...)
		all = all && (col.Values != nil || col.Role == schema.Label)
	}
	for _, col := range s.ByRole(schema.Score) {
		if col.Class != "" {
			classes = append(classes, col.Class)
		}
	}
	if c.Positive != "" {
		classes = append(classes, c.Positive)
	}
	slices.Sort(classes)
	return slices.Compact(classes), all && len(classes) > 0
}

func called(s *schema.Schema, classes []string, text string) bool {
	two := s.Task == schema.Binary
	return slices.ContainsFunc(classes, func(class string) bool { return schema.Meaning(class, two) == schema.Meaning(text, two) })
}

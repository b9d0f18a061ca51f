package config

import (
	"fmt"
	"strings"

	"leeway/core/schema"
)

// consider checks what no single field can know: values that depend on each
// other.
func (c *Config) consider(tree *node, out *problems) {
	if problem := modelName(c.Model); problem != "" {
		out.add(tree.at("model"), fmt.Sprintf("model is %q", cut(c.Model)), problem)
	}
	if c.Positive != "" && c.Task != "" && c.Task != schema.Binary && c.Task != schema.Multiclass {
		out.add(tree.at("positive"), fmt.Sprintf("positive has no meaning with task: %s", c.Task), "remove it or write task: binary")
	}
	if c.Threshold != nil && c.Task != "" && c.Task != schema.Binary {
		out.add(tree.at("threshold"), fmt.Sprintf("threshold has no meaning with task: %s", c.Task), "remove it or write task: binary")
	}
	c.considerWords(tree, out)
	c.considerCosts(tree, out)
	if c.Retain.Labels > 0 && (c.Retain.Ledger == 0 || c.Retain.Labels < c.Retain.Ledger) {
		out.add(tree.in("retain").at("labels"), "labels are kept for less long than the predictions that they belong to", "write retain: {ledger: ...} that is no longer than labels")
	}
	if c.Retain.Ledger > 0 && c.Labels.Horizon > c.Retain.Ledger {
		out.add(tree.in("retain").at("ledger"), "predictions are kept for less long than labels are taken (labels.horizon)", "keep them at least as long")
	}
	seen := map[string]bool{}
	for _, name := range c.Header {
		if seen[name] {
			out.add(tree.at("header"), fmt.Sprintf("header names %q twice", cut(name)), "give each column a name of its own")
		}
		seen[name] = true
	}
	c.considerSegments(tree, out)
	roles := map[schema.Role]*Column{}
	for i := range c.Columns {
		col := &c.Columns[i]
		col.consider(tree.in("columns").in(col.Name), out)
		switch col.Role {
		case schema.Prediction, schema.Label, schema.Timestamp, schema.Weight:
			if first := roles[col.Role]; first != nil {
				out.add(col.place, fmt.Sprintf("a second column of role %s after %q", col.Role, cut(first.Name)), "keep one")
			}
			roles[col.Role] = col
		}
	}
	if baseline := tree.in("baseline"); baseline != nil {
		if c.Baseline.Kind != "rolling" && baseline.in("windows") != nil {
			out.add(baseline.at("windows"), "windows needs kind: rolling", "")
		}
		if c.Baseline.Kind != "seasonal" && baseline.in("season") != nil {
			out.add(baseline.at("season"), "season needs kind: seasonal", "")
		}
		c.season(baseline, out)
	}
	c.considerSinks(tree, out)
	c.considerRetrain(tree, out)
}

// season chooses the season that the length of windows suggests where none is
// named, and refuses one that such windows do not have.
func (c *Config) season(baseline *node, out *problems) {
	if c.Baseline.Kind != "seasonal" {
		return
	}
	if c.Baseline.Season == "" {
		c.Baseline.Season = NaturalSeason(c.Window.Every)
	}
	if problem, hint := unseasonable(c.Baseline.Season, c.Window.Every); problem != "" {
		at := baseline.at("season")
		if baseline.in("season") == nil {
			at = baseline.at("kind")
		}
		out.add(at, problem, hint)
	}
}

func (col *Column) consider(n *node, out *problems) {
	if col.Min != nil && col.Max != nil && *col.Min > *col.Max {
		out.add(n.at("max"), fmt.Sprintf("max %s is below min %s", plain(*col.Max), plain(*col.Min)), "swap them")
	}
	if col.Class != "" && col.Role != "" && col.Role != schema.Score {
		out.add(n.at("class"), "class needs role: score", "")
	}
	if col.Kind == "" {
		return
	}
	for _, rule := range []struct {
		key  string
		set  bool
		ok   bool
		hint string
	}{
		{"min", col.Min != nil, col.Kind.Quantitative(), "numeric or integer"},
		{"max", col.Max != nil, col.Kind.Quantitative(), "numeric or integer"},
		{"allowed", col.Allowed != nil, col.Kind.Discrete(), "categorical or boolean"},
		{"layout", col.Layout != "", col.Kind == schema.Time, "time"},
	} {
		if rule.set && !rule.ok {
			out.add(n.at(rule.key), fmt.Sprintf("%s has no meaning with kind: %s", rule.key, col.Kind), "remove it, or write kind: "+rule.hint)
		}
	}
}

// modelName says what is wrong with the name of a model, "" for nothing. It
// becomes part of object keys.
func modelName(name string) string {
	if len(name) > 128 {
		return "use at most 128 letters"
	}
	if strings.HasPrefix(name, ".") {
		return "do not begin with a point"
	}
	if strings.IndexFunc(name, func(c rune) bool { return !nameRune(c) }) >= 0 {
		return "use letters, digits, points, - and _ only"
	}
	return ""
}

func nameRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-'
}

// in is the value of a key, nil if there is none.
func (n *node) in(key string) *node {
	if n == nil {
		return nil
	}
	for i := range n.pairs {
		if n.pairs[i].key == key {
			return n.pairs[i].value
		}
	}
	return nil
}

// at is the place of a key, or of the node itself if it has no such key.
func (n *node) at(key string) Place {
	if n == nil {
		return Place{1, 1}
	}
	for i := range n.pairs {
		if n.pairs[i].key == key {
			return n.pairs[i].place
		}
	}
	return n.place
}

// list is the list under a key.
func (n *node) list(key string) []*node {
	if value := n.in(key); value != nil {
		return value.items
	}
	return nil
}

package report

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// node is a place in the JSON Schema, as far as paths go through it.
type node struct {
	Description string           `json:"description"`
	Ref         string           `json:"$ref"`
	Properties  map[string]*node `json:"properties"`
	Items       *node            `json:"items"`
	OneOf       []*node          `json:"oneOf"`
	Additional  json.RawMessage  `json:"additionalProperties"`
	Defs        map[string]*node `json:"$defs"`
}

var document = sync.OnceValue(func() *node {
	var root node
	if err := json.Unmarshal(schemaDocument, &root); err != nil {
		return &node{} // it is part of the program; a test reads it
	}
	return &root
})

// Help says what stands at a path of the document, such as performance.moved.verdict: the
// words of the JSON Schema. Lists have no place of their own in it, and their members are
// told apart by nothing or by a number: findings.0.effect, .findings[0].effect,
// findings[].effect. "" where the document has no such path.
func Help(path string) string {
	at, help := document(), ""
	steps := strings.Split(strings.TrimPrefix(indexed.ReplaceAllString(path, ""), "."), ".")
	for i := 0; i < len(steps); i++ {
		next := at.child(steps[i])
		if next == nil && i+1 < len(steps) { // the name of a quantile has a point
			if next = at.child(steps[i] + "." + steps[i+1]); next != nil {
				i++
			}
		}
		if next == nil && at.listed() && place.MatchString(steps[i]) {
			continue
		}
		if next == nil {
			return ""
		}
		help, at = next.words(), next
	}
	return help
}

// What tells members of a list apart in a path.
var (
	place   = regexp.MustCompile(`^[0-9]+$`)
	indexed = regexp.MustCompile(`\[[0-9]*\]`)
)

// listed tells whether a node is a list.
func (n *node) listed() bool {
	for n != nil && n.Items == nil {
		n = n.next()
	}
	return n != nil
}

// child is a field of a node.
func (n *node) child(name string) *node {
	if field := n.under()[name]; field != nil {
		return field
	}
	var each node // of a node whose fields have any name
	if json.Unmarshal(n.Additional, &each) == nil && each.Ref != "" {
		return &each
	}
	return nil
}

// under are the fields of a node, of what it refers to, or of its members.
func (n *node) under() map[string]*node {
	for n != nil && n.Properties == nil {
		n = n.next()
	}
	if n == nil {
		return nil
	}
	return n.Properties
}

// next is what says more of a node; nil for nothing.
func (n *node) next() *node {
	switch {
	case n.Ref != "":
		return document().Defs[strings.TrimPrefix(n.Ref, "#/$defs/")]
	case n.Items != nil:
		return n.Items
	}
	for i := range n.OneOf {
		if one := n.OneOf[i]; one.Ref != "" || one.Items != nil || one.Properties != nil {
			return one
		}
	}
	return nil
}

// words are those of the node, else of what it refers to.
func (n *node) words() string {
	for n != nil && n.Description == "" {
		n = n.next()
	}
	if n == nil {
		return ""
	}
	return n.Description
}

// Paths are all that the document has, sorted; such that go through themselves are cut.
func Paths() []string {
	var all []string
	var walk func(at *node, path []string)
	walk = func(at *node, path []string) {
		for name, next := range at.under() {
			one := append(slices.Clone(path), name)
			all = append(all, strings.Join(one, "."))
			if len(one) < 6 {
				walk(next, one)
			}
		}
	}
	walk(document(), nil)
	slices.Sort(all)
	return all
}

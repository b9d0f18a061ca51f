// Package glossary says what the words mean that stand in configurations,
// reports and pages: one word, one meaning. docs/glossary.md is made from it, and
// leeway explain reads it. Metrics, causes and the keys of the configuration have
// tables of their own.
package glossary

import (
	"slices"
	"strings"
)

// Term is one or more words that are explained together.
type Term struct {
	Names   []string // as they are written in a text; Find knows them with _ for spaces too
	Also    []string // further names that Find knows it by
	Meaning string   // one sentence without a full stop
	More    string   // lines that say more: formula, range, source, what to do
}

// Find is the term of a name, however its words are joined, or nil.
func Find(name string) *Term {
	name = key(name)
	for i := range Terms {
		t := &Terms[i]
		known := func(one string) bool { return key(one) == name }
		if slices.ContainsFunc(t.Names, known) || slices.ContainsFunc(t.Also, known) {
			return t
		}
	}
	return nil
}

var joints = strings.NewReplacer(" ", "_", "-", "_")

func key(name string) string { return joints.Replace(strings.ToLower(name)) }

// Markdown is docs/glossary.md.
func Markdown() []byte {
	var b strings.Builder
	b.WriteString("# Glossary\n\n<!-- Generated from core/glossary/terms.go by `make generate`; edit the table. -->\n\n")
	b.WriteString("One word, one meaning, in code, configuration, report and pages. `leeway explain WORD` says more.\n\n| term | meaning |\n|---|---|\n")
	for i := range Terms {
		b.WriteString("| " + strings.Join(Terms[i].Names, ", ") + " | " + Terms[i].Meaning + " |\n")
	}
	return []byte(b.String())
}

package report

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Place is where a field of that name stands in the document, and what it means
// there.
type Place struct {
	In   string // the report, finding, sample, column...
	Help string
}

// Explain says what a field of the document means, in each of its places: the
// words of the JSON Schema.
func Explain(field string) []Place { return fields()[field] }

// Fields are the names of all fields, sorted.
func Fields() []string { return slices.Sorted(maps.Keys(fields())) }

var fields = sync.OnceValue(func() map[string][]Place {
	found := map[string][]Place{}
	note(found, "the report", document())
	for _, name := range slices.Sorted(maps.Keys(document().Defs)) {
		note(found, strings.ReplaceAll(name, "_", " of "), document().Defs[name])
	}
	return found
})

// note adds the fields of a node, and of those that are written down within it.
func note(found map[string][]Place, in string, at *node) {
	for _, name := range slices.Sorted(maps.Keys(at.Properties)) {
		field := at.Properties[name]
		if help := field.words(); help != "" {
			found[name] = append(found[name], Place{in, help})
		}
		note(found, name+" of "+in, field)
	}
	if at.Items != nil {
		note(found, in, at.Items)
	}
	for _, one := range at.OneOf {
		note(found, in, one)
	}
}

package report

import (
	"encoding/json"
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

// described is the part of the JSON Schema that people read.
type described struct {
	Description string               `json:"description"`
	Ref         string               `json:"$ref"`
	Properties  map[string]described `json:"properties"`
	Defs        map[string]described `json:"$defs"`
}

var fields = sync.OnceValue(func() map[string][]Place {
	var document described
	if err := json.Unmarshal(schemaDocument, &document); err != nil {
		return nil // it is part of the program; a test reads it
	}
	found := map[string][]Place{}
	note := func(in string, one described) {
		for name, field := range one.Properties {
			help := field.Description
			if help == "" {
				help = document.Defs[strings.TrimPrefix(field.Ref, "#/$defs/")].Description
			}
			if help != "" {
				found[name] = append(found[name], Place{in, help})
			}
		}
	}
	note("the report", document)
	for _, name := range slices.Sorted(maps.Keys(document.Defs)) {
		note(strings.ReplaceAll(name, "_", " of "), document.Defs[name])
	}
	return found
})

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/events"
)

// use is a place in a document where a name is a key, or a word that may stand there.
type use struct {
	at   string // "retrain.decision of a report"
	help string
	word bool
	api  bool // in an answer of the API
}

// line says it of a name.
func (u use) line(name string) string {
	is := ""
	if u.word {
		is = "may be " + name + ". "
	}
	return fmt.Sprintf("  %s %s%s\n", u.at+":", is, strings.ReplaceAll(u.help, "`", ""))
}

// uses are those of each name in the JSON Schemas of all documents, and of each path in events
// and answers of the API; those in reports and configurations have tables of their own.
var uses = sync.OnceValue(func() map[string][]use {
	found := placesOf{}
	for _, one := range []struct {
		of     string
		schema []byte
	}{{"a report", report.JSONSchema()}, {"an event", events.JSONSchema()}, {"the configuration", monitor.Names().JSONSchema()}} {
		var root map[string]any
		if json.Unmarshal(one.schema, &root) != nil {
			continue // each is part of the program; a test reads it
		}
		found.walk(root, "", one.of, "")
		parts, _ := root["$defs"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(parts)) {
			words := strings.ReplaceAll(name, "_", " ")
			if one.of == "an event" { // its parts are what data may be
				found.walk(parts[name], "data", one.of+" ("+words+")", "")
			} else {
				found.walk(parts[name], words, one.of, "")
			}
		}
	}
	for _, one := range answers() {
		found.walk(one.schema, "", one.of, "")
	}
	return found
})

type placesOf map[string][]use

// walk notes the keys and words below a node at a path, whose nearest description is help.
func (u placesOf) walk(at any, path, of, help string) {
	if list, ok := at.([]any); ok {
		for _, one := range list {
			u.walk(one, path, of, help)
		}
	}
	node, ok := at.(map[string]any)
	if !ok {
		return
	}
	if text, ok := node["description"].(string); ok {
		help = text
	}
	words, _ := node["enum"].([]any)
	for _, word := range append(words, node["const"]) {
		if text, ok := word.(string); ok {
			u.note(text, use{path + " of " + of, help, true, false})
		}
	}
	for _, deeper := range []string{"items", "anyOf", "oneOf"} {
		u.walk(node[deeper], path, of, help)
	}
	u.walk(node["additionalProperties"], path+".NAME", of, help)
	fields, _ := node["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		inner := strings.TrimPrefix(path+"."+name, ".")
		if field, ok := fields[name].(map[string]any); ok && field["description"] != nil {
			one := use{inner + " of " + of, field["description"].(string), false, strings.Contains(of, " /api/")}
			u.note(name, one)
			if inner != name && of != "a report" && of != "the configuration" {
				u.note(inner, one)
				if part, ok := strings.CutPrefix(inner, "data.data."); ok {
					u.note("data."+part, one) // as the schema itself calls it
				}
			}
		}
		u.walk(fields[name], inner, of, "")
	}
}

func (u placesOf) note(name string, one use) {
	if !slices.ContainsFunc(u[name], func(known use) bool { return known.at == one.at && known.word == one.word }) {
		u[name] = append(u[name], one)
	}
}

var places = regexp.MustCompile(`\[[0-9]*\]|\.[0-9]+\b`)

// unplaced is a path without what tells members of lists apart: .data.reasons[0].kind.
func unplaced(path string) string {
	return strings.TrimPrefix(places.ReplaceAllString(path, ""), ".")
}

// inDocuments is a word or a key of a document that no other table explains.
func inDocuments(name string) string {
	all := uses()[name]
	if path := unplaced(name); strings.Contains(path, ".") {
		all = uses()[path]
	}
	if len(all) == 0 {
		return ""
	}
	text := name + " (leeway schema report|event|config has the documents, /openapi.json of leeway serve those of the API)\n\n"
	for _, one := range all {
		text += one.line(name)
	}
	return text
}

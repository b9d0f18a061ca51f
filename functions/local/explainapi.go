package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"leeway/functions/internal/httpapi"
)

// answer is what a path of the API answers, as a JSON Schema without references.
type answer struct {
	of     string // "GET /api/v1/models"
	schema any
}

// answers are those of the API that are documents of its own.
func answers() (all []answer) {
	var document struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct {
					Schema any `json:"schema"`
				} `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]any `json:"schemas"`
		} `json:"components"`
	}
	text, err := httpapi.Document("")
	if err != nil || json.Unmarshal(text, &document) != nil {
		return nil // it is part of the program; a test reads it
	}
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(document.Paths[path])) {
			responses := document.Paths[path][method].Responses
			for _, code := range slices.Sorted(maps.Keys(responses)) {
				if schema := responses[code].Content["application/json"].Schema; schema != nil {
					all = append(all, answer{strings.ToUpper(method) + " " + path, resolved(schema, document.Components.Schemas, 9)})
				}
			}
		}
	}
	return all
}

// resolved is a schema with what it refers to in place of the references, so deep.
func resolved(at any, parts map[string]any, deep int) any {
	switch at := at.(type) {
	case []any:
		all := make([]any, len(at))
		for i := range at {
			all[i] = resolved(at[i], parts, deep)
		}
		return all
	case map[string]any:
		all := map[string]any{}
		if name, ok := at["$ref"].(string); ok && deep > 0 {
			part, _ := resolved(parts[name[strings.LastIndex(name, "/")+1:]], parts, deep-1).(map[string]any)
			maps.Copy(all, part)
		}
		for key, one := range at {
			if key != "$ref" {
				all[key] = resolved(one, parts, deep)
			}
		}
		return all
	}
	return at
}

package config

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// JSONSchema is the JSON Schema (2020-12) of the configuration, for editors.
// It accepts every file that Parse accepts; rules between several keys are
// Parse's alone.
func (known Names) JSONSchema() []byte {
	doc := sectionSchema(root, known)
	doc = append(object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "Leeway monitor configuration, version " + strconv.Itoa(Version)},
	}, doc...)
	raw, err := json.Marshal(doc)
	if err != nil { // strings, numbers and booleans cannot fail
		return nil
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	key   string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.WriteString(strconv.Quote(m.key) + ":")
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func sectionSchema(table []*field, known Names) object {
	var properties object
	for _, f := range table {
		properties = append(properties, member{f.name, f.schema(known)})
	}
	return object{
		{"type", []string{"object", "null"}},
		{"properties", properties},
		{"additionalProperties", false},
	}
}

// schema is the JSON Schema of a field.
func (f *field) schema(known Names) object {
	o := f.shape(known)
	if f.help != "" {
		o = append(o, member{"description", f.help})
	}
	if f.fallback != "" {
		var value any = f.fallback
		if x, err := strconv.ParseFloat(f.fallback, 64); err == nil {
			value = x
		}
		o = append(o, member{"default", value})
	}
	return o
}

func (f *field) shape(known Names) object {
	item := object{{"type", []string{"string", "number", "boolean"}}}
	switch f.form {
	case number, count:
		kind := "number"
		if f.form == count {
			kind = "integer"
		}
		return append(object{{"type", []string{kind, "null"}}}, f.bounds()...)
	case choice:
		return object{{"enum", f.choices}}
	case interval:
		return object{{"type", "string"}, {"pattern", durationPattern}}
	case every:
		return object{{"anyOf", []object{{{"enum", f.choices}}, {{"type", "string"}, {"pattern", durationPattern}}}}}
	case texts:
		if names := f.listedNames(known); names != nil {
			item = object{{"enum", names}}
		}
		return object{{"type", "array"}, {"items", item}}
	case groups:
		return object{{"type", "array"}, {"items", object{{"anyOf", []object{item, {{"type", "array"}, {"items", item}, {"minItems", 1}}}}}}}
	case section:
		return sectionSchema(f.fields, known)
	case open:
		o := object{{"type", []string{"object", "null"}}}
		if names := f.listedNames(known); names != nil {
			o = append(o, member{"propertyNames", object{{"enum", names}}})
		}
		return append(o, member{"additionalProperties", f.each.schema(known)})
	case series:
		return object{{"type", "array"}, {"items", f.each.schema(known)}}
	}
	return item
}

const durationPattern = `^([0-9]+w)?([0-9]+d)?([0-9.]+(ns|us|µs|ms|s|m|h))*$`

func (f *field) listedNames(known Names) []string {
	if f.names == nil {
		return nil
	}
	return f.names(known)
}

func (f *field) bounds() object {
	if f.low == 0 && f.high == 0 {
		return nil
	}
	low := "minimum"
	if f.above {
		low = "exclusiveMinimum"
	}
	return object{{low, f.low}, {"maximum", f.high}}
}

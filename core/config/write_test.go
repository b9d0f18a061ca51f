package config

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"leeway/core/schema"
)

// write infers, writes, parses and applies: nothing may change on the way.
func write(t *testing.T, c *Config, heads []schema.Head) string {
	t.Helper()
	s, notes := schema.Infer(heads)
	text := Write(c, s, notes)
	parsed, err := Parse(text, "monitor.yaml")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	applied, _, err := parsed.Apply(s)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if diff := cmp.Diff(s, applied); diff != "" {
		t.Errorf("-inferred +applied\n%s\n%s", diff, text)
	}
	return string(text)
}

func TestWrite(t *testing.T) {
	c := Default()
	c.Model = "hotel"
	got := write(t, c, []schema.Head{
		head("timestamp", "2026-01-01", "2026-01-02"), head("prediction", "0", "1"), head("score", "0.25", "0.5"),
		head("is_canceled", "0", "1"), head("Int'l Plan: yes", "0", "1"), head("lead_time", "1", "2"), head("due", "3/4/2026"),
	})
	want := `# What Leeway watches of this model. Every key has a default: a line that is
# removed is inferred again. ` + "`leeway lint`" + ` checks this file; docs/config.md
# explains each key.
#
# Inferred from the reference:
#   time: timestamp; prediction: prediction; score: score; label: is_canceled
#   task: binary, the positive class is "1"
#   ambiguous dates: due (month first; no cell proves it)
#   0 and 1 taken as false and true: Int'l Plan: yes

version: 1
model: hotel
task: binary           # binary, multiclass, regression, none
positive: "1"          # the positive class, as the data writes it

columns:
  timestamp:         {role: time}
  prediction:        {role: prediction, kind: categorical}
  score:             {role: score, kind: numeric}
  is_canceled:       {role: label, kind: categorical}

  # Features, as inferred. Remove the # of a line to change it; more keys: min, max,
  # missing, allowed, methods. Roles that are never inferred: sensitive, segment, ignore.
  # "Int'l Plan: yes": {kind: boolean}
  # lead_time:         {kind: integer}
  # due:               {kind: time, layout: month_first}
` + parts + `# costs: {currency: EUR, false_positive: 5, false_negative: 100}   # what a wrong prediction costs: reports then tell money too
` + tail
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestWriteCosts: each example of costs is one once its # is removed.
func TestWriteCosts(t *testing.T) {
	for task := range costs {
		s := &schema.Schema{Task: task, Columns: []schema.Column{{Name: "y", Kind: schema.Numeric, Role: schema.Label}}}
		if task != schema.Regression {
			s.Columns[0].Kind = schema.Categorical
		}
		text := strings.Replace(string(Write(Default(), s, nil)), "# costs:", "costs:", 1)
		c, err := Parse([]byte(text), "monitor.yaml")
		if err != nil || c.Costs == nil || c.Costs.Currency != "EUR" {
			t.Errorf("%s: %v\n%s", task, err, text)
		}
	}
}

func TestWriteOddNames(t *testing.T) {
	for _, name := range []string{"", " ", "a ", "true", "No", "~", "1", "#x", "a: b", "- a", "?", "a\nb", "a\tb", "\"", "'", "{", "é", "\u2028", "\ufeffx", "\x7f", "日本", "@", "a, b", "*a", "&a", "!a", "%", "|", "null", ".inf", "a #b", "key"} {
		c := Default()
		c.MissingValues = []string{name, "x"}
		s := &schema.Schema{Task: schema.Binary, Positive: name + "x", Missing: c.MissingValues, Columns: []schema.Column{
			{Name: name, Kind: schema.Categorical, Role: schema.Label},
			{Name: name + "2", Kind: schema.Numeric, Role: schema.Score, Class: name + "c"},
			{Name: name + "3", Kind: schema.Numeric, Role: schema.Feature},
		}}
		text := Write(c, s, []string{name})
		parsed, err := Parse(text, "m")
		if err != nil {
			t.Errorf("%q: %v\n%s", name, err, text)
			continue
		}
		applied, _, err := parsed.Apply(s)
		if err != nil {
			t.Errorf("%q: %v\n%s", name, err, text)
			continue
		}
		if diff := cmp.Diff(s, applied); diff != "" {
			t.Errorf("%q: -inferred +applied\n%s\n%s", name, diff, text)
		}
	}
}

func TestWriteManyColumns(t *testing.T) {
	var heads []schema.Head
	for i := range 20000 {
		heads = append(heads, schema.Head{Name: "column_number_" + strings.Repeat("x", i%5) + string(rune('a'+i%26)) + strings.Repeat("y", i/26%30) + strings.Repeat("z", i/780)})
	}
	write(t, Default(), heads)
}

func TestModelName(t *testing.T) {
	for path, want := range map[string]string{
		"hotel.csv": "hotel", "a/b/ref.csv.gz": "b", "../data/hotel_bookings/reference.csv.gz": "hotel_bookings", "reference.csv": "model",
		"/x/My model (v2).parquet": "My-model--v2", "-": "model", "": "model", `C:\data\churn.csv`: "churn", "é.csv": "model",
	} {
		if got := ModelName(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
		if problem := modelName(ModelName(path)); problem != "" {
			t.Errorf("%q: %s", path, problem)
		}
	}
}

// TestJSONSchema holds the schema against Parse: what one accepts the other
// accepts, as far as a schema can know.
func TestJSONSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(known.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(Names{}.JSONSchema()) {
		t.Error("invalid JSON without names")
	}
	for _, text := range []string{
		Example, "{}", "version: 1", "version: 2", "versoin: 1", "task: binary", "task: odd", "positive: true", "positive: [1]",
		"columns: {a: {min: 1, role: label}}", "columns: {a: {min: x}}", "columns: {a: {methods: [psi]}}", "columns: {a: {methods: [odd]}}",
		"columns: {a: }", "columns: [a]", "segments: [a, [b, c]]", "segments: [[]]", "segments: [[[a]]]", "window: {every: 6h, lateness: 1w2d}",
		"window: {every: fortnight}", "policy: {false_alarms: 0}", "policy: {false_alarms: 0.5}", "policy: {false_alarms: 0.6}",
		"policy: {persistence: 1.5}", "policy: {material: {js_distance: 0.1}}", "policy: {material: {odd: 0.1}}", "policy:", "header: [a, 1]",
		"header: a", "sinks: [{kind: emf, options: {namespace: 1}}]", "sinks: [{kind: emf, odd: 1}]", "sinks: [{kind: x}]", "retrain: {trigger: none, cool_down: 7d}", "retrain: {trigger: x}",
	} {
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		_, parsed := known.Parse([]byte(text), "m")
		valid := compiled.Validate(instance)
		if (parsed == nil) != (valid == nil) {
			t.Errorf("%s\nParse: %v\nschema: %v", text, parsed, valid)
		}
	}
}

// FuzzParse holds that every input gives a configuration or errors with places
// in order, and that what was read can be applied.
func FuzzParse(f *testing.F) {
	f.Add([]byte(Example))
	f.Add([]byte("segments: [a, [b, c]]\nsinks:\n- kind: emf\n  options: {namespace: 1}\nretrain: {trigger: none, cool_down: 1w}\n"))
	f.Add([]byte("a: &x [*x, !!str 1]\n<<: *x\n? b\n: |\n  c\n"))
	f.Add([]byte("columns:\n  \"\\u00e9\": {kind: numeric, min: -1e3}\n---\n"))
	s := infer(head("a", "1", "2"), head("b", "0", "1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := known.Parse(data, "m")
		if err == nil {
			if _, _, err := c.Apply(s); err == nil && c.Policy.FalseAlarms <= 0 {
				t.Error("no false alarms allowed")
			}
			return
		}
		last := 0
		for line := range strings.SplitSeq(err.Error(), "\n") {
			place, _, found := strings.Cut(strings.TrimPrefix(line, "m:"), ":")
			at := 0
			for _, c := range place {
				if c < '0' || c > '9' {
					found = false
				}
				at = at*10 + int(c-'0')
			}
			if !strings.HasPrefix(line, "m:") || !found || at < last {
				t.Fatalf("%q after line %d", line, last)
			}
			last = at
		}
	})
}

package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/schema"
)

// TestLabelsMap: what other words mean reaches the contract; words of the data decide
// what else is said.
func TestLabelsMap(t *testing.T) {
	both := []string{"churned", "stayed"}
	for name, test := range map[string]struct {
		text           string
		predicted      []string
		came           []string // nil: the label comes later
		task           schema.Task
		positive, note string
		problem        string
	}{
		"labels":                       {`{churned: "1", stayed: 0}`, []string{"0", "1"}, both, schema.Binary, "1", "", ""},
		"later labels":                 {`{"1": churned, "0": stayed}`, both, nil, schema.Binary, "stayed", "", ""},
		"predictions, to later labels": {`{churned: "1", stayed: "0"}`, both, nil, schema.Binary, "stayed", "", ""},
		"three classes":                {`{katze: cat, hund: dog}`, []string{"bird", "cat", "dog"}, []string{"bird", "hund", "katze"}, schema.Multiclass, "", "", ""},
		"a word that nobody says":      {`{churned: 1, stayed: 0, gone: 1}`, []string{"0", "1"}, both, schema.Binary, "1", `labels.map: "gone" is no word of the reference: it is taken for "1" where later predictions or labels say it`, ""},
		"to what nobody says":          {`{churned: 1, stayed: No.}`, []string{"0", "1"}, both, "", "", "", `m:1:28: labels.map: "stayed" means "No.", which no prediction or label says: valid: 0, 1, churned, stayed`},
		"a misspelt class":             {`{"1": chruned}`, both, nil, "", "", "", `m:1:16: labels.map: "1" means "chruned", which no prediction or label says: did you mean "churned"?`},
	} {
		c, err := Parse([]byte("labels: {map: "+test.text+"}"), "m")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s := &schema.Schema{Columns: []schema.Column{{Name: "p", Kind: schema.Categorical, Role: schema.Prediction, Values: test.predicted}}}
		if test.came != nil {
			s.Columns = append(s.Columns, schema.Column{Name: "y", Kind: schema.Categorical, Role: schema.Label, Values: test.came})
		}
		applied, notes, err := c.Apply(s)
		if test.problem != "" || err != nil {
			if err == nil || err.Error() != test.problem {
				t.Errorf("%s: %v, want %q", name, err, test.problem)
			}
			continue
		}
		said := strings.Join(notes, "\n")
		if applied.Task != test.task || applied.Positive != test.positive || test.note == "" && said != "" || !strings.Contains(said, test.note) {
			t.Errorf("%s: %s, positive %q: %q", name, applied.Task, applied.Positive, notes)
		}
		if diff := cmp.Diff(c.Labels.Map, applied.Words); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestLabelsMapRefused: words that mean nothing, or two things.
func TestLabelsMapRefused(t *testing.T) {
	for text, want := range map[string]string{
		"labels: {map: {churned: 1, churned: 0}}":                     `m:1:28: key "churned" is already on line 1: remove one of them`,
		"labels: {map: {Yes: churned, yes: stayed}}":                  `m:1:30: labels.map: "yes" and "Yes" of line 1 are the same word and mean different classes: keep one`,
		"labels: {map: {1: churned, 1.0: stayed}}":                    `m:1:28: labels.map: "1.0" and "1" of line 1 are the same word and mean different classes: keep one`,
		"labels: {map: {gone: left, left: churned}}":                  `m:1:16: labels.map: "gone" means "left", which means "churned": map each word to what it means in the end; if "left" is one class in the reference and another in newer data no map can say it, since it goes for all data: write newer data as before, or build a baseline of data in the new words`,
		"labels: {map: {\"2\": 1, \"1\": 0}}":                         `m:1:16: labels.map: "2" means "1", which means "0": map each word to what it means in the end; if "1" is one class in the reference and another in newer data no map can say it, since it goes for all data: write newer data as before, or build a baseline of data in the new words`,
		"labels: {map: {gone: \" \"}}":                                `m:1:16: labels.map.gone means nothing: name a class; texts that stand for a missing label go into missing_values`,
		"task: regression\nlabels: {map: {a: b}}":                     `m:2:15: labels.map has no meaning with task: regression: remove it or write task: binary`,
		"labels: {map: {a: [b]}}":                                     `m:1:19: labels.map.a is a list instead of a text`,
		"labels: {map: [a, b]}":                                       `m:1:15: labels.map is a list instead of a mapping`,
		"labels: {maps: {a: b}}":                                      `m:1:10: unknown key "maps" in labels: did you mean "map"?`,
		"task: multiclass\nlabels: {map: {Yes: churned, no: stayed}}": "",
	} {
		_, err := Parse([]byte(text), "m")
		if got := told(err); got != want {
			t.Errorf("%s:\n got %q\nwant %q", text, got, want)
		}
	}
}

func told(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"leeway/core/schema"
)

// Write makes the commented configuration of `leeway init` from an inferred
// contract. What it says is what was inferred: parsed and applied to the same
// contract it changes nothing. Features stand in it as comments, ready to be
// edited. Of the configuration it takes the model's name, the header and the
// spellings of missing values.
func Write(c *Config, s *schema.Schema, notes []string) []byte {
	return commented(c, s, "Inferred from the reference:", notes)
}

// WriteImported makes the commented configuration of what another tool knew of a
// model. Columns that the configuration says something about stand in it as they
// are, the others as comments; so does what is material.
func WriteImported(c *Config, s *schema.Schema, from string, notes []string) []byte {
	return commented(c, s, "Imported from "+from+":", notes)
}

func commented(c *Config, s *schema.Schema, origin string, notes []string) []byte {
	var b bytes.Buffer
	b.WriteString("# What Leeway watches of this model. Every key has a default: a line that is\n# removed is inferred again. `leeway lint` checks this file; docs/config.md\n# explains each key.\n")
	for i, note := range notes {
		if i == 0 {
			fmt.Fprintf(&b, "#\n# %s\n", origin)
		}
		fmt.Fprintf(&b, "#   %s\n", oneLine(note))
	}
	fmt.Fprintf(&b, "\nversion: %d\n", Version)
	if c.Model != "" {
		fmt.Fprintf(&b, "model: %s\n", quote(c.Model))
	}
	fmt.Fprintf(&b, "task: %-16s # %s\n", s.Task, words(strs(schema.Tasks)))
	if s.Task == schema.Binary && s.Positive != "" {
		fmt.Fprintf(&b, "positive: %-12s # the positive class, as the data writes it\n", quoted(s.Positive))
	}
	if c.Header != nil {
		fmt.Fprintf(&b, "header: %s\n", flow(c.Header))
	}
	if missing := c.MissingValues; missing != nil {
		fmt.Fprintf(&b, "missing_values: %s\n", flow(missing))
	}
	writeWords(&b, s)
	writeColumns(&b, c, s)
	b.WriteString(parts + costs[s.Task] + ending(c.Policy.Material))
	return b.Bytes()
}

// writeWords writes what other words for classes mean; of predictions and labels in words
// that nobody can match, as a comment to be filled in.
func writeWords(b *bytes.Buffer, s *schema.Schema) {
	switch {
	case len(s.Words) > 0:
		fmt.Fprintf(b, "\nlabels:\n  map: {%s}   # predictions and labels in other words: what each means\n", texted(s.Words))
	case s.Apart():
		fmt.Fprintf(b, "\n# labels:\n#   map: {%s}   # predictions and labels are other words: say here what each label means\n", texted(unmapped(s)))
	}
}

// texted writes a map of texts as YAML, in order.
func texted(words map[string]string) string {
	var parts []string
	for _, from := range slices.Sorted(maps.Keys(words)) {
		parts = append(parts, quoted(from)+": "+quoted(words[from]))
	}
	return strings.Join(parts, ", ")
}

// unmapped are the labels, with nothing to be what they mean.
func unmapped(s *schema.Schema) map[string]string {
	words := map[string]string{}
	for _, label := range s.ByRole(schema.Label) {
		for _, text := range label.Values {
			words[text] = "?"
		}
	}
	return words
}

const parts = `
# segments: [country, [channel, country]]   # look at parts of the data by themselves
`

// costs are examples of what outcomes cost, by the tasks that have any.
var costs = map[schema.Task]string{
	schema.Binary:     "# costs: {currency: EUR, false_positive: 5, false_negative: 100}   # what a wrong prediction costs: reports then tell money too\n",
	schema.Multiclass: "# costs: {currency: EUR, confusion: {cat: {dog: 3}, dog: {cat: 1}}}   # what a cat costs that is taken for a dog: reports then tell money too\n",
	schema.Regression: "# costs: {currency: EUR, absolute_error: 0.4}   # what it costs to be off by 1: reports then tell money too\n",
}

const tail = `window:
  every: day          # hour, day, week, month or a duration like 6h
  lateness: 72h       # how long a window waits for late rows
policy:
  false_alarms: 0.01  # chance that a window without change ends in alert, over all tests together
  persistence: 1      # windows in a row before an alert
` + material

// material is the example of what tail ends with.
const material = "  # material: {js_distance: 0.1}   # smallest effect worth an alert, by metric\n"

// ending is the tail with what is material, if something is said of it.
func ending(of map[string]float64) string {
	if len(of) == 0 {
		return tail
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		parts = append(parts, fmt.Sprintf("%s: %v", name, of[name]))
	}
	return strings.TrimSuffix(tail, material) + fmt.Sprintf("  material: {%s}   # smallest effect worth an alert, by metric\n", strings.Join(parts, ", "))
}

// writeColumns writes the columns that are no plain features or that something is
// said of, then the others as comments.
func writeColumns(b *bytes.Buffer, c *Config, s *schema.Schema) {
	inferred := func(col *schema.Column) bool {
		return (col.Role == schema.Feature || col.Role == "") && c.Column(col.Name) == nil
	}
	width := 0
	for i := range s.Columns {
		width = max(width, min(len(quote(s.Columns[i].Name))+1, 32))
	}
	special, plain := 0, 0
	for i := range s.Columns {
		c := &s.Columns[i]
		if inferred(c) {
			plain++
			continue
		}
		if special++; special == 1 {
			b.WriteString("\ncolumns:\n")
		}
		fmt.Fprintf(b, "  %-*s %s\n", width, quote(c.Name)+":", describe(c))
	}
	if plain == 0 {
		return
	}
	if special == 0 {
		b.WriteString("\n# columns:\n")
	} else {
		b.WriteString("\n")
	}
	b.WriteString("  # Features, as inferred. Remove the # of a line to change it; more keys: min, max,\n  # missing, allowed, methods. Roles that are never inferred: sensitive, segment, ignore.\n")
	for i := range s.Columns {
		c := &s.Columns[i]
		if !inferred(c) {
			continue
		}
		if plain--; b.Len() > maxSize/2 {
			fmt.Fprintf(b, "  # and %d more\n", plain+1)
			return
		}
		fmt.Fprintf(b, "  # %-*s %s\n", width, quote(c.Name)+":", describe(c))
	}
}

// describe writes a column as a flow mapping.
func describe(c *schema.Column) string {
	var parts []string
	if c.Role != schema.Feature && c.Role != "" {
		parts = append(parts, "role: "+string(c.Role))
	}
	if c.Class != "" {
		parts = append(parts, "class: "+quoted(c.Class))
	}
	if c.Kind != "" && c.Role != schema.ID && c.Role != schema.Timestamp {
		parts = append(parts, "kind: "+string(c.Kind))
	}
	if c.Kind == schema.Time && (c.Layout == schema.DayFirst || c.Layout == schema.MonthFirst) {
		parts = append(parts, "layout: "+string(c.Layout))
	}
	for _, bound := range []struct {
		name  string
		value *float64
	}{{"min", c.Min}, {"max", c.Max}, {"missing", c.Missing}} {
		if bound.value != nil {
			parts = append(parts, fmt.Sprintf("%s: %v", bound.name, *bound.value))
		}
	}
	if c.Allowed != nil {
		parts = append(parts, "allowed: "+flow(c.Allowed))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func flow(list []string) string {
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = quoted(text)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// quote writes a text as YAML, in quotes only where it needs them.
func quote(text string) string {
	if text == "" || !letter(text[0]) || strings.HasSuffix(text, " ") {
		return quoted(text)
	}
	for i := 0; i < len(text); i++ {
		if c := text[i]; !letter(c) && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.' && c != ' ' {
			return quoted(text)
		}
	}
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
		return quoted(text)
	}
	return text
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// quoted writes a text in double quotes; JSON's escapes are YAML's.
func quoted(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil { // no text fails
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// oneLine keeps a note within its comment.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// ModelName guesses the name of a model from the path of its reference: the
// file's name without extensions, or the folder's where the file is named for
// its use ("reference", "train", "data"); "model" where nothing is left.
func ModelName(file string) string {
	file = strings.ReplaceAll(file, "\\", "/")
	name, _, _ := strings.Cut(path.Base(file), ".")
	switch strings.ToLower(name) {
	case "reference", "ref", "baseline", "train", "training", "data", "dataset", "current", "part-0", "":
		name = path.Base(path.Dir(file))
	}
	name = strings.Map(func(c rune) rune {
		if nameRune(c) {
			return c
		}
		return '-'
	}, name)
	name = strings.Trim(name, ".-")
	if name == "" {
		return "model"
	}
	return name[:min(len(name), 128)]
}

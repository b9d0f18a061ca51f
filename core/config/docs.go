package config

import (
	"bytes"
	"fmt"
	"strings"
)

// Example is a configuration that shows most keys.
const Example = `version: 1
model: hotel-cancellation
task: binary
positive: "1"
columns:                          # only what differs from what is inferred
  booking_id:   {role: id}
  arrival:      {role: time}
  score:        {role: score}
  prediction:   {role: prediction}
  is_canceled:  {role: label}
  gender:       {role: sensitive}
  agent:        {role: ignore}
  lead_time:    {kind: numeric, min: 0, max: 737, missing: 0.01}
  country:      {kind: categorical, methods: [js_distance], allowed: [PRT, GBR]}
window: {every: day, lateness: 72h}
policy:
  false_alarms: 0.01              # one window in a hundred without change may alert
  material: {js_distance: 0.1}    # smaller changes are warnings
  persistence: 1
`

// Docs is docs/config.md: every key with its default and meaning.
func Docs() []byte {
	var b bytes.Buffer
	b.WriteString("# The configuration: `monitor.yaml`\n\n<!-- Generated from core/config/table.go by `make generate`; edit the table. -->\n\n")
	b.WriteString("Every key has a default, so that an empty file is valid and `leeway check` needs none. `leeway init --reference FILE` writes a commented file from data; `leeway lint FILE` reports everything that is wrong with one, with line, column and the nearest valid name; `leeway schema config` prints a JSON Schema for editors.\n\n")
	b.WriteString("```yaml\n" + Example + "```\n\n")
	b.WriteString("Durations are written `90m`, `36h`, `7d`, `2w` or combined, `1d12h`. Texts may be left without quotes, except those that YAML reads otherwise. Anchors, tags and several documents in one file are refused.\n\n")
	b.WriteString("## Keys\n\n")
	table(&b, root)
	for _, f := range root {
		part(&b, f)
	}
	targets(&b, "Kinds of sinks", sinkKinds)
	targets(&b, "Kinds of triggers", triggerKinds)
	b.WriteString(inference)
	return b.Bytes()
}

// targets documents the kinds of sinks or triggers with their options.
func targets(b *bytes.Buffer, title string, all []target) {
	fmt.Fprintf(b, "\n## %s\n\n| kind | does | options |\n|---|---|---|\n", title)
	for i := range all {
		t := &all[i]
		does := t.help
		if t.on != "" {
			does += "; `on: " + t.on + "` by default"
		}
		var options []string
		for _, o := range t.options {
			text := "`" + o.name + "`: " + o.help
			if o.choices != nil {
				text += " (`" + strings.Join(o.choices, "`, `") + "`)"
			}
			options = append(options, text)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", t.kind, does, strings.Join(options, ";<br>"))
	}
}

// part documents the keys within a key.
func part(b *bytes.Buffer, f *field) {
	fields, title := f.fields, f.name
	if f.each != nil && f.each.form == section {
		fields = f.each.fields
		if f.form == open {
			title += ".NAME"
		} else {
			title += "[]"
		}
	}
	if fields == nil {
		return
	}
	fmt.Fprintf(b, "\n## `%s`\n\n%s\n\n", title, f.help)
	table(b, fields)
}

func table(b *bytes.Buffer, fields []*field) {
	b.WriteString("| key | value | default | meaning |\n|---|---|---|---|\n")
	for _, f := range fields {
		name := "`" + f.name + "`"
		help := f.help
		if f.example != "" {
			help += " Example: `" + f.example + "`."
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", name, f.written(), f.byDefault(), strings.ReplaceAll(help, "|", `\|`))
	}
}

// written says how a value of the field is written.
func (f *field) written() string {
	switch f.form {
	case choice:
		return "`" + strings.Join(f.choices, "`, `") + "`"
	case every:
		return "`" + strings.Join(f.choices, "`, `") + "` or a duration"
	case interval:
		return "a duration"
	case texts:
		return "a list"
	case groups:
		return "a list of names and lists of names"
	case section:
		return "see below"
	case series:
		return "a list, see below"
	case open:
		if f.each.form == section {
			return "a mapping, see below"
		}
		return "a mapping to " + f.each.written()
	}
	return f.wants()
}

func (f *field) byDefault() string {
	if f.fallback != "" {
		return "`" + f.fallback + "`"
	}
	return f.otherwise
}

const inference = `
## What is inferred

The first 10,000 rows decide. The kind of a column follows from the cells that hold a value; 95% are enough, the others count as mistyped.

| kind | when |
|---|---|
| ` + "`embedding`" + ` | lists of numbers |
| ` + "`time`" + ` | dates and times in one layout: 2026-01-31, RFC 3339, 31.1.2026, 1/31/2026, 31-Jan-2026, 20260131; under a name of time also seconds, milliseconds, microseconds or nanoseconds since 1970. Where day and month could be either, the order of the rows decides, and the assumption is said |
| ` + "`boolean`" + ` | true/false, yes/no, t/f, y/n, on/off, all of one pair; 0 and 1, unless the name is that of a count (babies, n_children). A prediction or label of 0 and 1 is categorical |
| ` + "`categorical`" + ` | other texts; digits with leading zeros, beyond 2^53 or named like a code (zip, phone); at most 12 distinct integers under a name like sex, month, pclass or type_code; a column without any value |
| ` + "`text`" + ` | long texts; more than 100 distinct ones that make up more than half of the cells; ids |
| ` + "`integer`, `numeric`" + ` | other numbers |

` + "`NA`, `N/A`, `NaN` and `NULL`" + ` in any case mean missing, except among texts.

Roles follow from usual names in any case and with any separator, where the values agree:

| role | names |
|---|---|
| ` + "`id`" + ` | id, Index, uuid, no, instant, customer_id, PassengerId and the like, if almost every value is different; and any column of unique UUIDs, hashes or codes |
| ` + "`time`" + ` | the best of timestamp, event_time, datetime, date, created_at and the like; one column only |
| ` + "`prediction`" + ` | y_pred, prediction, predicted, y_hat, predicted_fare and the like |
| ` + "`score`" + ` | y_pred_proba, probability, score and the like, if all values lie between 0 and 1; proba_cat, proba_dog where cat and dog are classes |
| ` + "`label`" + ` | y_true, label, target, ground_truth, actual; the column that a prediction is named for; outcomes like churn, survived, is_canceled, class beside a prediction or score, or at the edge of the table |
| ` + "`weight`" + ` | sample_weight, instance_weight |

` + "`segment`, `sensitive` and `ignore`" + ` are never guessed. The task is ` + "`binary`" + ` with at most two classes, ` + "`multiclass`" + ` with more, ` + "`regression`" + ` where the prediction is a number, ` + "`none`" + ` without prediction, score and label.

A file whose id or time has another name than the contract's is still read, if exactly one unknown column fits. A file without labels misses nothing: labels come later.
`

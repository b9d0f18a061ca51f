package config

import (
	"time"

	"leeway/core/schema"
)

// form is how a value is written.
type form uint8

const (
	text     form = iota // any scalar, as it stands
	number               // a finite number within low..high
	count                // a whole number within low..high
	choice               // one of choices
	interval             // 36h, 7d
	every                // one of choices, or an interval
	texts                // a list of scalars
	groups               // a list of scalars or of lists of them
	section              // a mapping with the keys of fields
	open                 // a mapping from any key to each
	series               // a list of each
)

// field is one key of the configuration: all that is known about it.
type field struct {
	name      string
	form      form
	choices   []string
	low       float64
	high      float64
	above     bool   // low itself is not allowed
	fallback  string // the default, as a person would write it
	otherwise string // what happens without it, where there is no default value
	help      string // one or two sentences
	example   string

	fields []*field // section: its keys
	each   *field   // open, series: the elements
	names  func(Names) []string

	enter func(at *cursor, key string, place Place) // open, series: begin an element
	set   func(at *cursor, v *value)
}

// value is a parsed value; the field of its form is filled.
type value struct {
	text     string
	number   float64
	interval time.Duration
	texts    []string
	groups   [][]string
	places   []Place // of the texts, in order
}

// cursor is where a value goes.
type cursor struct {
	config *Config
	column *Column
	sink   *Sink
	key    string // of the element of an open mapping
	actual string // costs.confusion: the class that came true
}

func strs[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// root is the table: every key of monitor.yaml, in the order of the
// documentation.
var root = []*field{
	{name: "version", form: count, low: Version, high: Version, fallback: "1",
		help: "The version of the format.",
		set:  func(*cursor, *value) {}},
	{name: "model", form: text, otherwise: "the folder's name under `logs/`",
		help:    "The name of the model: letters, digits, `.`, `_` and `-`.",
		example: "hotel-cancellation",
		set:     func(at *cursor, v *value) { at.config.Model = v.text }},
	{name: "task", form: choice, choices: strs(schema.Tasks), otherwise: "inferred",
		help: "What the model does. It decides which performance metrics apply and whether predictions and labels are classes or numbers.",
		set:  func(at *cursor, v *value) { at.config.Task = schema.Task(v.text) }},
	{name: "positive", form: text, otherwise: "`1` or `true`, else the class whose rows clearly have higher scores, else the last class in order",
		help:    "The positive class of a binary task, as it stands in the data; of several classes the one that groups of people are compared by (fairness).",
		example: `"1"`,
		set:     func(at *cursor, v *value) { at.config.Positive = v.text }},
	{name: "threshold", form: number, otherwise: "0.5",
		help:    "The score from which on a row of a binary task is predicted positive, where no column says what was predicted. Scores need not be probabilities: of margins it is 0.",
		example: "0.3",
		set:     func(at *cursor, v *value) { at.config.Threshold = &v.number }},
	{name: "columns", form: open, otherwise: "everything is inferred",
		help: "What differs from what is inferred, by the name of the column. A name that the data does not have is an error, save for a label, which may come later.",
		enter: func(at *cursor, key string, place Place) {
			at.config.Columns = append(at.config.Columns, Column{Name: key, place: place})
			at.column = &at.config.Columns[len(at.config.Columns)-1]
		},
		each: &field{form: section, fields: columnFields}},
	{name: "header", form: texts, otherwise: "the first line of a CSV file is its header",
		help:    "The names of the columns of CSV files that have no header line; and of the values of requests that an endpoint of SageMaker captured, with those of the answer before them or without.",
		example: "[age, workclass, income]",
		set:     func(at *cursor, v *value) { at.config.Header = v.texts }},
	{name: "missing_values", form: texts, otherwise: "the empty field; and `NA`, `N/A`, `NaN`, `NULL` in any case where the other values are numbers, booleans or times",
		help:    "The texts that mean a missing value, in columns of every kind. The list replaces the default.",
		example: `["", "?", unknown]`,
		set:     func(at *cursor, v *value) { at.config.MissingValues = v.texts }},
	{name: "segments", form: groups, otherwise: "no segments",
		help:    "Columns whose values are looked at one by one; a list of columns stands for each combination of their values. The 20 most frequent with 100 rows or more of the reference become segments, all others together are `(other)`. Numbers make segments where there are at most 20 different ones. See [Segments](segments.md).",
		example: "[country, [channel, country]]",
		set: func(at *cursor, v *value) {
			at.config.Segments = v.groups
			i := 0
			for _, group := range v.groups {
				for _, name := range group {
					at.config.places[name] = v.places[i]
					i++
				}
			}
		}},
	{name: "costs", form: section, otherwise: "nothing is said of money", help: "What the outcomes of one prediction cost, in money: `cost_per_1000` and `estimated_cost_per_1000` are made from it, and what the drift of columns costs. Amounts below 0 are gains. Name those of the task: the four of `binary`, `confusion` of `multiclass`, `absolute_error` of `regression`. What is not named costs nothing.", fields: costFields},
	{name: "baseline", form: section, help: "What a batch is compared with.", fields: baselineFields},
	{name: "window", form: section, help: "How rows are cut into windows by their time.", fields: windowFields},
	{name: "labels", form: section, otherwise: "any label is taken as it is written, and the file that was written last corrects those before", help: "How labels are taken that come in files of their own, and what they mean.", fields: labelFields},
	{name: "retain", form: section, otherwise: "everything is kept", help: "How long the state keeps what labels are joined with, by the newest time in the data and not by the clock. Reports, profiles and history stay.", fields: retainFields},
	{name: "policy", form: section, help: "What deserves an alert.", fields: policyFields},
	{name: "sinks", form: series, otherwise: "no sinks; functions of a cloud send the metrics to its service",
		help: "Where reports and metrics are sent. A sink gets the reports that are made once it is there; what it did not take is sent again by the next run, and what it took is not. See [Retraining, sinks and triggers](retrain.md).",
		enter: func(at *cursor, _ string, _ Place) {
			at.config.Sinks = append(at.config.Sinks, Sink{})
			at.sink = &at.config.Sinks[len(at.config.Sinks)-1]
		},
		each: &field{form: section, fields: sinkFields}},
	{name: "retrain", form: section, otherwise: "never",
		help:   "When retraining is started, and how. See [Retraining, sinks and triggers](retrain.md).",
		fields: retrainFields},
}

var columnFields = []*field{
	{name: "kind", form: choice, choices: strs(schema.Kinds), otherwise: "inferred",
		help: "What sort of values the column holds. Cells of another sort count as mistyped.",
		set:  func(at *cursor, v *value) { at.column.Kind = schema.Kind(v.text) }},
	{name: "role", form: choice, choices: strs(schema.Roles), otherwise: "inferred",
		help: "What the column means to the model. `sensitive` (its values are groups of people, see docs/fairness.md) and `segment` are never inferred; a column to `ignore` is not read.",
		set:  func(at *cursor, v *value) { at.column.Role = schema.Role(v.text) }},
	{name: "class", form: text, otherwise: "the positive class",
		help:    "With `role: score`: the class that the score belongs to. In a binary task what it leaves of 1 is the score of the other class.",
		example: "cat",
		set:     func(at *cursor, v *value) { at.column.Class = v.text }},
	{name: "layout", form: choice, choices: strs(schema.Layouts), otherwise: "found in each file",
		help: "With `kind: time`: how instants are written. Needed only where nothing tells day from month.",
		set:  func(at *cursor, v *value) { at.column.Layout = schema.Layout(v.text) }},
	{name: "min", form: number, otherwise: "the reference's smallest value",
		help: "The smallest allowed value; what lies below counts as out of range. Alarms where more do than in the reference.", example: "0",
		set: func(at *cursor, v *value) { at.column.Min = &v.number }},
	{name: "max", form: number, otherwise: "the reference's largest value",
		help: "The largest allowed value; what lies above counts as out of range. Alarms where more do than in the reference.", example: "737",
		set: func(at *cursor, v *value) { at.column.Max = &v.number }},
	{name: "missing", form: number, low: 0, high: 1, otherwise: "compared with the reference",
		help: "The largest allowed share of missing values; more is an alert.", example: "0.01",
		set: func(at *cursor, v *value) { at.column.Missing = &v.number }},
	{name: "allowed", form: texts, otherwise: "the reference's categories",
		help: "The categories that may occur; others count as unseen. Alarms where more do than in the reference.", example: "[PRT, GBR]",
		set: func(at *cursor, v *value) { at.column.Allowed = v.texts }},
	{name: "methods", form: texts, names: func(n Names) []string { return n.Methods }, otherwise: "the defaults of the kind",
		help: "The drift methods for this column; `leeway explain NAME` tells what each does.", example: "[js_distance]",
		set: func(at *cursor, v *value) { at.column.Methods = v.texts }},
}

var baselineFields = []*field{
	{name: "kind", form: choice, choices: []string{"static", "rolling", "seasonal"}, fallback: "static",
		help: "`static`: an approved version, built from `reference/<model>/`. `rolling`: the last windows that were not in alert; slow drift is still measured against the approved version. `seasonal`: the part of the approved version that is of the same hour, day or month; where it has few of them, later windows that were not in alert are added; with fewer than 100 rows it is the approved version as a whole. What is compared with what, each report says.",
		set:  func(at *cursor, v *value) { at.config.Baseline.Kind = v.text }},
	{name: "windows", form: count, low: 1, high: 1000, fallback: "7",
		help: "With `kind: rolling`: how many windows. While fewer than three of them (or than are asked for) are there, or they have fewer than 100 rows together, windows are compared with the approved version.",
		set:  func(at *cursor, v *value) { at.config.Baseline.Windows = int(v.number) }},
	{name: "season", form: choice, choices: []string{HourOfWeek, DayOfWeek, MonthOfYear}, otherwise: "by the length of windows: `hour-of-week` below a day, `day-of-week` for a day or whole days below a week, else `month-of-year`",
		help: "With `kind: seasonal`: what is the same of two windows. It goes by when a window begins; a week belongs to the month of its Thursday. Windows of a day and longer have no hour of the week, and windows of a week and longer, or of no whole days (36h), no day of the week.",
		set:  func(at *cursor, v *value) { at.config.Baseline.Season = v.text }},
}

var windowFields = []*field{
	{name: "every", form: every, choices: []string{"hour", "day", "week", "month"}, fallback: "day",
		help: "The length of a window: a unit of the calendar in UTC, weeks from Monday, or a duration.", example: "6h",
		set: func(at *cursor, v *value) { at.config.Window.Every = v.text }},
	{name: "lateness", form: interval, fallback: "72h",
		help: "How long after its end a window stays open for late rows.", example: "7d",
		set: func(at *cursor, v *value) { at.config.Window.Lateness = v.interval }},
}

var labelFields = []*field{
	{name: "version", form: text, otherwise: "the label in the file that was written last counts",
		help:    "A column of label files, with instants or with numbers that grow: of several labels of an id the one that has the most counts, and of equal ones that in the file that was written last. A row without one is older than all others.",
		example: "updated_at",
		set:     func(at *cursor, v *value) { at.config.Labels.Version = v.text }},
	{name: "horizon", form: interval, otherwise: "labels are taken however late they come",
		help:    "How long a window takes labels: those in files written later than that after its end (or after its rows were delivered, if that was later) are not used. Windows past it are not joined again, which bounds what new labels cost. No longer than `retain.ledger`, where that is set.",
		example: "90d",
		set:     func(at *cursor, v *value) { at.config.Labels.Horizon = v.interval }},
	{name: "map", form: open, otherwise: "words that mean the same are one class (numbers by their value; of two classes also `yes`, `true`, `t`, `y`, `on`, `positive`, `pos` and 1, and what they are not and 0), and so are two words of predictions and two of labels where scores tell which is which",
		help:    "Other words for classes, in labels and predictions, of the data and of files: what each means. For labels that are written otherwise than predictions are, or than they were: columns of predictions and labels are read in these words, of the reference as of newer data, so a word cannot be one class in one and another in the other (1 and 2 for what was 0 and 1): write such data as before, or build a baseline of them. Data are read again with it; a baseline keeps the words that it was built with, so build it again (`leeway baseline build`).",
		example: `{churned: "1", stayed: "0"}`,
		enter:   func(at *cursor, key string, place Place) { at.key = key },
		each: &field{form: text, set: func(at *cursor, v *value) {
			if at.config.Labels.Map == nil {
				at.config.Labels.Map = map[string]string{}
			}
			at.config.Labels.Map[at.key] = v.text
		}}},
}

var retainFields = []*field{
	{name: "ledger", form: interval, otherwise: "for good",
		help:    "How long after the end of their window predictions are kept for labels; no shorter than `labels.horizon`. What was reported of a window stays as it is from then on, save for rows that come for it.",
		example: "180d",
		set:     func(at *cursor, v *value) { at.config.Retain.Ledger = v.interval }},
	{name: "labels", form: interval, otherwise: "for good",
		help:    "How long labels are kept after their file was written; no shorter than `ledger`.",
		example: "400d",
		set:     func(at *cursor, v *value) { at.config.Retain.Labels = v.interval }},
}

var policyFields = []*field{
	{name: "false_alarms", form: number, low: 0, above: true, high: 0.5, fallback: "0.01",
		help: "The chance that a window in which nothing changed ends in alert, over all tests together.",
		set:  func(at *cursor, v *value) { at.config.Policy.FalseAlarms = v.number }},
	{name: "material", form: open, otherwise: "a default for each metric",
		help:    "The smallest effect worth an alert, by metric. What is significant but smaller is a warning. For `demographic_parity_ratio` it is the limit itself: a ratio that is below it for certain is an alert.",
		example: "{js_distance: 0.1}",
		names:   func(n Names) []string { return n.Metrics },
		enter: func(at *cursor, key string, _ Place) {
			at.key = key
		},
		each: &field{form: number, low: 0, high: 1e9, set: func(at *cursor, v *value) {
			if at.config.Policy.Material == nil {
				at.config.Policy.Material = map[string]float64{}
			}
			at.config.Policy.Material[at.key] = v.number
		}}},
	{name: "persistence", form: count, low: 1, high: 100, fallback: "1",
		help: "How many windows in a row a finding must last before it is an alert.",
		set:  func(at *cursor, v *value) { at.config.Policy.Persistence = int(v.number) }},
}

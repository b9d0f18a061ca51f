package config

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"leeway/core/fault"
	"leeway/core/schema"
)

var known = Names{Methods: []string{"ks_statistic", "js_distance", "psi"}, Metrics: []string{"js_distance", "missing_ratio"}}

func float(x float64) *float64 { return &x }

func TestParse(t *testing.T) {
	got, err := known.Parse([]byte(Example+`segments: [country, [channel, country]]
baseline: {kind: rolling, windows: 14}
header: [a, "b c", 3]
missing_values: ["", "?"]
sinks:
  - kind: cloudwatch
  - {kind: webhook, name: ops, detail: all, options: {url: "https://x", secret_env: S}}
retrain: {trigger: none, cool_down: 1w2d3h, approval: manual}
`), "monitor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Model: "hotel-cancellation", Task: schema.Binary, Positive: "1",
		Columns: []Column{
			{Name: "booking_id", Role: schema.ID},
			{Name: "arrival", Role: schema.Timestamp},
			{Name: "score", Role: schema.Score},
			{Name: "prediction", Role: schema.Prediction},
			{Name: "is_canceled", Role: schema.Label},
			{Name: "gender", Role: schema.Sensitive},
			{Name: "agent", Role: schema.Ignore},
			{Name: "lead_time", Kind: schema.Numeric, Min: float(0), Max: float(737), Missing: float(0.01)},
			{Name: "country", Kind: schema.Categorical, Methods: []string{"js_distance"}, Allowed: []string{"PRT", "GBR"}},
		},
		Header:        []string{"a", "b c", "3"},
		MissingValues: []string{"", "?"},
		Segments:      [][]string{{"country"}, {"channel", "country"}},
		Baseline:      Baseline{Kind: "rolling", Windows: 14},
		Window:        Window{Every: "day", Lateness: 72 * time.Hour},
		Policy:        Policy{FalseAlarms: 0.01, Material: map[string]float64{"js_distance": 0.1}, Persistence: 1},
		Sinks:         []Sink{{Kind: "cloudwatch", Name: "cloudwatch", On: "every"}, {Kind: "webhook", Name: "ops", On: "every", Detail: "all", Options: map[string]string{"url": "https://x", "secret_env": "S"}}},
		Retrain: Retrain{
			Trigger: "none", Confirm: 2, Of: 3, Impact: 0.03, CoolDown: (9*24 + 3) * time.Hour, Budget: 3, MinLabels: 500,
			Approval: true, Timeout: 7 * 24 * time.Hour,
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{}, Column{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestDefault(t *testing.T) {
	want := &Config{
		Retrain:  Retrain{Confirm: 2, Of: 3, Impact: 0.03, CoolDown: 24 * time.Hour, Budget: 3, MinLabels: 500, Timeout: 7 * 24 * time.Hour},
		Baseline: Baseline{Kind: "static", Windows: 7},
		Window:   Window{Every: "day", Lateness: 72 * time.Hour},
		Policy:   Policy{FalseAlarms: 0.01, Persistence: 1},
	}
	for _, text := range []string{"", "# nothing\n", "---\n", "version: 1\npolicy:\ncolumns: {}\n", "\ufeffversion: 1\r\n", "{}"} {
		got, err := Parse([]byte(text), "m")
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: -want +got\n%s", text, diff)
		}
	}
}

// TestSeason: the length of windows chooses the season where none is named.
func TestSeason(t *testing.T) {
	for every, want := range map[string]string{"hour": HourOfWeek, "6h": HourOfWeek, "day": DayOfWeek, "2d": DayOfWeek, "36h": MonthOfYear, "week": MonthOfYear, "7d": MonthOfYear, "month": MonthOfYear} {
		got, err := Parse([]byte("baseline: {kind: seasonal}\nwindow: {every: "+every+"}\n"), "m")
		if err != nil || got.Baseline.Season != want {
			t.Errorf("%s: %v, %v", every, got.Baseline, err)
		}
	}
}

// TestDefaultsFitTheirFields holds each default and example against its field.
func TestDefaultsFitTheirFields(t *testing.T) {
	var visit func(list []*field)
	visit = func(list []*field) {
		for _, f := range list {
			if f.fallback != "" {
				if _, problem, _ := f.parse(&node{shape: scalar, text: f.fallback}); problem != "" {
					t.Errorf("default of %s is %s", f.name, problem)
				}
			}
			if f.fallback == "" && f.otherwise == "" && f.fields == nil {
				t.Errorf("%s does not say what happens without it", f.name)
			}
			if f.help == "" {
				t.Errorf("%s has no help", f.name)
			}
			visit(f.fields)
			if f.each != nil {
				visit(f.each.fields)
			}
		}
	}
	visit(root)
}

func TestProblems(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"unknown keys", "modle: x\ncolumns:\n  a: {kindd: numeric}\npolicy: {false_alarm: 0.1}\nxyzzy: 1\n", []string{
			`m:1:1: unknown key "modle": did you mean "model"?`,
			`m:3:7: unknown key "kindd" in columns.a: did you mean "kind"?`,
			`m:4:10: unknown key "false_alarm" in policy: did you mean "false_alarms"?`,
			`m:5:1: unknown key "xyzzy": valid: version, model, task, positive, threshold, columns, header, missing_values, segments, costs, baseline, window, labels, retain, policy, sinks, retrain`,
		}},
		{"enums", "task: binray\ncolumns: {a: {kind: number, role: lable, layout: dayfirst}}\nbaseline: {kind: static-ish}\n", []string{
			`m:1:7: task is "binray": did you mean "binary"?`,
			`m:2:21: columns.a.kind is "number": did you mean "numeric"?`,
			`m:2:35: columns.a.role is "lable": did you mean "label"?`,
			`m:2:50: columns.a.layout is "dayfirst": did you mean "day_first"?`,
			`m:3:18: baseline.kind is "static-ish": did you mean "static"?`,
		}},
		{"types", "version: two\ncolumns: [a]\nheader: a\npolicy: 1\nsinks: {kind: x}\npositive: [1]\nwindow: {every: [day]}\n", []string{
			`m:1:10: version is "two" instead of 1`,
			`m:2:10: columns is a list instead of a mapping`,
			`m:3:9: header is "a" instead of a list: write [a]`,
			`m:4:9: policy is "1" instead of a mapping: write keys: false_alarms, material, persistence`,
			`m:5:8: sinks is a mapping instead of a list: begin each item with a dash`,
			`m:6:11: positive is a list instead of a text`,
			`m:7:17: window.every is a list instead of one of hour, day, week, month or a duration like 6h`,
		}},
		{"ranges", "version: 2\npolicy: {false_alarms: 0, persistence: 1.5, material: {js_distance: -1}}\ncolumns: {a: {missing: 1.01, min: .inf, max: \"3\"}}\n", []string{
			`m:1:10: version is 2: give 1`,
			`m:2:24: policy.false_alarms is 0: give a number above 0 to 0.5`,
			`m:2:40: policy.persistence is 1.5: give a whole number from 1 to 100`,
			`m:2:69: policy.material.js_distance is -1: give a number from 0 to 1e+09`,
			`m:3:24: columns.a.missing is 1.01: give a number from 0 to 1`,
			`m:3:35: columns.a.min is ".inf" instead of a number`,
			`m:3:46: columns.a.max is "3" instead of a number`,
		}},
		{"names", "columns: {a: {methods: [psi, js_distnace]}}\npolicy: {material: {mising_ratio: 0.1}}\n", []string{
			`m:1:30: unknown name "js_distnace" in columns.a.methods: did you mean "js_distance"?`,
			`m:2:21: unknown name "mising_ratio" in policy.material: did you mean "missing_ratio"?`,
		}},
		{"durations", "window: {every: daily, lateness: 3 days}\n", []string{
			`m:1:17: window.every is "daily": did you mean "day"? or write a duration like 6h`,
			`m:1:34: window.lateness is "3 days": write a duration like 36h or 7d`,
		}},
		{"short window", "window: {every: 1s, lateness: -1h}\n", []string{
			`m:1:17: window.every is "1s": make a window at least 1m long`,
			`m:1:31: window.lateness is "-1h": write a duration like 36h or 7d`,
		}},
		{"duplicate keys", "task: none\ncolumns:\n  a: {kind: text, kind: numeric}\n  a: {}\ntask: binary\n", []string{
			`m:3:19: key "kind" is already on line 3: remove one of them`,
			`m:4:3: key "a" is already on line 3: remove one of them`,
			`m:5:1: key "task" is already on line 1: remove one of them`,
		}},
		{"values that depend on each other", "task: regression\npositive: 1\nmodel: a/b\nheader: [a, a]\nbaseline: {windows: 3}\ncolumns:\n  a: {role: label, class: x, min: 2, max: 1}\n  b: {role: label}\n  c: {kind: text, allowed: [x]}\nsinks: [{name: x}]\nretrain: {cool_down: 1d}\n", []string{
			`m:2:1: positive has no meaning with task: regression: remove it or write task: binary`,
			`m:3:1: model is "a/b": use letters, digits, points, - and _ only`,
			`m:4:1: header names "a" twice: give each column a name of its own`,
			`m:5:12: windows needs kind: rolling`,
			`m:7:20: class needs role: score`,
			`m:7:38: max 1 is below min 2: swap them`,
			`m:8:3: a second column of role label after "a": keep one`,
			`m:9:19: allowed has no meaning with kind: text: remove it, or write kind: categorical or boolean`,
			`m:10:9: a sink without kind: say which sink it is: webhook, cloudwatch, emf, sagemaker, sns, eventbridge`,
			`m:11:1: retrain without trigger: say what is started: none, webhook, eventbridge, stepfunctions, sagemaker`,
		}},
		{"options of sinks and triggers", "sinks:\n- {kind: webhook}\n- {kind: webhook, name: a, options: {url_env: U, secret: x, secret_evn: y}}\n- {kind: emf, name: a, options: {timestamp: now}}\n- {kind: webhok, on: never}\nretrain: {trigger: sagemaker, confirm: 4, options: {pipelin: x}}\n", []string{
			`m:2:3: sinks[0] of kind webhook without options.url: write options: {url: ...} or {url_env: ...}`,
			`m:3:50: unknown option "secret" of sinks[1] of kind webhook: secrets do not belong into this file: write secret_env: and the name of the environment variable that holds it`,
			`m:3:61: unknown option "secret_evn" of sinks[1] of kind webhook: did you mean "secret_env"?`,
			`m:4:3: a second sink named "a": give each a name of its own`,
			`m:4:45: sinks[2].options.timestamp is "now": valid: arrival, window`,
			`m:5:10: sinks[3].kind is "webhok": did you mean "webhook"?`,
			`m:5:22: sinks[3].on is "never": did you mean "every"?`,
			`m:6:11: retrain of kind sagemaker without options.pipeline: write options: {pipeline: ...}`,
			`m:6:31: retrain.confirm is 4 of 3 windows: make it at most retrain.of`,
			`m:6:53: unknown option "pipelin" of retrain of kind sagemaker: did you mean "pipeline"?`,
		}},
		{"a season that windows do not have", "window: {every: week}\nbaseline: {kind: seasonal, season: day-of-week}\n", []string{
			`m:2:28: season: day-of-week has no meaning with windows of a week or longer: each holds all days: write season: month-of-year, or shorter windows, window: {every: day} for example`,
		}},
		{"hours of days", "window: {every: day}\nbaseline: {kind: seasonal, season: hour-of-week}\n", []string{
			`m:2:28: season: hour-of-week has no meaning with windows of a day or longer: each holds all hours: write season: day-of-week, or shorter windows, window: {every: hour} for example`,
		}},
		{"no whole days", "window: {every: 36h}\nbaseline: {kind: seasonal, season: day-of-week}\n", []string{
			`m:2:28: season: day-of-week has no meaning with windows of 36h: they begin at other times of the day each time: write windows of a day or of whole days, window: {every: day} for example, or season: month-of-year`,
		}},
		{"windows without a season", "window: {every: 60d}\nbaseline: {kind: seasonal}\n", []string{
			`m:2:12: season: month-of-year has no meaning with windows longer than a month: write shorter windows, window: {every: month} for example`,
		}},
		{"yaml we do not use", "a: &x 1\nb: *x\nc: !!str 1\n<<: {d: 1}\n", []string{
			`m:1:1: unknown key "a": valid: ` + strings.Join(names(root), ", "),
			`m:1:4: anchors are not supported: write the value out`,
			`m:2:1: unknown key "b": valid: ` + strings.Join(names(root), ", "),
			`m:2:4: aliases are not supported: write the value out`,
			`m:3:1: unknown key "c": valid: ` + strings.Join(names(root), ", "),
			`m:3:4: tags are not supported: quote the value if it is a text`,
			`m:4:1: merge keys are not supported: write the keys out`,
		}},
		{"a threshold of numbers", "task: regression\nthreshold: 0.3\n", []string{`m:2:1: threshold has no meaning with task: regression: remove it or write task: binary`}},
		{"predictions before labels", "labels: {horizon: 90d}\nretain: {ledger: 30d, labels: 10d}\n", []string{
			`m:2:10: predictions are kept for less long than labels are taken (labels.horizon): keep them at least as long`,
			`m:2:23: labels are kept for less long than the predictions that they belong to: write retain: {ledger: ...} that is no longer than labels`,
		}},
		{"two documents", "task: none\n---\ntask: none\n", []string{`m:3:5: a second document: keep one document in the file`}},
		{"a list", "- a\n", []string{`m:1:1: the file is a list instead of a mapping: write keys: ` + strings.Join(names(root), ", ")}},
		{"a tab", "policy:\n\tpersistence: 2\n", []string{`m:2:1: found character '\t' that cannot start any token: indent with spaces instead of tabs`}},
		{"an open bracket", "segments: [a, b\n", []string{`m:1:11: sequence end token ']' not found: check indentation, quotes and brackets around here`}},
		{"latin1", "model: caf\xe9\n", []string{`m:1:11: not UTF-8: save the file as UTF-8`}},
		{"binary", "PK\x03\x04\n", []string{`m:1:3: control character '\x03': remove it`}},
		{"large", strings.Repeat("# x\n", 1<<20), []string{`m:1:1: the file has 4194304 bytes: keep it below 256 kB; is it a configuration?`}},
		{"long line", "model: " + strings.Repeat("x", 20000), []string{`m:1:1: the line has 20007 bytes: break it`}},
		{"brackets", strings.Repeat("[", 5000), []string{`m:1:1: nested too deeply: close brackets`}},
		{"bracket lines", strings.Repeat("[\n", 5000), []string{`m:1001:1: nested too deeply: close brackets`}},
		{"dashes", strings.Repeat("- ", 5000), []string{`m:1:1: nested too deeply: write one item per line`}},
		{"levels", "policy: " + strings.Repeat("{a: ", 40) + strings.Repeat("}", 40), []string{
			`m:1:10: unknown key "a" in policy: valid: false_alarms, material, persistence`,
			`m:1:137: nested too deeply: see docs/config.md for what belongs where`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := known.Parse([]byte(tc.text), "m")
			if err == nil {
				t.Fatal("no error")
			}
			if kind := fault.KindOf(err); kind != fault.Invalid {
				t.Errorf("kind %s", kind)
			}
			if diff := cmp.Diff(tc.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestParseInterval(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "7d": 168 * time.Hour, "2w": 336 * time.Hour, "1d12h": 36 * time.Hour, "1w1d1h": 193 * time.Hour, "0s": 0,
		"": -1, "d": -1, "7": -1, "1h1d": -1, "-1d": -1, "99999d": -1, "1y": -1, "1e3h": -1,
	} {
		got, ok := parseInterval(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func infer(columns ...schema.Head) *schema.Schema {
	s, _ := schema.Infer(columns)
	return s
}

func head(name string, cells ...string) schema.Head {
	h := schema.Head{Name: name}
	for range 30 {
		for _, cell := range cells {
			h.Cells = append(h.Cells, schema.Cell{Native: schema.NativeText, Text: cell})
		}
	}
	return h
}

// TestTurnedScore: a positive class that the score is not taken to be of is said to have
// the rest to 1, unless the class of the score is configured.
func TestTurnedScore(t *testing.T) {
	s := infer(head("score", "0.9", "0.2", "0.8", "0.1"), head("label", "churned", "stayed", "churned", "stayed"))
	if s.Positive != "churned" {
		t.Fatal(s.Positive)
	}
	const note = `the score score is taken to be of churned, by the data: stayed has 1 - score; if it is of stayed, say so: columns: {score: {class: "stayed"}}`
	for text, want := range map[string][]string{
		"positive: stayed\n":  {note},
		"positive: churned\n": nil,
		"task: binary\n":      nil,
		"positive: stayed\ncolumns: {score: {class: stayed}}\n":  nil,
		"positive: stayed\ncolumns: {score: {class: churned}}\n": nil,
	} {
		c, err := Parse([]byte(text), "m")
		if err != nil {
			t.Fatal(err)
		}
		if _, notes, err := c.Apply(s); err != nil || !slices.Equal(notes, want) {
			t.Errorf("%s: %q, %v", text, notes, err)
		}
	}
}

// TestRetold: notes name the columns of roles as they are configured.
func TestRetold(t *testing.T) {
	s, notes := schema.Infer([]schema.Head{head("score", "0.9", "0.2"), head("p_2", "0.1", "0.8"), head("prediction", "a", "b")})
	c, err := Parse([]byte("task: multiclass\ncolumns: {score: {role: score, class: a}, p_2: {role: score, class: b}}\n"), "m")
	if err != nil {
		t.Fatal(err)
	}
	applied, _, err := c.Apply(s)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := applied.Retold(notes), []string{"prediction: prediction; score: score (of a), p_2 (of b)", "task: multiclass"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	c, err = Parse([]byte("columns: {score: {role: ignore}, prediction: {role: ignore}}\n"), "m")
	if err != nil {
		t.Fatal(err)
	}
	applied, _, err = c.Apply(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range applied.Retold(notes) {
		if strings.HasPrefix(line, "prediction") || line == "" {
			t.Errorf("%q", line)
		}
	}
}

func TestApply(t *testing.T) {
	s := infer(head("when", "2026-01-01", "2026-01-02"), head("seen_at", "2026-01-01"), head("prediction", "0", "1"),
		head("outcome2", "0", "1"), head("label", "1", "2"), head("amount", "1", "2"), head("zip", "1", "2"), head("sum", "1.5"))
	c, err := Parse([]byte(`columns:
  when: {role: time}
  outcome2: {role: label}
  zip: {role: id, kind: integer}
  amount: {kind: categorical, allowed: [1, 2]}
  sum: {role: sensitive, min: 0}
missing_values: ["-"]
`), "m")
	if err != nil {
		t.Fatal(err)
	}
	got, notes, err := c.Apply(s)
	if err != nil || notes != nil {
		t.Fatal(notes, err)
	}
	want := &schema.Schema{Task: schema.Binary, Positive: "1", Missing: []string{"-"}, Columns: []schema.Column{
		{Name: "when", Kind: schema.Time, Role: schema.Timestamp, Layout: schema.ISO},
		{Name: "seen_at", Kind: schema.Time, Role: schema.Feature, Layout: schema.ISO},
		{Name: "prediction", Kind: schema.Categorical, Role: schema.Prediction},
		{Name: "outcome2", Kind: schema.Categorical, Role: schema.Label},
		{Name: "label", Kind: schema.Categorical, Role: schema.Feature},
		{Name: "amount", Kind: schema.Categorical, Role: schema.Feature, Allowed: []string{"1", "2"}},
		{Name: "zip", Kind: schema.Text, Role: schema.ID},
		{Name: "sum", Kind: schema.Numeric, Role: schema.Sensitive, Min: float(0)},
	}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(schema.Column{}, "Values")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	again, _, err := c.Apply(got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, again); diff != "" {
		t.Errorf("applied twice: -want +got\n%s", diff)
	}
}

func TestApplyTask(t *testing.T) {
	s := infer(head("prediction", "1", "2", "3"), head("label", "1", "2", "3"))
	for task, want := range map[string]schema.Kind{"regression": schema.Numeric, "multiclass": schema.Categorical} {
		fresh := infer(head("y_hat", "1", "2", "3"), head("b", "1", "2"))
		c, err := Parse([]byte("task: "+task+"\ncolumns: {y_hat: {role: prediction}}"), "m")
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := c.Apply(fresh)
		if err != nil {
			t.Fatal(err)
		}
		if got.Columns[0].Kind != want {
			t.Errorf("%s: %s, want %s", task, got.Columns[0].Kind, want)
		}
	}
	if s.Task != schema.Multiclass {
		t.Errorf("inferred task %s", s.Task)
	}
}

func TestApplyLateLabel(t *testing.T) {
	c, err := Parse([]byte("columns: {is_canceled: {role: label}}"), "m")
	if err != nil {
		t.Fatal(err)
	}
	got, notes, err := c.Apply(infer(head("y_pred", "0", "1")))
	if err != nil {
		t.Fatal(err)
	}
	want := &schema.Schema{Task: schema.Binary, Positive: "1", Columns: []schema.Column{
		{Name: "y_pred", Kind: schema.Categorical, Role: schema.Prediction, Values: []string{"0", "1"}},
		{Name: "is_canceled", Kind: schema.Categorical, Role: schema.Label},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := cmp.Diff([]string{"label is_canceled is not in the reference: it is expected to come later"}, notes); diff != "" {
		t.Error(diff)
	}
}

// TestApplyLateLabelToScores: a label that comes later makes no classes of a score that
// are not those of a binary task.
func TestApplyLateLabelToScores(t *testing.T) {
	c, err := Parse([]byte("columns: {paid: {role: label}}"), "m")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		data []schema.Head
		want schema.Task
	}{
		{[]schema.Head{head("score", "0.1", "0.7")}, schema.Binary},
		{[]schema.Head{head("score_a", "0.1", "0.7"), head("score_b", "0.2", "0.1"), head("score_c", "0.7", "0.2")}, schema.Multiclass},
	} {
		got, _, err := c.Apply(infer(test.data...))
		if err != nil || got.Task != test.want || got.Task == schema.Binary && got.Positive != "1" {
			t.Errorf("%v: %s, positive %q, %v", test.data[0].Name, got.Task, got.Positive, err)
		}
	}
}

func TestApplyUnknownColumn(t *testing.T) {
	c, err := Parse([]byte("columns:\n  ammount: {kind: numeric}\nsegments: [amount, [shop]]\n"), "monitor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = c.Apply(infer(head("amount", "1", "2")))
	want := `monitor.yaml:2:3: the data has no column "ammount": did you mean "amount"?
monitor.yaml:3:21: the data has no column "shop" to make segments of: valid: amount`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	var known *fault.Error
	if !errors.As(err, &known) || known.Kind != fault.Invalid {
		t.Errorf("not an invalid fault: %v", err)
	}
}

// TestGroupsOfKinds: instants and ignored columns make no groups.
func TestGroupsOfKinds(t *testing.T) {
	data := &schema.Schema{Columns: []schema.Column{{Name: "born", Kind: schema.Time, Role: schema.Feature}, {Name: "shop", Kind: schema.Categorical, Role: schema.Feature}}}
	c, err := Parse([]byte("columns:\n  shop: {role: ignore}\nsegments: [born, shop]\n"), "monitor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := `monitor.yaml:3:12: no segments can be made of "born", a column of kind time: log a column with a few names: the hour, the shop, the channel
monitor.yaml:3:18: no segments can be made of "shop", a column of role ignore: name columns whose values come with each row and many share`
	if _, _, err = c.Apply(data); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if c, err = Parse([]byte("columns:\n  born: {role: sensitive}\nsegments: [shop]\n"), "monitor.yaml"); err != nil {
		t.Fatal(err)
	}
	contract, notes, err := c.Apply(data)
	if err != nil || len(notes) != 1 || !strings.Contains(notes[0], "born is of kind time") || len(contract.Segments) != 1 {
		t.Errorf("%v, %q", err, notes)
	}
}

// TestSegments: what can make no segments is refused where it stands.
func TestSegments(t *testing.T) {
	for text, want := range map[string]string{
		"segments: [[a, a]]":                                      `m:1:1: segments by "a" twice: name each column once`,
		"segments: [[a, b], [b, a]]":                              `m:1:1: the same segments twice: b, a: keep one`,
		"segments: [[a, b, c, d, e]]":                             `m:1:1: segments by 5 columns together: combine at most 4`,
		"segments: [a, b, c, d, e, f, g, h, i]":                   `m:1:1: 9 segments: declare at most 8: each is looked at by up to 20 values`,
		"{columns: {note: {kind: text}}, segments: [shop, note]}": `no segments can be made of "note", a column of kind text: if its values are few, say so: columns: {note: {kind: categorical}}`,
		"segments: [[shop, at]]":                                  `m:1:19: no segments can be made of "at", a column of role time: name columns whose values come with each row and many share`,
		"columns: {note: {role: segment, kind: text}}":            `no segments can be made of "note", a column of kind text`,
		"segments: [shop, [shop, size]]":                          "",
		"segments: [shop, []]":                                    `m:1:11: segments is a list with a list of no columns: name columns, and columns together in a list of their own: [country, [channel, country]]`,
		"segments: [{x: 1}]":                                      `m:1:11: segments is a list with a mapping where a column belongs: name columns, `,
		"segments: [[shop, [size]]]":                              `m:1:11: segments is a list with a list where a column belongs: name columns, `,
		"segments: [shop, ]]":                                     `m:1:`,
		`segments: [""]`:                                          `m:1:11: segments is a list with a column of no name: name columns, `,
		`segments: [[shop, " "]]`:                                 `m:1:11: segments is a list with a column of no name: name columns, `,
		"segments: [~]":                                           `m:1:11: segments is a list with nothing where a column belongs: name columns, `,
	} {
		c, err := Parse([]byte(text), "m")
		if err == nil {
			_, _, err = c.Apply(infer(head("shop", "x", "y"), head("at", "2026-01-01", "2026-01-02"), head("note", "good", "bad"), head("size", "1", "2")))
		}
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestSensitiveText: free text makes no groups of people, and a note says what to do.
func TestSensitiveText(t *testing.T) {
	for kind, want := range map[string]string{
		"text":        "sensitive column note is of kind text, which makes no groups: if its values are few, say so: columns: {note: {kind: categorical}}",
		"categorical": "",
	} {
		c, err := Parse([]byte("columns: {note: {role: sensitive, kind: "+kind+"}}"), "m")
		if err != nil {
			t.Fatal(err)
		}
		_, notes, err := c.Apply(infer(head("note", "good", "bad"), head("prediction", "0", "1")))
		if err != nil || strings.Join(notes, "; ") != want {
			t.Errorf("%s: %q, %v", kind, notes, err)
		}
	}
}

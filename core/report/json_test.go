package report

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"leeway/core/fault"
	"leeway/core/metric"
)

// validate holds a report against its JSON Schema, and against a strict one
// that allows no field it does not know: so none can be forgotten there.
func validate(t *testing.T, r *Report) {
	t.Helper()
	data, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, strict := range []bool{false, true} {
		rules, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema()))
		if err != nil {
			t.Fatal(err)
		}
		if strict {
			closeAll(rules)
		}
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		if err := compiler.AddResource("report.json", rules); err != nil {
			t.Fatal(err)
		}
		compiled, err := compiler.Compile("report.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(document); err != nil {
			t.Errorf("strict=%v: %v", strict, err)
		}
	}
}

// closeAll forbids unknown fields in every object of a schema.
func closeAll(node any) {
	switch node := node.(type) {
	case map[string]any:
		_, open := node["additionalProperties"]
		if node["type"] == "object" && node["properties"] != nil && !open {
			node["additionalProperties"] = false
		}
		for _, child := range node {
			closeAll(child)
		}
	case []any:
		for _, child := range node {
			closeAll(child)
		}
	}
}

func TestJSONGolden(t *testing.T) {
	data, err := fixture().JSON()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", data)
}

func TestJSONSchema(t *testing.T) {
	decided := fixture()
	var held []RetrainHold
	for _, by := range HeldBy {
		held = append(held, RetrainHold{By: by, Message: "broken"})
	}
	decided.Retrain = &Retrain{
		Decision: RetrainHeld, Request: "rt-1", Message: "held", Held: held,
		Reasons: []RetrainReason{{Kind: "performance", Message: "fell", Windows: []string{"2016-12-01T00:00:00Z"}}},
	}
	validate(t, decided)
	validate(t, fixture())
	validate(t, &Report{Version: Version, Verdict: Invalid, Created: "2017-02-01T00:00:00Z"})
	validate(t, wideReport(30, feature))
}

func TestJSONRoundTrip(t *testing.T) {
	r := fixture()
	data, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, err := back.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, again) {
		t.Error("a report that was read writes other bytes")
	}
}

// TestJSONHoldsAnything: numbers that JSON does not know must not cost a report.
func TestJSONHoldsAnything(t *testing.T) {
	r := fixture()
	nan, inf := math.NaN(), math.Inf(1)
	r.Findings[1].Value, r.Findings[1].Q, r.Findings[1].Interval = &nan, &inf, &[2]float64{0, inf}
	r.Columns[0].Distribution.Current[3] = nan
	r.Columns[1].Reference.Mean, r.Columns[1].Reference.MissingRatio, r.Columns[1].Current.Quantiles.Q01 = &inf, nan, nan
	r.Samples = append(r.Samples, metric.Sample{Check: "drift", Metric: "psi", Value: inf, P: nan, Reason: "infinite"})
	validate(t, r)
	for name, write := range map[string]func() int{
		"text": func() int { return len(text(t, r, nil)) }, "markdown": func() int { return len(markdown(t, r)) }, "html": func() int { return len(render(t, r)) },
	} {
		if write() == 0 {
			t.Errorf("%s: nothing written", name)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "report is not JSON: line 1, column 1: unexpected end of JSON input"},
		{"{\n \"version\": 1,\n \"verdict\" \"ok\"}", "report is not JSON: line 3, column 12: invalid character '\"' after object key"},
		{"[]", `report has a array in ""`},
		{"{}", "no report: it lacks version or verdict: give the JSON that leeway check --output json writes"},
		{`{"version": 2, "verdict": "ok"}`, "report version 2 is newer than 1: use a newer leeway"},
		{`{"version": 0, "verdict": "ok"}`, "no such report version: 0"},
		{`{"version": 1, "verdict": "ok", "findings": [{"streak": "x"}]}`, `report has a string in "findings.streak": line 1, column`},
	} {
		_, err := Parse([]byte(c.in))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("Parse(%s): %v, want %s", c.in, err, c.want)
		}
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("Parse(%s): kind %s", c.in, fault.KindOf(err))
		}
	}
	if _, err := Parse([]byte(`{"version": 1, "verdict": "ok", "later": true}`)); err != nil {
		t.Errorf("a field of a later release: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	data, err := fixture().JSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"version":1,"verdict":"ok","columns":[{"distribution":{"names":["a"],"reference":[1]}}],"findings":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Parse(data)
		if err != nil {
			return
		}
		again, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(again) {
			t.Fatalf("no JSON: %s", again)
		}
		text(t, r, nil)
		markdown(t, r)
		render(t, r)
	})
}

// TestFindingWithoutValue: an event has no value, and no null for one. Documents
// that were written with null are read all the same.
func TestFindingWithoutValue(t *testing.T) {
	r := &Report{Version: Version, Verdict: Alert, Findings: []Finding{{ID: "quality.missing_column.x", Check: "quality", Metric: "missing_column", Severity: SeverityAlert}}}
	data, err := r.JSON()
	if err != nil || bytes.Contains(data, []byte(`"value"`)) {
		t.Errorf("%v: %s", err, data)
	}
	old := bytes.Replace(data, []byte(`"severity": "alert",`), []byte(`"severity": "alert", "value": null,`), 1)
	again, err := Parse(old)
	if err != nil || !bytes.Contains(old, []byte("null,")) || again.Findings[0].Value != nil {
		t.Errorf("%v: %s", err, old)
	}
}

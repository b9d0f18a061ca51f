package capture_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"leeway/core/format/capture"
	"leeway/core/frame"
)

// part writes a request or an answer as SageMaker does.
func part(data, encoding, content string) map[string]any {
	return map[string]any{"observedContentType": content, "mode": "INPUT", "data": data, "encoding": encoding}
}

func encoded(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data) + "\n"
}

// line is an event.
func line(t testing.TB, input, output map[string]any) string {
	t.Helper()
	return encoded(t, map[string]any{
		"captureData":   map[string]any{"endpointInput": input, "endpointOutput": output},
		"eventMetadata": map[string]any{"eventId": "e", "inferenceTime": "2026-11-29T10:00:00Z"}, "eventVersion": "0",
	})
}

func read(t testing.TB, data string, header []string) (string, []frame.Fault) {
	t.Helper()
	r := capture.NewReader(strings.NewReader(data), header)
	flat, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	slow := capture.NewReader(iotest.OneByteReader(strings.NewReader(data)), header)
	again, err := io.ReadAll(iotest.OneByteReader(slow))
	if err != nil || string(again) != string(flat) {
		t.Fatalf("byte by byte: %q, %v; not %q", again, err, flat)
	}
	return string(flat), r.Faults()
}

func TestPayloads(t *testing.T) {
	packed := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	one, two := `"event_id":"e","inference_time":"2026-11-29T10:00:00Z"`, func(i int) string {
		return fmt.Sprintf(`"event_id":"e:%d","inference_time":"2026-11-29T10:00:00Z"`, i)
	}
	for _, test := range []struct {
		name          string
		input, output map[string]any
		header        []string
		want          []string // without the id and the time
	}{
		{"CSV", part("9,4.50,DE,", "CSV", "text/csv"), part("0.3", "CSV", "text/csv"), nil, []string{`"_c0":9,"_c1":4.50,"_c2":"DE","_c3":null,"prediction":0.3`}},
		{"CSV with quotes", part("\"a,b\",\"say \"\"hi\"\"\",\"\"\r\n", "CSV", "text/csv"), part("1\n", "CSV", "text/csv"), nil, []string{`"_c0":"a,b","_c1":"say \"hi\"","_c2":"","prediction":1`}},
		{"CSV of several rows", part("1,2\n3,4", "CSV", "text/csv"), part("0.3\n0.4\n", "CSV", "text/csv"), nil, []string{`"_c0":1,"_c1":2,"prediction":0.3`, `"_c0":3,"_c1":4,"prediction":0.4`}},
		{"a header of inputs", part("1,2", "CSV", "text/csv"), part("0.3", "CSV", "text/csv"), []string{"a", "b"}, []string{`"a":1,"b":2,"prediction":0.3`}},
		{"a header as SageMaker has it", part("1,2", "CSV", "text/csv"), part("0.3", "CSV", "text/csv"), []string{"churn", "a", "b"}, []string{`"a":1,"b":2,"churn":0.3`}},
		{"several answers", part("1", "CSV", "text/csv"), part("cat,0.9", "CSV", "text/csv"), nil, []string{`"_c0":1,"prediction_0":"cat","prediction_1":0.9`}},
		{"answers beside each other", part("1\n2", "CSV", "text/csv"), part("[0.5, 0.6]", "JSON", "application/json"), nil, []string{`"_c0":1,"prediction":0.5`, `"_c0":2,"prediction":0.6`}},
		{"a number alone", part("1", "CSV", "text/csv"), part("0.25", "JSON", "application/json"), nil, []string{`"_c0":1,"prediction":0.25`}},
		{"instances", part(`{"instances": [[1, "x"], [2, null]], "signature_name": "s"}`, "JSON", "application/json"), part("{\n \"predictions\": [3.5,\n 4]}", "JSON", "application/json"), nil, []string{`"_c0":1,"_c1":"x","prediction":3.5`, `"_c0":2,"_c1":null,"prediction":4`}},
		{"instances of single values", part(`{"instances": [1.0, 2.0]}`, "JSON", "application/json"), part(`{"predictions": [3.5, 4]}`, "JSON", "application/json"), nil, []string{`"_c0":1.0,"prediction":3.5`, `"_c0":2.0,"prediction":4`}},
		{"instances of features", part(`{"instances": [{"features": [1, 2]}, {"data": {"features": {"values": [3, 4]}}}]}`, "JSON", "application/json"), part(`{"predictions": [{"score": 0.9, "predicted_label": 1}, {"score": 0.2, "predicted_label": 0}]}`, "JSON", "application/json"), nil, []string{`"_c0":1,"_c1":2,"score":0.9,"predicted_label":1`, `"_c0":3,"_c1":4,"score":0.2,"predicted_label":0`}},
		{"probabilities beside predictions", part(`{"instances": [[1],[2]]}`, "JSON", "application/json"), part(`{"model": "m", "predictions": ["a","b"], "probabilities": [[0.9,0.1],[0.3,0.7]]}`, "JSON", "application/json"), nil, []string{`"_c0":1,"prediction":"a","probabilities_0":0.9,"probabilities_1":0.1`, `"_c0":2,"prediction":"b","probabilities_0":0.3,"probabilities_1":0.7`}},
		{"features", part(`{"features": [28, "x"]}`, "JSON", "application/json"), part(`{"prediction": 1}`, "JSON", "application/json"), nil, []string{`"_c0":28,"_c1":"x","prediction":1`}},
		{"features of rows", part(`{"features": [[28], [29]]}`, "JSON", "application/json"), part("1\n0", "CSV", "text/csv"), nil, []string{`"_c0":28,"prediction":1`, `"_c0":29,"prediction":0`}},
		{"JSON Lines", part("{\"features\": [1]}\n{\"features\": [2]}", "JSON", "application/jsonlines"), part("{\"score\": 0.1}\n{\"score\": 0.2}", "JSON", "application/jsonlines"), nil, []string{`"_c0":1,"score":0.1`, `"_c0":2,"score":0.2`}},
		{"a plain object", part(`{"age": 30, "who": {"name": "J\u00f6"}, "tags": [1, 2], "x": 1}`, "JSON", "application/json"), part(`{"x": 0.5}`, "JSON", "application/json"), nil, []string{`"age":30,"who.name":"J\u00f6","tags":[1, 2],"x":1,"output.x":0.5`}},
		{"a list of objects", part(`[{"a": 1}, {"a": 2}]`, "JSON", "application/json"), part(`[[0.1], [0.2]]`, "JSON", "application/json"), nil, []string{`"a":1,"prediction":0.1`, `"a":2,"prediction":0.2`}},
		{"a list of values", part(`[1, 2]`, "JSON", "application/json"), part(`[0.5]`, "JSON", "application/json"), nil, []string{`"_c0":1,"_c1":2,"prediction":0.5`}},
		{"CSV in base64", part(packed("1,2"), "BASE64", "text/csv; charset=utf-8"), part(packed("0.5"), "BASE64", "text/csv"), nil, []string{`"_c0":1,"_c1":2,"prediction":0.5`}},
		{"JSON in base64", part(packed(`{"instances":[[1,2]]}`), "base64", "application/json"), part(packed(`0.5`), "BASE64", "application/json"), nil, []string{`"_c0":1,"_c1":2,"prediction":0.5`}},
		{"the request alone", part("1,2", "CSV", "text/csv"), map[string]any{}, nil, []string{`"_c0":1,"_c1":2`}},
		{"the answer alone", map[string]any{}, part("0.1\n0.2", "CSV", "text/csv"), nil, []string{`"prediction":0.1`, `"prediction":0.2`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, faults := read(t, line(t, test.input, test.output), test.header)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			want := ""
			for i, row := range test.want {
				head := one
				if len(test.want) > 1 {
					head = two(i)
				}
				want += "{" + head + "," + row + "}\n"
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	csv := func(data string) map[string]any { return part(data, "CSV", "text/csv") }
	good := line(t, csv("1,2"), csv("0.5"))
	for _, test := range []struct {
		name, bad, what string
		header          []string
	}{
		{"rows", line(t, csv("1,2\n3,4"), csv("0.5")), "the answer has not as many rows as the request", nil},
		{"rows of JSON", line(t, csv("1,2"), part(`{"predictions":[1,2]}`, "JSON", "")), "the answer has not as many rows as the request", nil},
		{"base64", line(t, part("&&&", "BASE64", "text/csv"), csv("0.5")), "input: not base64, though its encoding says so", nil},
		{"a picture", line(t, part(base64.StdEncoding.EncodeToString([]byte("\x89PNG\x00\x01")), "BASE64", "image/png"), csv("0.5")), "input: binary, not CSV or JSON", nil},
		{"JSON", line(t, part(`{"instances": [1`, "JSON", "application/json"), csv("0.5")), "input: not JSON, though its encoding says so", nil},
		{"a quote", line(t, csv(`"1,2`), csv("0.5")), "input: CSV with a quote that does not end", nil},
		{"width", line(t, csv("1,2,3"), csv("0.5")), "rows of another number of values than the first", nil},
		{"header", line(t, csv("1"), csv("0.5")), "rows of another number of values than the header of the configuration has names", []string{"p", "a", "b"}},
		{"no JSON", "{\"captureData\":\n", "lines that are no JSON object", nil},
		{"another object", "{\"a\":1}\n", "lines without captureData or groundTruthData", nil},
		{"nothing captured", `{"captureData":{"endpointInput":{"mode":"INPUT"}}}` + "\n", "events without data", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			flat, faults := read(t, good+"\n"+test.bad+good, test.header)
			if strings.Count(flat, "\n") != 2 {
				t.Errorf("rows: %q", flat)
			}
			if len(faults) != 1 || faults[0].What != test.what || faults[0].Row != 3 || faults[0].Column != "" || faults[0].Count != 1 {
				t.Errorf("got %+v", faults)
			}
		})
	}
}

// TestTimes: as in SageMaker's own sample, which writes "{%s}" for a time.
func TestTimes(t *testing.T) {
	bad := `{"captureData":{"endpointInput":{"data":"1","encoding":"CSV"}},"eventMetadata":{"eventId":"e","inferenceId":"i","inferenceTime":"{%s}"}}` + "\n"
	flat, faults := read(t, bad, nil)
	if flat != `{"event_id":"i","_c0":1}`+"\n" {
		t.Errorf("got %s", flat)
	}
	if len(faults) != 1 || faults[0].Column != capture.Time || faults[0].Text != "{%s}" || faults[0].Row != 1 {
		t.Errorf("got %+v", faults)
	}
}

func TestGroundTruth(t *testing.T) {
	data := `{"groundTruthData":{"data":"1","encoding":"CSV"},"eventMetadata":{"eventId":"a","inferenceTime":"{%s}"},"eventVersion":"0"}
{"groundTruthData":{"data":"0\n1","encoding":"CSV"},"eventMetadata":{"eventId":"b"},"eventVersion":"0"}
{"groundTruthData":{"data":"[\"x\", \"y\"]","encoding":"JSON"},"eventMetadata":{"eventId":"c"},"eventVersion":"0"}
`
	flat, _ := read(t, data, []string{"p", "a"})
	want := `{"event_id":"a","label":1}
{"event_id":"b:0","label":0}
{"event_id":"b:1","label":1}
{"event_id":"c","label_0":"x","label_1":"y"}
`
	if diff := cmp.Diff(want, flat); diff != "" {
		t.Error(diff)
	}
}

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		line(t, part("1", "CSV", ""), part("2", "CSV", "")):                  true,
		"\n" + `{"groundTruthData":{"data":"1"}}`:                            true,
		`{"eventVersion":"0","captureData":{"endpointInput":{"data":"1,2,3,`: true,
		`{"captureData":1}`:           false,
		`{"a":"groundTruthData"}`:     false,
		"{\"a\":1}\n{\"captureData\"": false,
		"captureData,b\n1,2\n":        false,
	} {
		if got := capture.Is([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestNothingIsAllocatedPerRow(t *testing.T) {
	var csv, lists strings.Builder
	for i := range 2000 {
		csv.WriteString(line(t, part(fmt.Sprintf("%d,4.5,DE\n%d,5.5,FR", i, i), "CSV", "text/csv"), part("0.25\n0.5", "CSV", "text/csv")))
		lists.WriteString(line(t, part(`{"instances":[[1,2],[3,4]]}`, "JSON", "application/json"), part(`{"predictions":[{"score":0.5},{"score":0.25}]}`, "JSON", "application/json")))
	}
	for _, data := range []string{csv.String(), lists.String()} {
		got := testing.AllocsPerRun(3, func() {
			if _, err := io.Copy(io.Discard, capture.NewReader(strings.NewReader(data), nil)); err != nil {
				t.Fatal(err)
			}
		})
		if got > 100 {
			t.Errorf("%v allocations for 4000 rows", got)
		}
	}
}

// FuzzReader: whatever comes in, what goes out are JSON objects, a line each, the
// same however it is cut.
func FuzzReader(f *testing.F) {
	f.Add(line(f, part("9,45", "CSV", "text/csv"), part("0.3", "CSV", "text/csv")))
	f.Add(line(f, part(`{"instances": [[1, "x"], [2, null]]}`, "JSON", ""), part(`{"predictions": [{"a": {"b": 1}}, {"a": [1]}]}`, "JSON", "")))
	f.Add(line(f, part("MSwy", "BASE64", "text/csv"), part("[0.5]", "JSON", "")))
	f.Add(`{"groundTruthData":{"data":"\"a\"\"b\"","encoding":"CSV"},"eventMetadata":{"eventId":"\u00e9"}}`)
	f.Add(`{"captureData":{"endpointInput":{"data":"{\"a\": \"\\q\"}"}}}`)
	f.Fuzz(func(t *testing.T, data string) {
		if len(data) > 1<<12 {
			return
		}
		flat, faults := read(t, data, nil)
		lines := strings.Split(strings.TrimSuffix(flat, "\n"), "\n")
		for _, one := range lines {
			if flat != "" && !strings.HasPrefix(one, `{"event_id":`) {
				t.Errorf("%q of %q", one, data)
			}
		}
		for _, fault := range faults {
			if fault.Row < 1 || fault.Count < 1 {
				t.Errorf("%+v", fault)
			}
		}
	})
}

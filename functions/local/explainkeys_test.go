package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"leeway/core/metric"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/events"
	"leeway/functions/internal/demo"
	"leeway/infra/local/filestore"
)

// unexplained are those of some names that the command knows nothing of.
func unexplained(names []string) (unknown []string) {
	for _, name := range names {
		var out bytes.Buffer
		s := &shell{stdout: &out, stderr: &out}
		if err := s.explain(context.Background(), name, ""); err != nil || out.Len() == 0 {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

// keysOf gathers the keys of a document, alone and with those that they are in, and in
// lists with their number too.
func keysOf(at any, path string, into map[string]bool) {
	switch at := at.(type) {
	case []any:
		for _, one := range at {
			keysOf(one, path, into)
			keysOf(one, path+".0", into)
		}
	case map[string]any:
		for name, one := range at {
			inner := strings.TrimPrefix(path+"."+name, ".")
			into[name], into[inner] = true, true
			keysOf(one, inner, into)
		}
	}
}

// TestEveryKeyOfReportsIsKnown to explain: of the demo's month, and of a regression.
func TestEveryKeyOfReportsIsKnown(t *testing.T) {
	dir := t.TempDir()
	store, err := filestore.Open(dir)
	if err == nil {
		err = demo.Write(t.Context(), store)
	}
	logs, wrong := filepath.Glob(filepath.Join(dir, "logs", "*", "2026-10-*"))
	if err = errors.Join(err, wrong); err != nil {
		t.Fatal(err)
	}
	for _, path := range logs { // of the month the first days, and one with amounts in cents
		if day := filepath.Base(path)[8:10]; day > "02" && day != "18" {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	if code := run(t.Context(), []string{"run", "--bucket", dir, "--fail-on", "never"}, strings.NewReader(""), io.Discard, io.Discard); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	for name, shift := range map[string]float64{"reference.csv": 0, "current.csv": 1} {
		writeNumbers(t, filepath.Join(dir, name), shift)
	}
	if code, _ := said(t, "check", "--reference", filepath.Join(dir, "reference.csv"), "--current", filepath.Join(dir, "current.csv"), "--out", filepath.Join(dir, "state", "regression.json")); code > 3 {
		t.Fatalf("exit code %d", code)
	}
	found, reports := map[string]bool{}, 0
	err = filepath.WalkDir(filepath.Join(dir, "state"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.Contains(path, "reports") && !strings.HasSuffix(path, "regression.json") {
			return err
		}
		data, err := os.ReadFile(path)
		var document map[string]any
		if err == nil {
			err = json.Unmarshal(data, &document)
		}
		keysOf(document, "", found)
		reports++
		return err
	})
	if err != nil || reports < 4 || !found["findings.0.cause.kind"] || !found["columns.current.quantiles.0.05"] || !found["held"] {
		t.Fatalf("%v, %d reports with %d keys", err, reports, len(found))
	}
	if unknown := unexplained(slices.Sorted(maps.Keys(found))); unknown != nil {
		t.Errorf("leeway explain knows nothing of %q", unknown)
	}
}

// writeNumbers writes rows of a regression, whose predictions are off by so much.
func writeNumbers(t *testing.T, path string, off float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("x,prediction,label\n")
	for range 2000 {
		x := r.NormFloat64()
		fmt.Fprintf(&b, "%.3f,%.3f,%.3f\n", x, x+off, x+r.NormFloat64())
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestEveryKeyOfDocumentsIsKnown to explain: keys of reports, events and configurations,
// the words that may stand there, and series of sinks.
func TestEveryKeyOfDocumentsIsKnown(t *testing.T) {
	found := map[string]bool{}
	var walk func(at any)
	walk = func(at any) {
		switch at := at.(type) {
		case []any:
			for _, one := range at {
				walk(one)
			}
		case map[string]any:
			fields, _ := at["properties"].(map[string]any)
			for name := range fields {
				found[name] = true
			}
			words, _ := at["enum"].([]any)
			for _, word := range words {
				if text, ok := word.(string); ok {
					found[text] = true
				}
			}
			for _, one := range at {
				walk(one)
			}
		}
	}
	for _, schema := range [][]byte{report.JSONSchema(), events.JSONSchema(), monitor.Names().JSONSchema()} {
		var root any
		if err := json.Unmarshal(schema, &root); err != nil {
			t.Fatal(err)
		}
		walk(root)
	}
	for _, one := range slices.Concat(metric.StandingSeries, metric.FunctionSeries, []metric.Standing{metric.Doctor}) {
		found[one.Name] = true
	}
	for _, want := range []string{"waiting", "specversion", "week", "sns", "options", "leeway_function_seconds"} {
		if !found[want] {
			t.Errorf("%s is nowhere", want)
		}
	}
	if unknown := unexplained(slices.Sorted(maps.Keys(found))); unknown != nil {
		t.Errorf("leeway explain knows nothing of %q", unknown)
	}
}

// TestEveryPathOfEventsAndAnswersIsKnown to explain: of events as they are sent, and of
// all that the API says that it answers.
func TestEveryPathOfEventsAndAnswersIsKnown(t *testing.T) {
	found := map[string]bool{".data.reasons[0].kind": true, "models[0].errors[0].hint": true, "data.answers": true}
	ready, err := events.NewReportReady(events.ReportReady{Supersedes: "r0", Partial: true}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	asked, err := events.NewRetrainRequested(events.RetrainRequested{
		Reasons: []events.RetrainReason{{Kind: "data", Windows: []string{"w"}}},
		Data:    events.RetrainData{Location: "file:///b", Objects: []string{"logs/a"}, More: 1},
	}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []events.Event{ready, asked} {
		text, err := json.Marshal(one)
		var document any
		if err = errors.Join(err, json.Unmarshal(text, &document)); err != nil {
			t.Fatal(err)
		}
		keysOf(document, "", found)
	}
	var walk func(at any, path string)
	walk = func(at any, path string) {
		schema, _ := at.(map[string]any)
		fields, _ := schema["properties"].(map[string]any)
		for name, field := range fields {
			inner := strings.TrimPrefix(path+"."+name, ".")
			found[name], found[inner] = true, true
			walk(field, inner)
		}
		if items := schema["items"]; items != nil {
			walk(items, path+".0")
		}
	}
	for _, one := range answers() {
		walk(one.schema, "")
	}
	for _, want := range []string{"data.verdict", "data.data.location", "data.reasons.0.kind", "models.0.labels.late", "models.0.last_batch", "reports.0.performance.record.metrics.0.held", "next", "batches"} {
		if !found[want] {
			t.Errorf("%s is nowhere", want)
		}
	}
	if unknown := unexplained(slices.Sorted(maps.Keys(found))); unknown != nil {
		t.Errorf("leeway explain knows nothing of %q", unknown)
	}
	if _, text := said(t, "explain", "invalid"); !strings.Contains(text, "models.invalid of GET /api/v1/models: Batches and label files") {
		t.Errorf("invalid is more than a verdict: %s", text)
	}
}

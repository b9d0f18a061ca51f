package format_test

import (
	"bytes"
	stdcsv "encoding/csv"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/format"
	"leeway/core/format/formattest"
	"leeway/core/schema"
)

// events writes the table as an endpoint's captured events: the features as the
// request, in CSV, and the last two columns as the answer, so many rows each.
func events(t *testing.T, rows []formattest.Row, each int) []byte {
	t.Helper()
	var out bytes.Buffer
	for from := 0; from < len(rows); from += each {
		part := rows[from:min(from+each, len(rows))]
		var input, output bytes.Buffer
		for _, record := range records(t, part) {
			input.Write(joined(record[1:8]))
			output.Write(joined(record[8:]))
		}
		data := func(text string) map[string]string {
			return map[string]string{"observedContentType": "text/csv", "data": text, "encoding": "CSV"}
		}
		line, err := json.Marshal(map[string]any{
			"captureData":   map[string]any{"endpointInput": data(input.String()), "endpointOutput": data(output.String())},
			"eventMetadata": map[string]string{"eventId": part[0].ID},
		})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	return out.Bytes()
}

func records(t *testing.T, rows []formattest.Row) [][]string {
	t.Helper()
	all, err := stdcsv.NewReader(bytes.NewReader(formattest.CSV(rows, ',', "\n"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}

func joined(record []string) []byte {
	var out bytes.Buffer
	w := stdcsv.NewWriter(&out)
	_ = w.Write(record) // a buffer does not fail
	w.Flush()
	return out.Bytes()
}

// TestCapturedEventsAreTheTable: what an endpoint captured is read as the same
// table in a file of CSV, packed or not, one row an event or many.
func TestCapturedEventsAreTheTable(t *testing.T) {
	rows := formattest.Rows(3000)
	columns, want, _, err := whole(file(formattest.CSV(rows, ',', "\n")), nil)
	if err != nil {
		t.Fatal(err)
	}
	delete(want, "order_id")
	kinds := map[string]schema.Kind{}
	for _, c := range columns[1:] {
		kinds[c.Name] = c.Kind
	}
	header := append(append([]string{}, formattest.Names[8:]...), formattest.Names[1:8]...)
	for _, each := range []int{1, 7, 3000} {
		data := events(t, rows, each)
		for _, packed := range [][]byte{data, formattest.Gzip(data), formattest.Zstd(data)} {
			columns, got, faults, err := whole(file(packed), &format.Options{Header: header})
			if err != nil || len(faults) > 0 {
				t.Fatal(err, faults)
			}
			if len(got["event_id"]) != len(rows) {
				t.Errorf("%d ids", len(got["event_id"]))
			}
			delete(got, "event_id")
			found := map[string]schema.Kind{}
			for _, c := range columns[1:] {
				found[c.Name] = c.Kind
			}
			if diff := cmp.Diff(kinds, found); diff != "" {
				t.Errorf("%d rows an event: %s", each, diff)
			}
			alike(t, "captured", want, got)
		}
	}
}

// TestFaultsOfEventsAreTold: what is wrong with events stands beside what is wrong
// with cells, and the rest is read.
func TestFaultsOfEventsAreTold(t *testing.T) {
	event := func(in, out string) string {
		return `{"captureData":{"endpointInput":{"data":"` + in + `","encoding":"CSV"},"endpointOutput":{"data":"` + out + `","encoding":"CSV"}},"eventMetadata":{"eventId":"a","inferenceTime":"{%s}"}}` + "\n"
	}
	data := event("1,2", "0.5") + event("1,2,3", "0.5") + event("1,x", "0.5") + event("1,2", "0.5\\n0.5") + event("3,4", "0.5")
	f, err := format.Open(file([]byte(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Format() != "sagemaker" || len(f.Notes()) != 1 {
		t.Errorf("%s %q", f.Format(), f.Notes())
	}
	columns := contract(f)
	for i := range columns {
		if columns[i].Name == "_c1" {
			columns[i].Kind = schema.Numeric
		}
	}
	all, faults, err := drain(f, columns)
	if err != nil || len(all["_c0"]) != 3 {
		t.Fatal(all, err)
	}
	var what []string
	for _, one := range faults {
		what = append(what, one.Column+": "+one.What)
	}
	want := []string{
		"inference_time: not an instant: the row is kept without a time",
		": rows of another number of values than the first",
		": the answer has not as many rows as the request",
		"_c1: cells that are no finite number",
	}
	if diff := cmp.Diff(want, what); diff != "" {
		t.Error(diff)
	}
	if _, err := format.Open(file([]byte(event("1", "2\\n3"))), nil); err == nil || err.Error() == "" {
		t.Error("a file without rows was opened")
	}
}

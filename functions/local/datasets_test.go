package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"leeway/core/format"
	"leeway/core/report"
)

// sharedData holds public data sets, where somebody put them.
const sharedData = "../../../shared/data"

// tables are the data sets that are tables, by path.
func tables(t *testing.T) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(sharedData, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(entry.Name(), ".gz")
		if slices.Contains([]string{".csv", ".tsv", ".jsonl", ".parquet"}, filepath.Ext(name)) || strings.HasSuffix(entry.Name(), ".txt.gz") {
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Skipf("the public data sets are not here: %v", err)
	}
	return paths
}

// said runs the command and expects that whatever it says is for people.
func said(t *testing.T, args ...string) (code int, stdout string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &out, &errs)
	for line := range strings.Lines(errs.String()) {
		if !strings.HasPrefix(line, "leeway: ") || forProgrammers.MatchString(line) {
			t.Errorf("leeway %s says %q", strings.Join(args, " "), line)
		}
	}
	if code != exitOK && code != exitAlert && code != exitUnknown {
		t.Errorf("leeway %s: exit %d: %s", strings.Join(args, " "), code, errs.String())
	}
	return code, out.String()
}

// forProgrammers is what no user should meet.
var forProgrammers = regexp.MustCompile(`panic|goroutine|runtime error|0x[0-9a-f]{6}|\*?\b(fault|frame|schema|format|csv|parquet|json|strconv|errors|fs|os|io)\.[A-Z]\w|%!|<nil>|map\[|\bEOF\b`)

// records cuts a text file into its header ("" for none) and its records.
func records(t *testing.T, path string) (header string, rows []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	f, err := format.Open(format.Source{Name: path, Stream: bytes.NewReader(data)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	quotes := !strings.Contains(strings.Join(f.Notes(), " "), "quotes are taken as they are")
	open := ""
	for line := range strings.Lines(string(data)) {
		open += line
		if quotes && f.Format() == "csv" && strings.Count(open, `"`)%2 == 1 {
			continue // a quoted newline
		}
		rows = append(rows, strings.TrimRight(open, "\r\n")+"\n")
		open = ""
	}
	if f.Format() == "csv" && !strings.Contains(strings.Join(f.Notes(), " "), "no header") {
		return rows[0], rows[1:]
	}
	return "", rows
}

// TestPublicDataSets does on every public table what a person does first:
// init, lint, and a comparison of two halves.
func TestPublicDataSets(t *testing.T) {
	whole(t)
	for _, path := range tables(t) {
		name, err := filepath.Rel(sharedData, path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			dir := t.TempDir()
			settings := filepath.Join(dir, "monitor.yaml")
			said(t, "init", "--reference", path, "--out", settings)
			said(t, "lint", settings)
			if strings.HasSuffix(path, ".parquet") {
				r := compared(t, path, path, settings)
				calm(t, "against itself", r)
				return
			}
			header, rows := records(t, path)
			half := len(rows) / 2
			first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
			write := func(rows []string) {
				for part, name := range map[string]string{strings.Join(rows[:half], ""): first, strings.Join(rows[half:], ""): second} {
					if err := os.WriteFile(name, []byte(header+part), 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
			write(rows)
			r := compared(t, first, second, settings)
			t.Logf("halves in order: %s: %s", r.Verdict, r.Summary)
			r = compared(t, first, second, "")
			t.Logf("without configuration: %s: %s", r.Verdict, r.Summary)
			rand.New(rand.NewPCG(7, 7)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			write(rows)
			calm(t, "halves at random", compared(t, first, second, settings))
		})
	}
}

func compared(t *testing.T, reference, current, settings string) *report.Report {
	t.Helper()
	args := []string{"check", "--reference", reference, "--current", current, "--output", "json"}
	if settings != "" {
		args = append(args, "--config", settings)
	}
	_, out := said(t, args...)
	var r report.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("no report: %v", err)
	}
	return &r
}

// calm expects that nothing is found between samples of the same rows.
func calm(t *testing.T, what string, r *report.Report) {
	t.Helper()
	t.Logf("%s: %s: %s", what, r.Verdict, r.Summary)
	for _, f := range r.Findings {
		if f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn {
			t.Errorf("%s: %s %s %+v: %s", what, f.Severity, f.Metric, f.Labels, f.Message)
		}
	}
	if r.Verdict == report.Alert {
		t.Errorf("%s: a false alarm", what)
	}
}

// TestHotelLabels: labels that came later, by the id that production data have
// under another name than the reference, give the realized performance that
// scikit-learn gives of the same rows.
func TestHotelLabels(t *testing.T) {
	whole(t)
	tables(t) // or skip
	folder := filepath.Join(sharedData, "hotel_bookings")
	for month, want := range map[string]float64{"production_2016_12": 0.7446504223688603, "production_2017_01_02": 0.7534584784510506} {
		code, out := said(t, "check", "--reference", filepath.Join(folder, "reference.csv.gz"), "--current", filepath.Join(folder, month+".csv.gz"),
			"--labels", filepath.Join(folder, "production_targets.csv.gz"), "--output", "json")
		var r report.Report
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitAlert {
			t.Fatalf("%s: exit %d, %v", month, code, err)
		}
		for _, s := range r.Samples {
			if s.Metric == "roc_auc" && math.Abs(s.Value-want) > 1e-9 {
				t.Errorf("%s: roc_auc is %v, scikit-learn says %v", month, s.Value, want)
			}
		}
		if p := r.Performance; p == nil || p.Labelled != r.Current.Rows || p.Labels.Labels != 14796 {
			t.Errorf("%s: %+v", month, p)
		}
		if r.Checks["performance"].Verdict != report.Alert {
			t.Errorf("%s: performance is %s", month, r.Checks["performance"].Verdict)
		}
	}
}

// TestHotelMonths: a reference of five months. October and November do not alert; December and
// January do by how good the model was, once labels are there.
func TestHotelMonths(t *testing.T) {
	whole(t)
	tables(t) // or skip
	bucket, folder := t.TempDir(), filepath.Join(sharedData, "hotel_bookings")
	put := func(to, name string) {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err == nil {
			err = os.MkdirAll(filepath.Join(bucket, to), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(bucket, to, name), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("reference/hotel", "reference.csv.gz")
	for _, name := range []string{"production_2016_10_11.csv.gz", "production_2016_12.csv.gz", "production_2017_01_02.csv.gz"} {
		put("logs/hotel", name)
	}
	settings := filepath.Join(bucket, "config", "hotel.yaml")
	if err := os.MkdirAll(filepath.Dir(settings), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settings, []byte("version: 1\nwindow: {every: month}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	verdicts := func() map[string]string {
		var out, errs bytes.Buffer
		if code := run(context.Background(), []string{"run", "--bucket", bucket}, strings.NewReader(""), &out, &errs); code != exitAlert {
			t.Fatalf("exit %d: %s", code, errs.String())
		}
		all := map[string]string{}
		for line := range strings.Lines(out.String()) {
			if words := strings.Fields(line); len(words) > 3 {
				all[words[2]] = words[0]
			}
		}
		return all
	}
	before := verdicts()
	put("labels/hotel", "production_targets.csv.gz")
	after := verdicts()
	for _, month := range []string{"2016-10-01", "2016-11-01"} {
		if before[month] == "alert" || after[month] == "alert" {
			t.Errorf("%s: %s, with labels %s", month, before[month], after[month])
		}
	}
	if after["2016-12-01"] != "alert" || after["2017-01-01"] != "alert" || after["2017-02-01"] != "alert" {
		t.Errorf("with labels: %v", after)
	}
}

// whole leaves out what takes minutes under the race detector, which runs -short,
// and has no goroutine that shorter tests do not have.
func whole(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("whole data sets are not for -short")
	}
}

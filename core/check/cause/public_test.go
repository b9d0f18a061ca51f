package cause_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"leeway/core/profile"
	"leeway/core/schema"
)

// public reads a data set that lies beside the repository; the test is skipped
// where it does not.
func public(t *testing.T, name string) (header []string, lines [][]string) {
	t.Helper()
	file, err := os.Open(filepath.Join("../../../../shared/data", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no data set %s: it lies beside the repository, in ../shared/data", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines, err = csv.NewReader(unzipped).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines[0], lines[1:]
}

// together reads files one after the other, with the columns that all have.
func together(t *testing.T, files []string) (header []string, lines [][]string) {
	t.Helper()
	for _, name := range slices.Backward(files) {
		names, more := public(t, name)
		if header == nil {
			header, lines = names, more
			continue
		}
		for i, line := range more {
			ordered := make([]string, len(header))
			for k, column := range header {
				ordered[k] = line[slices.Index(names, column)]
			}
			more[i] = ordered
		}
		lines = append(more, lines...)
	}
	return header, lines
}

// codes are columns of numbers that are names.
var codes = []string{"season", "mnth", "month", "weekday", "weathersit", "agent"}

// layout says which columns of a data set are numbers: those that hold nothing
// else, and more than a few of them.
func layout(header []string, lines [][]string, drop ...string) map[int]schema.Kind {
	kinds := map[int]schema.Kind{}
	for k, name := range header {
		if slices.Contains(drop, name) {
			continue
		}
		kinds[k] = schema.Numeric
		values := map[string]bool{}
		for _, line := range lines {
			values[line[k]] = true
		}
		for value := range values {
			if _, err := strconv.ParseFloat(value, 64); err != nil && value != "" && value != "NA" {
				kinds[k] = schema.Categorical
			}
		}
		if len(values) <= 3 || slices.Contains(codes, name) {
			kinds[k] = schema.Categorical
		}
	}
	return kinds
}

// filled makes a table of lines.
func filled(header []string, kinds map[int]schema.Kind, lines [][]string) rows {
	t := rows{}
	for k, kind := range kinds {
		d := &data{kind: kind}
		for _, line := range lines {
			missing := line[k] == "" || line[k] == "NA"
			switch {
			case kind == schema.Categorical && missing:
				d.texts = append(d.texts, absent)
			case kind == schema.Categorical:
				d.texts = append(d.texts, line[k])
			case missing:
				d.numbers = append(d.numbers, math.NaN())
			default:
				x, _ := strconv.ParseFloat(line[k], 64) // every value was tried
				d.numbers = append(d.numbers, x)
			}
		}
		t[header[k]] = d
	}
	return t
}

// parts cuts lines by a key, in the order of the keys.
func parts(lines [][]string, key func(line []string) string) [][][]string {
	by := map[string][][]string{}
	for _, line := range lines {
		by[key(line)] = append(by[key(line)], line)
	}
	var all [][][]string
	for _, k := range slices.Sorted(maps.Keys(by)) {
		all = append(all, by[k])
	}
	return all
}

// chunks cuts lines into parts of a size.
func chunks(lines [][]string, size int) (all [][][]string) {
	for len(lines) >= size {
		all, lines = append(all, lines[:size]), lines[size:]
	}
	return all
}

// seasons are public data in parts that nothing went wrong in, each to be
// compared with later ones.
var seasons = []struct {
	name  string
	files []string // the last one has the fewest columns
	drop  []string // what numbers rows or tells when they were
	cut   func(at func(string) int, lines [][]string) [][][]string
	apart []int
}{
	{"Beijing's air by months", []string{"beijing_pm25/pollution.csv.gz"}, []string{"No", "year", "day"}, func(at func(string) int, lines [][]string) [][][]string {
		return parts(lines, func(line []string) string { return fmt.Sprintf("%s-%2s", line[at("year")], line[at("month")]) })
	}, []int{1}},
	{"Beijing's air by weeks", []string{"beijing_pm25/pollution.csv.gz"}, []string{"No", "year", "day"}, func(_ func(string) int, lines [][]string) [][][]string {
		return chunks(lines[:60*168], 168)
	}, []int{8, -40}},
	{"rented bicycles by months", []string{"bike_sharing/hour.csv.gz"}, []string{"instant", "dteday", "yr"}, func(at func(string) int, lines [][]string) [][][]string {
		return parts(lines, func(line []string) string { return line[at("dteday")][:7] })
	}, []int{1}},
	{"rented bicycles by weeks", []string{"bike_sharing/hour.csv.gz"}, []string{"instant", "dteday", "yr"}, func(_ func(string) int, lines [][]string) [][][]string {
		return chunks(lines[:40*168], 168)
	}, []int{-14}},
	// Victoria's columns hold one value as long as it had no market: a fault.
	{"electricity by months", []string{"elec2/elec.csv.gz"}, []string{"vicprice", "vicdemand", "transfer"}, func(_ func(string) int, lines [][]string) [][][]string {
		return chunks(lines, 1500)
	}, []int{1, -11}},
	{"hotels by months", []string{"hotel_bookings/reference.csv.gz", "hotel_bookings/analysis_march.csv.gz"}, []string{"timestamp", "Index"}, func(at func(string) int, lines [][]string) [][][]string {
		return parts(lines, func(line []string) string { return line[at("timestamp")][:7] })
	}, []int{1, 3, -4}},
}

// TestSeasonsHaveNoCause: between months and weeks of public data nearly
// everything drifts, and nothing is called a fault.
func TestSeasonsHaveNoCause(t *testing.T) {
	compared, drifted := 0, 0
	for _, s := range seasons {
		header, lines := together(t, s.files)
		kinds := layout(header, lines, s.drop...)
		var profiles []*profile.Dataset
		var columns []schema.Column
		for _, part := range s.cut(func(name string) int { return slices.Index(header, name) }, lines) {
			table := filled(header, kinds, part)
			columns = table.columns()
			profiles = append(profiles, table.profile(&profile.Stored))
		}
		for i, ref := range profiles {
			for _, by := range s.apart {
				if i+by < 0 || i+by >= len(profiles) || testing.Short() && (i+by)%4 > 0 {
					continue
				}
				j := judged(t, ref, profiles[i+by], columns)
				compared, drifted = compared+1, drifted+len(j.Findings)
				for column, c := range causes(j) {
					if column == "hum" && c.Value == "0" { // all of 10 March 2011, which is a fault indeed
						continue
					}
					t.Errorf("%s, part %d against %d: %s is called %s: %s", s.name, i+by, i, column, c.Kind, c.Evidence)
				}
			}
		}
	}
	t.Logf("%d comparisons, %d findings", compared, drifted)
	if compared < 60 || drifted < 8*compared {
		t.Errorf("%d findings in %d comparisons prove little", drifted, compared)
	}
}

// TestFaultsInAnotherSeason: faults in a hotel's autumn are named against its
// summer, where prices, guests and lead times have all changed by themselves.
func TestFaultsInAnotherSeason(t *testing.T) {
	header, lines := public(t, "hotel_bookings/reference.csv.gz")
	names, autumn := public(t, "hotel_bookings/production_2016_10_11.csv.gz")
	kinds := layout(header, lines, "timestamp", "Index", "is_canceled")
	before := filled(header, kinds, lines)
	ref := before.profile(&profile.Baseline)
	later := map[int]schema.Kind{}
	for k, kind := range kinds {
		later[slices.Index(names, header[k])] = kind
	}
	r := rand.New(rand.NewPCG(5, 6))
	instead := func(share float64, with string) func(*rand.Rand, *data) {
		x, _ := strconv.ParseFloat(with, 64) // 0 for names, which have texts
		return func(_ *rand.Rand, d *data) {
			d.each(some(r, share, func(float64) float64 { return x }))
			d.text(func(s string) string {
				if r.Float64() < share {
					return with
				}
				return s
			})
		}
	}
	swap := func(a, b string) func(*rand.Rand, rows) {
		return func(_ *rand.Rand, t rows) { t[a], t[b] = t[b], t[a] }
	}
	for _, f := range []fault{
		{"cents", "unit_change", "adr", on("adr", times(100)), factor(100)},
		{"a hundredth", "unit_change", "adr", on("adr", times(0.01)), factor(0.01)},
		{"hours", "unit_change", "lead_time", on("lead_time", times(24)), factor(24)},
		{"weeks", "unit_change", "lead_time", on("lead_time", times(1./7)), factor(1. / 7)},
		{"an agent 0.0", "default_value", "agent", on("agent", instead(0.4, "0.0")), value("0.0")},
		{"an agent 0.0 everywhere", "default_value", "agent", on("agent", instead(1, "0.0")), value("0.0")},
		{"no country", "default_value", "country", on("country", instead(0.15, "UNK")), value("UNK")},
		{"-1 days", "default_value", "lead_time", on("lead_time", instead(0.2, "-1")), value("-1")},
		{"for nothing", "default_value", "adr", on("adr", instead(0.3, "0")), value("0")},
		{"the median", "default_value", "adr", on("adr", instead(0.3, "110")), value("110")},
		{"nobody", "default_value", "adults", on("adults", instead(0.2, "0")), value("0")},
		{"two letters", "text_cut", "country", on("country", func(_ *rand.Rand, d *data) {
			d.text(func(s string) string { return s[:min(2, len(s))] })
		}), nil},
		{"lower case", "category_spelling", "customer_type", on("customer_type", func(_ *rand.Rand, d *data) { d.text(strings.ToLower) }), nil},
		{"a hundred days at most", "clipped", "lead_time", on("lead_time", func(_ *rand.Rand, d *data) {
			d.each(func(x float64) float64 { return min(x, 100) })
		}), nil},
		{"nights", "swapped_columns", "stays_in_week_nights", swap("stays_in_week_nights", "stays_in_weekend_nights"), nil},
		{"guests", "swapped_columns", "adults", swap("adults", "children"), nil},
		{"a frozen price", "stuck_value", "adr", on("adr", instead(1, "98.5")), value("98.5")},
		{"a price that freezes", "stuck_value", "adr", on("adr", instead(0.4, "98.5")), value("98.5")},
	} {
		t.Run(f.name, func(t *testing.T) {
			after := filled(names, later, autumn)
			f.inject(r, after)
			named := causes(judged(t, ref, after.profile(&profile.Stored), before.columns()))
			c := named[f.column]
			if c == nil || c.Kind != f.kind || f.holds != nil && !f.holds(c) {
				t.Fatalf("not named, but %+v", c)
			}
			for column, other := range named {
				if column != f.column && other.Kind != "swapped_columns" {
					t.Errorf("%s is called %s: %s", column, other.Kind, other.Evidence)
				}
			}
			t.Log(c.Evidence)
		})
	}
}

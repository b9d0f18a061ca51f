package main

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"leeway/core/report"
)

// booking is a row of the hotel's bookings, by the name of the column.
type booking struct {
	at  map[string]int
	row []string
}

func (b booking) of(name string) string      { return b.row[b.at[name]] }
func (b booking) set(name, value string)     { b.row[b.at[name]] = value }
func (b booking) number(name string) float64 { x, _ := strconv.ParseFloat(b.of(name), 64); return x }

func (b booking) put(name string, x float64) { b.set(name, strconv.FormatFloat(x, 'f', -1, 64)) }

// part tells whether the i-th row is among a share of all, spread evenly.
func part(i int, share float64) bool { return float64(i*7919%1000) < 1000*share }

// upstream are faults as they are injected into the bookings, each with the
// column where it is to be named and how.
var upstream = []struct {
	name, column, kind string
	inject             func(i int, b booking)
}{
	{"cents", "adr", "unit_change", func(_ int, b booking) { b.put("adr", math.Round(100*b.number("adr"))) }},
	{"thousands", "lead_time", "unit_change", func(_ int, b booking) { b.put("lead_time", 1000*b.number("lead_time")) }},
	{"days to hours", "lead_time", "unit_change", func(_ int, b booking) { b.put("lead_time", 24*b.number("lead_time")) }},
	{"a hundredth", "adr", "unit_change", func(_ int, b booking) { b.put("adr", b.number("adr")/100) }},
	{"miles", "lead_time", "unit_change", func(_ int, b booking) { b.put("lead_time", 1.609344*b.number("lead_time")) }},
	{"°F", "adr", "unit_change", func(_ int, b booking) { b.put("adr", 1.8*b.number("adr")+32) }},
	{"sign", "adr", "negated", func(_ int, b booking) { b.put("adr", -b.number("adr")) }},
	{"-1", "adr", "default_value", func(i int, b booking) {
		if part(i, 0.3) {
			b.set("adr", "-1")
		}
	}},
	{"9999", "lead_time", "default_value", func(i int, b booking) {
		if part(i, 0.3) {
			b.set("lead_time", "9999")
		}
	}},
	{"unknown", "country", "default_value", func(i int, b booking) {
		if part(i, 0.4) {
			b.set("country", "unknown")
		}
	}},
	{"stuck", "adr", "stuck_value", func(_ int, b booking) { b.set("adr", "94.5") }},
	{"clipped", "lead_time", "clipped", func(_ int, b booking) { b.put("lead_time", min(b.number("lead_time"), 180)) }},
	{"rounded", "adr", "rounded", func(_ int, b booking) { b.put("adr", 10*math.Round(b.number("adr")/10)) }},
	{"swapped", "lead_time", "swapped_columns", func(_ int, b booking) {
		lead := b.of("lead_time")
		b.set("lead_time", b.of("adr"))
		b.set("adr", lead)
	}},
	{"swapped names", "meal", "swapped_columns", func(_ int, b booking) {
		meal := b.of("meal")
		b.set("meal", b.of("market_segment"))
		b.set("market_segment", meal)
	}},
	{"lower case", "country", "category_spelling", func(_ int, b booking) { b.set("country", strings.ToLower(b.of("country"))) }},
	{"a blank", "hotel", "category_spelling", func(_ int, b booking) { b.set("hotel", strings.ReplaceAll(b.of("hotel"), " ", "  ")) }},
	{"9 for 9.0", "agent", "category_spelling", func(_ int, b booking) { b.set("agent", strings.TrimSuffix(b.of("agent"), ".0")) }},
	{"cut", "market_segment", "text_cut", func(_ int, b booking) { b.set("market_segment", b.of("market_segment")[:5]) }},
	{"joined", "meal", "categories_joined", func(_ int, b booking) {
		if b.of("meal") == "HB" {
			b.set("meal", "SC")
		}
	}},
	{"split", "hotel", "categories_split", func(i int, b booking) {
		if b.of("hotel") == "City Hotel" {
			b.set("hotel", []string{"Lisbon", "Porto"}[i%2])
		}
	}},
	{"renamed", "reserved_room_type", "category_renamed", func(_ int, b booking) {
		if b.of("reserved_room_type") == "D" {
			b.set("reserved_room_type", "double")
		}
	}},
	{"UTC", "timestamp", "time_shift", func(_ int, b booking) { b.set("timestamp", b.of("timestamp")+"T05:00:00Z") }},
	{"filled", "company", "default_value", nil}, // the reference is changed too, see below
	{"time zone", "hour", "time_shift", nil},
}

// TestUpstreamFaultsAreNamed injects faults into one half of real bookings,
// every other row, and compares with the other half.
func TestUpstreamFaultsAreNamed(t *testing.T) {
	whole(t)
	path := filepath.Join(sharedData, "hotel_bookings", "reference.csv.gz")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the hotel's bookings are not here")
	}
	header, lines := records(t, path)
	names := parse(t, header)[0]
	names = append(names, "hour")
	at := map[string]int{}
	for i, name := range names {
		at[name] = i
	}
	all := parse(t, strings.Join(lines, ""))
	chance := rand.New(rand.NewPCG(1, 1))
	for i := range all { // bookings have no time of day: most are made in the afternoon
		all[i] = append(all[i], strconv.Itoa(int(15+5*chance.NormFloat64()+48)%24))
	}
	calm(t, "no fault", halves(t, names, all, func(int, booking, bool) {}, at))
	for _, fault := range upstream {
		t.Run(fault.name, func(t *testing.T) {
			r := halves(t, names, all, func(i int, b booking, current bool) {
				switch {
				case fault.name == "filled" && b.of("company") == "UNK":
					b.set("company", map[bool]string{false: "", true: "40.0"}[current])
				case fault.name == "time zone" && current:
					b.put("hour", math.Mod(b.number("hour")+5, 24))
				case fault.inject != nil && current:
					fault.inject(i, b)
				}
			}, at)
			t.Logf("%s: %s", r.Verdict, r.Summary)
			found := false
			for _, f := range r.Findings {
				if f.Cause == nil {
					continue
				}
				if f.Labels.Column == fault.column && f.Cause.Kind == fault.kind {
					found = true
				} else if !slices.Contains(f.Cause.Columns, fault.column) {
					t.Errorf("%s: %s: %s", f.ID, f.Cause.Kind, f.Cause.Evidence)
				}
			}
			if !found {
				t.Errorf("%s is not named", fault.kind)
			}
		})
	}
}

func parse(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// halves writes every other row to either side, changed, and compares them.
func halves(t *testing.T, names []string, all [][]string, change func(i int, b booking, current bool), at map[string]int) *report.Report {
	t.Helper()
	dir := t.TempDir()
	paths := [2]string{filepath.Join(dir, "reference.csv"), filepath.Join(dir, "current.csv")}
	for side, path := range paths {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w := csv.NewWriter(f)
		err = w.Write(names)
		for i, row := range all {
			if err == nil && i%2 == side {
				b := booking{at, slices.Clone(row)}
				change(i/2, b, side == 1)
				err = w.Write(b.row)
			}
		}
		w.Flush()
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return compared(t, paths[0], paths[1], "")
}

// TestNoFaultWhereThereIsNone: drift as it comes by itself is not called a fault.
func TestNoFaultWhereThereIsNone(t *testing.T) {
	whole(t)
	hotel := filepath.Join(sharedData, "hotel_bookings")
	if _, err := os.Stat(hotel); err != nil {
		t.Skip("the public data sets are not here")
	}
	unfaulted := func(what string, r *report.Report) {
		t.Helper()
		t.Logf("%s: %s: %s", what, r.Verdict, r.Summary)
		filled := 0
		for _, f := range r.Findings {
			switch {
			case f.Cause == nil:
			// Three columns say the same in the first 17,760 rows, when there was no
			// market in Victoria: that is one.
			case what == "elec2/elec.csv.gz: second and first" && f.Cause.Kind == "stuck_value" && slices.Contains([]string{"vicprice", "vicdemand", "transfer"}, f.Labels.Column):
				filled++
			default:
				t.Errorf("%s: %s: %s: %s", what, f.ID, f.Cause.Kind, f.Cause.Evidence)
			}
		}
		if what == "elec2/elec.csv.gz: second and first" && filled != 3 {
			t.Errorf("%s: %d columns are filled with one value, 3 were", what, filled)
		}
	}
	for _, name := range []string{"production_2016_10_11", "production_2016_12", "production_2017_01_02"} {
		unfaulted(name, compared(t, filepath.Join(hotel, "reference.csv.gz"), filepath.Join(hotel, name+".csv.gz"), ""))
	}
	for _, name := range []string{"elec2/elec.csv.gz", "bike_sharing/hour.csv.gz", "beijing_pm25/pollution.csv.gz"} {
		header, rows := records(t, filepath.Join(sharedData, filepath.FromSlash(name)))
		dir := t.TempDir()
		half := len(rows) / 2
		parts := map[string][]string{"first": rows[:half], "second": rows[half:], "last": rows[len(rows)-len(rows)/10:]}
		for part, lines := range parts {
			if err := os.WriteFile(filepath.Join(dir, part), []byte(header+strings.Join(lines, "")), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for _, pair := range [][2]string{{"first", "second"}, {"second", "first"}, {"first", "last"}} {
			unfaulted(name+": "+pair[0]+" and "+pair[1], compared(t, filepath.Join(dir, pair[0]), filepath.Join(dir, pair[1]), ""))
		}
	}
}

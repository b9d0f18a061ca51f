package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/stat"
)

// few is how many windows the tests simulate of so many that the program does.
func few(windows int) int {
	if testing.Short() {
		return max(windows/4, 4)
	}
	return windows
}

// TestStill: windows in which nothing changed alarm no more often than the
// budget says, for every shape.
func TestStill(t *testing.T) {
	for _, size := range []struct{ reference, rows, windows int }{{30, 30, 400}, {100, 100, 300}, {1_000, 100, 60}, {1_000, 1_000, 30}} {
		for _, s := range independent {
			found, err := still(s, size.reference, size.rows, few(size.windows))
			if err != nil {
				t.Fatal(err)
			}
			within(t, &found)
		}
	}
}

// within holds a rate against its budget: for alarms, and for the drift test by
// itself.
func within(t *testing.T, r *rate) {
	t.Helper()
	for i, budget := range budgets {
		if r.exceeds(i) {
			t.Errorf("%s, %d rows against %d: %d of %d windows alarm at %g", r.Shape, r.Rows, r.Reference, r.Alarms[i], r.Windows, budget)
		}
		if stat.BinomialTail(int64(r.Small[i]), int64(r.Windows), budget) < 1e-5 {
			t.Errorf("%s, %d rows against %d: P <= %g in %d of %d windows", r.Shape, r.Rows, r.Reference, budget, r.Small[i], r.Windows)
		}
	}
}

// TestSeries: so do windows that differ by more than chance.
func TestSeries(t *testing.T) {
	for _, s := range series {
		found, err := stillSeries(s, 100, few(100))
		if err != nil {
			t.Fatal(err)
		}
		within(t, &found)
	}
}

// TestTable: so do tables of all shapes together, with cells that are empty.
func TestTable(t *testing.T) {
	r := seed("table")
	alarms, windows := 0, few(60)
	for range windows {
		before := draw(r, independent, 300, 0.03, 0, &profile.Exact)
		now := draw(r, independent, 100, 0.03, 0, &profile.Exact)
		out, err := evaluate(independent, before, now)
		if err != nil {
			t.Fatal(err)
		}
		if alarmed(out.Evidence, policy.Options{FalseAlarms: 0.05}, "") {
			alarms++
		}
	}
	if stat.BinomialTail(int64(alarms), int64(windows), 0.05) < 1e-4 {
		t.Errorf("%d of %d tables alarm at a budget of 0.05", alarms, windows)
	}
}

// TestPower: each drift is found about as often as by the best test for it.
func TestPower(t *testing.T) {
	for i := range drifts {
		d := &drifts[i]
		f, err := power(d, 2, 1_000, 1_000, few(40))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-24s %d of %d, best test %d", d.name, f.Leeway, f.Windows, f.Best)
		if least := f.Best - f.Windows/5; f.Leeway < least {
			t.Errorf("%s: found in %d of %d windows, by the best test in %d", d.name, f.Leeway, f.Windows, f.Best)
		}
	}
}

// TestManyColumns: one column of 500 that moved is found, and it alone.
func TestManyColumns(t *testing.T) {
	r := seed("many columns")
	var before []shape
	for i := range 500 {
		s := independent[i%len(independent)]
		s.name = s.name + " " + count(i)
		before = append(before, s)
	}
	moved := 234 // a normal one
	after := append([]shape(nil), before...)
	after[moved].number = normal(0.5, 1)
	reference, still, changed := draw(r, before, 500, 0.01, 0, &profile.Exact), draw(r, before, 300, 0.01, 0, &profile.Exact), draw(r, after, 300, 0.01, 0, &profile.Exact)
	for name, now := range map[string]*profile.Dataset{"": still, after[moved].name: changed} {
		out, err := evaluate(before, reference, now)
		if err != nil {
			t.Fatal(err)
		}
		j := policy.Judge(out.Evidence, nil)
		var alarms []string
		for _, f := range j.Findings {
			if f.Severity == "alert" || f.Severity == "warn" {
				alarms = append(alarms, f.Labels.Column)
			}
		}
		if got := strings.Join(alarms, ", "); got != name {
			t.Errorf("moved: %q, found: %q", name, got)
		}
	}
}

// TestPage: the page and its pictures are what the kept counts make, and none is lacking.
func TestPage(t *testing.T) {
	all, err := load("../../docs/calibration.json")
	if err != nil {
		t.Fatal(err)
	}
	if known, wanted := len(all.Rates)+len(all.Found), len(stills())+len(powers()); known != wanted {
		t.Errorf("%d simulations are kept of %d", known, wanted)
	}
	pages := map[string]string{"calibration.md": string(document(all))}
	for _, sides := range powerSizes {
		pages["images/"+picture(sides)] = curves(all.inOrder(), sides[0], sides[1])
	}
	for name, want := range pages {
		if got, err := os.ReadFile("../../docs/" + name); err != nil || string(got) != want {
			t.Errorf("docs/%s is not what docs/calibration.json says (%v): run go run ./scripts/calibrate", name, err)
		}
	}
}

// TestAgain: a part can be simulated anew; what there is not is an error.
func TestAgain(t *testing.T) {
	all := &results{}
	if err := all.stale([]string{"series", "mean + 0.1 sd 1 1000 "}); err != nil || len(all.again) != len(series)*len(seriesSizes)+1 {
		t.Errorf("%d, %v", len(all.again), err)
	}
	if err := all.stale([]string{"serious"}); err == nil {
		t.Error("no error")
	}
}

func TestCurves(t *testing.T) {
	var all []found
	for _, d := range drifts {
		for i, size := range turned {
			all = append(all, found{Drift: d.name, Size: size, Reference: 10, Rows: 20, Windows: 100, Leeway: 10 * i, Best: 12 * i})
		}
	}
	svg := curves(all, 10, 20)
	decoder := xml.NewDecoder(strings.NewReader(svg))
	lines := 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "polyline" {
			lines++
		}
	}
	if lines != 2*len(drifts) {
		t.Errorf("%d lines", lines)
	}
}

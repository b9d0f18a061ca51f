package chart_test

import (
	"encoding/xml"
	"flag"
	"fmt"
	"html/template"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/report"
	. "leeway/core/report/chart"
)

var update = flag.Bool("update", false, "write the golden files anew")

// wave is a made-up number between 0 and 1, the same everywhere.
func wave(i, j int) float64 { return float64((i*7919+j*104729+i*j*31)%1000) / 1000 }

func months(n int) []Moment {
	moments := make([]Moment, n)
	for i := range moments {
		level := []Level{OK, OK, OK, OK, OK, Warn, OK, OK, Alert, OK, OK, Unknown, None}[(i*5)%13]
		day := fmt.Sprintf("%d Jan", 1+i%31)
		moments[i] = Moment{Label: day, Title: day + ": " + level.Word(), Link: fmt.Sprintf("/m/r%d", i), Level: level}
	}
	return moments
}

func series(n int) *Series {
	s := &Series{Title: "lead_time over time", Limit: math.NaN(), Baseline: &Band{10, 50, 100, 160, 260}}
	for i, m := range months(n) {
		x := 100 + 40*wave(i, 3)
		if i > n*2/3 {
			x += 60
		}
		band := Band{x - 90, x - 50, x, x + 60, x + 160}
		if i == n/3 {
			band = Flat(math.NaN())
		}
		s.Stops = append(s.Stops, Stop{m, band})
	}
	return s
}

func heat(rows, columns int) *Map {
	m := &Map{Title: "Columns by window", Link: func(r, c int) string { return fmt.Sprintf("/c/%d/%d", r, c) },
		Tip: func(r, c int) string { return fmt.Sprintf("column %d, window %d", r, c) }}
	for r := range rows {
		m.Rows = append(m.Rows, Row{Name: fmt.Sprintf("feature_%02d", r), Link: fmt.Sprintf("/c/%d", r)})
		cells := make([]Cell, columns)
		for c := range cells {
			score := wave(r, c)
			switch {
			case r == 3 && c > columns*2/3:
				cells[c] = Cell{Alert, 2}
			case score > 0.985:
				cells[c] = Cell{Warn, 0.9}
			case score < 0.01:
				cells[c] = Cell{Unknown, 0}
			case r == 5 && c < 4:
			default:
				cells[c] = Cell{OK, score * score}
			}
		}
		m.Cells = append(m.Cells, cells)
	}
	for c := range columns {
		m.Columns = append(m.Columns, fmt.Sprintf("%d Jan", 1+c))
	}
	return m
}

func numbers() *Distribution {
	d := &Distribution{Title: "lead_time", Edges: []float64{0}}
	for i := range 40 {
		d.Edges = append(d.Edges, float64(10*(i+1)))
		d.Reference = append(d.Reference, float64(40-i)/820)
		d.Current = append(d.Current, float64(20-abs(i-20))/400)
	}
	d.Edges[40] = 9000
	return d
}

func abs(i int) int { return max(i, -i) }

func categories() *Distribution {
	return &Distribution{Title: "country", Names: []string{"PRT", "a rather long name of a category", "", "rest"}, Other: true,
		Reference: []float64{.5, .25, .25, 0}, Current: []float64{.3, .3, .3, .1}}
}

// every draws each chart once.
func every() map[string]template.HTML {
	single := series(60)
	single.Limit, single.Baseline = 180, nil
	for i := range single.Stops {
		single.Stops[i].Band = Flat(single.Stops[i].Middle)
	}
	gone := categories()
	gone.Current = nil
	return map[string]template.HTML{
		"1 overlay": Overlay(numbers()), "2 bars": Bars(categories()), "2b bars of one side": Bars(gone),
		"3 sparks":   "<div style='width:9rem'>" + Spark(numbers()) + Spark(categories()) + "</div>",
		"4 meter":    Meter(&Measure{Title: "m", Value: .3, Limit: .1, Noise: .02, Low: .28, High: .33, Level: Alert}),
		"5 timeline": Timeline("Verdicts", months(60)), "6 lines": Lines(series(60)), "6b line": Lines(single),
		"7 heatmap": Heatmap(heat(12, 30)), "7b wide heatmap": Heatmap(heat(20, 120)), "8 legend": Legend("Baseline", "This window"),
		"6c line beside another": Lines(doubled(40)), "6d shares": Shares("Label coverage", months(40), waves(40)),
		"10 plane of curves": DrawPlane(curves()), "11 plane of groups": DrawPlane(groups()), "12 confusion": DrawConfusion(confusion()),
		"13 whiskers": DrawWhiskers(whiskers()),
		"9 badges":    Badge(OK) + Badge(Info) + Badge(Unknown) + Badge(Warn) + Badge(Alert) + Badge(Invalid),
	}
}

func waves(n int) []float64 {
	all := make([]float64, n)
	for i := range all {
		if all[i] = 1 - float64(i*i)/float64(n*n); i == n/2 {
			all[i] = math.NaN()
		}
	}
	return all
}

// doubled has a second quantity, where the first is not known yet.
func doubled(n int) *Series {
	s := series(n)
	s.Baseline = &Band{math.NaN(), math.NaN(), 100, math.NaN(), math.NaN()}
	for i := range s.Stops {
		x := 100 + 10*wave(i, 5)
		s.Other = append(s.Other, Band{x - 20, math.NaN(), x, math.NaN(), x + 20})
		band := s.Stops[i].Band
		s.Stops[i].Band = Band{band.Middle - 15, math.NaN(), band.Middle, math.NaN(), band.Middle + 15}
		if i > n-6 {
			s.Stops[i].Band = Flat(math.NaN())
		}
	}
	return s
}

func curves() *Plane {
	p := &Plane{Title: "ROC curve", Text: "Much.", Across: "false positive rate", Up: "true positive rate", Unit: true, Even: true, Level: math.NaN(), Reference: &Trace{}, Current: &Trace{Mark: &[2]float64{.2, .5}}}
	for i := range 21 {
		x := float64(i) / 20
		p.Reference.X, p.Reference.Y = append(p.Reference.X, x), append(p.Reference.Y, math.Pow(x, .3))
		p.Current.X, p.Current.Y = append(p.Current.X, x), append(p.Current.Y, math.Pow(x, .45))
	}
	return p
}

func groups() *Plane {
	p := &Plane{Title: "Predicted and actual", Across: "mean prediction", Up: "mean label", Even: true, Level: 150, Reference: &Trace{}, Current: &Trace{}}
	for i := range 10 {
		x := 20 + 30*float64(i)
		t := p.Reference
		t.X, t.Y, t.Sizes = append(t.X, x), append(t.Y, x+5*wave(i, 2)), append(t.Sizes, .1)
		t, y := p.Current, x*.9+30*wave(i, 4)
		t.X, t.Y, t.Sizes, t.Low, t.High = append(t.X, x+3), append(t.Y, y), append(t.Sizes, .05+.1*wave(i, 9)), append(t.Low, y-15), append(t.High, y+15)
	}
	return p
}

func confusion() *Confusion {
	return &Confusion{Title: "Confusion matrix", Classes: []string{"cat", "dog", "other"}, Other: true,
		Current: [][]float64{{120, 14, 3}, {9, 1400, 60.5}, {0, 0, 0}}, Reference: [][]float64{{1200, 80, 0}, {70, 9000, 100}, {5, 5, 40}}}
}

func whiskers() *Whiskers {
	return &Whiskers{Title: "Selection rate by gender", Low: 0, High: .5, Limit: .28, Rows: []Whisker{
		{"female", "1,204 rows", .21, .19, .24, "21% (19% to 24%)", Alert}, {"male", "2,310 rows", .35, .33, .37, "35% (33% to 37%)", None},
		{"not said", "7 rows", math.NaN(), math.NaN(), math.NaN(), "too few rows", Unknown},
	}}
}

func TestGallery(t *testing.T) {
	var b strings.Builder
	b.WriteString("<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width, initial-scale=1'><title>Charts</title><style>" + report.Theme + "</style><main class=page>\n")
	all := every()
	for _, name := range []string{"1 overlay", "2 bars", "2b bars of one side", "3 sparks", "4 meter", "5 timeline", "6 lines", "6b line", "6c line beside another", "6d shares", "7 heatmap", "7b wide heatmap", "8 legend", "9 badges", "10 plane of curves", "11 plane of groups", "12 confusion", "13 whiskers"} {
		b.WriteString("<h2>" + name + "</h2><div class=card>" + string(all[name]) + "</div>\n")
	}
	const path = "testdata/gallery.html"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run go test ./core/report/chart -update", err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s differs (-want +got): if that is meant, run go test ./core/report/chart -update\n%s", path, diff)
	}
}

// TestWellFormed parses every chart as XML: a name that broke out of its place
// would unbalance it.
func TestWellFormed(t *testing.T) {
	for name, drawn := range every() {
		wellFormed(t, name, drawn)
	}
}

func wellFormed(t *testing.T, name string, drawn template.HTML) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<x>" + string(drawn) + "</x>"))
	d.Entity = xml.HTMLEntity
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v in %.300s", name, err, drawn)
		}
		if start, ok := token.(xml.StartElement); ok && (start.Name.Local == "script" || start.Name.Local == "img") {
			t.Errorf("%s: <%s>", name, start.Name.Local)
		}
	}
}

var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "' onload='alert(1)", "\x1b[31m\u202e\x00\xff", strings.Repeat("x<", 5000), "]]>", "&lt;", "",
}

func TestHostileNames(t *testing.T) {
	for _, name := range hostile {
		d, c := numbers(), categories()
		d.Title, c.Title, c.Names[0] = name, name, name
		m := heat(2, 3)
		m.Title, m.Rows[0].Name, m.Columns[0] = name, name, name
		m.Cells[0][0] = Cell{Alert, 1}
		m.Tip = func(int, int) string { return name }
		m.Link = func(int, int) string { return "javascript:alert(1)" }
		s := series(4)
		s.Title, s.Stops[0].Label, s.Stops[0].Title, s.Stops[0].Link, s.Stops[0].Level = name, name, name, "/"+name, Alert
		moments := []Moment{s.Stops[0].Moment}
		for chart, drawn := range map[string]template.HTML{
			"overlay": Overlay(d), "bars": Bars(c), "spark": Spark(c), "empty": Overlay(&Distribution{Title: name}), "legend": Legend(name, name),
			"heatmap": Heatmap(m), "lines": Lines(s), "timeline": Timeline(name, moments), "meter": Meter(&Measure{Title: name, Text: name, Value: 1, Limit: 1}),
			"badge": Badge(Level(name)), "plane": DrawPlane(&Plane{Title: name, Text: name, Across: name, Up: name, Unit: true, Current: &Trace{X: []float64{0, 1}, Y: []float64{0, 1}}}),
			"nothing in a plane": DrawPlane(&Plane{Title: name}), "shares": Shares(name, moments, []float64{1}),
			"confusion": DrawConfusion(&Confusion{Title: name, Classes: []string{name, name}, Current: [][]float64{{1, 2}, {3, 4}}}),
			"whiskers":  DrawWhiskers(&Whiskers{Title: name, High: 1, Rows: []Whisker{{Name: name, Note: name, Text: name, Level: Level(name)}}}),
		} {
			wellFormed(t, chart, drawn)
			if strings.Contains(string(drawn), "javascript:") {
				t.Errorf("%s takes a javascript: link", chart)
			}
			if len(drawn) > 20_000+3*len(name) {
				t.Errorf("%s: %d bytes", chart, len(drawn))
			}
		}
	}
}

func TestOddNumbers(t *testing.T) {
	odd := []float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), 1e308, -1e308, 5e-324}
	for _, a := range odd {
		for _, b := range odd {
			d := &Distribution{Title: "odd", Edges: []float64{a, b, a, b, 2, 3}, Reference: []float64{a, b, a, 0, 1}, Current: []float64{b, a, 1, 1, 0}}
			c := &Distribution{Title: "odd", Names: []string{"a", "b"}, Reference: []float64{a, b}, Current: []float64{b, a}}
			s := &Series{Stops: []Stop{{Moment{Label: "x", Level: Alert}, Flat(a)}, {Moment{}, Band{a, b, a, b, a}}}, Limit: b, Baseline: &Band{b, a, b, a, b}}
			m := &Measure{Value: a, Limit: b, Noise: a, Low: a, High: b}
			grid := &Map{Rows: []Row{{}}, Columns: []string{"x"}, Cells: [][]Cell{{{OK, a}}}}
			s.Other = []Band{{a, b, a, b, a}, Flat(b)}
			p := &Plane{Level: a, Current: &Trace{X: []float64{a, 1}, Y: []float64{b, a}, Low: []float64{a, a}, High: []float64{b, b}, Sizes: []float64{a, b}, Mark: &[2]float64{a, b}}}
			w := &Whiskers{Low: a, High: b, Limit: a, Rows: []Whisker{{Value: a, Low: b, High: a}}}
			u := &Whiskers{High: 1, Limit: a, Rows: []Whisker{{Value: a, Low: b, High: a}}}
			for name, drawn := range map[string]template.HTML{"plane": DrawPlane(p), "whiskers": DrawWhiskers(w), "whiskers of a unit": DrawWhiskers(u),
				"shares": Shares("", []Moment{{}, {}}, []float64{a, b}), "confusion": DrawConfusion(&Confusion{Classes: []string{"a", "b"}, Current: [][]float64{{a, b}, {b, a}}, Reference: [][]float64{{b}}}),
				"overlay": Overlay(d), "bars": Bars(c), "spark": Spark(d), "spark of categories": Spark(c), "lines": Lines(s), "meter": Meter(m), "heatmap": Heatmap(grid)} {
				wellFormed(t, name, drawn)
				if strings.Contains(string(drawn), `="NaN`) || strings.Contains(string(drawn), "Inf") {
					t.Errorf("%s(%g, %g) draws at no number: %s", name, a, b, drawn)
				}
			}
		}
	}
}

func TestEmptyCharts(t *testing.T) {
	for name, drawn := range map[string]template.HTML{
		"overlay": Overlay(&Distribution{}), "bars": Bars(&Distribution{Names: []string{"a"}}), "spark": Spark(&Distribution{}),
		"overlay of unequal sides": Overlay(&Distribution{Edges: []float64{0, 1, 2}, Reference: []float64{1, 0}, Current: []float64{1}}),
		"timeline":                 Timeline("t", nil), "lines": Lines(&Series{}), "heatmap": Heatmap(&Map{}), "meter": Meter(&Measure{Value: math.NaN(), Limit: 1}),
		"plane": DrawPlane(&Plane{Unit: true, Current: &Trace{}}), "confusion": DrawConfusion(&Confusion{Classes: []string{"a"}}), "whiskers": DrawWhiskers(&Whiskers{High: 1}),
		"shares of other windows": Shares("s", make([]Moment, 2), make([]float64, 3)),
	} {
		wellFormed(t, name, drawn)
	}
}

// A page with 50 columns and 400 windows has to come fast and stay small.
func TestHeatmapSize(t *testing.T) {
	if size := len(Heatmap(heat(50, 400))); size > 300_000 {
		t.Errorf("50 x 400: %d bytes", size)
	}
	loud := heat(50, 400)
	for _, row := range loud.Cells {
		for c := range row {
			row[c] = Cell{Alert, 2}
		}
	}
	if size := len(Heatmap(loud)); size > 100_000 {
		t.Errorf("50 x 400 alerts: %d bytes", size)
	}
}

func BenchmarkHeatmap(b *testing.B) {
	m := heat(50, 400)
	b.ReportMetric(float64(len(Heatmap(m))), "bytes")
	for b.Loop() {
		Heatmap(m)
	}
}

func TestStep(t *testing.T) {
	for _, c := range []struct {
		span  float64
		parts int
		want  float64
	}{{1, 10, .1}, {1, 4, .5}, {300, 40, 10}, {0.07, 7, .01}, {1e300, 3, 5e299}, {0, 3, 0}, {math.NaN(), 3, 0}, {math.Inf(1), 3, 0}, {-1, 3, 0}} {
		if got := Step(c.span, c.parts); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("Step(%g, %d) = %g, want %g", c.span, c.parts, got, c.want)
		}
	}
}

package policy

import (
	"slices"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/stat"
)

// TestPartial: of a window that is not whole nothing alarms but what is certain,
// and what differs besides counts for no streak.
func TestPartial(t *testing.T) {
	o := Default
	o.Partial = &Partial{Message: "Not over.", Hint: "Judged on Monday."}
	o.Streaks = map[string]int{"drift.js_distance.large": 3}
	evidence := []check.Evidence{tested("still", 0.4, 0), tested("large", 1e-9, 0.3)}
	j := Judge(evidence, &o)
	if j.Verdict != report.Unknown || j.Summary != "Not over. Judged on Monday." || j.Checks["drift"].Verdict != report.Unknown {
		t.Errorf("%s %v: %s", j.Verdict, j.Checks, j.Summary)
	}
	if len(j.Findings) != 2 || j.Findings[0].ID != "drift.partial_window" || j.Findings[0].Value != nil || j.Findings[0].NCurrent != 1000 {
		t.Errorf("%+v", j.Findings)
	}
	if f := j.Findings[1]; f.Severity != report.SeverityInfo || f.Streak != 0 || f.Hint != "What the window lacks may explain this. Judged on Monday." {
		t.Errorf("%+v", f)
	}
	lost := tested("", 1e-9, 0.3)
	lost.Check, lost.Metric = "quality", check.DroppedRatio
	j = Judge(append(evidence, lost), &o)
	if j.Verdict != report.Alert || j.Checks["drift"].Verdict != report.Unknown || j.Checks["quality"].Verdict != report.Alert || j.Findings[0].Metric != check.DroppedRatio {
		t.Errorf("%s %v: %+v", j.Verdict, j.Checks, j.Findings)
	}
}

// TestPieces: a window that is not over alarms where it is beyond how pieces of the
// reference differ, all alike as those of the window may be.
func TestPieces(t *testing.T) {
	const id = "drift.js_distance.large"
	alike, days, one := make([]metric.Deviate, 32), make([]metric.Deviate, 32), make([]metric.Deviate, 32)
	for i := range alike {
		z := []float64{0.3, 0.7, 1, 1.4, 0.1, 2}[i%6]
		alike[i], one[i], days[i] = metric.Deviate{Z: z, N: 500}, metric.Deviate{Z: z, N: 500}, metric.Deviate{Z: 5 * z, N: 500}
	}
	one[7].Z = 12
	for name, c := range map[string]struct {
		pieces []Pieces
		p      float64
		want   report.Verdict
	}{
		"alike":                    {[]Pieces{{map[string][]metric.Deviate{id: alike}, 1, 1}}, 1e-9, report.Alert},
		"that differ":              {[]Pieces{{map[string][]metric.Deviate{id: days}, 1, 1}}, 1e-9, report.OK},
		"that differ, far off":     {[]Pieces{{map[string][]metric.Deviate{id: days}, 1, 1}}, 1e-300, report.Alert},
		"of which one is rare":     {[]Pieces{{map[string][]metric.Deviate{id: one}, 1, 1}}, 1e-20, report.OK},
		"and hours that differ":    {[]Pieces{{map[string][]metric.Deviate{id: alike}, 1, 1}, {map[string][]metric.Deviate{id: days}, 0.9, 1}}, 1e-9, report.OK},
		"and few hours of a day":   {[]Pieces{{map[string][]metric.Deviate{id: alike}, 1, 1}, {map[string][]metric.Deviate{id: days}, 0.02, 1}}, 1e-12, report.Alert},
		"longer":                   {[]Pieces{{map[string][]metric.Deviate{id: alike}, 1, 6}}, 1e-9, report.OK},
		"longer, far off":          {[]Pieces{{map[string][]metric.Deviate{id: alike}, 1, 6}}, 1e-200, report.Alert},
		"too few":                  {[]Pieces{{map[string][]metric.Deviate{id: alike[:7]}, 1, 1}}, 1e-200, report.OK},
		"where nothing is of them": {[]Pieces{{map[string][]metric.Deviate{}, 1, 1}}, 1e-200, report.OK},
	} {
		for i := range c.pieces {
			c.pieces[i].Variation["drift.js_distance.still"] = alike
		}
		o := Default
		o.Partial = &Partial{Message: "Not over.", Hint: "Judged on Monday.", Pieces: c.pieces}
		j := Judge([]check.Evidence{tested("still", 0.4, 0), tested("large", c.p, 0.5)}, &o)
		if j.Verdict != c.want {
			t.Errorf("%s: %s: %+v", name, j.Verdict, j.Findings)
		}
		if !slices.ContainsFunc(j.Findings, func(f report.Finding) bool {
			return f.ID == "drift.partial_window" && f.Severity == report.SeverityInfo && f.Hint == "Judged on Monday."
		}) || !strings.Contains(j.Summary, "Not over.") {
			t.Errorf("%s: %s: %+v", name, j.Summary, j.Findings)
		}
	}
	o := Default
	o.Partial = &Partial{Message: "Not over.", Pieces: []Pieces{{map[string][]metric.Deviate{"drift.js_distance.still": alike}, 1, 1}}}
	rows, mixed, segment, missing := tested("", 1e-9, 2), tested("", 1e-9, 0.3), tested("still", 1e-9, 0.3), tested("other", 1e-9, 0.3)
	rows.Check, rows.Metric, missing.Check, missing.Metric = "quality", "rows", "quality", "missing_ratio"
	segment.Labels.Segment = "country=NO"
	j := Judge([]check.Evidence{tested("still", 0.4, 0), rows, mixed, segment}, &o)
	if j.Verdict != report.OK || j.Checks["quality"].Verdict != report.Unknown || j.Checks["drift"].Verdict != report.OK {
		t.Errorf("what hangs on the rows to come: %s %v: %+v", j.Verdict, j.Checks, j.Findings)
	}
	if j = Judge([]check.Evidence{tested("still", 0.4, 0), missing}, &o); j.Verdict != report.Alert {
		t.Errorf("what no piece had: %s: %+v", j.Verdict, j.Findings)
	}
}

// TestLooked: looks at a window while it grows have a tenth of the budget, and the one
// at all of it 97 hundredths; without such looks it has all.
func TestLooked(t *testing.T) {
	const id = "drift.js_distance.one"
	alike := make([]metric.Deviate, 32)
	for i := range alike {
		alike[i] = metric.Deviate{Z: 0.8, N: 500}
	}
	growing := &Partial{Message: "Not over.", Hint: "Judged on Monday.", Pieces: []Pieces{{map[string][]metric.Deviate{id: alike}, 1, 1}}, Share: 0.5}
	for name, c := range map[string]struct {
		looked  bool
		partial *Partial
		p       float64
		want    report.Verdict
	}{
		"never, inside":      {false, nil, 0.0099, report.Alert},
		"never, outside":     {false, nil, 0.0101, report.OK},
		"looked at, inside":  {true, nil, 0.0096, report.Alert},
		"looked at, outside": {true, nil, 0.0099, report.OK},
		"growing, inside":    {true, growing, stat.AnytimeLevel(0.00099, 0.5), report.Alert},
		"growing, outside":   {true, growing, stat.AnytimeLevel(0.00101, 0.5), report.OK},
	} {
		o := Default
		o.Looked, o.Partial = c.looked, c.partial
		j := Judge([]check.Evidence{tested("one", c.p, 0.5)}, &o)
		if j.Verdict != c.want {
			t.Errorf("%s: %s: %s", name, j.Verdict, j.Summary)
		}
		if !strings.Contains(j.Summary, "at most 1%") && c.want == report.OK {
			t.Errorf("%s: %s", name, j.Summary)
		}
	}
}

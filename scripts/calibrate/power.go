package main

import (
	"fmt"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/policy"
	"leeway/core/profile"
)

const (
	budget  = 0.01 // the default budget
	columns = 12   // of the table that the changed column is in
)

// found is how often a change was found.
type found struct {
	Drift     string
	Size      float64
	Reference int
	Rows      int
	Windows   int
	Leeway    int // windows in which an alarm names the column
	Best      int // windows in which the best test is significant at budget/columns
	Drifted   int `json:",omitempty"` // windows in which the column's drift test is, at that level; of the size that the tables show
}

func (f *found) key() string {
	return fmt.Sprintf("%s %g %d %d %d", f.Drift, f.Size, f.Reference, f.Rows, f.Windows)
}

func (f *found) simulate() (found, error) {
	for i := range drifts {
		if drifts[i].name == f.Drift {
			return power(&drifts[i], f.Size, f.Reference, f.Rows, f.Windows)
		}
	}
	return found{}, fmt.Errorf("unknown drift %q", f.Drift)
}

// power simulates windows with a change in one column of a table: each of the
// others is tested once, and nothing can be seen in them.
func power(d *drift, size float64, reference, rows, windows int) (found, error) {
	f := found{Drift: d.name, Size: size, Reference: reference, Rows: rows, Windows: windows}
	r := seed(f.key())
	still, missing := d.after(0)
	changed, missingNow := d.after(size)
	still, changed = append(still, identifier), append(changed, identifier)
	others := quiet(columns - 1)
	for range windows {
		before := draw(r, still, reference, missing, 0, &profile.Exact)
		now := draw(r, changed, rows, missingNow, 0, &profile.Exact)
		out, err := evaluate(still, before, now)
		if err != nil {
			return f, err
		}
		if alarmed(append(out.Evidence, others...), policy.Options{FalseAlarms: budget}, columnName) {
			f.Leeway++
		}
		for i := range out.Evidence {
			if e := &out.Evidence[i]; size == 1 && e.Check == "drift" && e.P <= budget/columns {
				f.Drifted++
			}
		}
		if d.best(&sample{before.Column(columnName)}, &sample{now.Column(columnName)}) <= budget/columns {
			f.Best++
		}
	}
	return f, nil
}

// quiet is what the drift checks say of columns in which nothing can be seen.
func quiet(columns int) []check.Evidence {
	all := make([]check.Evidence, columns)
	for i := range all {
		all[i] = check.Evidence{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: fmt.Sprint("quiet ", i)}, P: 1}
	}
	return all
}

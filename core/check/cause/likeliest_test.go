package cause

import (
	"testing"

	"leeway/core/report"
)

// TestSureFaultWins: a fault that no other looks like is named though another
// one explains more, wherever they stand in the table.
func TestSureFaultWins(t *testing.T) {
	says := func(name string, explains float64, sure bool) Fault {
		return Fault{Name: name, find: func(*column) *found {
			return &found{cause: report.Cause{Explains: explains}, sure: sure}
		}}
	}
	table := Table
	defer func() { Table = table }()
	for _, c := range []struct {
		want  string
		table []Fault
	}{
		{"sure", []Fault{says("more", 0.9, false), says("sure", 0.6, true)}},
		{"sure", []Fault{says("sure", 0.6, true), says("more", 0.9, false)}},
		{"more", []Fault{says("less", 0.6, false), says("more", 0.9, false)}},
		{"first", []Fault{says("first", 0.9, false), says("equal", 0.91, false)}},
	} {
		Table = c.table
		if got := new(column).likeliest().cause.Kind; got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

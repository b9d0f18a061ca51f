package monitor_test

import (
	"fmt"
	"testing"
)

// TestOwnRows: what windows of the reference have for rows is usual until there were
// some, where the reference is no sample; windows of another length tell nothing.
func TestOwnRows(t *testing.T) {
	full, half, tenth := always, always, always
	half.rows, tenth.rows = 50, 12
	for name, c := range map[string]struct {
		days      bool
		reference shop
		logs      []shop // day by day
		want      string // finding on the last, "" for none
	}{
		"half of a day":       {true, full, []shop{full, half}, "alert"},
		"half of the first":   {true, full, []shop{half}, "info"},
		"as before":           {true, full, []shop{full, full, full}, ""},
		"all of few":          {true, half, []shop{full, full}, ""},
		"all of few, then":    {true, tenth, []shop{full, full, half}, ""},
		"reference of months": {false, full, []shop{full, half}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.put("config/m.yaml", "window: {every: month}\n")
			if c.days {
				w.put("config/m.yaml", "window: {every: day}\n")
			}
			w.put("reference/m/r.csv", c.reference.days(monday.AddDate(0, 0, -28), 28, 0))
			for d, s := range c.logs {
				w.put(fmt.Sprintf("logs/m/%d.csv", d), s.days(monday.AddDate(0, 0, d), 1, 0))
				w.run()
				if d == 0 {
					w.put("config/m.yaml", "window: {every: day}\n")
				}
			}
			last := w.one(monday.AddDate(0, 0, len(c.logs)-1).Format("2006-01-02"))
			got := ""
			for _, f := range last.Findings {
				if f.ID == "quality.rows" {
					got = string(f.Severity)
				}
			}
			if got != c.want {
				t.Errorf("%q, not %q: %s", got, c.want, last.Text)
			}
		})
	}
}

package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// creeping is the log of a day on which the amount is off by so many standard
// deviations, and the web's share is so much larger.
func creeping(at time.Time, rows int, amount, web float64) string {
	r := rand.New(rand.NewPCG(uint64(at.Unix()), 11))
	apart := max(time.Minute, 24*time.Hour/time.Duration(rows))
	var b strings.Builder
	b.WriteString(header)
	for i := range rows {
		channel := []string{"shop", "app"}[r.IntN(2)]
		if r.Float64() < 0.4+web {
			channel = "web"
		}
		fmt.Fprintf(&b, "o%d-%d,%s,%.2f,%s,%d\n", at.Unix(), i, at.Add(time.Duration(i)*apart).Format(time.RFC3339), 80+20*(r.NormFloat64()+amount), channel, r.IntN(2))
	}
	return b.String()
}

// slowly lists the days whose reports say that a column creeps, with the gravest
// finding of that column.
func (w *world) slowly(column string) (days []string, first *report.Finding) {
	w.Helper()
	for _, s := range w.history() {
		name := s.Window.Start.Format("2006-01-02")
		r := w.newest(name)
		at := slices.IndexFunc(r.Findings, func(f report.Finding) bool {
			return f.Labels.Column == column && f.Since != nil
		})
		if at < 0 {
			continue
		}
		if first == nil {
			first = &r.Findings[at]
		}
		days = append(days, name)
	}
	return days, first
}

func TestSlowDrift(t *testing.T) {
	ofNumbers(t)
	const onset = 15
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, column string
		amount, web  float64 // what each day adds
		want         string
	}{
		{"level", "amount", 0.02, 0, "`amount` has been creeping up since about"},
		{"share", "channel", 0, 0.008, "The share of `channel` = web has been creeping up since about"},
		{"nothing", "", 0, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.put("reference/m/r.csv", creeping(start.AddDate(0, -1, 0), 5000, 0, 0))
			for i := range 30 {
				grown := float64(max(i-onset+1, 0))
				w.put(fmt.Sprintf("logs/m/%02d.csv", i), creeping(start.AddDate(0, 0, i), 500, c.amount*grown, c.web*grown))
			}
			w.run()
			if c.column == "" {
				for _, column := range []string{"amount", "channel", "prediction"} {
					if days, _ := w.slowly(column); len(days) > 0 {
						t.Errorf("%s: a creep on %v where there is none", column, days)
					}
				}
				return
			}
			days, first := w.slowly(c.column)
			if len(days) == 0 {
				t.Fatal("no day says that it creeps")
			}
			found, err := time.Parse("2006-01-02", days[0])
			if err != nil {
				t.Fatal(err)
			}
			if late := int(found.Sub(start).Hours()/24) - onset; late < 2 || late > 13 {
				t.Errorf("found %d days after the onset", late)
			}
			if !strings.HasPrefix(first.Message, c.want) || first.Metric != "slow_drift" {
				t.Errorf("%s: %s", first.Metric, first.Message)
			}
			began := start.AddDate(0, 0, onset).Format(time.RFC3339)
			if first.Since.From > began || first.Since.To < began {
				t.Errorf("began on %s, said %+v", began, first.Since)
			}
		})
	}
}

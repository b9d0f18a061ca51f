package monitor_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
)

// tried parses settings to try.
func tried(t *testing.T, text string) *config.Config {
	t.Helper()
	c, err := monitor.Names().Parse([]byte("version: 1\n"+text), "tried.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fiveDays is a bucket with two quiet days, two broken ones and a quiet one.
func fiveDays(t *testing.T) *world {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 2000, 1))
	for number := 2; number <= 6; number++ {
		text := day(number, 400, 1)
		if number == 4 || number == 5 {
			text = strings.ReplaceAll(text, "web", "fax")
		}
		w.put("logs/m/"+string(rune('0'+number))+".csv", text)
	}
	w.run()
	return w
}

func (w *world) backtest(o *monitor.BacktestOptions) *report.Backtest {
	w.Helper()
	b, err := w.monitor().Backtest(context.Background(), "m", o)
	if err != nil {
		w.Fatal(err)
	}
	return b
}

func courses(b *report.Backtest) (was, would []report.Verdict) {
	for _, r := range b.Windows {
		was, would = append(was, r.Was), append(would, r.WouldBe)
	}
	return was, would
}

func TestBacktestSameSettings(t *testing.T) {
	w := fiveDays(t)
	before := w.versions()
	b := w.backtest(nil)
	was, would := courses(b)
	if diff := cmp.Diff(was, would); diff != "" {
		t.Errorf("the same settings give other verdicts (-was +would be):\n%s", diff)
	}
	if want := []report.Verdict{"ok", "ok", "alert", "alert", "ok"}; !cmp.Equal(would, want) {
		t.Errorf("verdicts %v", would)
	}
	if b.New != 0 || b.Missed != 0 || b.WouldBe.Alerts != 2 || b.WouldBe.Rate != 0.4 || b.Expected != 0.05 {
		t.Errorf("%+v", b)
	}
	for _, r := range b.Windows {
		if len(r.New)+len(r.Missed) > 0 {
			t.Errorf("%s: new %v, missed %v", r.Window.Start, r.New, r.Missed)
		}
	}
	if diff := cmp.Diff(before, w.versions()); diff != "" {
		t.Errorf("a backtest writes (-before +after):\n%s", diff)
	}
}

func TestBacktestOtherSettings(t *testing.T) {
	w := fiveDays(t)
	b := w.backtest(&monitor.BacktestOptions{Config: tried(t, "policy: {persistence: 2}\n")})
	if _, would := courses(b); would[2] == report.Alert || would[3] != report.Alert {
		t.Errorf("with persistence 2: %v", would)
	}
	if b.Missed != 1 || len(b.Windows[2].Missed) == 0 || b.Was.Alerts != 2 {
		t.Errorf("%+v", b)
	}
	w.put("config/m.yaml", "version: what\n")
	if b = w.backtest(&monitor.BacktestOptions{Config: tried(t, "")}); b.WouldBe.Alerts != 2 {
		t.Errorf("beside a broken configuration: %+v", b)
	}
	w.put("config/m.yaml", "version: 1\n")
	b = w.backtest(&monitor.BacktestOptions{From: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)})
	if len(b.Windows) != 1 || b.Windows[0].Window.Start != "2026-03-04T00:00:00Z" {
		t.Errorf("one day of five: %+v", b.Windows)
	}
}

func TestBacktestOtherWindows(t *testing.T) {
	w := fiveDays(t)
	b := w.backtest(&monitor.BacktestOptions{Config: tried(t, "window: {every: month}\n")})
	if len(b.Windows) != 1 || b.Windows[0].Rows != 2000 || b.Windows[0].Was != report.Alert || b.Windows[0].WouldBe != report.Alert {
		t.Errorf("as one month: %+v", b.Windows)
	}
	_, err := w.monitor().Backtest(context.Background(), "m", &monitor.BacktestOptions{Config: tried(t, "window: {every: hour}\n")})
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "window.every hour cuts the stored window") {
		t.Errorf("as hours: %v", err)
	}
	if _, err := newWorld(t).monitor().Backtest(context.Background(), "m", nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nothing stored: %v", err)
	}
}

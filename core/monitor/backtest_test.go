package monitor_test

import (
	"context"
	"slices"
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
	if len(b.Windows) != 1 || b.Windows[0].Rows != 2000 || b.Windows[0].Was != report.Alert || b.Windows[0].WouldBe != report.Unknown ||
		!strings.HasPrefix(b.Windows[0].Summary, "The data begin in this window, and it is not over: its rows begin at 2026-03-02, ") {
		t.Errorf("as one month: %+v", b.Windows)
	}
	if note := "the stored windows, a day long, are joined into those of window.every: month (day where the configuration does not say it)"; !slices.Contains(b.Notes, note) {
		t.Errorf("%q", b.Notes)
	}
	if b = w.backtest(&monitor.BacktestOptions{Config: tried(t, "")}); slices.ContainsFunc(b.Notes, func(line string) bool { return strings.Contains(line, "joined") }) {
		t.Errorf("windows as they are: %q", b.Notes)
	}
	_, err := w.monitor().Backtest(context.Background(), "m", &monitor.BacktestOptions{Config: tried(t, "window: {every: hour}\n")})
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "window.every hour cuts the stored window") {
		t.Errorf("as hours: %v", err)
	}
	if _, err := newWorld(t).monitor().Backtest(context.Background(), "m", nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nothing stored: %v", err)
	}
}

func TestBacktestOfNoWindow(t *testing.T) {
	w := fiveDays(t)
	at := func(text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, test := range []struct{ from, to, want string }{
		{"2030-01-01", "", "no window lies between 2030-01-01T00:00:00Z and the end"},
		{"", "2026-03-02", "no window lies between the beginning and 2026-03-02T00:00:00Z"},
		{"2026-03-07", "2026-03-09", "no window lies between 2026-03-07T00:00:00Z and 2026-03-09T00:00:00Z"},
	} {
		_, err := w.monitor().Backtest(context.Background(), "m", &monitor.BacktestOptions{From: at(test.from), To: at(test.to)})
		if fault.KindOf(err) != fault.NotFound || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "from 2026-03-02T00:00:00Z to 2026-03-07T00:00:00Z") {
			t.Errorf("%q to %q: %v", test.from, test.to, err)
		}
	}
	if b := w.backtest(&monitor.BacktestOptions{From: at("2026-03-06")}); len(b.Windows) != 1 {
		t.Errorf("the last day: %+v", b.Windows)
	}
	bare := newWorld(t)
	bare.put("reference/m/r.csv", day(1, 2000, 1))
	bare.run()
	if _, err := bare.monitor().Backtest(context.Background(), "m", nil); fault.KindOf(err) != fault.NotFound || !strings.Contains(err.Error(), "no windows to replay") {
		t.Errorf("no logs: %v", err)
	}
}

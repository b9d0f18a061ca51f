package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// history is a public data set as a bucket: rows before split are the reference.
type history struct {
	*testing.T
	bucket string
}

// openHistory makes the bucket. at gives a row's time, by the names of its columns.
func openHistory(t *testing.T, path, settings, split string, drop []string, at func(row int, cell func(string) string) string) *history {
	t.Helper()
	whole(t)
	file, err := os.Open(filepath.Join(sharedData, path))
	if err != nil {
		t.Skipf("the public data sets are not here: %v", err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	header := rows[0]
	h := &history{t, t.TempDir()}
	sides := map[bool]*bytes.Buffer{true: {}, false: {}}
	for i, row := range rows {
		when := "timestamp"
		if i > 0 {
			when = at(i-1, func(name string) string { return row[slices.Index(header, name)] })
		}
		line := []string{when}
		for k, cell := range row {
			if !slices.Contains(drop, header[k]) {
				line = append(line, cell)
			}
		}
		for before, side := range sides {
			if i == 0 || when < split == before {
				side.WriteString(strings.Join(line, ",") + "\n")
			}
		}
	}
	h.put("reference/m/r.csv", sides[true].String())
	h.put("logs/m/a.csv", sides[false].String())
	h.put("config/m.yaml", settings)
	return h
}

func (h *history) put(key, text string) {
	h.Helper()
	path := filepath.Join(h.bucket, key)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		h.Fatal(err)
	}
}

func (h *history) run() {
	h.Helper()
	var errs bytes.Buffer
	if code := run(h.Context(), []string{"run", "--bucket", h.bucket}, strings.NewReader(""), io.Discard, &errs); code != exitOK && code != exitAlert {
		h.Fatalf("exit %d: %s", code, errs.String())
	}
}

// replay is what backtest says under other settings.
func (h *history) replay(settings string) *report.Backtest {
	h.Helper()
	h.put("changed.yaml", settings)
	_, out := said(h.T, "backtest", "--bucket", h.bucket, "--model", "m", "--config", filepath.Join(h.bucket, "changed.yaml"), "--output", "json")
	var b report.Backtest
	if err := json.Unmarshal([]byte(out), &b); err != nil {
		h.Fatal(err)
	}
	return &b
}

// alerts are the days on which the windows that alert begin.
func alerts(b *report.Backtest) []string {
	var days []string
	for _, w := range b.Windows {
		if w.WouldBe == report.Alert {
			days = append(days, w.Window.Start[:10])
		}
	}
	return days
}

// TestMarket: weeks of the market of New South Wales are quiet, save for
// Christmas, until it was widened in May 1997, whatever they are compared with;
// from then on each alarms, and none of these becomes the reference.
func TestMarket(t *testing.T) {
	start := time.Date(1996, 5, 7, 0, 0, 0, 0, time.UTC)
	h := openHistory(t, "elec2/elec.csv.gz", "window: {every: week}\nbaseline: {kind: rolling}\n", "1996-11-04", nil, func(row int, _ func(string) string) string {
		return start.Add(time.Duration(row) * 30 * time.Minute).Format(time.RFC3339)
	})
	h.run()
	for _, kind := range []string{"static", "rolling", "seasonal"} {
		b := h.replay("window: {every: week}\nbaseline: {kind: " + kind + "}\n")
		days := alerts(b)
		at, _ := slices.BinarySearch(days, "1997-04-28")
		if at > 2 || slices.ContainsFunc(days[:at], func(day string) bool { return day < "1996-12-23" || day > "1996-12-30" }) {
			t.Errorf("%s: alarms before the market was widened: %v", kind, days[:at])
		}
		if len(days)-at < 83 || days[at] > "1997-05-05" {
			t.Errorf("%s: %d weeks alarm since, from %v", kind, len(days)-at, days[at:])
		}
		for _, w := range b.Windows {
			if kind == "rolling" && w.Was != w.WouldBe {
				t.Errorf("%s: run said %s, backtest %s", w.Window.Start, w.Was, w.WouldBe)
			}
		}
	}
}

// TestMarketFewMonths: six months of a market that has seasons do not tell what is
// usual, so the winter is no alarm; that the market was widened is one.
func TestMarketFewMonths(t *testing.T) {
	start := time.Date(1996, 5, 7, 0, 0, 0, 0, time.UTC)
	h := openHistory(t, "elec2/elec.csv.gz", "window: {every: month}\n", "1996-11-01", nil, func(row int, _ func(string) string) string {
		return start.Add(time.Duration(row) * 30 * time.Minute).Format(time.RFC3339)
	})
	h.run()
	b := h.replay("window: {every: month}\n")
	if days := alerts(b); len(days) != 20 || days[0] != "1997-05-01" {
		t.Errorf("alarms %v", days)
	}
	if w := b.Windows[len(b.Windows)-1]; !strings.Contains(w.Summary, " The window is not over: its rows end at 1998-12-06 23:30, ") {
		t.Errorf("%s is %s: %s", w.Window.Start, w.WouldBe, w.Summary)
	}
	if w := b.Windows[0]; w.WouldBe != report.Unknown {
		t.Errorf("%s is %s", w.Window.Start, w.WouldBe)
	}
	if notes := strings.Join(b.Notes, "\n"); !strings.Contains(notes, "the reference covers 1996-05-07 to 1996-10-31, less than a year: what comes and goes by the year would look like a change") {
		t.Errorf("notes: %s", notes)
	}
}

// TestWeather: months of the air of Beijing are held against the same months of
// earlier years; winters do not alarm for being cold.
func TestWeather(t *testing.T) {
	h := openHistory(t, "beijing_pm25/pollution.csv.gz", "window: {every: month}\nbaseline: {kind: seasonal}\n", "2013-01-01", []string{"No", "year", "month", "day", "hour"}, func(_ int, cell func(string) string) string {
		number := func(name string) int {
			n, err := strconv.Atoi(cell(name))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		return time.Date(number("year"), time.Month(number("month")), number("day"), number("hour"), 0, 0, 0, time.UTC).Format(time.RFC3339)
	})
	h.run()
	b := h.replay("window: {every: month}\nbaseline: {kind: seasonal}\n")
	for _, w := range b.Windows {
		if w.Was != w.WouldBe {
			t.Errorf("%s: run said %s, backtest %s", w.Window.Start, w.Was, w.WouldBe)
		}
	}
	if days := alerts(b); len(days) > 0 {
		t.Errorf("alarms: %v", days)
	}
	if notes := strings.Join(h.replay("window: {every: month}\n").Notes, "\n"); !strings.Contains(notes, "the reference's months differ") {
		t.Errorf("notes: %s", notes)
	}
}

// TestGrowth: bicycles were hired far more often in 2012 than in 2011. Weeks that
// are held against the same month of the year before say so from January on;
// those that are held against all of it do not see it before the spring. Weeks of 2011
// that stand apart (a hurricane, Christmas) excuse a few in winter.
func TestGrowth(t *testing.T) {
	h := openHistory(t, "bike_sharing/hour.csv.gz", "window: {every: week}\n", "2012-01-01", []string{"instant", "dteday", "yr"}, func(_ int, cell func(string) string) string {
		return cell("dteday") + "T" + ("0" + cell("hr"))[len(cell("hr"))-1:] + ":00:00Z"
	})
	h.run()
	static := alerts(h.replay("window: {every: week}\n"))
	seasonal := alerts(h.replay("window: {every: week}\nbaseline: {kind: seasonal}\n"))
	if !slices.Contains(seasonal, "2012-01-02") || len(seasonal) < 46 {
		t.Errorf("seasonal: %v", seasonal)
	}
	if len(static) < 2 || static[1] < "2012-03-01" {
		t.Errorf("static: %v", static)
	}
}

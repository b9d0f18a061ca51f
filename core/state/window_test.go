package state_test

import (
	"slices"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/state"
)

func at(t testing.TB, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestWindowOf(t *testing.T) {
	for _, c := range []struct{ time, every, want string }{
		{"2026-01-03T14:59:59Z", "hour", "20260103T140000Z-20260103T150000Z"},
		{"2026-01-03T23:59:59Z", "day", "20260103T000000Z-20260104T000000Z"},
		{"2026-01-03T23:30:00-02:00", "day", "20260104T000000Z-20260105T000000Z"},
		{"2026-01-05T00:00:00Z", "week", "20260105T000000Z-20260112T000000Z"}, // a Monday
		{"2026-01-04T23:59:59Z", "week", "20251229T000000Z-20260105T000000Z"}, // a Sunday
		{"2028-02-29T12:00:00Z", "month", "20280201T000000Z-20280301T000000Z"},
		{"2026-12-31T23:59:59Z", "month", "20261201T000000Z-20270101T000000Z"},
		{"2026-01-03T14:59:59Z", "6h", "20260103T120000Z-20260103T180000Z"},
		{"1970-01-08T00:00:00Z", "7d", "19700108T000000Z-19700115T000000Z"},
		{"1969-12-31T23:59:59Z", "1w", "19691225T000000Z-19700101T000000Z"},
		{"1960-01-01T00:00:01Z", "90m", "19600101T000000Z-19600101T013000Z"},
		{"0001-01-01T00:00:00Z", "day", "00010101T000000Z-00010102T000000Z"},
	} {
		window, err := state.WindowOf(at(t, c.time), c.every)
		if err != nil || window.Key() != c.want {
			t.Errorf("window of %s by %s: got %s, %v; want %s", c.time, c.every, window.Key(), err, c.want)
		}
	}
	for _, every := range []string{"", "daily", "0h", "-1h", "500ms", "1.5s", "99999999d", "1y", "day ", "7 d"} {
		if _, err := state.WindowOf(at(t, "2026-01-03T00:00:00Z"), every); fault.KindOf(err) != fault.Invalid {
			t.Errorf("every %q: got %v, want Invalid", every, err)
		}
	}
	if _, err := state.WindowOf(at(t, "9999-12-31T12:00:00Z"), "day"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a window that ends in the year 10000: got %v, want Invalid", err)
	}
}

func FuzzWindowOf(f *testing.F) {
	f.Add(int64(0), int64(0), 1)
	f.Add(int64(1767398400), int64(-1), 60)
	f.Add(int64(-62135596800), int64(5e8), 86400)
	f.Add(int64(253402300799), int64(1e9), 7)
	f.Fuzz(func(t *testing.T, seconds, nanos int64, step int) {
		when := time.Unix(seconds, nanos).UTC()
		everies := []string{"hour", "day", "week", "month"}
		if step > 0 && step < 1<<30 {
			everies = append(everies, (time.Duration(step) * time.Second).String())
		}
		for _, every := range everies {
			window, err := state.WindowOf(when, every)
			if err != nil {
				if year := when.Year(); year > 100 && year < 9900 && step < 1<<30 {
					t.Errorf("%s by %s: %v", when, every, err)
				}
				continue
			}
			if !window.Contains(when) {
				t.Errorf("%s is not in its window %v by %s", when, window, every)
			}
			if again, err := state.ParseWindow(window.Key()); err != nil || again != window {
				t.Errorf("%s came back as %v, %v", window.Key(), again, err)
			}
			if next, err := state.WindowOf(window.End, every); err == nil && (next.Start != window.End || window.Key() >= next.Key()) {
				t.Errorf("%v is followed by %v", window, next)
			}
			if last, err := state.WindowOf(window.End.Add(-1), every); err != nil || last != window {
				t.Errorf("the last instant of %v is in %v, %v", window, last, err)
			}
		}
	})
}

func FuzzParseWindow(f *testing.F) {
	f.Add("20260103T000000Z-20260104T000000Z")
	f.Add("20260104T000000Z-20260103T000000Z")
	f.Add("99991231T235959Z-99991231T235960Z")
	f.Fuzz(func(t *testing.T, key string) {
		if window, err := state.ParseWindow(key); err == nil && window.Key() != key {
			t.Errorf("%q came back as %q", key, window.Key())
		}
	})
}

func TestClosed(t *testing.T) {
	window, err := state.WindowOf(at(t, "2026-01-03T00:00:00Z"), "day")
	if err != nil {
		t.Fatal(err)
	}
	for watermark, want := range map[string]bool{
		"2026-01-03T12:00:00Z": false, "2026-01-04T00:00:00Z": false, "2026-01-06T23:59:59Z": false,
		"2026-01-07T00:00:00Z": true, "2030-01-01T00:00:00Z": true,
	} {
		if got := window.Closed(at(t, watermark), 72*time.Hour); got != want {
			t.Errorf("newest event %s: closed %t, want %t", watermark, got, want)
		}
	}
	if window.Closed(time.Time{}, 0) {
		t.Error("closed without any event")
	}
}

func TestTouched(t *testing.T) {
	day := func(text string) state.Window {
		window, err := state.WindowOf(at(t, text), "day")
		if err != nil {
			t.Fatal(err)
		}
		return window
	}
	first, second, third, gone := day("2026-01-01T00:00:00Z"), day("2026-01-02T00:00:00Z"), day("2026-01-03T00:00:00Z"), day("2025-12-31T00:00:00Z")
	part := func(window state.Window, name string) state.Part { return state.Part{Window: window, Profile: name} }
	batches := []state.Batch{
		{Key: "b", Hash: "1", Parts: []state.Part{part(second, "p2"), part(first, "p1")}},
		{Key: "a", Hash: "2", Arrived: at(t, "2026-01-02T00:00:00Z"), Parts: []state.Part{part(second, "p3")}},
		{Key: "c", Hash: "1", Parts: []state.Part{part(second, "p2"), part(first, "p1")}},
		{Key: "d", Parts: []state.Part{part(third, "p4")}},
	}
	if got, want := state.WindowProfiles(batches)[second], []string{"p2", "p3"}; !slices.Equal(got, want) {
		t.Errorf("live: got %q, want %q", got, want)
	}
	history := []state.Summary{
		{Window: gone, Inputs: state.Inputs([]string{"p0"})},
		{Window: first, Inputs: state.Inputs([]string{"p1"})},
		{Window: second, Inputs: state.Inputs([]string{"p2"})},
	}
	if got, want := state.Touched(batches, history), []state.Window{gone, second, third}; !slices.Equal(got, want) {
		t.Errorf("touched: got %v, want %v", got, want)
	}
	history[0].Inputs, history[2].Inputs = state.Inputs(nil), state.Inputs([]string{"p3", "p2", "p2"})
	history = append(history, state.Summary{Window: third, Inputs: state.Inputs([]string{"p4"})})
	if got := state.Touched(batches, history); len(got) > 0 {
		t.Errorf("touched although all is done: %v", got)
	}
	if got := state.Copies(batches); len(got) != 1 || got["c"] != "b" {
		t.Errorf("copies: %v", got)
	}
}

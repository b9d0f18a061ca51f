package state

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"leeway/core/fault"
)

// Window is the time interval [Start, End) that statistics describe, in UTC.
// Windows made by [WindowOf] and [ParseWindow] are comparable with ==.
type Window struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

const keyLayout = "20060102T150405Z"

// Key names the window: 20260103T000000Z-20260104T000000Z. Keys sort as their
// windows do and are safe in file names and URLs.
func (w Window) Key() string {
	return w.Start.UTC().Format(keyLayout) + "-" + w.End.UTC().Format(keyLayout)
}

// ParseWindow is the inverse of Key.
func ParseWindow(key string) (Window, error) {
	const n = len(keyLayout)
	if len(key) == 2*n+1 && key[n] == '-' {
		start, err := time.Parse(keyLayout, key[:n])
		end, err2 := time.Parse(keyLayout, key[n+1:])
		if err == nil && err2 == nil && start.Before(end) {
			return Window{start.UTC(), end.UTC()}, nil
		}
	}
	return Window{}, &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("%q is no window", key), Hint: "windows look like 20260103T000000Z-20260104T000000Z"}
}

// Compare orders windows by start, then by end.
func (w Window) Compare(other Window) int {
	if c := w.Start.Compare(other.Start); c != 0 {
		return c
	}
	return w.End.Compare(other.End)
}

// Contains tells whether t lies in [Start, End).
func (w Window) Contains(t time.Time) bool { return !t.Before(w.Start) && t.Before(w.End) }

// Closed tells whether a window is over: the newest event of the model is past
// its end by lateness. The wall clock plays no part, so that backfills and
// clocks that are set back behave. Rows that come later still count: the
// window gets a new report then.
func (w Window) Closed(watermark time.Time, lateness time.Duration) bool {
	return !watermark.Before(w.End.Add(lateness))
}

// WindowOf is the window of t under a division of time: "hour", "day", "week"
// (from Monday), "month", all of the UTC calendar, or a duration of at least
// one second, such as 6h or 7d, counted from 1970-01-01T00:00:00Z.
//
// It is an error of kind Invalid when every is none of these or the window
// does not lie in the years 0000 to 9999.
func WindowOf(t time.Time, every string) (Window, error) {
	t = t.UTC()
	year, month, day := t.Date()
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	var w Window
	switch every {
	case "hour":
		start := midnight.Add(time.Duration(t.Hour()) * time.Hour)
		w = Window{start, start.Add(time.Hour)}
	case "day":
		w = Window{midnight, midnight.AddDate(0, 0, 1)}
	case "week":
		monday := midnight.AddDate(0, 0, -(int(t.Weekday())+6)%7)
		w = Window{monday, monday.AddDate(0, 0, 7)}
	case "month":
		first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		w = Window{first, first.AddDate(0, 1, 0)}
	default:
		step, err := Every(every)
		if err != nil {
			return Window{}, err
		}
		seconds := int64(step / time.Second)
		begin := t.Unix() - ((t.Unix()%seconds)+seconds)%seconds
		w = Window{time.Unix(begin, 0).UTC(), time.Unix(begin+seconds, 0).UTC()}
	}
	if w.Start.Year() < 0 || w.End.Year() > 9999 {
		return Window{}, &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("the time %s lies in no window", t.Format(time.RFC3339)), Hint: "look at the time column: its values are far off"}
	}
	return w, nil
}

var days = regexp.MustCompile(`^(\d{1,5})(d|w)$`)

// Every parses a window length that is a duration: whole seconds, at least one
// of them, written as Go writes durations (90m, 6h) or in days and weeks (7d,
// 2w). The names hour, day, week and month are calendar units and no durations.
func Every(text string) (time.Duration, error) {
	length, err := time.ParseDuration(text)
	if found := days.FindStringSubmatch(text); found != nil {
		n, _ := strconv.Atoi(found[1]) // at most five digits
		length, err = time.Duration(n)*24*time.Hour, nil
		if found[2] == "w" {
			length *= 7
		}
	}
	if err != nil || length < time.Second || length%time.Second != 0 {
		return 0, &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("%q is no window length", text), Hint: "use hour, day, week, month or a duration such as 6h or 7d"}
	}
	return length, nil
}

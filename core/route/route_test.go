package route

import (
	"math/rand/v2"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/frame"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/state"
)

var start = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// hourly is a router of hours, of rows that have a time alone.
func hourly() *Router {
	fallback := state.Window{Start: start.AddDate(-1, 0, 0), End: start.AddDate(-1, 0, 1)}
	return &Router{Every: "hour", Fallback: fallback, Options: &profile.Stored, Columns: []schema.Column{{Name: "ts", Kind: schema.Time, Role: schema.Timestamp}}}
}

// block has rows at such hours after the start, of which the first is that row of the file.
func block(first int64, hours ...int) *frame.Block {
	c := frame.Column{Type: frame.Time}
	for _, hour := range hours {
		c.Times = append(c.Times, start.Add(time.Duration(hour)*time.Hour+time.Minute).UnixNano())
	}
	return &frame.Block{Rows: len(hours), First: first, Columns: []frame.Column{c}}
}

// encoded are the profiles of windows, by their names.
func encoded(t *testing.T, r *Router) map[string]string {
	t.Helper()
	parts, err := r.Parts()
	if err != nil || r.Err() != nil {
		t.Fatal(err, r.Err())
	}
	all := map[string]string{}
	for _, one := range parts {
		all[one.Window.Key()] = string(one.Profile.Encode())
	}
	return all
}

func same(a, b map[string]string) bool {
	for key := range a {
		if a[key] != b[key] {
			return false
		}
	}
	return len(a) == len(b)
}

// TestManyWindows: of more windows than are open at a time each has its rows, in whatever order
// these come, and also where another router goes on in the middle.
func TestManyWindows(t *testing.T) {
	const windows, each = 3 * openWindows, 4
	order := rand.New(rand.NewPCG(1, 2)).Perm(windows * each)
	inOrder, mixed, half := hourly(), hourly(), hourly()
	for i, at := range order {
		inOrder.Add(block(int64(i+1), i/each))
		mixed.Add(block(int64(i+1), at/each))
		half.Add(block(int64(i+1), at/each))
		if i == len(order)/2 {
			saved, err := half.Save()
			if err != nil {
				t.Fatal(err)
			}
			half = hourly()
			half.Restore(saved)
		}
	}
	for name, r := range map[string]*Router{"mixed": mixed, "saved": half} {
		if r.Rows() != windows*each || r.Windows() != windows || r.Undated() {
			t.Errorf("%s: %d rows in %d windows", name, r.Rows(), r.Windows())
		}
	}
	want := encoded(t, inOrder)
	if got := encoded(t, mixed); len(want) != windows || !same(want, got) {
		t.Errorf("%d windows, in another order %d others", len(want), len(got))
	}
	for window, row := range mixed.first {
		if half.first[window] != row {
			t.Errorf("%s begins in row %d, of the one that went on in row %d", window.Key(), row, half.first[window])
		}
	}
	if !same(want, encoded(t, half)) {
		t.Error("who goes on has other profiles")
	}
}

// TestWithoutATime: rows whose time cannot be read are in the fallback, beside others in the same
// block; and a file without any is undated.
func TestWithoutATime(t *testing.T) {
	r, b := hourly(), block(1, 0, 1, 1)
	b.Columns[0].States = []frame.State{frame.Valid, frame.Missing, frame.Valid}
	r.Add(b)
	parts, err := r.Parts()
	if err != nil || len(parts) != 3 || parts[0].Window != r.Fallback || parts[0].Profile.Rows != 1 {
		t.Errorf("%v, %v", parts, err)
	}
	bare := hourly()
	bare.Add(&frame.Block{Rows: 2, First: 1, Columns: []frame.Column{{}}})
	if !bare.Undated() || len(encoded(t, bare)) != 1 {
		t.Error("it has a time")
	}
}

// TestTooManyWindows are refused, with what to do.
func TestTooManyWindows(t *testing.T) {
	r := hourly()
	for hour := range MaxWindows {
		r.Add(block(int64(hour+1), hour))
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	if r.Add(block(MaxWindows+1, MaxWindows)); fault.KindOf(r.Err()) != fault.Invalid {
		t.Errorf("%v", r.Err())
	}
}

// evenHours picks those, and from some hour on the hours of the morning of these alone.
type evenHours struct{ late bool }

func (e *evenHours) Wants(w state.Window) bool {
	return w.Start.Hour()%2 == 0 && (!e.late || w.Start.Hour() < 12)
}

func (e *evenHours) Take(w state.Window) (kept, fewer bool) {
	fewer = !e.late && w.Start.Hour() >= 20
	e.late = e.late || fewer
	return e.Wants(w), fewer
}

// TestPicked: windows that are not picked have no profile, nor have those that are not any more.
func TestPicked(t *testing.T) {
	for _, together := range []bool{true, false} {
		r := hourly()
		r.Picked = &evenHours{}
		var hours []int
		for hour := range 24 {
			if hours = append(hours, hour); !together {
				r.Add(block(int64(hour+1), hour))
			}
		}
		if together {
			r.Add(block(1, hours...))
		}
		if got := encoded(t, r); len(got) != 6 {
			t.Errorf("%d windows of six even hours of a morning", len(got))
		}
	}
}

// TestRuns: a window is cut into runs, and rows at its end that are of none are in the fallback.
func TestRuns(t *testing.T) {
	r := hourly()
	r.Every, r.Run = "day", 5*time.Hour
	r.Add(block(1, 0, 4, 5, 19, 20, 23))
	parts, err := r.Parts()
	var rows []int64
	for _, one := range parts {
		rows = append(rows, one.Profile.Rows)
	}
	if err != nil || len(rows) != 4 || parts[0].Window != r.Fallback || rows[0] != 2 || rows[1] != 2 || parts[3].Window.Start != start.Add(15*time.Hour) {
		t.Errorf("%v rows, %v", rows, err)
	}
}

package partial

import (
	"strings"
	"testing"
	"time"

	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

var (
	monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	today  = state.Window{Start: monday, End: monday.Add(day)}
)

// hours is an extent from one hour after Monday's begin to another.
func hours(first, last float64) Extent {
	at := func(hour float64) time.Time { return monday.Add(time.Duration(hour * float64(time.Hour))) }
	return Extent{at(first), at(last)}
}

// TestOf: a window lacks an end where its rows reach less far than is usual and the model has no
// row beyond it.
func TestOf(t *testing.T) {
	usual := &state.Cover{Reach: state.Reach{Head: 2 * 3600, Tail: 3 * 3600}}
	early := &state.Cover{Reach: usual.Reach, Days: map[string]state.Reach{"monday": {Head: 2 * 3600, Tail: 8 * 3600}, "sunday": {}}}
	dates := &state.Cover{Reach: state.Reach{Tail: 24 * 3600}, Grain: 24 * 3600}
	for name, c := range map[string]struct {
		rows, all Extent
		cover     *state.Cover
		lacks     string
	}{
		"whole":                      {hours(1.5, 22.5), hours(1.5, 22.5), usual, ""},
		"not over":                   {hours(1.5, 20.5), hours(1.5, 20.5), usual, report.LacksEnd},
		"the next day has begun":     {hours(1.5, 20.5), hours(1.5, 24), usual, ""},
		"the data begin in it":       {hours(2.5, 22.5), hours(2.5, 60), usual, report.LacksStart},
		"rows of the day before":     {hours(2.5, 22.5), hours(-1, 60), usual, ""},
		"the data are in it":         {hours(2.5, 20.5), hours(2.5, 20.5), usual, report.LacksBoth},
		"Mondays end early":          {hours(1.5, 16.5), hours(1.5, 16.5), early, ""},
		"before they do":             {hours(1.5, 15.5), hours(1.5, 15.5), early, report.LacksEnd},
		"an hour stands for it all":  {hours(1, 20), hours(1, 20), usual, ""},
		"a date stands for the day":  {hours(0, 0), hours(0, 0), dates, ""},
		"nothing is known":           {hours(5, 6), hours(5, 6), nil, ""},
		"there are no times of rows": {Extent{}, hours(5, 6), usual, ""},
	} {
		p := Of(today, c.rows, c.all, c.cover)
		if p.Name() != c.lacks || (p.Document() == nil) != (c.lacks == "") || (p.Policy(100) == nil) != (c.lacks == "") {
			t.Errorf("%s: lacks %q, want %q", name, p.Name(), c.lacks)
		}
		if said := p.Policy(100); said != nil && (said.Share != 0 || !strings.Contains(said.Hint, "Until then only what is broken")) {
			t.Errorf("%s: %+v: no pieces are known", name, said)
		}
	}
}

// TestAfter: rows that begin where the reference ended lack no beginning: that is the reference.
func TestAfter(t *testing.T) {
	usual := &state.Cover{Reach: state.Reach{Head: 3600, Tail: 3600}}
	of := func(e Extent) *profile.Dataset {
		return &profile.Dataset{Start: e.First.UnixNano(), End: e.Last.UnixNano()}
	}
	for name, c := range map[string]struct {
		rows, reference Extent
		lacks           string
	}{
		"behind the reference":   {hours(9, 23.5), hours(0.5, 8.5), ""},
		"among its rows":         {hours(9, 23.5), hours(0.5, 9.5), report.LacksStart},
		"of another day":         {hours(9, 23.5), hours(-8, -1), report.LacksStart},
		"which is not over then": {hours(9, 12), hours(0.5, 8.5), report.LacksBoth},
	} {
		if p := Of(today, c.rows, c.rows, usual).After(of(c.reference)); p.Name() != c.lacks {
			t.Errorf("%s: lacks %q, want %q", name, p.Name(), c.lacks)
		}
	}
}

// TestCover: of a baseline whose windows were of another length the hours of its days tell how far
// rows reach, of windows that are whole days.
func TestCover(t *testing.T) {
	shop := profile.Hours{}
	for hour := 8; hour < 20; hour++ {
		shop[hour] = 100
	}
	reference := &profile.Dataset{Start: monday.UnixNano(), End: monday.Add(day).UnixNano(), Columns: []*profile.Column{
		{Name: "ts", Kind: schema.Time, Role: schema.Timestamp, Hours: &shop},
	}}
	known := &state.Baseline{Every: "day", Cover: &state.Cover{Grain: 3600}}
	if got := Cover(known, reference, "day"); got != known.Cover {
		t.Errorf("of windows of the same length: %+v", got)
	}
	if got, want := Cover(known, reference, "week"), (state.Reach{Head: 10 * 3600, Tail: 6 * 3600}); got == nil || got.Reach != want {
		t.Errorf("of weeks: %+v, want %+v: an hour, and one for clocks that are changed", got, want)
	}
	if got := Cover(known, reference, "hour"); got != nil {
		t.Errorf("of hours: %+v", got)
	}
}

// TestJudgeBy: the pieces that a window is judged by are those that its rows are most of, or the
// shortest, whose differences count for more the longer they are beside it.
func TestJudgeBy(t *testing.T) {
	known := &state.Baseline{Every: "day", Pieces: []state.Pieces{{Seconds: 6 * 3600, Count: 32, Rows: 3000}, {Seconds: 3600, Count: 32, Rows: 500}}}
	usual := &state.Cover{Reach: state.Reach{Head: 3600, Tail: 3600}}
	for _, c := range []struct {
		last   float64
		words  string
		longer float64
	}{{12, "32 pieces of 6 hours", 1}, {2, "32 hours", 1}, {0.5, "32 hours", 2}} {
		rows := hours(0, c.last)
		p := Of(today, rows, rows, usual)
		p.JudgeBy(known, &profile.Dataset{}, "day")
		said := p.Policy(1500)
		if !p.ByPieces() || !strings.Contains(said.Hint, "held against how pieces of the reference differ") || !strings.Contains(said.Hint, c.words) || said.Pieces[0].Longer != c.longer {
			t.Errorf("until %g: %+v", c.last, said)
		}
		p = Of(today, rows, rows, usual)
		if p.JudgeBy(known, &profile.Dataset{}, "week"); p.ByPieces() {
			t.Error("pieces were made for other windows")
		}
	}
}

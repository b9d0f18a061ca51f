package compare

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/state"
)

// Past is all that a report depends on of earlier windows. The summary of a
// report names it: when rows come late for a window, those after it are judged
// again if that changes their past, and end up as if all had come in order.
//
// How far that goes is bounded: row counts reach [check.Recent] windows, streaks
// as far as a finding lasts, policy.MaxStreak windows at most, paces and the record
// of estimates [check.TrailLength] windows. What a window is held against is as bounded, but
// where verdicts change with that, so does what later windows are held against, and this may
// go on for as long as verdicts change.
type Past struct {
	Rows    []int64        // of the windows before, oldest first
	Streaks map[string]int // finding, by report.Lasting -> windows in a row, up to the one before
	Trail   check.Trail    // where the windows before stood

	// Distrust is why estimates cannot be trusted after what became of earlier
	// ones, "" for no reason not to.
	Distrust string

	trail    string // names Trail
	promises []promise
	Labelled bool // labels of its own came

	Held  string // names what the window is held against, "" for the baseline as a whole
	Lacks string // at which end the window lacks rows, see partial.Window; "" for neither
}

// Name names the past: two that are alike have one.
func (p *Past) Name() string {
	var b strings.Builder
	for _, rows := range p.Rows {
		b.WriteString(strconv.FormatInt(rows, 36) + " ")
	}
	for _, id := range slices.Sorted(maps.Keys(p.Streaks)) {
		b.WriteString("\n" + id + " " + strconv.Itoa(p.Streaks[id]))
	}
	b.WriteString("\n" + p.trail)
	p.promiseNames(&b)
	if p.Held != "" {
		b.WriteString("\n" + p.Held)
	}
	if p.Lacks != "" {
		b.WriteString("\nlacks " + p.Lacks)
	}
	return state.Short(b.String())
}

// Trail collects where the windows of a pass stood, by what they were measured
// against, oldest first: the last [check.TrailLength] of each.
type Trail map[string][]standing

// standing is where one window stood, and a name for that.
type standing struct {
	check.Stand
	name string
}

// Add appends a window.
func (t Trail) Add(series string, start time.Time, paces map[string][]metric.Pace) {
	var b strings.Builder
	fmt.Fprintln(&b, start.UnixNano())
	for _, column := range slices.Sorted(maps.Keys(paces)) {
		for _, pace := range paces[column] {
			fmt.Fprintln(&b, column, pace.Of, pace.Mean, pace.Rows)
		}
	}
	all := append(t[series], standing{check.Stand{Start: start.UnixNano(), Paces: paces}, state.Short(b.String())})
	t[series] = all[max(0, len(all)-check.TrailLength):]
}

// Onto sets what a window looks back on.
func (t Trail) Onto(p *Past, series string) {
	var names strings.Builder
	p.Trail = nil
	for _, one := range t[series] {
		p.Trail = append(p.Trail, one.Stand)
		names.WriteString(one.name)
	}
	p.trail = state.Short(names.String())
}

// PacesOf are the paces that a summary keeps.
func PacesOf(summary *state.Summary) map[string][]metric.Pace {
	paces := map[string][]metric.Pace{}
	for i := range summary.Columns {
		if c := &summary.Columns[i]; len(c.Paces) > 0 {
			paces[c.Name] = c.Paces
		}
	}
	return paces
}

// Recent cuts row counts, oldest first, to those that matter.
func Recent(rows []int64) []int64 { return rows[max(0, len(rows)-check.Recent):] }

// Lasting are the streaks of a report's findings.
func Lasting(findings []report.Finding) map[string]int {
	streaks := map[string]int{}
	for i := range findings {
		if findings[i].Streak > 0 {
			id := findings[i].Lasting()
			streaks[id] = max(streaks[id], findings[i].Streak)
		}
	}
	return streaks
}

// Lasted are the streaks of a report that was made before.
func Lasted(summary *state.Summary) map[string]int {
	streaks := map[string]int{}
	for i := range summary.Findings {
		if f := &summary.Findings[i]; f.Streak > 0 {
			streaks[f.Lasting()] = max(streaks[f.Lasting()], f.Streak)
		}
	}
	return streaks
}

package monitor

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"leeway/core/calendar"
	"leeway/core/check"
	"leeway/core/check/performance"
	"leeway/core/collect"
	"leeway/core/compare"
	"leeway/core/frame"
	"leeway/core/internal/numeral"
	"leeway/core/metric"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/segment"
	"leeway/core/state"
	"leeway/core/truth"
)

// windowed cuts the rows of a reference into windows beside its one profile:
// how its windows differ is the noise that later ones are held against; and by
// the parts of its seasons.
type windowed struct {
	every   string
	key     []byte                    // see profile.Options
	file    *route.Router             // of the file that is being read
	read    *cameTrue                 // what came true in it
	came    *cameTrue                 // what came true, of the files before; nil: no label is known
	away    map[state.Window][][]byte // encoded profiles of the files before
	stride  int64                     // every so manieth window is kept
	seasons []*seasonal
	seen    *seen
	cuts    []*cut // the rows by pieces too, coarsest first
	runs    *runs  // each window by runs too; nil: there are none, or windows are many
	begun   bool   // a file was
	extents map[state.Window]*reached
	numbers map[state.Window]uint16 // by which rows are known of the windows that they are of, from 1 on
	last    struct {                // that was numbered: neighbours are mostly of the same
		window state.Window
		number uint16
	}
	failed bool
	err    error

	stop stop
}

// mostKept bounds how many windows of a reference are kept; of a longer one
// every fifth is, and again. Five goes neither into the hours of a day nor into
// the days of a week or the months of a year: what is kept has all of them in it.
const (
	mostKept = 512
	thinned  = 5
)

// mostJudged bounds how many of them are compared with the whole.
const mostJudged = 64

// mostShare is the largest share of a reference that a window of it may be: one
// that is most of it cannot differ from it.
const mostShare = 0.6

// fewestRows is how many rows such a window must have.
const fewestRows = 20

// Start begins a file of so many columns of the contract; what an earlier attempt
// at it left is forgotten. A nil receiver wants nothing.
func (w *windowed) Start(columns []schema.Column, divisions []segment.Division, contract *schema.Schema, came *truth.Outcomes) func(*frame.Block) {
	if w == nil {
		return func(*frame.Block) {}
	}
	w.read = newCameTrue(came, contract, columns)
	w.file = &route.Router{Every: w.every, Columns: columns, Options: profile.Stored.Keyed(w.key), Divisions: divisions, Then: w.read.of}
	if w.cuts == nil {
		w.cuts = cutsOf(w.every, len(contract.Columns))
	}
	if !w.begun {
		w.begun, w.runs = true, newRuns(w.every)
	}
	w.runs.start(w.file, newCameTrue(came, contract, columns))
	for _, one := range w.cuts {
		one.start(columns)
	}
	return func(block *frame.Block) {
		w.file.Add(block)
		w.addRuns(block)
		for _, one := range w.cuts {
			one.file.Add(block)
		}
	}
}

// addRuns takes the rows of a block in by runs, until windows are known to be many.
func (w *windowed) addRuns(block *frame.Block) {
	w.endRuns(w.file.Windows())
	w.runs.add(block)
}

// endRuns lets go of runs where windows are many for certain, in a file or in all of them:
// two of so many the reference may cut, and one may be rows without a time.
func (w *windowed) endRuns(windows int) {
	const ends = 3
	if windows >= metric.ManyWindows+ends {
		w.runs = nil
	}
}

// Keep takes the file's windows in. One that cannot be cut (no time in it, or
// far too many windows) makes an end of it: then sampling alone is the noise.
func (w *windowed) Keep() {
	if w == nil || w.failed || w.err != nil {
		return
	}
	if w.file.Err() != nil || w.file.Undated() {
		w.failed, w.away, w.cuts, w.runs = true, nil, []*cut{}, nil
		return
	}
	if w.away == nil {
		w.away, w.stride = map[state.Window][][]byte{}, 1
	}
	if w.err = w.look(); w.err != nil {
		return
	}
	for _, one := range w.cuts {
		one.keep()
	}
	if w.runs != nil && !w.runs.keep() {
		w.runs = nil
	}
	w.came = w.came.merge(w.read)
	for window, pieces := range w.file.Encoded() {
		if window != w.file.Fallback && w.wants(window) {
			w.away[window] = append(w.away[window], pieces...)
		}
	}
	w.endRuns(len(w.away))
	most := mostKept
	if len(w.file.Divisions) > 0 { // as many profiles each as there are segments
		most = mostJudged * 2
	}
	for len(w.away) > most {
		w.stride *= thinned
		for window := range w.away {
			if !w.wants(window) {
				delete(w.away, window)
			}
		}
	}
}

// look takes the file's windows into the parts of their seasons.
func (w *windowed) look() error {
	all, err := route.Merged(w.file.Encoded())
	if err != nil {
		return err
	}
	if w.seen == nil {
		w.seen = newSeen(mostSeen)
	}
	for _, one := range all {
		if one.Window == w.file.Fallback {
			continue
		}
		w.seen.add(one)
		w.reach(one)
		for _, season := range w.seasons {
			if err := season.add(one); err != nil {
				return err
			}
		}
	}
	return nil
}

// wants tells whether a window is among those that are kept: a function of the
// window alone, so that the order of files does not matter.
func (w *windowed) wants(window state.Window) bool { return strides(window, w.stride) }

// strides tells whether a window is one of every so many.
func strides(window state.Window, stride int64) bool {
	return calendar.Stretch(window, window.End.Sub(window.Start))%stride == 0
}

// profiles lists the windows that have enough rows, at most mostJudged of them,
// spread over the hours of the day and the days of the week.
func (w *windowed) profiles() ([]route.Part, error) {
	if w == nil || w.failed {
		return nil, nil
	}
	if w.err != nil {
		return nil, w.err
	}
	all, err := route.Merged(w.away)
	if err != nil {
		return nil, err
	}
	cut := w.cut()
	all = slices.DeleteFunc(all, func(p route.Part) bool { return p.Profile.Rows < fewestRows || slices.Contains(cut, p.Window) })
	if len(all) <= mostJudged {
		return all, nil
	}
	return spread(all, mostJudged), nil
}

// places are what may differ of a window by when it begins.
var places = []func(time.Time) int{
	time.Time.Hour,
	func(t time.Time) int { return int(t.Weekday()) },
}

// spread picks some of the windows, one of each of so many stretches of the same
// length: that of the hour and the day of the week, and of other places, that have
// been picked least. Any steady step falls in with the hours of the day at some
// length of windows.
func spread(all []route.Part, some int, more ...func(time.Time) int) []route.Part {
	var picks []route.Part
	by := append(slices.Clip(places), more...)
	taken := make([]map[int]int, len(by))
	for i, place := range by {
		taken[i] = map[int]int{}
		for _, one := range all {
			taken[i][place(one.Window.Start)] = 0
		}
	}
	picked := func(one route.Part) (n int) { // against what each of the places there are would have
		for i, place := range by {
			n += taken[i][place(one.Window.Start)] * len(taken[i])
		}
		return n
	}
	for i := range some {
		stretch := all[i*len(all)/some : (i+1)*len(all)/some]
		pick := slices.MinFunc(stretch, func(a, b route.Part) int { return cmp.Compare(picked(a), picked(b)) })
		for i, place := range by {
			taken[i][place(pick.Window.Start)]++
		}
		picks = append(picks, pick)
	}
	return picks
}

// variation compares the windows of a reference with the whole of it: what each
// test says of windows of which it is known that they are good.
//
// A window is part of the whole. That makes the difference between their means
// smaller: with c rows in common of m and n, by the factor sqrt(1 - 2c/(m+n)),
// which is undone. Of its windows those on end that stand apart are named too.
func (m *model) variation(whole *collect.Collection, contract *schema.Schema, w *windowed, outcomes *truth.Outcomes) (map[string][]metric.Deviate, []episode, error) {
	parts, err := w.profiles()
	if err != nil || len(parts) == 0 {
		return nil, nil, err
	}
	all := map[string][]metric.Deviate{}
	if err := w.ofLabels(all, contract); err != nil {
		return nil, nil, err
	}
	if err := w.ofParts(all, outcomes, contract, whole.Profile, parts); err != nil {
		return nil, nil, err
	}
	s := stands{all, map[string][]int{}}
	for i, one := range parts {
		if err := m.remember(all, whole.Profile, contract, one); err != nil {
			return nil, nil, err
		}
		s.note(i)
	}
	return all, s.episodes(parts), nil
}

// remember adds what is said of a window that is part of a whole.
func (m *model) remember(to map[string][]metric.Deviate, whole *profile.Dataset, contract *schema.Schema, one route.Part) error {
	outcome, err := m.ofPart(whole, contract, one, check.Tests)
	if err == nil {
		Remember(to, &outcome, float64(one.Profile.Rows)/float64(whole.Rows))
	}
	return err
}

// ofPart is what the checks say of part of a whole against all of it.
func (m *model) ofPart(whole *profile.Dataset, contract *schema.Schema, one route.Part, wanted check.Wanted) (check.Outcome, error) {
	c := compare.Comparison{
		Config: m.config, Contract: contract, Reference: &collect.Collection{Profile: whole},
		Current: &collect.Collection{Profile: one.Profile}, Window: &one.Window,
	}
	if err := m.stop.now(); err != nil {
		return check.Outcome{}, err
	}
	outcome, err := c.Evaluate(wanted)
	if err != nil {
		return outcome, fmt.Errorf("window %s: %w", one.Window.Key(), err)
	}
	return outcome, nil
}

// Remember adds what the tests, the deviates and the paces of one window say that is such a
// share of the whole. It is exported for scripts/calibrate, which simulates such
// references.
func Remember(variation map[string][]metric.Deviate, o *check.Outcome, share float64) {
	rows := rememberTests(variation, o, share)
	for i := range o.Deviates {
		d := &o.Deviates[i]
		variation[d.Key] = append(variation[d.Key], metric.Deviate{Z: numeral.Digits(d.Z, 4), N: numeral.Digits(d.N, 4)})
	}
	for key, value := range o.Traits {
		variation[key] = append(variation[key], metric.Deviate{Z: numeral.Digits(value, 9)})
	}
	for column, paces := range o.Paces {
		for _, pace := range paces {
			if share := float64(pace.Rows) / rows; share <= mostShare { // both sides' error is undone with it
				addDeviate(variation, check.PaceKey(column, pace.Of), pace.Mean*math.Sqrt(float64(pace.Rows)/(1+share)), float64(pace.Rows), share/(1+share))
			}
		}
	}
}

// addDeviate adds one of a window that has such a share of both sides' rows in common with
// the whole.
func addDeviate(to map[string][]metric.Deviate, id string, z, size, common float64) {
	z /= math.Sqrt(1 - float64(2*common))
	to[id] = append(to[id], metric.Deviate{Z: numeral.Digits(z, 4), N: numeral.Digits(size, 4)})
}

// rememberTests adds what the tests say, and tells how many rows the whole has.
func rememberTests(variation map[string][]metric.Deviate, o *check.Outcome, share float64) (rows float64) {
	for i := range o.Evidence {
		e := &o.Evidence[i]
		n, m := float64(e.NReference), float64(e.NCurrent)
		common := m
		if len(e.Columns) > 0 || e.Check == performance.Name { // both sides are samples, of which fewer rows are in both
			common = min(m, share*n)
		}
		if math.IsNaN(e.P) || n == 0 || common > mostShare*n {
			continue
		}
		rows = max(rows, n)
		p := policy.NewDeviate(e)
		addDeviate(variation, policy.Key(e.Check, e.Metric, e.Labels), p.Z, p.N, common/(n+m))
	}
	return rows
}

package vary

import (
	"cmp"
	"slices"
	"time"

	"leeway/core/calendar"
	"leeway/core/config"
	"leeway/core/frame"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/segment"
	"leeway/core/state"
	"leeway/core/truth"
)

// Windows cuts the rows of a reference into windows beside its one profile, as
// [collect.Windows] has it, and by the parts of its seasons.
type Windows struct {
	config  *config.Config
	without []Episode                 // see New
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

// stop says why what takes long is to end, if it is; nil: never.
type stop func() error

func (s stop) now() error {
	if s == nil {
		return nil
	}
	return s()
}

// New gets ready for the files of a reference, which hold windows as long as the
// configuration has them. Rows are known by hashes under the key, see [profile.Options].
// Some stretches of windows may be left out, see [Windows.Skip]. An error of stop ends
// what takes long; nil: nothing does.
func New(c *config.Config, key []byte, without []Episode, stop func() error) *Windows {
	return &Windows{config: c, without: without, key: key, seasons: seasonsOf(c), stop: stop}
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

// FewestRows is how many rows a window must have to be compared with the whole: with a label,
// where what came true is compared.
const FewestRows = 20

// Start begins a file of so many columns of the contract; what an earlier attempt
// at it left is forgotten.
func (w *Windows) Start(columns []schema.Column, divisions []segment.Division, contract *schema.Schema, came *truth.Outcomes) func(*frame.Block) {
	every := w.config.Window.Every
	w.read = newCameTrue(came, contract, columns)
	w.file = &route.Router{Every: every, Columns: columns, Options: profile.Stored.Keyed(w.key), Divisions: divisions, Then: w.read.of}
	if w.cuts == nil {
		w.cuts = cutsOf(every, len(contract.Columns))
	}
	if !w.begun {
		w.begun, w.runs = true, newRuns(every)
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
func (w *Windows) addRuns(block *frame.Block) {
	w.endRuns(w.file.Windows())
	w.runs.add(block)
}

// endRuns lets go of runs where windows are many for certain, in a file or in all of them:
// two of so many the reference may cut, and one may be rows without a time.
func (w *Windows) endRuns(windows int) {
	const ends = 3
	if windows >= metric.ManyWindows+ends {
		w.runs = nil
	}
}

// Keep takes the file's windows in. One that cannot be cut (no time in it, or
// far too many windows) makes an end of it: then sampling alone is the noise.
func (w *Windows) Keep() {
	if w.failed || w.err != nil {
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
func (w *Windows) look() error {
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
func (w *Windows) wants(window state.Window) bool { return strides(window, w.stride) }

// strides tells whether a window is one of every so many.
func strides(window state.Window, stride int64) bool {
	return calendar.Stretch(window, window.End.Sub(window.Start))%stride == 0
}

// profiles lists the windows that have enough rows, at most mostJudged of them,
// spread over the hours of the day and the days of the week.
func (w *Windows) profiles() ([]route.Part, error) {
	if w.failed {
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
	all = slices.DeleteFunc(all, func(p route.Part) bool { return p.Profile.Rows < FewestRows || slices.Contains(cut, p.Window) })
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

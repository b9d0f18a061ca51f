package state

import "time"

// aheadBy is how long there must be no window before one that begins after its
// rows arrived, for that one and all after it not to be taken for the present.
const aheadBy = 90 * 24 * time.Hour

// Present is the window that tells how a model is now: the newest that has rows
// and is judged, of a history that is oldest first; nil of none. One that is not
// over and cannot be told yet does not take the place of the last one that could,
// and where no window is judged, the newest with rows is all there is. A file dated 2099 by mistake does
// not stand for the present for good, and neither does a window that its rows were
// taken from again.
func Present(history []Summary) *Summary {
	var present, unjudged *Summary
	for i := range history {
		s := &history[i]
		if s.Rows == 0 {
			continue
		}
		if present != nil && s.ahead() && s.Window.Start.Sub(present.Window.End) > aheadBy {
			break
		}
		if s.Unjudged() {
			unjudged = s
		} else {
			present = s
		}
	}
	switch {
	case present != nil:
		return present
	case unjudged != nil:
		return unjudged
	case len(history) > 0:
		return &history[len(history)-1]
	}
	return nil
}

// ahead tells whether the window begins after its rows arrived.
func (s *Summary) ahead() bool {
	arrived, err := time.Parse(time.RFC3339, s.Created)
	return err == nil && s.Window.Start.After(arrived)
}

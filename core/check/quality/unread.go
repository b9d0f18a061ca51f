package quality

import (
	"fmt"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
)

// unread tests the share of rows that could not be read and are in no profile:
// against the reference's, as there may be a few broken ones in any log.
func (w *window) unread() {
	u := w.in.Unread
	n, m := w.in.Reference.Rows+u.Reference, w.in.Current.Rows+u.Current
	e := evidence(check.DroppedRatio, metric.Labels{})
	if !compareShares(&e, u.Current, m, u.Reference, n, false) {
		return
	}
	e.Material = 0.01
	e.Message = fmt.Sprintf("%s of %s (%s) could not be read and were left out: %s.", words.Count(u.Current), words.Plural(m, "row"), words.Share(e.Value), u.What)
	if u.Reference > 0 {
		e.Message = fmt.Sprintf("%s of %s (%s, in the reference %s) could not be read and were left out: %s.",
			words.Count(u.Current), words.Plural(m, "row"), words.Share(e.Value), words.Share(float64(u.Reference)/float64(n)), u.What)
	}
	e.Hint = "Look at what writes the files: a delimiter or a line break in a text without quotes, a column that some rows lack, a file that was cut short. The first such row of each file stands under its faults."
	w.add(e)
}

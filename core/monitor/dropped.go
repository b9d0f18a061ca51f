package monitor

import (
	"fmt"
	"math"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/report"
)

// Rows that could not be read are in no profile: that many of them are missing
// is known from the faults of the files alone. Only faults of whole rows count:
// a cell that is no number is among the mistyped ones of its column, and rows
// dated years apart from all others are few by definition.

// dropped counts the rows of a file that could not be read.
func dropped(faults []report.Fault) (rows int64) {
	for _, f := range faults {
		if f.Column == "" {
			rows += f.Count
		}
	}
	return rows
}

// droppedIn counts those of files that are in a collection as a whole.
func droppedIn(objects []report.Object) (rows int64) {
	for i := range objects {
		rows += dropped(objects[i].Faults)
	}
	return rows
}

// share is what falls to some of all rows. When the rows of a file fall into
// several windows, nobody knows to which of them those belong that could not be
// read: each window has its share of them.
func share(of, rows, all int64) int64 {
	if all == 0 || rows == all {
		return of
	}
	return int64(math.Round(float64(of) * float64(rows) / float64(all)))
}

// commonest is what most of the rows suffer from that could not be read.
func commonest(objects []report.Object) (what string) {
	counts, most := map[string]int64{}, int64(0)
	for i := range objects {
		for _, f := range objects[i].Faults {
			if f.Column != "" {
				continue
			}
			if counts[f.What] += f.Count; counts[f.What] > most {
				what, most = f.What, counts[f.What]
			}
		}
	}
	return what
}

// unread tells checks of the rows that neither profile has.
func (c *Comparison) unread() check.Unread {
	return check.Unread{Reference: c.Reference.Dropped, Current: c.Current.Dropped, What: commonest(c.Current.Objects)}
}

// unreadable says what to do if most rows of a side could not be read; "" if
// most could.
func (c *Comparison) unreadable() string {
	var sides []string
	for _, side := range []struct {
		name string
		of   *Collection
	}{{"reference", c.Reference}, {"current", c.Current}} {
		if side.of.Dropped > side.of.Profile.Rows {
			sides = append(sides, fmt.Sprintf("%s of the %s rows could not be read (%s)",
				words.Share(float64(side.of.Dropped)/float64(side.of.Dropped+side.of.Profile.Rows)), side.name, commonest(side.of.Objects)))
		}
	}
	if len(sides) == 0 {
		return ""
	}
	return strings.Join(sides, ", and ") + ": mend what writes the files first."
}

package lay

import (
	"fmt"
	"math"

	"leeway/core/fault"
	"leeway/core/frame"
	"leeway/core/report"
)

// Rows that could not be read are in no profile: that many of them are missing
// is known from the faults of the files alone. Only faults of whole rows count:
// a cell that is no number is among the mistyped ones of its column, and rows
// dated years apart from all others are few by definition.

// Dropped counts the rows of a file that could not be read.
func Dropped(faults []report.Fault) (rows int64) {
	for _, f := range faults {
		if f.Column == "" {
			rows += f.Count
		}
	}
	return rows
}

// DroppedIn counts those of files that are in a collection as a whole.
func DroppedIn(objects []report.Object) (rows int64) {
	for i := range objects {
		rows += Dropped(objects[i].Faults)
	}
	return rows
}

// Share is what falls to some of all rows. When the rows of a file fall into
// several windows, nobody knows to which of them those belong that could not be
// read: each window has its share of them.
func Share(of, rows, all int64) int64 {
	if all == 0 || rows == all {
		return of
	}
	return int64(math.Round(float64(of) * float64(rows) / float64(all)))
}

// Commonest is what most of the rows suffer from that could not be read.
func Commonest(objects []report.Object) (what string) {
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

// Faults turns what a reader found into the document's form.
func Faults(found []frame.Fault) []report.Fault {
	var faults []report.Fault
	for _, f := range found {
		faults = append(faults, report.Fault{Column: f.Column, What: f.What, Row: f.Row, Text: f.Text, Count: f.Count})
	}
	return faults
}

// Used is an error where a file has rows, but each of them has something wrong
// with it as a whole: then the file is.
func Used(rows int64, faults []frame.Fault) error {
	for _, f := range faults {
		if rows == 0 && f.Column == "" && f.Count > 0 {
			return &fault.Error{Kind: fault.Invalid, Row: f.Row, Err: fmt.Errorf("no row can be used: %s, the first is %q", f.What, f.Text), Hint: "is the first line the header, and one delimiter used throughout?"}
		}
	}
	return nil
}

package monitor

import (
	"slices"
	"time"

	"leeway/core/frame"
)

// A few rows that are dated years apart from all others of their file are
// mistakes (the year 2099 for "never", 1970 for nothing). In a window of their
// own they would be the model's newest for good, and all others closed.
const (
	farApart = 1000 * 24 * time.Hour // without any row between
	fewRows  = 0.1                   // at most so large a share of the rows
)

// strays tells the windows, given oldest first, that stay from those at the ends
// that hold few rows, far apart from the rest. Rows without a time are where
// they are for want of one, and stay.
func (r *router) strays(parts []part) (stay, away []part) {
	var dated []part
	var before int64
	for _, one := range parts {
		if one.window != r.fallback || one.profile.Start != 0 || one.profile.End != 0 {
			dated = append(dated, one)
		}
	}
	rows := rowsIn(dated)
	few := int64(fewRows * float64(rows)) // that may go
	for i := 1; i < len(dated); i++ {
		before += dated[i-1].profile.Rows
		if dated[i].window.Start.Sub(dated[i-1].window.End) < farApart {
			continue
		}
		if before <= few {
			away = dated[:i:i]
			continue
		}
		if rows-before+rowsIn(away) <= few {
			away = append(away, dated[i:]...)
			break
		}
	}
	stay = slices.DeleteFunc(slices.Clone(parts), func(p part) bool {
		return slices.ContainsFunc(away, func(a part) bool { return a.window == p.window })
	})
	return stay, away
}

func rowsIn(parts []part) (rows int64) {
	for _, one := range parts {
		rows += one.profile.Rows
	}
	return rows
}

// astray is the fault of such rows, nil for none.
func (r *router) astray(away []part) *frame.Fault {
	var f *frame.Fault
	for _, one := range away {
		row := r.first[one.window]
		if f == nil {
			f = &frame.Fault{Column: r.columns[r.clock-1].Name, What: "dated years apart from all other rows, in no window", Row: row}
		}
		if row <= f.Row {
			f.Row, f.Text = row, ""
			if p := one.profile; p.Start == p.End { // else it is not known which of them the row has
				f.Text = time.Unix(0, p.Start).UTC().Format(time.RFC3339)
			}
		}
		f.Count += one.profile.Rows
	}
	return f
}

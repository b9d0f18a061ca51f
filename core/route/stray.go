package route

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

// Strays tells the windows, given oldest first, that stay from those at the ends
// that hold few rows, far apart from the rest. Rows without a time are where
// they are for want of one, and stay.
func (r *Router) Strays(parts []Part) (stay, away []Part) {
	var dated []Part
	var before int64
	for _, one := range parts {
		if one.Window != r.Fallback || one.Profile.Start != 0 || one.Profile.End != 0 {
			dated = append(dated, one)
		}
	}
	rows := rowsIn(dated)
	few := int64(fewRows * float64(rows)) // that may go
	for i := 1; i < len(dated); i++ {
		before += dated[i-1].Profile.Rows
		if dated[i].Window.Start.Sub(dated[i-1].Window.End) < farApart {
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
	stay = slices.DeleteFunc(slices.Clone(parts), func(p Part) bool {
		return slices.ContainsFunc(away, func(a Part) bool { return a.Window == p.Window })
	})
	return stay, away
}

func rowsIn(parts []Part) (rows int64) {
	for _, one := range parts {
		rows += one.Profile.Rows
	}
	return rows
}

// Astray is the fault of such rows, nil for none.
func (r *Router) Astray(away []Part) *frame.Fault {
	var f *frame.Fault
	for _, one := range away {
		row := r.first[one.Window]
		if f == nil {
			f = &frame.Fault{Column: r.Columns[r.clock-1].Name, What: "dated years apart from all other rows, in no window", Row: row}
		}
		if row <= f.Row {
			f.Row, f.Text = row, ""
			if p := one.Profile; p.Start == p.End { // else it is not known which of them the row has
				f.Text = time.Unix(0, p.Start).UTC().Format(time.RFC3339)
			}
		}
		f.Count += one.Profile.Rows
	}
	return f
}

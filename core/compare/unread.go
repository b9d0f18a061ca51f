package compare

import (
	"fmt"
	"strings"

	"leeway/core/check"
	"leeway/core/collect"
	"leeway/core/internal/words"
	"leeway/core/lay"
)

// unread tells checks of the rows that neither profile has.
func (c *Comparison) unread() check.Unread {
	return check.Unread{Reference: c.Reference.Dropped, Current: c.Current.Dropped, What: lay.Commonest(c.Current.Objects)}
}

// unreadable says what to do if most rows of a side could not be read; "" if
// most could.
func (c *Comparison) unreadable() string {
	var sides []string
	for _, side := range []struct {
		name string
		of   *collect.Collection
	}{{"reference", c.Reference}, {"current", c.Current}} {
		if side.of.Dropped > side.of.Profile.Rows {
			sides = append(sides, fmt.Sprintf("%s of the %s rows could not be read (%s)",
				words.Share(float64(side.of.Dropped)/float64(side.of.Dropped+side.of.Profile.Rows)), side.name, lay.Commonest(side.of.Objects)))
		}
	}
	if len(sides) == 0 {
		return ""
	}
	return strings.Join(sides, ", and ") + ": mend what writes the files first."
}

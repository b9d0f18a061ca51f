package cause_test

import (
	"fmt"
	"strings"
	"testing"

	"leeway/core/profile"
	"leeway/core/schema"
)

// TestStuckText: a text that is the same in every row is stuck, unless most of the
// reference's may have been it, or it is called after a part of the calendar.
func TestStuckText(t *testing.T) {
	note := func(name string, kinds int, constant bool) rows {
		d := &data{kind: schema.Text}
		for i := range 600 {
			if d.texts = append(d.texts, fmt.Sprint("text ", i%kinds)); constant {
				d.texts[i] = "test"
			}
		}
		return rows{name: d}
	}
	for _, c := range []struct {
		name  string
		kinds int
		stuck bool
	}{{"note", 600, true}, {"note", 400, true}, {"note", 40, false}, {"date text", 600, false}} {
		for _, o := range []*profile.Options{&profile.Exact, &profile.Stored} {
			ref, cur := note(c.name, c.kinds, false), note(c.name, c.kinds, true)
			judged := judged(t, ref.profile(o), cur.profile(o), ref.columns())
			why := causes(judged)[c.name]
			if stuck := why != nil && why.Kind == "stuck_value" && why.Explains == 1; stuck != c.stuck {
				t.Errorf("%+v: %+v", c, why)
			}
			if len(judged.Findings) == 0 || judged.Findings[0].Metric != "constant" || c.stuck != strings.Contains(judged.Findings[0].Message, "is stuck: every row") {
				t.Errorf("%+v: %+v", c, judged.Findings)
			}
		}
	}
}

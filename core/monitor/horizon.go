package monitor

import (
	"fmt"
	"time"

	"leeway/core/internal/words"
	"leeway/core/schema"
	"leeway/core/state"
)

// What a report says of labels that are not there must not hang on when it was made: it says
// until when labels are taken. Whether they may still come, or never did, is said of the model,
// by the time of its data.

// takenUntil says in a report until when labels are taken for its rows; "" where there is no
// end of it, or rows have no id.
func (m *model) takenUntil(window state.Window) string {
	horizon := m.config.Labels.Horizon
	if horizon == 0 || len(m.contract.ByRole(schema.ID)) == 0 {
		return ""
	}
	return fmt.Sprintf("labels of these rows are taken until %s, or so long after rows that came later (labels.horizon)", window.End.Add(horizon).UTC().Format(time.RFC3339))
}

// unlabelled says how many windows no label came for, by whether it may still: those whose
// horizon is over by the time of the data, and those of which it is not.
func (p *pass) unlabelled() (lines []string) {
	if p.config.Labels.Horizon == 0 || p.labels.name == "" {
		return nil
	}
	var over, open int64
	var last time.Time
	for _, s := range p.steps {
		if s.after.Rows == 0 || s.after.Performance.IsLabelled() || p.expired(s.window, p.now) {
			continue
		}
		if p.takes(s.window, p.now.UnixNano()) {
			open++
			continue
		}
		over, last = over+1, s.window.Start
	}
	if over > 0 {
		lines = append(lines, fmt.Sprintf("no label came for %s within labels.horizon, last of %s: how good the model was there will not be known", words.Plural(over, "window"), last.UTC().Format(time.DateOnly)))
	}
	if open > 0 {
		lines = append(lines, fmt.Sprintf("%s without labels may still get them (labels.horizon)", words.Plural(open, "window")))
	}
	return lines
}

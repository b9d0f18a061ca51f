package monitor

import (
	"context"
	"fmt"

	"leeway/core/calendar"
	"leeway/core/ledger"
)

// slotReference is what came true of the part of a season that a window is held against.
type slotReference struct {
	season string
	*reference
}

// or is it, or the whole where there is none.
func (r *slotReference) or(whole *reference) *reference {
	if r == nil {
		return whole
	}
	return r.reference
}

// slotOutcomes is that of a choice, where it is a part of the baseline alone and has enough
// rows with a label; else nil, and why what came true is held against the whole instead, "" where
// nothing was to be chosen or no label of the baseline is known. Of windows before it never is: labels that
// come late would change what all after them are held against.
func (m *model) slotOutcomes(ctx context.Context, base *baseline, before *reference, c *choice) (*slotReference, string, error) {
	switch {
	case c == nil || c.fallsBack() || before.summary == nil || before.summary.Labelled == 0:
		return nil, "", nil
	case c.how.Kind == "rolling":
		return nil, "labels of the windows before may still come", nil
	case c.slot == nil:
		return nil, "it has no " + c.words(), nil
	case len(c.earlier) > 0:
		return nil, fmt.Sprintf("it has few turns of %s", c.words()), nil
	case base.Every != m.config.Window.Every:
		return nil, "its windows are of another length", nil
	}
	if err := before.rows(ctx, m, base.Version); err != nil || len(before.ledgers) == 0 {
		return nil, "", err
	}
	whole := before.ledgers[0]
	if len(whole.Windows) == 0 {
		return nil, "it does not know which windows its labels are of (leeway baseline build makes one that does)", nil
	}
	season := c.how.Season
	rows := whole.Only(func(w *ledger.Window) bool {
		return calendar.SlotName(season, calendar.Slot(season, spanOf(w))) == c.slot.Name
	})
	summary := m.labels.labels.Look(m.labels.shape, ledger.Of(rows)).Summary
	of := &slotReference{season, &reference{shape: before.shape, summary: summary, ledgers: []*ledger.Ledger{rows}}}
	if of.summary.Labelled < leastRows {
		return nil, fmt.Sprintf("it has %d labelled rows of %s, fewer than %d", of.summary.Labelled, c.words(), leastRows), nil
	}
	share := float64(rows.Rows()) / float64(whole.Rows())
	if float64(rows.Cases.Len()) < share/2*float64(whole.Cases.Len()) {
		return nil, "which rows of its sample are of " + c.words() + " is not known without an id of their own", nil
	}
	return of, "", nil
}

// outcomesNote says what the outcomes of a window were held against that is compared with a part of a
// season; "" where nothing was to be chosen.
func (c *choice) outcomesNote(of *slotReference, why string) string {
	switch {
	case of != nil:
		return fmt.Sprintf("what came true is compared with that of %s of the baseline: %d labelled rows", c.words(), of.summary.Labelled)
	case why != "":
		return "what came true is compared with that of the whole baseline: " + why
	}
	return ""
}

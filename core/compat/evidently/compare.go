package evidently

import "leeway/core/report"

// driftShare is the share of drifted columns from which Evidently calls the
// table drifted.
const driftShare = 0.5

// Compare gives Evidently's score and decision for each column that it would
// compare, in the order of the current files. What a column is, the current
// side says, as in Evidently.
func Compare(ref, cur *Side) *report.Compat {
	c := &report.Compat{Tool: "evidently", Version: Version, DriftShare: driftShare}
	for _, column := range cur.columns {
		now := column.series()
		judged := report.CompatColumn{Column: column.name, Type: string(now.kind())}
		switch now.kind() {
		case datetime, unknown:
			judged.Reason = "Evidently compares no column of this type"
			c.Skipped = append(c.Skipped, judged)
			continue
		}
		judge(&judged, ref.find(column.name), now)
		c.Scores = append(c.Scores, judged)
	}
	settle(c)
	return c
}

// settle derives the verdict on the whole table.
func settle(c *report.Compat) {
	c.Columns = len(c.Scores)
	if c.Columns == 0 {
		return
	}
	for i := range c.Scores {
		switch drifted := c.Scores[i].Drifted; {
		case drifted == nil:
			c.Undecided++
		case *drifted:
			c.Drifted++
		}
	}
	share := float64(c.Drifted) / float64(c.Columns)
	c.Share = &share
	most := float64(c.Drifted+c.Undecided) / float64(c.Columns)
	if drift := share >= driftShare; drift == (most >= driftShare) {
		c.Dataset = &drift
	}
}

// judge fills in what Evidently finds, or why there is nothing.
func judge(into *report.CompatColumn, before *column, now *series) {
	if before == nil {
		into.Reason = "the reference lacks the column: Evidently stops with an error"
		return
	}
	then := before.series()
	switch {
	case then.rows == 0:
		into.Reason = "the reference has no values: Evidently stops with an error"
		return
	case now.rows == 0:
		into.Reason = "the current side has no values: Evidently stops with an error"
		return
	case now.kind() == numerical && then.texts != nil:
		into.Reason = "the reference is not numeric: Evidently stops with an error"
		return
	}
	p := newPair(then, now)
	m := choose(now.kind(), p)
	into.Method, into.Title, into.Threshold = m.name, m.title, &m.threshold
	if m.score == nil {
		into.Reason = "not reproduced: Evidently trains a text classifier here"
		return
	}
	score, err := m.score(p)
	if err != nil {
		into.Reason = err.Error()
		return
	}
	drifted := m.drifted(score, m.threshold)
	into.Score, into.Drifted = &score, &drifted
}

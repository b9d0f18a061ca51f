package report

// What pages beside the report show of it, in its words.

// Coverage says how many labels have come, and what is odd about them.
func (p *Performance) Coverage() string { return p.coverage() }

// Cells are a row of the table of metrics: the metric on both sides, and the
// interval of the current one.
func (m *Measure) Cells() (reference, current, interval string) { return m.cells() }

// Recorded says how good estimates were so far, or why those of this window cannot
// be trusted; "" where nothing is known.
func (r *Report) Recorded() string { return r.recorded() }

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

// Name is the sensitive column, or several joined by commas: the label `column` of
// samples.
func (t *Treated) Name() string { return t.name() }

// Largest are the groups with the most current rows, in order; more is how many are
// left out.
func (t *Treated) Largest(most int) (shown []*TreatedGroup, more int) { return t.largest(most) }

// Left says which rows are in no group that is shown, "" for none.
func (t *Treated) Left(more int) string { return t.left(more) }

// Cells are a row of the table of slices: where, how many rows, how often it is
// wrong there, elsewhere, and there in the reference.
func (s *Slice) Cells() (name, rows, wrong, elsewhere, reference string) { return s.cells() }

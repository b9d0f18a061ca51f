package monitor

// Cut has predictions of a file cut after so many rows, and those of windows with more
// than held rows read each time they are gone through.
func (m *Monitor) Cut(rows, held int) { m.chunkRows, m.heldRows = rows, held }

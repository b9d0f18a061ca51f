package monitor

// Cut has predictions of a file cut after so many rows, and those of windows with more
// than held rows read each time they are gone through.
func (m *Monitor) Cut(rows, held int) { m.chunkRows, m.heldRows = rows, held }

// SaveAfter has a checkpoint kept of any object once so many cells were read when the time
// is up, and after every so many however much time there is.
func (m *Monitor) SaveAfter(least, every int64) {
	m.savings = &savings{size: 1, hashed: 1, whole: 1, least: least, every: every, long: 1 << 40}
}

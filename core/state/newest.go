package state

import (
	"time"

	"leeway/core/report"
)

// Newest tells of the batch that arrived last: when, how many bytes it has, and
// whether it could not be read. Of several that arrived at once one that could be
// read is enough. The time is zero where there are no batches.
func Newest(batches []Batch) (arrived time.Time, size int64, invalid bool) {
	for i := range batches {
		b := &batches[i]
		if b.Arrived.After(arrived) {
			arrived, size, invalid = b.Arrived, b.Size, true
		}
		if b.Arrived.Equal(arrived) && b.Verdict != report.Invalid {
			invalid = false
		}
	}
	return arrived, size, invalid
}

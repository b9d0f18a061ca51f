package monitor

import (
	"slices"
	"time"

	"leeway/core/partial"
	"leeway/core/state"
)

// delivered is what a model's batches amount to, looked up by window. Content
// that was delivered under two names counts under the first of them alone.
type delivered struct {
	batches   []state.Batch
	byWindow  map[state.Window][]int // indices of the batches with rows in it
	live      map[state.Window][]string
	copies    map[string][]string             // key -> other keys with the same content
	extents   map[state.Window]partial.Extent // of the rows that count
	oldest    time.Time
	watermark time.Time
	now       time.Time // what age is counted to: see state.Now
	newest    time.Time // when the newest object arrived
}

func deliveries(batches []state.Batch) *delivered {
	d := &delivered{batches: slices.Clone(batches), byWindow: map[state.Window][]int{}, copies: map[string][]string{}, extents: map[state.Window]partial.Extent{}}
	originals := state.Copies(batches)
	for i := range d.batches {
		batch := &d.batches[i]
		if batch.Arrived.After(d.newest) {
			d.newest = batch.Arrived
		}
		if original, isCopy := originals[batch.Key]; isCopy {
			d.copies[original] = append(d.copies[original], batch.Key)
			batch.Parts = nil
		}
		for _, part := range batch.Parts {
			d.byWindow[part.Window] = append(d.byWindow[part.Window], i)
			if !part.Lost {
				d.reach(part.Window, partial.Extent{First: part.First, Last: part.Last})
			}
		}
	}
	d.live = state.WindowProfiles(d.batches)
	d.oldest, d.watermark, d.now = state.Oldest(d.batches), state.Watermark(d.batches), state.Now(d.batches)
	return d
}

// reach adds to the extent of a window.
func (d *delivered) reach(window state.Window, one partial.Extent) {
	all := d.extents[window]
	all.Add(one)
	d.extents[window] = all
}

// rows is how many rows count in a window.
func (d *delivered) rows(window state.Window) int64 {
	var n int64
	for _, i := range d.byWindow[window] {
		for _, part := range d.batches[i].Parts {
			if part.Window == window && !part.Lost {
				n += part.Rows
			}
		}
	}
	return n
}

// reaching is from the oldest to the newest row of the model.
func (d *delivered) reaching() partial.Extent {
	return partial.Extent{First: d.oldest, Last: d.watermark}
}

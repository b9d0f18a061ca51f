package ledger

import (
	"fmt"
	"math"

	"leeway/core/frame"
	"leeway/core/outcome"
)

// Digest names the labels that rows were given: two that are alike have one,
// whatever the order.
type Digest struct {
	Contradicted int64 // rows whose labels contradict each other
	Corrected    int64 // rows whose label is another than it was before
	Repeated     int64 // rows of which a label says again what another says
	Unread       int64 // rows without a label, of which one came that cannot be read

	rows int64
	sum  uint64
}

// add notes the label of a row and what is known of it; fits is false where the row was
// given none.
func (d *Digest) add(shape *outcome.Shape, id uint64, value float64, known state, fits bool) {
	if !fits {
		if known&unread != 0 {
			d.Unread++
		}
		return
	}
	switch {
	case math.IsNaN(value):
		d.Contradicted++
	case known&revised != 0:
		d.Corrected++
	}
	if known&repeated != 0 {
		d.Repeated++
	}
	bits := math.Float64bits(value)
	if shape.Classes != nil && !math.IsNaN(value) {
		bits = frame.HashText([]byte(shape.Classes.Key(int32(value))))
	}
	d.rows++
	d.sum += frame.Mix(id ^ frame.Mix(bits))
}

// Bare is the same without what is said of the labels' files alone: it is another one
// only where rows have another label.
func (d Digest) Bare() Digest {
	d.Repeated, d.Unread = 0, 0
	return d
}

// Rows is how many rows were given a label, contradictory ones included.
func (d Digest) Rows() int64 { return d.rows }

// String is "" for no labels.
func (d Digest) String() string {
	name := fmt.Sprintf("%d-%016x", d.rows, d.sum)
	switch {
	case d.Repeated+d.Unread > 0:
		return fmt.Sprintf("%s-%d-%d-%d", name, d.Corrected, d.Repeated, d.Unread)
	case d.Corrected > 0:
		return fmt.Sprintf("%s-%d", name, d.Corrected)
	case d.rows > 0:
		return name
	}
	return ""
}

package profile

import (
	"slices"

	"leeway/core/internal/wire"
	"leeway/core/segment"
	"leeway/core/sketch"
)

// appendSegments writes the keys and, for each, its rows and its columns, by their
// places among those of the whole.
func (d *Dataset) appendSegments(to []byte, names []string) []byte {
	keys := make([]string, len(d.Segments))
	for i := range d.Segments {
		keys[i] = d.Segments[i].Key
	}
	to = sketch.AppendNames(to, keys)
	for i := range d.Segments {
		p := d.Segments[i].Profile
		to = wire.Uint(wire.Uint(to, uint64(p.Rows)), uint64(len(p.Columns)))
		last := -1
		for _, c := range p.Columns {
			at, _ := slices.BinarySearch(names, c.Name)
			to = wire.Uint(to, uint64(at-last-1))
			to = c.append(to)
			last = at
		}
	}
	return to
}

// readSegments reads what appendSegments wrote.
func (d *Dataset) readSegments(r *wire.Reader) {
	keys := sketch.ReadNames(r)
	if len(keys) == 0 {
		r.Fail("there are no segments")
		return
	}
	rows := map[string]int64{} // by division
	for _, key := range keys {
		if _, _, ok := segment.Parse(key); !ok {
			r.Fail("segment has no such name")
			return
		}
		one := Segment{key, d.readSegment(r)}
		if r.Err() != nil {
			return
		}
		rows[segment.DivisionOf(key)] += one.Profile.Rows
		d.Segments = append(d.Segments, one)
	}
	for rest, n := range rows {
		if n != d.Rows || d.Segment(rest) == nil {
			r.Fail("rows of segments do not add up")
		}
	}
}

func (d *Dataset) readSegment(r *wire.Reader) *Dataset {
	p := &Dataset{Rows: r.Count(), Lines: sketch.NewRows(1, 0, nil)}
	n, at := r.Size(1), -1
	for range n {
		skip := r.Uint()
		if skip >= uint64(len(d.Columns)-at-1) {
			r.Fail("segment has a column that there is not")
			return p
		}
		at += int(skip) + 1
		c := &Column{Name: d.Columns[at].Name}
		c.read(r, version)
		if form := formOf(c.Kind, c.Role); r.Err() == nil && (form != numeric && form != categorical || c.Rows > p.Rows) {
			r.Fail("column of a segment is out of range")
		}
		if r.Err() != nil {
			return p
		}
		p.Columns = append(p.Columns, c)
	}
	return p.finish()
}

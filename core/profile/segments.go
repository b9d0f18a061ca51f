package profile

import (
	"cmp"
	"slices"

	"leeway/core/frame"
	"leeway/core/schema"
	"leeway/core/segment"
	"leeway/core/sketch"
)

// Segment is the summary of the rows of one segment. It has no Lines, and of the
// columns only numbers and categories that can drift, without those that the
// segment goes by. Where it has no rows it has no columns.
type Segment struct {
	Key     string // see core/segment
	Profile *Dataset
}

// Segment finds the profile of a segment, nil if there is none.
func (d *Dataset) Segment(key string) *Dataset {
	at, found := slices.BinarySearchFunc(d.Segments, key, func(s Segment, key string) int { return cmp.Compare(s.Key, key) })
	if !found {
		return nil
	}
	return d.Segments[at].Profile
}

// Keep gives the profile with only those columns that are wanted, in its segments
// as well; itself if all are.
func (d *Dataset) Keep(wanted func(*Column) bool) *Dataset {
	all := func(d *Dataset) bool {
		return !slices.ContainsFunc(d.Columns, func(c *Column) bool { return !wanted(c) })
	}
	same := all(d)
	for i := range d.Segments {
		same = same && all(d.Segments[i].Profile)
	}
	if same {
		return d
	}
	rest := *d
	rest.Columns = slices.DeleteFunc(slices.Clone(d.Columns), func(c *Column) bool { return !wanted(c) })
	rest.Segments = slices.Clone(d.Segments)
	for i := range rest.Segments {
		rest.Segments[i].Profile = rest.Segments[i].Profile.Keep(wanted)
	}
	return &rest
}

// Without gives the profile without some of its segments' divisions, by the key
// of their rest; itself if it has none of them.
func (d *Dataset) Without(dropped func(division string) bool) *Dataset {
	if !slices.ContainsFunc(d.Segments, func(s Segment) bool { return dropped(segment.DivisionOf(s.Key)) }) {
		return d
	}
	left := *d
	left.Segments = slices.DeleteFunc(slices.Clone(d.Segments), func(s Segment) bool { return dropped(segment.DivisionOf(s.Key)) })
	return &left
}

// divided is what a Builder holds of segments.
type divided struct {
	columns []schema.Column
	options *Options
	router  *segment.Router
	parts   []*partial
	view    frame.Block
	taken   frame.Block
}

// partial is one division.
type partial struct {
	keys     []string
	columns  []schema.Column // without those that segments do not keep
	builders []*Builder      // by segment, made with the first row
}

// Divide makes the builder summarize segments as well. It must come before the
// first block.
func (b *Builder) Divide(divisions []segment.Division) {
	divisions = slices.DeleteFunc(slices.Clone(divisions), func(d segment.Division) bool { return len(d.Kept) == 0 })
	if len(divisions) == 0 {
		return
	}
	d := &divided{columns: b.columns, options: b.options.Segments, router: segment.NewRouter(divisions, b.columns)}
	for i := range divisions {
		keys := divisions[i].Keys()
		p := &partial{keys: keys, columns: slices.Clone(b.columns), builders: make([]*Builder, len(keys))}
		for k := range p.columns {
			c := &p.columns[k]
			if f := formOf(c.Kind, c.Role); f != numeric && f != categorical || !c.Role.Drifts() || slices.Contains(divisions[i].By, c.Name) {
				c.Kind = ""
			}
		}
		d.parts = append(d.parts, p)
	}
	b.divided = d
}

// add routes the rows of a block.
func (d *divided) add(block *frame.Block) {
	d.router.Each(block, func(division, segment int, rows []int32) {
		p := d.parts[division]
		if p.builders[segment] == nil {
			p.builders[segment] = newBuilder(p.columns, d.options, false)
		}
		if len(rows) == block.Rows {
			p.builders[segment].Add(block)
			return
		}
		d.view.Rows, d.view.First = block.Rows, block.First
		d.view.Columns = append(d.view.Columns[:0], block.Columns...)
		for i := range d.view.Columns {
			if i < len(p.columns) && p.columns[i].Kind == "" {
				d.view.Columns[i] = frame.Column{}
			}
		}
		d.view.Take(rows, &d.taken)
		p.builders[segment].Add(&d.taken)
	})
}

// profiles are those of all segments, ascending by key.
func (d *divided) profiles() []Segment {
	var all []Segment
	for _, p := range d.parts {
		for i, key := range p.keys {
			one := Segment{key, empty()}
			if b := p.builders[i]; b != nil {
				one.Profile = b.Profile()
			}
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b Segment) int { return cmp.Compare(a.Key, b.Key) })
	return all
}

// empty is the profile of a segment without rows.
func empty() *Dataset { return (&Dataset{Lines: sketch.NewRows(1, 0, nil)}).finish() }

// segments merges the segments of profiles. They may have been divided
// differently: what not all of them know as a segment of its own is part of the
// rest, and a division that not all of them have is none. Profiles without rows
// have no say. That is the same in any order.
type segments struct {
	begun bool
	by    map[string]map[string]*Merger // division, by the key of its rest -> key -> its rows
}

func (s *segments) add(d *Dataset) error {
	if d.Rows == 0 {
		return nil
	}
	theirs := map[string]map[string]*Dataset{}
	for _, one := range d.Segments {
		by := segment.DivisionOf(one.Key)
		if theirs[by] == nil {
			theirs[by] = map[string]*Dataset{}
		}
		theirs[by][one.Key] = one.Profile
	}
	if !s.begun {
		return s.begin(theirs)
	}
	for by, mine := range s.by {
		if theirs[by] == nil {
			delete(s.by, by)
			continue
		}
		if err := join(by, mine, theirs[by]); err != nil {
			return err
		}
	}
	return nil
}

func (s *segments) begin(theirs map[string]map[string]*Dataset) error {
	s.begun, s.by = true, map[string]map[string]*Merger{}
	for by, all := range theirs {
		s.by[by] = map[string]*Merger{}
		for key, one := range all {
			s.by[by][key] = new(Merger)
			if err := s.by[by][key].Add(one); err != nil {
				return err
			}
		}
	}
	return nil
}

// join adds the segments of a division to those that are known of it, by the key
// of its rest.
func join(rest string, mine map[string]*Merger, theirs map[string]*Dataset) error {
	for key, merger := range mine {
		if theirs[key] == nil {
			if err := mine[rest].Add(merger.Dataset()); err != nil {
				return err
			}
			delete(mine, key)
		}
	}
	for key, one := range theirs {
		to := mine[key]
		if to == nil {
			to = mine[rest]
		}
		if err := to.Add(one); err != nil {
			return err
		}
	}
	return nil
}

func (s *segments) list() []Segment {
	var all []Segment
	for _, division := range s.by {
		for key, merger := range division {
			all = append(all, Segment{key, merger.Dataset()})
		}
	}
	slices.SortFunc(all, func(a, b Segment) int { return cmp.Compare(a.Key, b.Key) })
	return all
}

// subtractSegments gives those of d without the rows of o. What d knows as part of
// a rest may be a segment of o.
func (d *Dataset) subtractSegments(o *Dataset) ([]Segment, error) {
	if o.Rows == 0 {
		return d.Segments, nil
	}
	left := slices.Clone(d.Segments)
	find := func(key string) int {
		return slices.IndexFunc(left, func(s Segment) bool { return s.Key == key })
	}
	for _, one := range o.Segments {
		at := find(one.Key)
		if at < 0 {
			at = find(segment.DivisionOf(one.Key))
		}
		if at < 0 {
			continue // a division that d does not have
		}
		rest, err := left[at].Profile.Subtract(one.Profile)
		if err != nil {
			return nil, err
		}
		if rest.Rows == 0 {
			rest = empty()
		}
		left[at].Profile = rest
	}
	return left, nil
}

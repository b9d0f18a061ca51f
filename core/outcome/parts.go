package outcome

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"

	"leeway/core/segment"
)

// Rows goes through rows as often as it is asked to. Each is valid until the next;
// its Actual is NaN where it has no label.
type Rows = iter.Seq[*Row]

// Parts are the rows of one side, cut into groups: by the partitions of its shape.
type Parts struct {
	Shape *Shape
	Rows  int64
	Cut   []Cut // by Shape.Groups.Partitions

	Crossed []Crossed // groups of people within segments
}

// Crossed counts rows by segment and group: how often the favoured class was
// predicted.
type Crossed struct {
	Groups, Segments int         // in Cut
	Said             [][][2]Cell // by segment, then by group: of another class, of the favoured one
}

// Cut is a side's rows under one partition. Both sides have the same parts, in
// the same order: categories by name, numbers by value.
type Cut struct {
	Columns   []string
	Sensitive bool
	Segment   bool

	Parts    []Part
	Rest     *Part // segments by a division: all rows that are in none of the parts; else nil
	Distinct int   // how many parts there are on both sides, others included
	Others   Tally // rows of parts beyond those kept, or with a value that is not told apart
	Absent   Tally // rows without a value in one of the columns
}

// Name joins the names of the columns.
func (c *Cut) Name() string { return strings.Join(c.Columns, ",") }

// Part is the rows that share a value, or a combination of values.
type Part struct {
	Values []string // by column
	Tally

	Summary *Summary // segments: what came true of its rows
	Said    *Said    // segments: what was said of its rows, with a label or without
}

// Name joins the values; a comma within one of several is written \, .
func (p *Part) Name() string {
	if len(p.Values) == 1 {
		return p.Values[0]
	}
	escaped := make([]string, len(p.Values))
	for i, value := range p.Values {
		escaped[i] = strings.NewReplacer(`\`, `\\`, `,`, `\,`).Replace(value)
	}
	return strings.Join(escaped, ",")
}

// Tally counts rows by whether the favoured class was predicted, and whether it
// came true.
type Tally struct {
	Rows     int64      // all
	Labelled int64      // with a label
	Said     [2]Cell    // with a prediction: of another class, of the favoured one
	Came     [2][2]Cell // with both: by actual, then by predicted
}

func (t *Tally) add(s *Shape, r *Row) {
	t.Rows++
	labelled := !math.IsNaN(r.Actual)
	if labelled {
		t.Labelled++
	}
	if s.Favoured < 0 {
		return
	}
	weight, ok := s.weigh(r)
	if !ok {
		return
	}
	class, ok := s.Predicted(r)
	if !ok {
		return
	}
	predicted := index(class == s.Favoured)
	s.count(&t.Said[predicted], weight)
	if labelled {
		s.count(&t.Came[index(int32(r.Actual) == s.Favoured)][predicted], weight)
	}
}

func index(is bool) int {
	if is {
		return 1
	}
	return 0
}

// The bounds on how many parts are kept, those with the most rows on both sides:
// of groups of people, which are only counted, and of segments that nothing is known of
// (see [Shape.Divide]).
const (
	mostGroups   = 250
	mostSegments = segment.MostKept
)

// Split cuts the rows of both sides into the same parts. A number of few distinct
// values is grouped by them, another by the reference's quarters. A side may be nil.
func Split(shape *Shape, reference, current Rows) (*Parts, *Parts) {
	if shape == nil || shape.Groups == nil {
		return nil, nil
	}
	s := newSplitter(shape, reference, current)
	return s.sum(0), s.sum(1)
}

// SplitWindows is Split of a reference, and a function that cuts the rows of its windows
// into the same parts.
func SplitWindows(shape *Shape, reference Rows) (whole *Parts, of func(window Rows) *Parts) {
	s := newSplitter(shape, reference, nil)
	return s.sum(0), func(window Rows) *Parts {
		s.sides[1] = window
		return s.sum(1)
	}
}

func newSplitter(shape *Shape, reference, current Rows) *splitter {
	s := &splitter{shape: shape, small: *shape, sides: [2]Rows{reference, current}}
	s.small.Groups = nil
	for i := range shape.Groups.Columns {
		s.scales = append(s.scales, s.scale(i))
	}
	s.count()
	return s
}

// splitter is a split being made.
type splitter struct {
	shape  *Shape
	small  Shape // of what is summed up of a part
	sides  [2]Rows
	rows   [2]int64
	scales []*scale  // by column
	tables []*table  // by partition
	levels [][]int32 // of the row at hand, by partition
	memory []int32   // of the row at hand, by column
}

// table finds the part of a row.
type table struct {
	partition *Partition
	parts     map[uint64]*tabled
	kept      []*tabled // in order
	distinct  int
	division  *segment.Division // nil: the parts with the most rows are kept
}

// tabled is a combination of levels.
type tabled struct {
	levels []int32
	rows   [2]int64
	at     int // its place among those kept, -1 for none
}

// count counts the rows of all parts and chooses those that are kept.
func (s *splitter) count() {
	groups := s.shape.Groups
	s.memory = make([]int32, len(groups.Columns))
	for i := range groups.Partitions {
		p := &groups.Partitions[i]
		s.tables = append(s.tables, &table{partition: p, parts: map[uint64]*tabled{}, division: s.division(p)})
		s.levels = append(s.levels, make([]int32, len(p.Columns)))
	}
	for side, rows := range s.sides {
		if rows == nil {
			continue
		}
		for r := range rows {
			s.rows[side]++
			s.place(r)
			for i, t := range s.tables {
				if part := t.find(s.levels[i], true); part != nil {
					part.rows[side]++
				}
			}
		}
	}
	for _, t := range s.tables {
		if t.division != nil {
			s.keep(t)
		} else {
			t.choose(s.rows)
		}
	}
}

// division is that of a partition; nil also where numbers are grouped by ranges, since
// people go by them too.
func (s *splitter) division(p *Partition) *segment.Division {
	for _, column := range p.Columns {
		if scale := s.scales[column]; scale.number && scale.exact == nil {
			return nil
		}
	}
	return p.division
}

// keep keeps the parts that the division names.
func (s *splitter) keep(t *table) {
	names := map[string]bool{}
	for _, values := range t.division.Kept {
		names[t.division.Key(values)] = true
	}
	t.distinct = len(t.parts)
	values := make([]string, len(t.partition.Columns))
	for _, part := range t.parts {
		for i, column := range t.partition.Columns {
			at := slices.Index(t.division.By, s.shape.Groups.Columns[column].Name)
			values[at] = s.scales[column].names[part.levels[i]]
		}
		if names[t.division.Key(values)] {
			t.kept = append(t.kept, part)
		}
	}
	t.settle()
}

// place finds the levels of a row.
func (s *splitter) place(r *Row) {
	for i, scale := range s.scales {
		s.memory[i] = scale.level(r.Groups[i])
	}
	for i, t := range s.tables {
		for j, column := range t.partition.Columns {
			s.levels[i][j] = s.memory[column]
		}
	}
}

// find is the part of these levels, made where it is missing and wanted; nil for
// rows that are in none.
func (t *table) find(levels []int32, add bool) *tabled {
	hash := uint64(len(levels))
	for _, level := range levels {
		if level < 0 {
			return nil
		}
		hash = (hash ^ uint64(level)) * 0x9E3779B185EBCA87
		hash ^= hash >> 29
	}
	for ; ; hash++ {
		part := t.parts[hash]
		switch {
		case part != nil && slices.Equal(part.levels, levels):
			return part
		case part == nil && add:
			part = &tabled{levels: slices.Clone(levels), at: -1}
			t.parts[hash] = part
			return part
		case part == nil:
			return nil
		}
	}
}

// choose keeps the parts with the largest shares of both sides.
func (t *table) choose(rows [2]int64) {
	all := make([]*tabled, 0, len(t.parts))
	for _, part := range t.parts {
		all = append(all, part)
	}
	t.distinct = len(all)
	share := func(p *tabled) (sum float64) {
		for side, n := range rows {
			if n > 0 {
				sum += float64(p.rows[side]) / float64(n)
			}
		}
		return sum
	}
	slices.SortFunc(all, func(a, b *tabled) int { return cmp.Or(cmp.Compare(share(b), share(a)), order(a, b)) })
	most := mostSegments
	if t.partition.Sensitive {
		most = mostGroups
	}
	t.kept = all[:min(len(all), most)]
	t.settle()
}

// order is that of parts.
func order(a, b *tabled) int { return slices.Compare(a.levels, b.levels) }

// settle gives the parts that are kept their places.
func (t *table) settle() {
	slices.SortFunc(t.kept, order)
	for at, part := range t.kept {
		part.at = at
	}
}

// partCells bounds the distinct scores that the segments of a partition keep
// together, where there are more rows than that.
const partCells = 8 * Exact

// sum sums up the parts of a side.
func (s *splitter) sum(side int) *Parts {
	p := &Parts{Shape: s.shape}
	for _, t := range s.tables {
		p.Cut = append(p.Cut, s.empty(t, side))
	}
	if s.sides[side] == nil {
		return p
	}
	if s.shape.Favoured >= 0 {
		p.Crossed = crossed(p.Cut)
	}
	places := make([]int, len(s.tables))
	for r := range s.sides[side] {
		p.Rows++
		s.place(r)
		for i, t := range s.tables {
			places[i] = s.into(&p.Cut[i], t, s.levels[i], r)
		}
		p.cross(r, places)
	}
	return p
}

// mostInside is how many groups of one sensitive column are counted within segments.
const mostInside = 20

// crossed makes room for groups within segments.
func crossed(cuts []Cut) (all []Crossed) {
	for g := range cuts {
		groups := &cuts[g]
		if !groups.Sensitive || len(groups.Columns) > 1 || len(groups.Parts) < 2 || len(groups.Parts) > mostInside {
			continue
		}
		for s := range cuts {
			if !cuts[s].Segment || slices.Contains(cuts[s].Columns, groups.Columns[0]) {
				continue
			}
			one := Crossed{Groups: g, Segments: s, Said: make([][][2]Cell, len(cuts[s].Parts))}
			for i := range one.Said {
				one.Said[i] = make([][2]Cell, len(groups.Parts))
			}
			all = append(all, one)
		}
	}
	return all
}

// cross counts a row, given its places in all cuts, -1 for none.
func (p *Parts) cross(r *Row, places []int) {
	for i := range p.Crossed {
		c := &p.Crossed[i]
		segment, group := places[c.Segments], places[c.Groups]
		if segment < 0 || group < 0 {
			continue
		}
		weight, ok := p.Shape.weigh(r)
		class, known := p.Shape.Predicted(r)
		if ok && known {
			p.Shape.count(&c.Said[segment][group][index(class == p.Shape.Favoured)], weight)
		}
	}
}

// empty is a side under a partition without its rows.
func (s *splitter) empty(t *table, side int) Cut {
	cut := Cut{Sensitive: t.partition.Sensitive, Segment: t.partition.Segment, Distinct: t.distinct}
	for _, column := range t.partition.Columns {
		cut.Columns = append(cut.Columns, s.shape.Groups.Columns[column].Name)
	}
	small := s.small
	if s.rows[side] > partCells {
		small.Budget = min(small.Budget, max(partCells/max(len(t.kept), 1), 4096))
	}
	for _, part := range t.kept {
		one := Part{}
		for i, column := range t.partition.Columns {
			one.Values = append(one.Values, s.scales[column].names[part.levels[i]])
		}
		if t.partition.Segment {
			one.Summary, one.Said = New(&small), NewSaid(&small)
		}
		cut.Parts = append(cut.Parts, one)
	}
	if t.division != nil {
		cut.Rest = &Part{Summary: New(&small), Said: NewSaid(&small)}
	}
	return cut
}

// into adds a row to its part, and gives the place of that; -1 for none.
func (s *splitter) into(cut *Cut, t *table, levels []int32, r *Row) int {
	found := t.find(levels, false)
	switch {
	case found != nil && found.at >= 0:
	case slices.Contains(levels, absent):
		cut.Absent.add(s.shape, r)
		cut.Rest.take(s.shape, r)
		return -1
	default:
		cut.Others.add(s.shape, r)
		cut.Rest.take(s.shape, r)
		return -1
	}
	cut.Parts[found.at].take(s.shape, r)
	return found.at
}

// take adds a row to a part; nil is none.
func (p *Part) take(s *Shape, r *Row) {
	if p == nil {
		return
	}
	p.add(s, r)
	switch {
	case p.Summary == nil:
	case math.IsNaN(r.Actual):
		p.Said.Add(r)
		p.Summary.Unlabelled(1)
	default:
		p.Said.Add(r)
		p.Summary.Add(r)
	}
}

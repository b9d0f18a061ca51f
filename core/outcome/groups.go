package outcome

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"leeway/core/frame"
	"leeway/core/schema"
	"leeway/core/segment"
)

// Groups says by which columns rows are grouped, and into what.
type Groups struct {
	Columns    []*Grouping // in the order of their names
	Partitions []Partition
}

// Grouping is a column by whose values rows are grouped. In a [Row] a number is
// itself and any other value a code; NaN is none.
type Grouping struct {
	Name    string
	Numeric bool

	values *values // of other kinds
	digits bool    // a boolean that the data write as 0 and 1, and so are its groups called
}

// Partition cuts rows by the values of a column, or by the combinations of
// several.
type Partition struct {
	Columns   []int // in Groups.Columns
	Sensitive bool  // its parts are groups of people: they are counted
	Segment   bool  // its parts are looked at by themselves: they are summed up

	division *segment.Division // of segments: the values that make parts; nil: those with the most rows, see [Shape.Divide]
}

// Name joins the names of a partition's columns.
func (g *Groups) Name(p *Partition) string {
	names := make([]string, len(p.Columns))
	for i, at := range p.Columns {
		names[i] = g.Columns[at].Name
	}
	return strings.Join(names, ",")
}

// divide gives a partition its division, if it is among those, and keeps the values of
// that.
func (g *Groups) divide(p *Partition, divisions []segment.Division) {
	by := make([]string, len(p.Columns))
	for i, at := range p.Columns {
		by[i] = g.Columns[at].Name
	}
	slices.Sort(by)
	at := slices.IndexFunc(divisions, func(d segment.Division) bool { return slices.Equal(d.By, by) })
	if at < 0 {
		return
	}
	p.division = &divisions[at]
	for i, name := range by {
		c := g.Columns[g.find(name)]
		if c.Numeric {
			continue
		}
		for _, kept := range p.division.Kept {
			c.values.pin(kept[i])
		}
	}
}

// clone knows the same values by the same codes.
func (g *Groups) clone() *Groups {
	other := &Groups{Partitions: g.Partitions}
	for _, c := range g.Columns {
		one := *c
		if c.values != nil {
			one.values = c.values.clone()
		}
		other.Columns = append(other.Columns, &one)
	}
	return other
}

// mostCrossed is how many sensitive columns are also looked at together: of more
// there are too many combinations for anything to be seen.
const mostCrossed = 3

// newGroups is how rows under a contract are grouped, nil for not at all: by each
// sensitive column and by all of them together, by each column of role segment,
// and by the declared segments.
func newGroups(contract *schema.Schema) *Groups {
	g := &Groups{}
	people, segments := groupedBy(contract)
	for _, names := range slices.Concat(people, segments) {
		for _, name := range names {
			g.column(contract.Column(name))
		}
	}
	slices.SortFunc(g.Columns, func(a, b *Grouping) int { return cmp.Compare(a.Name, b.Name) })
	for _, names := range people {
		g.partition(names, Partition{Sensitive: true})
	}
	for _, names := range segments {
		g.partition(names, Partition{Segment: true})
	}
	if len(g.Partitions) == 0 {
		return nil
	}
	return g
}

// groupedBy lists the columns that groups of people and segments go by.
func groupedBy(contract *schema.Schema) (people, segments [][]string) {
	var sensitive []string
	declared := slices.Clone(contract.Segments)
	for i := range contract.Columns {
		switch c := &contract.Columns[i]; c.Role {
		case schema.Sensitive:
			if c.Kind.Groups() {
				sensitive = append(sensitive, c.Name)
			}
		case schema.Segment:
			declared = append(declared, []string{c.Name})
		}
	}
	slices.Sort(sensitive)
	for _, name := range sensitive {
		people = append(people, []string{name})
	}
	if len(sensitive) > 1 && len(sensitive) <= mostCrossed {
		people = append(people, sensitive)
	}
	for _, names := range declared {
		same := func(other []string) bool { return slices.Equal(other, names) }
		if !slices.ContainsFunc(segments, same) {
			segments = append(segments, names)
		}
	}
	return people, segments
}

// partition adds the partition by these columns, unless one of them makes no groups.
func (g *Groups) partition(names []string, p Partition) {
	for _, name := range names {
		if at := g.find(name); at >= 0 && !slices.Contains(p.Columns, at) {
			p.Columns = append(p.Columns, at)
		}
	}
	if len(p.Columns) > 0 && len(p.Columns) == len(names) {
		g.Partitions = append(g.Partitions, p)
	}
}

// column adds a column once.
func (g *Groups) column(c *schema.Column) {
	if c == nil || !c.Kind.Groups() || c.Role == schema.Ignore || g.find(c.Name) >= 0 {
		return
	}
	one := &Grouping{Name: c.Name, Numeric: c.Kind.Quantitative(), digits: c.ZeroOne()}
	if !one.Numeric {
		one.values = &values{codes: map[string]int32{}}
	}
	g.Columns = append(g.Columns, one)
}

func (g *Groups) find(name string) int {
	return slices.IndexFunc(g.Columns, func(c *Grouping) bool { return c.Name == name })
}

// other is the code of a value that is not told apart from others.
const other = -1

// Code is how a row holds a value that is no number.
func (c *Grouping) Code(text []byte) float64 {
	if c.digits {
		switch string(text) {
		case "false":
			text = []byte("0")
		case "true":
			text = []byte("1")
		}
	}
	return float64(c.values.code(text))
}

// Text is the value that a code stands for; not ok for one that is not told apart
// from others.
func (c *Grouping) Text(code float64) (text string, ok bool) {
	if code < 0 || c.values.out[int(code)] {
		return "", false
	}
	return c.values.texts[int(code)], true
}

// Texts are all values that are told apart, in the order of their bytes.
func (c *Grouping) Texts() []string {
	var list []string
	for code, text := range c.values.texts {
		if !c.values.out[code] {
			list = append(list, text)
		}
	}
	slices.Sort(list)
	return list
}

// MostValues bounds how many values of a column are told apart, and their length
// in bytes: which are kept must not hang on which came first, so it is those that make
// segments, and of the others those of the smallest hashes.
const (
	MostValues  = 1000
	longestText = 256
)

// values numbers the values of a column.
type values struct {
	codes  map[string]int32
	texts  []string // by code
	hashes []uint64 // by code
	out    []bool   // by code: others of smaller hashes took its place
	kept   []int32  // once there are MostValues of them: a heap, the largest hash first
	pinned int      // the first so many stay
}

// pin makes sure that a value is told apart. All that are come before any other.
func (v *values) pin(text string) {
	if len(v.texts) == v.pinned && v.pinned < MostValues/2 && len(text) <= longestText {
		v.code([]byte(text))
		v.pinned = len(v.texts)
	}
}

func (v *values) clone() *values {
	other := *v
	other.codes, other.texts, other.hashes = maps.Clone(v.codes), slices.Clone(v.texts), slices.Clone(v.hashes)
	other.out, other.kept = slices.Clone(v.out), slices.Clone(v.kept)
	return &other
}

func (v *values) code(text []byte) int32 {
	if code, known := v.codes[string(text)]; known {
		return code
	}
	hash := frame.HashText(text)
	full := len(v.kept) > 0
	if len(text) > longestText || full && !before(hash, string(text), v, v.kept[0]) {
		return other
	}
	code := int32(len(v.texts))
	v.texts, v.hashes, v.out = append(v.texts, string(text)), append(v.hashes, hash), append(v.out, false)
	v.codes[v.texts[code]] = code
	switch {
	case full:
		last := v.kept[0]
		v.out[last] = true
		delete(v.codes, v.texts[last])
		v.kept[0] = code
		v.sink(0)
	case len(v.texts) == MostValues:
		for i := v.pinned; i < len(v.texts); i++ {
			v.kept = append(v.kept, int32(i))
		}
		for i := len(v.kept)/2 - 1; i >= 0; i-- {
			v.sink(i)
		}
	}
	return code
}

// before tells whether a value is kept rather than that of a code.
func before(hash uint64, text string, v *values, code int32) bool {
	if hash != v.hashes[code] {
		return hash < v.hashes[code]
	}
	return text < v.texts[code]
}

// sink puts a place of the heap in order with those below it.
func (v *values) sink(at int) {
	for {
		largest := at
		for below := 2*at + 1; below <= 2*at+2 && below < len(v.kept); below++ {
			if code := v.kept[largest]; before(v.hashes[code], v.texts[code], v, v.kept[below]) {
				largest = below
			}
		}
		if largest == at {
			return
		}
		v.kept[at], v.kept[largest] = v.kept[largest], v.kept[at]
		at = largest
	}
}

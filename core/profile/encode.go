package profile

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"

	"leeway/core/fault"
	"leeway/core/internal/wire"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// The encoding is
//
//	"leeway\x00P" version body crc32c(everything before it)
//
// with the checksum in four bytes, least significant first. A change of the
// body needs a new version; Decode goes on reading all earlier ones, of which
// testdata keeps one file each. Of a profile without segments version 4 would say
// what version 3 does: it is written as that.
const (
	magic   = "leeway\x00P"
	whole   = 3
	version = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// The codes of kinds and roles in the encoding. Append only.
var (
	kindCodes = []schema.Kind{schema.Numeric, schema.Integer, schema.Categorical, schema.Boolean, schema.Time, schema.Text, schema.Embedding}
	roleCodes = []schema.Role{"", schema.Feature, schema.Prediction, schema.Score, schema.Label, schema.ID, schema.Timestamp, schema.Segment, schema.Sensitive, schema.Weight}
)

// Encode writes the profile. The same rows under the same options give the same
// bytes, however they were ordered, split and merged.
func (d *Dataset) Encode() []byte {
	now := byte(whole)
	if len(d.Segments) > 0 {
		now = version
	}
	to := append([]byte(magic), now)
	to = wire.Uint(to, uint64(d.Rows))
	names := make([]string, len(d.Columns))
	for i, c := range d.Columns {
		names[i] = c.Name
	}
	to = sketch.AppendNames(to, names)
	for _, c := range d.Columns {
		to = c.append(to)
	}
	to = d.Lines.Append(to)
	if now == version {
		to = d.appendSegments(to, names)
	}
	return binary.LittleEndian.AppendUint32(to, crc32.Checksum(to, castagnoli))
}

func (c *Column) append(to []byte) []byte {
	to = append(to, byte(slices.Index(kindCodes, c.Kind)), byte(max(0, slices.Index(roleCodes, c.Role))))
	for _, n := range []int64{c.Rows, c.Missing, c.Mistyped} {
		to = wire.Uint(to, uint64(n))
	}
	valid := c.Valid() > 0
	switch formOf(c.Kind, c.Role) {
	case numeric:
		n := c.Numeric
		if valid {
			to = wire.Float(wire.Float(to, n.Min), n.Max)
		}
		return n.Grid.Append(n.Squares.Append(n.Sum.Append(to)))
	case categorical:
		return c.Categories.Append(to)
	case instants:
		if valid {
			to = wire.Int(wire.Int(to, c.First), c.Last)
		}
		to = wire.Flag(to, c.Hours != nil)
		if c.Hours != nil {
			for _, n := range c.Hours {
				to = wire.Uint(to, uint64(n))
			}
		}
		return c.appendDistinct(to)
	case named:
		return c.appendDistinct(to)
	}
	return to
}

func (c *Column) appendDistinct(to []byte) []byte {
	to = wire.Flag(to, c.Distinct != nil)
	if c.Distinct != nil {
		to = c.Distinct.Append(to)
	}
	return to
}

// Decode reads what Encode wrote, of this version or an earlier one. Data that
// is anything else gives an error of kind Invalid; what is accepted is
// consistent, so that everything can be done with it that can be done with a
// profile that was just made.
func Decode(data []byte) (*Dataset, error) {
	const tail = 4
	switch {
	case len(data) < len(magic)+1+tail || string(data[:len(magic)]) != magic:
		return nil, fault.New(fault.Invalid, "not a profile", "give a file that leeway profile wrote")
	case data[len(magic)] < 1 || data[len(magic)] > version:
		what := fmt.Sprintf("profile has version %d, this program reads up to %d", data[len(magic)], version)
		return nil, fault.New(fault.Invalid, what, "use a newer leeway")
	}
	body, sum := data[:len(data)-tail], data[len(data)-tail:]
	if binary.LittleEndian.Uint32(sum) != crc32.Checksum(body, castagnoli) {
		return nil, fault.New(fault.Invalid, "profile is damaged: its checksum is wrong", "make it again from the data")
	}
	r := wire.NewReader(body[len(magic)+1:])
	d := read(r, data[len(magic)])
	if r.Err() == nil && r.Left() > 0 {
		r.Fail("more follows after its end")
	}
	if err := r.Err(); err != nil {
		return nil, fault.New(fault.Invalid, "profile is malformed: "+err.Error(), "make it again from the data")
	}
	return d.finish(), nil
}

// read reads the body of a version: before 2 it has no codes of rows, before 3
// no hours of the day, before 4 no segments.
func read(r *wire.Reader, version byte) *Dataset {
	d := &Dataset{Rows: r.Count()}
	for _, name := range sketch.ReadNames(r) {
		c := &Column{Name: name}
		c.read(r, version)
		if r.Err() != nil {
			return d
		}
		if c.Rows > d.Rows {
			r.Fail("column has more rows than the profile")
		}
		d.Columns = append(d.Columns, c)
	}
	d.Lines = sketch.ReadRows(r, version >= 2)
	if d.Lines.Rows() != d.Rows {
		r.Fail("rows do not add up")
	}
	if version >= 4 && r.Err() == nil {
		d.readSegments(r)
	}
	return d
}

func (c *Column) read(r *wire.Reader, version byte) {
	kind, role := int(r.Byte()), int(r.Byte())
	c.Rows, c.Missing, c.Mistyped = r.Count(), r.Count(), r.Count()
	if kind >= len(kindCodes) || role >= len(roleCodes) || c.Valid() < 0 {
		r.Fail("column is out of range")
		return
	}
	c.Kind, c.Role = kindCodes[kind], roleCodes[role]
	switch formOf(c.Kind, c.Role) {
	case numeric:
		c.readNumeric(r)
	case categorical:
		c.Categories = sketch.ReadCounts(r)
		if c.Categories.Count() != c.Valid() {
			r.Fail("categories do not add up")
		}
	case instants:
		if c.Valid() > 0 {
			c.First, c.Last = r.Int(), r.Int()
		}
		if c.First > c.Last {
			r.Fail("extremes are out of order")
		}
		if version >= 3 && r.Flag() {
			c.readHours(r)
		}
		c.readDistinct(r)
	case named:
		c.readDistinct(r)
	}
}

func (c *Column) readNumeric(r *wire.Reader) {
	n := newColumn(c.Name, c.Kind, c.Role, &Stored).Numeric
	if c.Valid() > 0 {
		n.Min, n.Max = r.Float(), r.Float()
	}
	n.Sum, n.Squares = sketch.ReadSum(r), sketch.ReadSum(r)
	n.Grid = sketch.ReadGrid(r)
	if n.Min > n.Max || n.Grid.Count() != c.Valid() {
		r.Fail("numbers do not add up")
	}
	c.Numeric = n
}

func (c *Column) readHours(r *wire.Reader) {
	c.Hours = new(Hours)
	left := c.Valid()
	for i := range c.Hours {
		c.Hours[i] = r.Count()
		left -= min(c.Hours[i], left+1) // never below -1
	}
	if left != 0 {
		r.Fail("hours do not add up")
	}
}

func (c *Column) readDistinct(r *wire.Reader) {
	if r.Flag() {
		c.Distinct = sketch.ReadDistinct(r)
	}
}

// Is tells whether data begin as a profile does.
func Is(data []byte) bool { return len(data) >= len(magic) && string(data[:len(magic)]) == magic }

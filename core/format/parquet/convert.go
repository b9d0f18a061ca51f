package parquet

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"leeway/core/format/cell"
	"leeway/core/frame"
	"leeway/core/internal/numeral"
	"leeway/core/schema"
)

// convert puts values into s from at on.
func (c *column) convert(s *cells, v *vector, at int) error {
	switch {
	case s.Type == frame.Bytes:
		for i := range v.n {
			if err := c.appendBytes(i, at, v.at(i, c.leaf.width)); err != nil {
				return err
			}
		}
		return nil
	case c.kind == schema.Categorical:
		return c.symbols(v, at)
	case s.Type == frame.Float:
		c.floats(s, v, at)
	case s.Type == frame.Time:
		c.times(s, v, at)
	default:
		for i := range v.n {
			code, ok := c.truth(v.at(i, c.leaf.width))
			if s.Codes[at+i] = code; !ok {
				c.wrong(s, v, i, at)
			}
		}
	}
	if c.listed {
		for i := range v.n {
			if s.states[at+i] == frame.Valid && c.word(v.at(i, c.leaf.width)) {
				s.none(at+i, frame.Missing)
			}
		}
	}
	return nil
}

// wrong marks a value that is none of the kind: missing if it is a blank text
// or configured as missing, else mistyped.
func (c *column) wrong(s *cells, v *vector, i, at int) {
	raw := v.at(i, c.leaf.width)
	if c.leaf.class == text && len(cell.Trim(raw)) == 0 || c.listed && c.word(raw) {
		s.none(at+i, frame.Missing)
		return
	}
	s.none(at+i, frame.Mistyped)
	if s == &c.out { // the dictionary tells when a value is used
		c.mistyped.add(i, c.text(raw))
	}
}

// text is the text of a value, valid until the next call.
func (c *column) text(raw []byte) []byte {
	if c.leaf.class == text {
		return raw
	}
	c.scratch = c.leaf.text(c.scratch[:0], raw)
	return c.scratch
}

// word tells whether a value is configured as missing: numbers by value, all
// else by text.
func (c *column) word(raw []byte) bool {
	if c.leaf.quantity() {
		x, ok := c.quantity(raw)
		return ok && slices.Contains(c.likes, x)
	}
	t := c.text(raw)
	if c.kind != schema.Categorical && c.out.Type != frame.Bytes {
		t = cell.Trim(t)
	}
	return c.words.Text(t)
}

// quantity is the value of a number; false for what is not finite.
func (c *column) quantity(raw []byte) (float64, bool) {
	l := c.leaf
	switch l.class {
	case integer:
		return float64(l.int(raw)), true
	case unsigned:
		return float64(uint64(l.int(raw))), true
	case decimal:
		if l.scale == 0 && l.width > 0 && l.physical != fixedLengths {
			return float64(l.int(raw)), true
		}
		return numeral.Float(c.text(raw))
	}
	x, ok := l.float(raw)
	return x + 0, ok && x-x == 0
}

// floats reads numbers. The storage that is common has a loop of its own.
func (c *column) floats(s *cells, v *vector, at int) {
	out := s.Floats[at : at+v.n]
	switch {
	case c.leaf.class == double:
		for i := range out {
			x := math.Float64frombits(le64(v.fixed[8*i:])) + 0 // -0 becomes 0
			if out[i] = x; x-x != 0 {
				c.special(s, i, at, x)
			}
		}
	case c.leaf.class == single:
		for i := range out {
			x := float64(math.Float32frombits(le32(v.fixed[4*i:]))) + 0
			if out[i] = x; x-x != 0 {
				c.special(s, i, at, x)
			}
		}
	case c.leaf.class == integer && c.leaf.width == 8:
		for i := range out {
			out[i] = float64(int64(le64(v.fixed[8*i:])))
		}
	case c.leaf.class == integer:
		for i := range out {
			out[i] = float64(int32(le32(v.fixed[4*i:])))
		}
	case c.leaf.class == half:
		for i := range out {
			x, _ := c.leaf.float(v.at(i, 2))
			if out[i] = x + 0; x-x != 0 {
				c.special(s, i, at, x)
			}
		}
	default:
		c.otherFloats(s, v, at)
	}
}

// special marks a float that is not finite.
func (c *column) special(s *cells, i, at int, x float64) {
	if x != x {
		s.none(at+i, frame.Missing)
		return
	}
	s.none(at+i, frame.Mistyped)
	if s == &c.out {
		c.mistyped.add(i, appendFloat(c.scratch[:0], x, 64))
	}
}

func (c *column) otherFloats(s *cells, v *vector, at int) {
	for i := range v.n {
		raw := v.at(i, c.leaf.width)
		x, ok := 0.0, false
		switch c.leaf.class {
		case unsigned, decimal:
			x, ok = c.quantity(raw)
		case text, opaque:
			x, ok = numeral.Float(cell.Trim(raw))
		}
		if s.Floats[at+i] = x; !ok {
			c.wrong(s, v, i, at)
		}
	}
}

// The seconds that fit Unix nanoseconds, as schema.ParseTime bounds them: the
// years 1678 to 2261.
const (
	secondsFirst = -9214560000 // 1678-01-01T00:00:00Z
	secondsEnd   = 9214646400  // 2262-01-01T00:00:00Z
)

func (c *column) times(s *cells, v *vector, at int) {
	out := s.Times[at : at+v.n]
	if c.leaf.class == instant {
		perSecond := 1e9 / c.leaf.unit
		first, end := secondsFirst*perSecond, secondsEnd*perSecond
		for i := range out {
			x := int64(le64(v.fixed[8*i:]))
			if x < first || x >= end {
				c.wrong(s, v, i, at)
				continue
			}
			out[i] = x * c.leaf.unit
		}
		return
	}
	for i := range out {
		raw := v.at(i, c.leaf.width)
		nanos, ok := c.time(raw)
		if out[i] = nanos; !ok {
			c.wrong(s, v, i, at)
		}
	}
}

// time is a value as Unix nanoseconds.
func (c *column) time(raw []byte) (int64, bool) {
	switch l := c.leaf; l.class {
	case date, instant96:
		seconds, nanos := l.instant(raw)
		if seconds < secondsFirst || seconds >= secondsEnd {
			return 0, false
		}
		return seconds*1e9 + nanos, true
	case text, opaque:
		return schema.ParseTime(raw, c.layout)
	case integer, unsigned, decimal:
		return schema.ParseTime(c.text(raw), c.layout)
	case single, double, half:
		x, _ := l.float(raw)
		c.scratch = strconv.AppendFloat(c.scratch[:0], x, 'f', -1, 64)
		return schema.ParseTime(c.scratch, c.layout)
	}
	return 0, false
}

// truth is the code of a truth value in frame.Booleans.
func (c *column) truth(raw []byte) (uint32, bool) {
	switch l := c.leaf; l.class {
	case truth:
		return uint32(raw[0] & 1), true
	case integer, unsigned, decimal, single, double, half:
		x, ok := c.quantity(raw)
		if !ok || x != 0 && x != 1 {
			return 0, false
		}
		return uint32(x), true
	case text, opaque:
		return cell.Bool(cell.Trim(raw))
	}
	return 0, false
}

// empty tells whether a value stands for a missing one whatever is configured.
func (c *column) empty(raw []byte) bool {
	x, ok := c.leaf.float(raw)
	return ok && x != x
}

func (c *column) symbols(v *vector, at int) error {
	for i := range v.n {
		raw := v.at(i, c.leaf.width)
		code, mended, err := c.symbol(raw)
		if err != nil {
			return err
		}
		if mended {
			c.mended.add(i, raw)
		}
		if code == absent {
			c.out.none(at+i, frame.Missing)
			continue
		}
		c.out.Codes[at+i] = code
	}
	return nil
}

// symbol is the code of a value's text, or absent. mended tells that the text
// was not UTF-8.
func (c *column) symbol(raw []byte) (code uint32, mended bool, err error) {
	if c.empty(raw) || c.listed && c.word(raw) {
		return absent, false, nil
	}
	return c.intern(c.text(raw))
}

func (c *column) intern(t []byte) (code uint32, mended bool, err error) {
	if len(t) > MaxCell {
		return 0, false, errCell
	}
	if !utf8.Valid(t) {
		t, mended = bytes.ToValidUTF8(t, []byte("\uFFFD")), true
	}
	known := c.out.Symbols.Len()
	code = c.out.Symbols.Intern(t)
	if c.out.Symbols.Len() > known {
		if c.fresh += len(t); c.fresh > MaxText {
			return 0, false, errText
		}
	}
	return code, mended, nil
}

// appendBytes appends the text of a value, the i-th of a run that is put from
// at on.
func (c *column) appendBytes(i, at int, raw []byte) error {
	s := &c.out
	switch {
	case c.empty(raw) || c.listed && c.word(raw):
		s.none(at+i, frame.Missing)
	case c.leaf.class == text && !utf8.Valid(raw):
		c.mended.add(i, raw)
		s.Data = append(s.Data, bytes.ToValidUTF8(raw, []byte("\uFFFD"))...)
	default:
		s.Data = c.leaf.text(s.Data, raw)
	}
	if len(raw) > MaxCell {
		return errCell
	}
	if len(s.Data) > MaxText {
		return errText
	}
	s.Offsets[at+i+1] = uint32(len(s.Data))
	return nil
}

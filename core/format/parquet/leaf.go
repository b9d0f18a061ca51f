package parquet

import (
	"errors"
	"fmt"
	"strconv"
)

// physical is how values are stored.
type physical int32

// The physical types; none marks a group.
const (
	none         physical = -1
	boolean      physical = 0
	int32s       physical = 1
	int64s       physical = 2
	int96s       physical = 3
	floats       physical = 4
	doubles      physical = 5
	byteArrays   physical = 6
	fixedLengths physical = 7
)

// class is what values mean.
type class uint8

const (
	truth     class = iota // true or false
	integer                // signed
	unsigned               // unsigned
	single                 // float32
	double                 // float64
	half                   // float16
	decimal                // integer, or big-endian bytes, with a scale
	date                   // days since 1970
	instant                // integer of a unit since 1970
	instant96              // nanoseconds of the day and Julian day
	clock                  // time of day
	text                   // UTF-8, or bytes that are taken for it
	uuid                   // 16 bytes
	opaque                 // bytes of a fixed length
	interval               // months, days and milliseconds
)

// leaf is a column that holds values.
type leaf struct {
	name     string
	physical physical
	class    class
	width    int   // bytes of a stored value, 0 for byte arrays
	unit     int64 // of instant and clock: nanoseconds
	local    bool  // instant without a zone
	scale    int   // of decimal
	maxDef   int   // definition level of a value that is there
	maxRep   int   // how many lists it is in
	lists    []int // definition level of a list that has elements, outermost first
}

// maxDepth bounds how deep columns nest.
const maxDepth = 64

// tree turns the flat schema into leaves.
type tree struct {
	elements []element
	at       int
	leaves   []leaf
}

// readLeaves lists the leaves of a schema in file order.
func readLeaves(elements []element) ([]leaf, error) {
	if len(elements) == 0 {
		return nil, errors.New("has no schema")
	}
	t := &tree{elements: elements, at: 1}
	for range elements[0].children {
		if err := t.walk(leaf{}, nil, 0); err != nil {
			return nil, err
		}
	}
	if t.at != len(elements) {
		return nil, errors.New("has a schema with loose ends")
	}
	if len(t.leaves) == 0 {
		return nil, errors.New("has no columns")
	}
	return t.leaves, nil
}

// walk reads the next element and what is below it. parent holds levels and
// the name so far; around is the group that the element is in.
func (t *tree) walk(parent leaf, around *element, depth int) error {
	if t.at >= len(t.elements) {
		return errors.New("has a schema that ends too early")
	}
	if depth > maxDepth {
		return past("has columns that nest deeper than %d", maxDepth)
	}
	e := &t.elements[t.at]
	t.at++
	l := parent
	l.name = join(parent.name, part(e, around))
	switch e.repetition {
	case 1:
		l.maxDef++
	case 2:
		l.maxDef++
		l.maxRep++
		l.lists = append(l.lists[:len(l.lists):len(l.lists)], l.maxDef)
	}
	if e.children == 0 && e.physical != none {
		if err := l.describe(e); err != nil {
			return fmt.Errorf("has a column %q that %w", l.name, err)
		}
		if len(t.leaves) == MaxColumns {
			return past("has more than %d columns", MaxColumns)
		}
		t.leaves = append(t.leaves, l)
		return nil
	}
	for range e.children {
		if err := t.walk(l, e, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// part is what an element adds to the dotted name: nothing for the inner
// levels that lists and maps are made of.
func part(e, around *element) string {
	if around == nil {
		return e.name
	}
	if around.list() || around.dict() {
		if e.repetition == 2 {
			return ""
		}
	} else if around.repetition == 2 && around.children == 1 && (e.name == "element" || e.name == "item" || e.name == "array_element") {
		return ""
	}
	return e.name
}

func (e *element) list() bool {
	return e.logical.id == logicalList || e.logical.id == 0 && e.converted == convertedList
}

func (e *element) dict() bool {
	return e.logical.id == logicalMap || e.logical.id == 0 && (e.converted == convertedMap || e.converted == convertedMapKeyValue)
}

func join(path, name string) string {
	switch {
	case path == "":
		return name
	case name == "":
		return path
	}
	return path + "." + name
}

// The old annotations.
const (
	convertedMap         = 1
	convertedMapKeyValue = 2
	convertedList        = 3
	convertedDecimal     = 5
	convertedDate        = 6
	convertedTimeMS      = 7
	convertedTimeUS      = 8
	convertedInstantMS   = 9
	convertedInstantUS   = 10
	convertedUint8       = 11
	convertedUint64      = 14
	convertedInterval    = 21
)

// describe sets how values are stored and what they mean. An annotation that
// does not go with the storage is passed over, as the format asks for.
func (l *leaf) describe(e *element) error {
	l.physical = e.physical
	switch e.physical {
	case boolean:
		l.class, l.width = truth, 1
	case int32s:
		l.class, l.width = integer, 4
		l.annotateInt(e)
	case int64s:
		l.class, l.width = integer, 8
		l.annotateInt(e)
	case int96s:
		l.class, l.width = instant96, 12
	case floats:
		l.class, l.width = single, 4
	case doubles:
		l.class, l.width = double, 8
	case byteArrays:
		l.class = text
		l.annotateDecimal(e)
	case fixedLengths:
		if e.length <= 0 || e.length > MaxCell/4 {
			return errors.New("has values of " + strconv.Itoa(int(e.length)) + " bytes")
		}
		l.class, l.width = opaque, int(e.length)
		l.annotateFixed(e)
	default:
		return errors.New("is of an unknown type")
	}
	return nil
}

var units = [4]int64{0, 1e6, 1e3, 1}

func (l *leaf) annotateInt(e *element) {
	switch e.logical.id {
	case logicalTimestamp, logicalTime:
		if e.logical.unit >= 1 && e.logical.unit <= 3 {
			l.timed(e.logical.id == logicalTimestamp, units[e.logical.unit])
			l.local = e.logical.local
		}
		return
	case logicalDate:
		if l.width == 4 {
			l.class = date
		}
		return
	case logicalInteger:
		if !e.logical.signed {
			l.class = unsigned
		}
		return
	}
	switch c := e.converted; {
	case c == convertedDate && l.width == 4:
		l.class = date
	case c == convertedTimeMS || c == convertedInstantMS:
		l.timed(c == convertedInstantMS, 1e6)
	case c == convertedTimeUS || c == convertedInstantUS:
		l.timed(c == convertedInstantUS, 1e3)
	case c >= convertedUint8 && c <= convertedUint64:
		l.class = unsigned
	}
	l.annotateDecimal(e)
}

// timed makes values instants or times of day, if they are stored as wide as
// those are.
func (l *leaf) timed(whole bool, unit int64) {
	switch {
	case whole && l.width == 8:
		l.class, l.unit = instant, unit
	case !whole && (l.width == 8) == (unit < 1e6):
		l.class, l.unit = clock, unit
	}
}

func (l *leaf) annotateFixed(e *element) {
	switch {
	case e.logical.id == logicalUUID && l.width == 16:
		l.class = uuid
	case e.logical.id == logicalFloat16 && l.width == 2:
		l.class = half
	case e.converted == convertedInterval && l.width == 12:
		l.class = interval
	}
	l.annotateDecimal(e)
}

func (l *leaf) annotateDecimal(e *element) {
	scale := e.scale
	switch {
	case e.logical.id == logicalDecimal:
		scale = e.logical.scale
	case e.converted != convertedDecimal:
		return
	}
	if scale >= 0 && scale <= 1000 {
		l.class, l.scale = decimal, int(scale)
	}
}

// quantity tells whether values are numbers.
func (l *leaf) quantity() bool {
	switch l.class {
	case integer, unsigned, single, double, half, decimal:
		return true
	}
	return false
}

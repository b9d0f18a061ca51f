package schema

import (
	"hash/maphash"
	"math"
	"slices"
	"strconv"
	"strings"

	"leeway/core/internal/numeral"
)

// valuesKept bounds the distinct values that a summary keeps as text.
const valuesKept = 20

// summary is what inference knows about the cells of one column.
type summary struct {
	rows     int
	missing  int // null, empty or blank
	absent   int // NA, N/A, NaN, NULL: missing unless the other cells are texts
	present  int // neither
	numbers  int
	whole    int // numbers without a fractional part
	points   int // numbers that are not written as digits alone
	padded   int // digits with leading zeros
	long     int // digits alone, beyond the integers that a float64 holds
	bools    int // true, false, yes, no, t, f, y, n, on, off
	lists    int // lists of numbers
	times    int // native times
	low      float64
	high     float64
	bytes    int // of the present cells
	blanks   int // spaces within the present cells
	digits   int // present cells with a digit
	shortest int
	longest  int
	distinct int      // of the present cells
	values   []string // the distinct present texts in order of appearance, nil beyond valuesKept
}

// summarize judges each distinct text once and counts it as often as it occurs.
func (t *tally) summarize(cells []Cell) *summary {
	s := &summary{rows: len(cells), low: math.Inf(1), high: math.Inf(-1), shortest: math.MaxInt}
	for _, e := range t.count(cells) {
		s.add(&cells[e.cell], int(e.count))
	}
	return s
}

// add adds a cell that occurs n times.
func (s *summary) add(cell *Cell, n int) {
	text := strings.TrimSpace(cell.Text)
	if cell.Native == NativeNull || text == "" {
		s.missing += n
		return
	}
	if isAbsent(text) && (cell.Native == NativeText || cell.Native == NativeNumber) {
		s.absent += n
		return
	}
	s.present += n
	s.distinct++
	if len(s.values) <= valuesKept {
		s.values = append(s.values, strings.Clone(cell.Text[:min(len(cell.Text), 256)]))
	}
	digits, numeric := s.measure(cell.Text, n)
	switch cell.Native {
	case NativeBool:
		s.bools += n
	case NativeTime:
		s.times += n
	case NativeList:
		if isList(text) {
			s.lists += n
		}
	case NativeNumber, NativeText:
		switch {
		case digits && numeric && s.number(text, n):
		case cell.Native == NativeNumber:
		case isInfinity(text):
			s.numbers += n
		case boolFamily(text) >= 0:
			s.bools += n
		case isList(text):
			s.lists += n
		}
	}
}

// measure looks at the bytes of a text: whether there is a digit, and whether
// all of them may stand in a number.
func (s *summary) measure(text string, n int) (digit, numeric bool) {
	s.bytes += n * len(text)
	s.shortest = min(s.shortest, len(text))
	s.longest = max(s.longest, len(text))
	numeric = true
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			digit = true
		case ' ':
			s.blanks += n
		case '.', '-', '+', 'e', 'E', '\t':
		default:
			numeric = false
		}
	}
	if digit {
		s.digits += n
	}
	return digit, numeric
}

// numberLike tells, without reading them, that cells are empty or have nothing
// in them that a number has not. A date such as 2024-01-02 passes: among
// fractions it would count as mistyped.
func numberLike(cells []Cell) bool {
	for i := range cells {
		digit := cells[i].Text == ""
		for _, c := range []byte(cells[i].Text) {
			switch {
			case '0' <= c && c <= '9':
				digit = true
			case c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E':
				return false
			}
		}
		if !digit {
			return false
		}
	}
	return true
}

// number adds the text if it is one.
func (s *summary) number(text string, n int) bool {
	value, ok := numeral.Float(text)
	if !ok { // beyond float64, or none
		var err error
		if value, err = strconv.ParseFloat(text, 64); err != nil && !math.IsInf(value, 0) {
			return false
		}
	}
	s.numbers += n
	if math.IsInf(value, 0) {
		return true
	}
	s.low, s.high = min(s.low, value), max(s.high, value)
	if value == math.Trunc(value) {
		s.whole += n
	}
	digits := strings.TrimPrefix(text, "-")
	switch {
	case !allDigits(digits):
		s.points += n
	case len(digits) > 1 && digits[0] == '0':
		s.padded += n
	case math.Abs(value) > 1<<53:
		s.long += n
	}
	return true
}

// classes are the distinct values in the order that scikit-learn gives them,
// numbers by value and texts by bytes; nil if there are too many.
func (s *summary) classes() []string {
	if len(s.values) > valuesKept {
		return nil
	}
	list := slices.Clone(s.values)
	slices.SortFunc(list, func(a, b string) int {
		x, errX := strconv.ParseFloat(strings.TrimSpace(a), 64)
		y, errY := strconv.ParseFloat(strings.TrimSpace(b), 64)
		if errX == nil && errY == nil && x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return list
}

// isAbsent tells whether a trimmed text is one of the words for "not there"
// that are values among texts and missing among numbers.
func isAbsent(text string) bool {
	switch len(text) {
	case 2:
		return strings.EqualFold(text, "na")
	case 3:
		return strings.EqualFold(text, "n/a") || strings.EqualFold(text, "nan")
	case 4:
		return strings.EqualFold(text, "null")
	}
	return false
}

// isInfinity tells whether a trimmed text is an infinity: of a number's kind,
// though never a valid value.
func isInfinity(text string) bool {
	text = strings.TrimLeft(text, "+-")
	return strings.EqualFold(text, "inf") || strings.EqualFold(text, "infinity")
}

// boolWords are the families of truth: both words of one family make a
// boolean column.
var boolWords = [5][2]string{{"false", "true"}, {"no", "yes"}, {"f", "t"}, {"n", "y"}, {"off", "on"}}

// boolFamily is the family of a truth word, -1 for none.
func boolFamily(text string) int {
	text = strings.TrimSpace(text)
	if len(text) > 5 {
		return -1
	}
	for i, family := range boolWords {
		if strings.EqualFold(text, family[0]) || strings.EqualFold(text, family[1]) {
			return i
		}
	}
	return -1
}

// isList tells whether text is a list of numbers: [0.1, -2, 3e4].
func isList(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) < 3 || text[0] != '[' || text[len(text)-1] != ']' {
		return false
	}
	for part := range strings.SplitSeq(text[1:len(text)-1], ",") {
		part = strings.TrimSpace(part)
		if _, err := strconv.ParseFloat(part, 64); err != nil {
			return false
		}
	}
	return true
}

func allDigits(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return len(text) > 0
}

// tally counts distinct cells, one column after the other in the same memory.
type tally struct {
	seed    maphash.Seed
	slots   []int32 // 1 + index into entries
	entries []entry
}

// entry is a distinct cell with its number of occurrences.
type entry struct {
	hash  uint64
	cell  int32 // the first cell with the text
	count int32
}

// count counts the distinct cells in order of first appearance. Texts are told
// apart by their 64-bit hashes. What it gives is valid until the next call.
func (t *tally) count(cells []Cell) []entry {
	t.clear(len(cells))
	mask := uint64(len(t.slots) - 1)
	for i := range cells {
		hash := maphash.String(t.seed, cells[i].Text) + uint64(cells[i].Native)
		for at := hash & mask; ; at = (at + 1) & mask {
			if t.slots[at] == 0 {
				t.entries = append(t.entries, entry{hash, int32(i), 1})
				t.slots[at] = int32(len(t.entries))
				break
			}
			if e := &t.entries[t.slots[at]-1]; e.hash == hash {
				e.count++
				break
			}
		}
	}
	return t.entries
}

// clear makes room for so many cells.
func (t *tally) clear(cells int) {
	size := 16
	for size < 2*cells {
		size *= 2
	}
	if size > len(t.slots) {
		t.slots, t.entries = make([]int32, size), make([]entry, 0, cells)
	}
	clear(t.slots)
	t.entries = t.entries[:0]
}

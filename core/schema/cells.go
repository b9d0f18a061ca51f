package schema

import (
	"hash/maphash"
	"math"
	"slices"
	"strconv"
	"strings"
)

// valuesKept bounds the distinct values that a summary keeps as text.
const valuesKept = 20

// summary is what inference knows about the cells of one column.
type summary struct {
	rows     int
	missing  int // null, empty or blank
	absent   int // NA, N/A, NaN, NULL: missing if the other cells are no text
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

var seed = maphash.MakeSeed()

// summarize looks at every cell once.
func summarize(cells []Cell) *summary {
	s := &summary{rows: len(cells), low: math.Inf(1), high: math.Inf(-1), shortest: math.MaxInt}
	seen := newHashes(len(cells))
	for i := range cells {
		cell := &cells[i]
		text := cell.Text
		if cell.Native == NativeNull || strings.TrimSpace(text) == "" {
			s.missing++
			continue
		}
		if cell.Native == NativeText && isAbsent(text) || cell.Native == NativeNumber && strings.EqualFold(text, "nan") {
			s.absent++
			continue
		}
		s.present++
		if seen.add(maphash.String(seed, text)) {
			s.keep(text)
		}
		s.measure(text)
		s.classify(cell)
	}
	s.distinct = seen.count
	return s
}

func (s *summary) keep(text string) {
	if len(s.values) <= valuesKept {
		s.values = append(s.values, strings.Clone(text[:min(len(text), 256)]))
	}
}

func (s *summary) measure(text string) {
	s.bytes += len(text)
	s.shortest = min(s.shortest, len(text))
	s.longest = max(s.longest, len(text))
	digit := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ' ':
			s.blanks++
		case c >= '0' && c <= '9':
			digit = true
		}
	}
	if digit {
		s.digits++
	}
}

func (s *summary) classify(cell *Cell) {
	switch cell.Native {
	case NativeBool:
		s.bools++
	case NativeTime:
		s.times++
	case NativeList:
		if isList(cell.Text) {
			s.lists++
		}
	case NativeNumber, NativeText:
		if !s.number(strings.TrimSpace(cell.Text)) && cell.Native == NativeText {
			if boolFamily(cell.Text) >= 0 {
				s.bools++
			} else if isList(cell.Text) {
				s.lists++
			}
		}
	}
}

// number adds the text if it is one.
func (s *summary) number(text string) bool {
	if c := text[0]; c > '9' && c|0x20 != 'i' { // letters: of numbers only infinity begins with one
		return false
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(value, 0) {
		return false
	}
	if strings.ContainsAny(text, "xX_") {
		return false
	}
	s.numbers++
	if math.IsInf(value, 0) {
		return true
	}
	s.low, s.high = min(s.low, value), max(s.high, value)
	if value == math.Trunc(value) {
		s.whole++
	}
	digits := strings.TrimPrefix(text, "-")
	switch {
	case !allDigits(digits):
		s.points++
	case len(digits) > 1 && digits[0] == '0':
		s.padded++
	case math.Abs(value) > 1<<53:
		s.long++
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

// isAbsent tells whether text is one of the words for "not there" that are
// values among texts and missing among numbers.
func isAbsent(text string) bool {
	if len(text) > 16 {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "na", "n/a", "nan", "null":
		return true
	}
	return false
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

// hashes is a set of 64-bit hashes: it counts distinct texts without keeping them.
type hashes struct {
	slots []uint64
	mask  uint64
	count int
}

func newHashes(most int) *hashes {
	size := 16
	for size < 2*most {
		size *= 2
	}
	return &hashes{slots: make([]uint64, size), mask: uint64(size - 1)}
}

// add tells whether the hash is new. There are at most half as many hashes as slots.
func (h *hashes) add(hash uint64) bool {
	if hash == 0 { // 0 marks a free slot
		hash = 1
	}
	for at := hash & h.mask; ; at = (at + 1) & h.mask {
		switch h.slots[at] {
		case hash:
			return false
		case 0:
			h.slots[at] = hash
			h.count++
			return true
		}
	}
}

package schema

// Layout is how the instants of a column are written. One column has one
// layout: 03/04/2026 means the same in all of its cells.
type Layout string

// The layouts. Every one of them may carry a clock time ("15:04", "15:04:05",
// a fraction after a point or comma, AM or PM) and a zone (Z, UTC, GMT,
// +01:00, +0100, +01) except the epochs. Without a zone the time is UTC.
const (
	AnyLayout  Layout = ""            // what reads the same way everywhere: ISO, Compact of 8 or 14 digits, Named
	ISO        Layout = "iso"         // 2006-01-02, 2006/1/2, 2006.01.02, 2006-01; RFC 3339
	Compact    Layout = "compact"     // 20060102, 20060102150405, 20060102T150405
	DayFirst   Layout = "day_first"   // 31/12/2006, 31.12.2006, 31-12-06
	MonthFirst Layout = "month_first" // 12/31/2006, 12.31.2006, 12-31-06
	Named      Layout = "named"       // 31-Dec-2006, 31 December 2006, Dec 31, 2006, Sun, 31 Dec 2006
	EpochS     Layout = "epoch_s"     // seconds since 1970, a fraction allowed
	EpochMS    Layout = "epoch_ms"    // milliseconds since 1970
	EpochUS    Layout = "epoch_us"    // microseconds since 1970
	EpochNS    Layout = "epoch_ns"    // nanoseconds since 1970
)

// Layouts lists every layout that can be named, in the order of the documentation.
var Layouts = []Layout{ISO, Compact, DayFirst, MonthFirst, Named, EpochS, EpochMS, EpochUS, EpochNS}

// Instants that fit into Unix nanoseconds lie in 1678..2261.
const firstYear, lastYear = 1678, 2261

// ParseTime reads an instant as Unix nanoseconds. It is false for text that is
// not in the layout, for dates that do not exist and for instants outside the
// years 1678 to 2261. A two-digit year means 1969 to 2068. It does not allocate.
func ParseTime(text []byte, layout Layout) (int64, bool) {
	s := scanner{text: trim(text)}
	switch layout {
	case AnyLayout:
		return parseAny(s)
	case ISO:
		return s.iso()
	case Compact:
		return s.compact()
	case DayFirst:
		return s.ordered(true)
	case MonthFirst:
		return s.ordered(false)
	case Named:
		return s.named()
	case EpochS:
		return s.epoch(1e9)
	case EpochMS:
		return s.epoch(1e6)
	case EpochUS:
		return s.epoch(1e3)
	case EpochNS:
		return s.epoch(1)
	}
	return 0, false
}

func parseAny(s scanner) (int64, bool) {
	for i, c := range s.text {
		switch {
		case i > 9:
			return s.compact()
		case c >= '0' && c <= '9':
		case i == 4:
			return s.iso()
		case i == 8:
			return s.compact()
		default:
			return s.named()
		}
	}
	return s.compact()
}

// scanner walks over the text of one instant. Its methods advance it only as
// far as they understood.
type scanner struct {
	text []byte
	at   int
}

func (s *scanner) done() bool { return s.at == len(s.text) }

func (s *scanner) peek() byte {
	if s.done() {
		return 0
	}
	return s.text[s.at]
}

func (s *scanner) accept(c byte) bool {
	if s.peek() != c || s.done() {
		return false
	}
	s.at++
	return true
}

// digits reads a number of at least low and at most high digits.
func (s *scanner) digits(low, high int) (n, width int, ok bool) {
	for width < high && !s.done() {
		c := s.text[s.at]
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
		s.at++
		width++
	}
	return n, width, width >= low
}

func (s *scanner) iso() (int64, bool) {
	year, _, ok := s.digits(4, 4)
	separator := s.peek()
	if !ok || separator != '-' && separator != '/' && separator != '.' {
		return 0, false
	}
	s.at++
	month, _, ok := s.digits(1, 2)
	if !ok {
		return 0, false
	}
	if s.done() {
		if separator == '.' { // 2006.12 is a number
			return 0, false
		}
		return instant(year, month, 1, 0)
	}
	if !s.accept(separator) {
		return 0, false
	}
	day, _, ok := s.digits(1, 2)
	if !ok {
		return 0, false
	}
	return s.finish(year, month, day)
}

func (s *scanner) compact() (int64, bool) {
	year, _, ok1 := s.digits(4, 4)
	month, _, ok2 := s.digits(2, 2)
	day, _, ok3 := s.digits(2, 2)
	if !ok1 || !ok2 || !ok3 {
		return 0, false
	}
	if s.done() {
		return instant(year, month, day, 0)
	}
	if c := s.peek(); c == 'T' || c == '_' {
		s.at++
	}
	hour, _, ok1 := s.digits(2, 2)
	minute, _, ok2 := s.digits(2, 2)
	second, _, ok3 := s.digits(2, 2)
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	clock := int64(hour*3600+minute*60+second) * 1e9
	fraction, ok := s.fraction()
	if !ok {
		return 0, false
	}
	offset, ok := s.zone()
	if !ok {
		return 0, false
	}
	return instant(year, month, day, clock+fraction-offset)
}

func (s *scanner) ordered(dayFirst bool) (int64, bool) {
	day, _, ok := s.digits(1, 2)
	separator := s.peek()
	if !ok || separator != '-' && separator != '/' && separator != '.' {
		return 0, false
	}
	s.at++
	month, _, ok := s.digits(1, 2)
	if !ok || !s.accept(separator) {
		return 0, false
	}
	if !dayFirst {
		day, month = month, day
	}
	year, ok := s.year()
	if !ok {
		return 0, false
	}
	return s.finish(year, month, day)
}

func (s *scanner) year() (int, bool) {
	year, width, ok := s.digits(2, 4)
	if !ok || width == 3 {
		return 0, false
	}
	if width == 2 {
		if year += 2000; year > 2068 {
			year -= 100
		}
	}
	return year, true
}

// finish reads what may follow a date: nothing, or a clock time and a zone.
func (s *scanner) finish(year, month, day int) (int64, bool) {
	if s.done() {
		return instant(year, month, day, 0)
	}
	c := s.peek()
	if c == 'Z' || c == 'z' || c == '+' { // a date in XML Schema may have a zone
		offset, ok := s.zone()
		if !ok {
			return 0, false
		}
		return instant(year, month, day, -offset)
	}
	if c == ',' {
		s.at++
		c = s.peek()
	}
	if c != ' ' && c != 'T' && c != 't' {
		return 0, false
	}
	for s.at++; s.accept(' '); {
		c = ' '
	}
	clock, ok := s.clock()
	if !ok {
		return 0, false
	}
	offset, ok := s.zone()
	if !ok {
		return 0, false
	}
	return instant(year, month, day, clock-offset)
}

// clock reads hh:mm[:ss[.fraction]] [AM|PM] as nanoseconds of the day.
func (s *scanner) clock() (int64, bool) {
	hour, _, ok1 := s.digits(1, 2)
	if !ok1 || !s.accept(':') {
		return 0, false
	}
	minute, _, ok := s.digits(2, 2)
	if !ok || hour > 23 || minute > 59 {
		return 0, false
	}
	var second int
	var fraction int64
	if s.accept(':') {
		if second, _, ok = s.digits(2, 2); !ok || second > 59 {
			return 0, false
		}
		if fraction, ok = s.fraction(); !ok {
			return 0, false
		}
	}
	if half, found := s.half(); found {
		if hour < 1 || hour > 12 {
			return 0, false
		}
		hour = hour%12 + half
	}
	return int64(hour*3600+minute*60+second)*1e9 + fraction, true
}

// half reads AM or PM: the hours to add.
func (s *scanner) half() (hours int, found bool) {
	at := s.at
	for s.accept(' ') {
	}
	if rest := s.text[s.at:]; len(rest) >= 2 && rest[1]|0x20 == 'm' {
		switch rest[0] | 0x20 {
		case 'a':
			s.at += 2
			return 0, true
		case 'p':
			s.at += 2
			return 12, true
		}
	}
	s.at = at
	return 0, false
}

// fraction reads nothing, or a point or comma and digits; what is finer than
// a nanosecond is cut.
func (s *scanner) fraction() (int64, bool) {
	if c := s.peek(); c != '.' && c != ',' {
		return 0, true
	}
	s.at++
	nanos, width, ok := s.digits(1, 9)
	for ; width < 9; width++ {
		nanos *= 10
	}
	for !s.done() && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	return int64(nanos), ok
}

// zone reads what ends the text: nothing, a name of UTC or an offset, given in
// nanoseconds east.
func (s *scanner) zone() (int64, bool) {
	for s.accept(' ') {
	}
	rest := s.text[s.at:]
	switch {
	case len(rest) == 0:
		return 0, true
	case len(rest) == 1 && rest[0]|0x20 == 'z', string(rest) == "UTC", string(rest) == "GMT":
		return 0, true
	case rest[0] != '+' && rest[0] != '-':
		return 0, false
	}
	s.at++
	hours, _, ok := s.digits(2, 2)
	if !ok || hours > 15 {
		return 0, false
	}
	var minutes int
	colon := s.accept(':')
	if colon || !s.done() {
		if minutes, _, ok = s.digits(2, 2); !ok || minutes > 59 {
			return 0, false
		}
	}
	offset := int64(hours*60+minutes) * 60e9
	if rest[0] == '-' {
		offset = -offset
	}
	return offset, s.done()
}

// epoch reads a count of units of so many nanoseconds since 1970.
func (s *scanner) epoch(unit int64) (int64, bool) {
	negative := s.accept('-')
	whole, _, ok := s.digits(1, 19)
	limit := int64(1<<63-1) / unit
	if !ok || int64(whole) < 0 || int64(whole) >= limit {
		return 0, false
	}
	nanos := int64(whole) * unit
	if s.accept('.') {
		part, width, ok := s.digits(1, 18)
		if !ok {
			return 0, false
		}
		for ; width > 9; width-- {
			part /= 10
		}
		for ; width < 9; width++ {
			part *= 10
		}
		nanos += int64(part) / (1e9 / unit)
		for !s.done() && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
			s.at++
		}
	}
	if negative {
		nanos = -nanos
	}
	return nanos, s.done()
}

package schema

// monthNames are the first three letters of the months, in order; a full
// English name is compared with monthRests after them.
const monthNames = "janfebmaraprmayjunjulaugsepoctnovdec"

var monthRests = [12]string{"uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember"}

// named reads "31-Dec-2006", "31 December 2006", "Dec 31, 2006" and the same
// after a weekday ("Sun, 31 Dec 2006 15:04:05 +0000").
func (s *scanner) named() (int64, bool) {
	if month, ok := s.month(); ok {
		s.skip()
		day, _, ok := s.digits(1, 2)
		if !ok || !s.skip() {
			return 0, false
		}
		year, ok := s.year()
		if !ok {
			return 0, false
		}
		return s.finish(year, month, day)
	}
	s.weekday()
	day, _, ok := s.digits(1, 2)
	if !ok || !s.skip() {
		return 0, false
	}
	month, ok := s.month()
	if !ok || !s.skip() {
		return 0, false
	}
	year, ok := s.year()
	if !ok {
		return 0, false
	}
	return s.finish(year, month, day)
}

// skip passes over what stands between the parts of a date.
func (s *scanner) skip() bool {
	at := s.at
	for c := s.peek(); c == ' ' || c == '-' || c == '/' || c == '.' || c == ','; c = s.peek() {
		s.at++
	}
	return s.at > at
}

// month reads an English name of a month, short or full, in any case.
func (s *scanner) month() (int, bool) {
	word := s.word()
	if len(word) < 3 {
		return 0, false
	}
	for i := range monthRests {
		if fold(word[:3], monthNames[3*i:3*i+3]) && (len(word) == 3 || fold(word[3:], monthRests[i]) || i == 8 && fold(word, "sept")) {
			s.at += len(word)
			return i + 1, true
		}
	}
	return 0, false
}

// weekday passes over a short or full English weekday and its comma.
func (s *scanner) weekday() {
	word := s.word()
	if len(word) < 3 {
		return
	}
	for _, name := range [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		if fold(word, name) || fold(word, name[:3]) {
			s.at += len(word)
			s.skip()
			return
		}
	}
}

// word is the run of letters ahead.
func (s *scanner) word() []byte {
	end := s.at
	for end < len(s.text) && (s.text[end]|0x20 >= 'a' && s.text[end]|0x20 <= 'z') {
		end++
	}
	return s.text[s.at:end]
}

// fold compares ASCII letters in any case with a lower-case text.
func fold(text []byte, lower string) bool {
	if len(text) != len(lower) {
		return false
	}
	for i := range text {
		if text[i]|0x20 != lower[i] {
			return false
		}
	}
	return true
}

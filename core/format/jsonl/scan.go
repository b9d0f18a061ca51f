package jsonl

import (
	"bytes"

	"leeway/core/format/cell"
	"leeway/core/schema"
)

// maxDepth bounds how deeply objects may nest.
const maxDepth = 64

// value is the place of a key's value: of a string what is between its quotes.
type value struct {
	start, end int
	native     schema.Native
	escaped    bool // the string holds escapes
}

// text is the text of the value in data, with its escapes.
func (v value) text(data []byte) []byte { return data[v.start:v.end] }

// scanner walks over the members of one line's object. It changes nothing.
type scanner struct {
	data   []byte
	at     int
	path   []byte // the current prefix, "user."
	key    []byte // a key that held escapes
	take   func(path, key []byte, v value)
	fields []cell.Field // for take
}

// line hands every member of the object in the line that data[start:] is to
// take, nested ones with their path. It tells whether the line is one JSON
// object; if not, what was handed over must be dropped.
func (s *scanner) line(data []byte, start int) bool {
	s.data, s.at, s.path = data, start, s.path[:0]
	s.blanks()
	if !s.object(0) {
		return false
	}
	s.blanks()
	return s.at == len(s.data)
}

func (s *scanner) blanks() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// sees consumes c if it comes next.
func (s *scanner) sees(c byte) bool {
	if s.at < len(s.data) && s.data[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) object(depth int) bool {
	if depth > maxDepth || !s.sees('{') {
		return false
	}
	s.blanks()
	if s.sees('}') {
		return true
	}
	for {
		if !s.member(depth) {
			return false
		}
		s.blanks()
		if s.sees('}') {
			return true
		}
		if !s.sees(',') {
			return false
		}
		s.blanks()
	}
}

func (s *scanner) member(depth int) bool {
	if !s.sees('"') {
		return false
	}
	name, ok := s.text()
	if !ok {
		return false
	}
	key := name.text(s.data)
	if name.escaped {
		s.key = append(s.key[:0], key...)
		if key, ok = unescape(s.key); !ok {
			return false
		}
	}
	s.blanks()
	if !s.sees(':') {
		return false
	}
	s.blanks()
	if s.at < len(s.data) && s.data[s.at] == '{' {
		length := len(s.path)
		s.path = append(append(s.path, key...), '.')
		ok := s.object(depth + 1)
		s.path = s.path[:length]
		return ok
	}
	v, ok := s.value()
	if ok {
		s.take(s.path, key, v)
	}
	return ok
}

// value reads anything but an object.
func (s *scanner) value() (value, bool) {
	if s.at == len(s.data) {
		return value{}, false
	}
	switch c := s.data[s.at]; {
	case c == '"':
		s.at++
		return s.text()
	case c == '[':
		v := value{start: s.at, end: listEnd(s.data, s.at), native: schema.NativeList}
		s.at = v.end
		return v, v.end > 0
	case c == '-' || c >= '0' && c <= '9':
		return s.token(schema.NativeNumber), true
	}
	v := s.token(schema.NativeText)
	switch string(v.text(s.data)) {
	case "true", "false":
		v.native = schema.NativeBool
	case "null", "NaN": // NaN is what Python writes for a missing number
		v.native = schema.NativeNull
	case "Infinity", "-Infinity":
		v.native = schema.NativeNumber
	default:
		return v, false
	}
	return v, true
}

// token is everything up to the next comma, brace or blank.
func (s *scanner) token(native schema.Native) value {
	v := value{start: s.at, native: native}
	for s.at < len(s.data) && s.data[s.at] != ',' && s.data[s.at] != '}' && s.data[s.at] > ' ' {
		s.at++
	}
	v.end = s.at
	return v
}

// listEnd finds the end of the array that starts at data[at], -1 if it does not
// end on its line.
func listEnd(data []byte, at int) int {
	depth, quoted := 0, false
	for ; at < len(data); at++ {
		switch c := data[at]; {
		case c == '\n':
			return -1
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			at++
		case quoted:
		case c == '[', c == '{':
			depth++
		case c == ']', c == '}':
			if depth--; depth == 0 {
				return at + 1
			}
		}
	}
	return -1
}

// text reads a string whose opening quote is consumed.
func (s *scanner) text() (value, bool) {
	v := value{start: s.at, native: schema.NativeText}
	for {
		offset := bytes.IndexByte(s.data[s.at:], '"')
		if offset < 0 {
			return v, false
		}
		s.at += offset + 1
		part := s.data[v.start : s.at-1]
		if v.escaped = v.escaped || bytes.IndexByte(part, '\\') >= 0; !v.escaped || trailing(part, '\\')%2 == 0 {
			v.end = s.at - 1
			return v, true
		}
	}
}

// trailing counts how often c stands at the end of text.
func trailing(text []byte, c byte) int {
	n := 0
	for n < len(text) && text[len(text)-1-n] == c {
		n++
	}
	return n
}

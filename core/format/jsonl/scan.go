package jsonl

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"leeway/core/schema"
)

// maxDepth bounds how deeply objects may nest.
const maxDepth = 64

// value is the value of a key: its text, unescaped, and what JSON calls it.
type value struct {
	text   []byte
	native schema.Native
}

// scanner walks over the members of one line's object. Paths and unescaped
// texts live in its own memory until the next line.
type scanner struct {
	data    []byte
	at      int
	path    []byte // the current prefix, "user."
	scratch []byte // unescaped texts
	take    func(path, key []byte, v value)
}

// line hands every member of the line's object to take, nested ones with their
// path. It tells whether the line is one JSON object; if not, what was handed
// over must be dropped.
func (s *scanner) line(data []byte) bool {
	s.data, s.at, s.path, s.scratch = data, 0, s.path[:0], s.scratch[:0]
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
	key, ok := s.text()
	if !ok {
		return false
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
		text, ok := s.text()
		return value{text, schema.NativeText}, ok
	case c == '[':
		return s.list()
	case c == '-' || c >= '0' && c <= '9':
		return value{s.token(), schema.NativeNumber}, true
	}
	switch token := s.token(); string(token) {
	case "true", "false":
		return value{token, schema.NativeBool}, true
	case "null", "NaN": // NaN is what Python writes for a missing number
		return value{nil, schema.NativeNull}, true
	case "Infinity", "-Infinity":
		return value{token, schema.NativeNumber}, true
	}
	return value{}, false
}

// token is everything up to the next structural character.
func (s *scanner) token() []byte {
	start := s.at
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ',', '}', ']', ' ', '\t', '\r', '\n':
			return s.data[start:s.at]
		}
		s.at++
	}
	return s.data[start:s.at]
}

// list is the raw text of an array.
func (s *scanner) list() (value, bool) {
	start, depth := s.at, 0
	for s.at < len(s.data) {
		c := s.data[s.at]
		s.at++
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return value{s.data[start:s.at], schema.NativeList}, true
			}
		case '"':
			if _, ok := s.text(); !ok {
				return value{}, false
			}
		}
	}
	return value{}, false
}

// text reads a string whose opening quote is consumed.
func (s *scanner) text() ([]byte, bool) {
	start := s.at
	for {
		offset := bytes.IndexByte(s.data[s.at:], '"')
		if offset < 0 {
			return nil, false
		}
		part := s.data[start : s.at+offset]
		if bytes.IndexByte(part, '\\') < 0 {
			s.at += offset + 1
			return part, true
		}
		if escapes := trailing(part, '\\'); escapes%2 == 0 {
			s.at += offset + 1
			return s.unescape(part)
		}
		s.at += offset + 1
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

var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *scanner) unescape(text []byte) ([]byte, bool) {
	start := len(s.scratch)
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			s.scratch = append(s.scratch, text[i])
			i++
			continue
		}
		if i+1 == len(text) {
			return nil, false
		}
		if c, ok := escapes[text[i+1]]; ok {
			s.scratch = append(s.scratch, c)
			i += 2
			continue
		}
		r, size := unicodeEscape(text[i:])
		if size == 0 {
			return nil, false
		}
		s.scratch = utf8.AppendRune(s.scratch, r)
		i += size
	}
	return s.scratch[start:len(s.scratch):len(s.scratch)], true
}

// unicodeEscape reads \uXXXX, and a second one where they are a surrogate pair.
// A lone surrogate becomes U+FFFD, as in the standard library.
func unicodeEscape(text []byte) (r rune, size int) {
	high, ok := hex4(text)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(high) {
		return high, 6
	}
	if low, ok := hex4(text[6:]); ok {
		if pair := utf16.DecodeRune(high, low); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func hex4(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range text[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

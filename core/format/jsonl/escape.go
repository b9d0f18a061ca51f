package jsonl

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// escapes are what a character behind a backslash stands for.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape resolves the escapes of a string in place: none is shorter than what
// it stands for. False means that one is none; text is spoilt then.
func unescape(text []byte) ([]byte, bool) {
	out := text[:0]
	for i := 0; i < len(text); {
		plain := bytes.IndexByte(text[i:], '\\')
		if plain < 0 {
			plain = len(text) - i
		}
		out = append(out, text[i:i+plain]...)
		if i += plain; i == len(text) {
			break
		}
		if i+1 == len(text) {
			return nil, false
		}
		if c := escapes[text[i+1]]; c != 0 {
			out = append(out, c)
			i += 2
			continue
		}
		r, size := unicodeEscape(text[i:])
		if size == 0 {
			return nil, false
		}
		out = utf8.AppendRune(out, r)
		i += size
	}
	return out, true
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

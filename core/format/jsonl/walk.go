package jsonl

import "leeway/core/schema"

// Walker goes over the members of objects for readers of formats that are written
// in JSON Lines. It allocates nothing per line.
type Walker struct{ scanner scanner }

// NewWalker hands every member that is no object to take: the path of the objects
// around it ("a.b.", "" at the top), its key, its text as it stands, of a string
// without the quotes, and whether that holds escapes (see [Unescape]). What take is
// handed is only good for the call.
func NewWalker(take func(path, key, text []byte, native schema.Native, escaped bool)) *Walker {
	w := &Walker{}
	w.scanner.take = func(path, key []byte, v value) {
		take(path, key, v.text(w.scanner.data), v.native, v.escaped)
	}
	return w
}

// Object walks over data, which must be one JSON object. If it is none the result
// is false, and what was handed over must be dropped.
func (w *Walker) Object(data []byte) bool { return w.scanner.line(data, 0) }

// Unescape resolves the escapes of a string in place. False means that one is
// none; text is spoilt then.
func Unescape(text []byte) ([]byte, bool) { return unescape(text) }

package capture

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"leeway/core/format/cell"
	"leeway/core/format/jsonl"
)

// form is how the rows of a payload are laid out.
type form uint8

const (
	nothing form = iota
	records      // of CSV
	values       // JSON values, one a row: the elements of a list, or one after the other
	columns      // lists side by side
	list         // one list of single values: a row, or a row each
)

// payload is a request, an answer or the truth: rows of values.
type payload struct {
	prefix string // of numbered names
	single []byte // the name of a value that is alone; nil: numbered too
	walker *jsonl.Walker

	there   bool
	form    form
	rows    int
	rest    []byte // values, records, list: what is not yet read
	parts   []columnOf
	decoded []byte

	cells  []value // of the row at hand
	text   []byte  // of cells
	broken bool
}

// columnOf is a list that has a value for each row.
type columnOf struct {
	name []byte
	rest []byte // the elements that are not yet read
	rows int
}

func (p *payload) init(prefix string, single []byte) {
	p.prefix, p.single = prefix, single
	p.walker = jsonl.NewWalker(p.member)
}

// open gets ready to read a part of an event; what is wrong with it is given back.
func (p *payload) open(from *part) string {
	p.there, p.form, p.rows, p.rest, p.parts = from.there, nothing, 0, nil, p.parts[:0]
	if !p.there {
		return ""
	}
	data := from.data
	if bytes.EqualFold(from.encoding, []byte("BASE64")) {
		size := base64.StdEncoding.DecodedLen(len(data))
		if cap(p.decoded) < size {
			p.decoded = make([]byte, size)
		}
		n, err := base64.StdEncoding.Decode(p.decoded[:size], data)
		if err != nil {
			return "not base64, though its encoding says so"
		}
		data = p.decoded[:n]
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return "binary, not CSV or JSON"
	}
	data = cell.Trim(data)
	first := byte(0)
	if len(data) > 0 {
		first = data[0]
	}
	if first == '{' || first == '[' || jsonType(from) {
		return p.json(data)
	}
	return p.csv(data)
}

// jsonType tells whether a part says that it is JSON.
func jsonType(from *part) bool {
	if bytes.EqualFold(from.encoding, []byte("JSON")) {
		return true
	}
	return bytes.EqualFold(from.encoding, []byte("BASE64")) && bytes.Contains(from.content, []byte("json"))
}

func (p *payload) csv(data []byte) string {
	p.form, p.rest = records, data
	for rest := data; len(rest) > 0; p.rows++ {
		var good bool
		if rest, good = record(rest, nil); !good {
			return "CSV with a quote that does not end"
		}
	}
	p.rows = max(p.rows, 1)
	return ""
}

// json finds the rows in JSON.
func (p *payload) json(data []byte) string {
	for i, c := range data {
		if c == '\n' || c == '\r' || c == '\t' { // blanks between values; in a string they would be escaped
			data[i] = ' '
		}
	}
	end := valueEnd(data, 0)
	switch {
	case end < 0:
		return "not JSON, though its encoding says so"
	case len(cell.Trim(data[end:])) > 0: // JSON Lines
		p.form, p.rest = values, data
	case data[0] == '[':
		p.inner(data)
	case data[0] == '{':
		return p.object(data)
	default:
		p.form, p.rest = values, data
	}
	return p.tally()
}

// inner takes a list: of rows, or of single values.
func (p *payload) inner(data []byte) {
	p.form, p.rest = values, data[1:len(data)-1]
	if first := cell.Trim(p.rest); len(first) > 0 && first[0] != '[' && first[0] != '{' {
		p.form = list
	}
}

// tally counts the rows.
func (p *payload) tally() string {
	var good bool
	if p.rows, good = elements(p.rest); !good {
		return "not JSON, though its encoding says so"
	}
	if p.form == list {
		p.rows = 1
	}
	return ""
}

// containers are keys whose lists hold a row in each element.
func container(key []byte) bool {
	switch string(key) {
	case "instances", "inputs", "predictions", "outputs", "results", "records", "rows", "dataframe_records":
		return true
	}
	return false
}

// wrapper tells whether a key says of its list only that it is one: of the values
// of a row.
func wrapper(key []byte) bool {
	switch string(key) {
	case "features", "values", "data", "input", "output":
		return true
	}
	return false
}

// object takes one object: with lists of rows in it, or a row itself.
func (p *payload) object(data []byte) string {
	p.form, p.rest, p.rows = values, data, 1
	if !p.lists(data) {
		return "not JSON, though its encoding says so"
	}
	if len(p.parts) == 0 {
		return ""
	}
	p.form, p.rows = columns, p.parts[0].rows
	for _, one := range p.parts {
		if one.rows != p.rows {
			return "lists of different lengths"
		}
	}
	return ""
}

// lists finds in an object the lists that hold rows: one of a key that says so,
// with the others of its length beside it, or one that is alone.
func (p *payload) lists(data []byte) bool {
	main, alone := -1, true
	good := members(data, func(key, v []byte) {
		if v[0] != '[' {
			alone = false
			return
		}
		n, ok := elements(v[1 : len(v)-1])
		if !ok {
			n = -1
		}
		if container(key) && main < 0 {
			main = len(p.parts)
		}
		p.parts = append(p.parts, columnOf{key, v[1 : len(v)-1], n})
	})
	switch {
	case !good:
		return false
	case main >= 0:
		p.parts[0], p.parts[main] = p.parts[main], p.parts[0]
		kept := p.parts[:1]
		for _, one := range p.parts[1:] {
			if one.rows == p.parts[0].rows {
				kept = append(kept, one)
			}
		}
		p.parts = kept
		p.parts[0].name = nil
	case len(p.parts) == 1 && alone && wrapper(p.parts[0].name) && nested(p.parts[0].rest):
		p.parts[0].name = nil // {"features": [[1, 2], [3, 4]]}
	default:
		p.parts = p.parts[:0]
	}
	return true
}

// nested tells whether the first element of a list is a list or an object.
func nested(rest []byte) bool {
	rest = cell.Trim(rest)
	return len(rest) > 0 && (rest[0] == '[' || rest[0] == '{')
}

// fit tells whether a payload has so many rows; a list of single values is as many
// as are wanted, or one row.
func (p *payload) fit(rows int) bool {
	if !p.there {
		return true
	}
	if p.form == list {
		if n, _ := elements(p.rest); n == rows && rows > 1 {
			p.form, p.rows = values, rows
		}
	}
	return p.rows == rows
}

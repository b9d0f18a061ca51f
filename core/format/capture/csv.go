package capture

import (
	"bytes"

	"leeway/core/format/cell"
)

// record takes the first record of CSV: its fields go to p, if that is not nil.
// False means that a quote does not end.
func record(data []byte, p *payload) (left []byte, good bool) {
	if p != nil && len(data) == 0 {
		p.field(data, false) // an empty request is a row of one missing value
		return data, true
	}
	for {
		var text []byte
		var quotes bool
		if text, data, quotes, good = field(data); !good {
			return data, false
		}
		if p != nil {
			p.field(text, quotes)
		}
		switch {
		case len(data) == 0:
			return data, true
		case data[0] == ',':
			data = data[1:]
			continue
		}
		data = bytes.TrimPrefix(data, []byte("\r"))
		return bytes.TrimPrefix(data, []byte("\n")), true
	}
}

// field takes the first field: what is between its quotes, if it has any.
func field(data []byte) (text, left []byte, quotes, good bool) {
	if len(data) > 0 && data[0] == '"' {
		for at := 1; at < len(data); at++ {
			if data[at] != '"' {
				continue
			}
			if at+1 < len(data) && data[at+1] == '"' {
				at++
				continue
			}
			end := at + 1
			for end < len(data) && data[end] != ',' && data[end] != '\n' && data[end] != '\r' {
				end++
			}
			return data[1:at], data[end:], true, true
		}
		return nil, data, true, false
	}
	end := bytes.IndexAny(data, ",\n\r")
	if end < 0 {
		end = len(data)
	}
	return data[:end], data[end:], false, true
}

// field takes a field of CSV as a value: a number, a truth value, a text or, where
// it is empty, nothing.
func (p *payload) field(text []byte, quotes bool) {
	bare := cell.Trim(text)
	start := len(p.text)
	switch {
	case len(bare) == 0 && !quotes:
		p.text = append(p.text, "null"...)
	case number(bare) || string(bare) == "true" || string(bare) == "false":
		p.text = append(p.text, bare...)
	case quotes && bytes.IndexByte(text, '"') >= 0:
		p.text = quoted(p.text, bytes.ReplaceAll(text, []byte(`""`), []byte(`"`)))
	default:
		p.text = quoted(p.text, text)
	}
	p.cells = append(p.cells, value{start: start, end: len(p.text)})
}

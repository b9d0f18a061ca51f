package capture

import (
	"bytes"
	"strconv"

	"leeway/core/format/cell"
	"leeway/core/schema"
)

// value is a value of the row at hand: its name, if it has one, and what JSON
// writes of it, both in the text of the payload.
type value struct {
	name, named int // from, to
	start, end  int
}

// next writes the next row of the event.
func (r *Reader) next() {
	row := r.row
	r.row++
	for _, p := range []*payload{&r.input, &r.output, &r.truth} {
		if !p.read() {
			r.fault("no JSON object within the event")
			return
		}
	}
	if !r.names() {
		return
	}
	if id := r.event.id(); len(id) > 0 {
		r.out = append(r.out, `{"`+ID+`":`...)
		r.out = quoted(r.out, id)
		if r.rows > 1 {
			r.out[len(r.out)-1] = ':'
			r.out = strconv.AppendInt(r.out, int64(row), 10)
			r.out = append(r.out, '"')
		}
	} else {
		r.out = append(r.out, `{"`+ID+`":null`...)
	}
	if len(r.event.time) > 0 && r.event.capture {
		r.out = append(r.out, `,"`+Time+`":`...)
		r.out = quoted(r.out, r.event.time)
	}
	r.write(&r.input, "input.")
	r.write(&r.output, "output.")
	r.write(&r.truth, "truth.")
	r.out = append(r.out, "}\n"...)
}

// fault gives up the rest of an event.
func (r *Reader) fault(what string) {
	r.faults.Add("", what, r.line, r.event.id())
	r.rows = 0
}

// names gives the values of the row that have none their names, and tells whether
// it could.
func (r *Reader) names() bool {
	in, out := r.input.unnamed(), r.output.unnamed()
	switch {
	case r.header != nil && in == len(r.header):
		r.input.name(r.header)
	case r.header != nil && in > 0 && in+out == len(r.header):
		r.output.name(r.header[:out])
		r.input.name(r.header[out:])
	case r.header != nil && in > 0:
		r.fault("rows of another number of values than the header of the configuration has names")
		return false
	default:
		if in > 0 && r.width < 0 {
			r.width = in
		}
		if in > 0 && in != r.width {
			r.fault("rows of another number of values than the first")
			return false
		}
	}
	r.input.number()
	r.output.number()
	r.truth.number()
	return true
}

func (p *payload) unnamed() (n int) {
	for _, v := range p.cells {
		if v.named == v.name {
			n++
		}
	}
	return n
}

// name gives the values without a name those of a list.
func (p *payload) name(names []string) {
	for i := range p.cells {
		if v := &p.cells[i]; v.named == v.name {
			v.name = len(p.text)
			p.text = append(p.text, names[0]...)
			v.named, names = len(p.text), names[1:]
		}
	}
}

// number gives them names of their own, by their place.
func (p *payload) number() {
	n := p.unnamed()
	for i, at := 0, 0; n > 0 && i < len(p.cells); i++ {
		v := &p.cells[i]
		if v.named > v.name {
			continue
		}
		v.name = len(p.text)
		if n == 1 && p.single != nil {
			p.text = append(p.text, p.single...)
		} else {
			p.text = strconv.AppendInt(append(p.text, p.prefix...), int64(at), 10)
		}
		v.named = len(p.text)
		at++
	}
}

// write writes the values of a payload. One whose name is taken by the event or the
// request is told apart by a word before it.
func (r *Reader) write(p *payload, word string) {
	for _, v := range p.cells {
		name := p.text[v.name:v.named]
		r.out = append(r.out, ',')
		if r.taken(p, name) {
			p.text = append(append(p.text, word...), name...)
			name = p.text[len(p.text)-len(word)-len(name):]
		}
		r.out = quoted(r.out, name)
		r.out = append(r.out, ':')
		r.out = append(r.out, p.text[v.start:v.end]...)
	}
}

func (r *Reader) taken(p *payload, name []byte) bool {
	if string(name) == ID || string(name) == Time {
		return true
	}
	if p == &r.input {
		return false
	}
	for _, v := range r.input.cells {
		if bytes.Equal(r.input.text[v.name:v.named], name) {
			return true
		}
	}
	return false
}

// read takes the values of the next row; false: they are no JSON.
func (p *payload) read() bool {
	p.cells, p.text, p.broken = p.cells[:0], p.text[:0], false
	if !p.there {
		return true
	}
	switch p.form {
	case records:
		p.rest, _ = record(p.rest, p)
	case values:
		v, left, ok := element(p.rest)
		if !ok {
			return false
		}
		p.rest = left
		p.take(nil, v)
	case list:
		p.spread(nil, p.rest)
	case columns:
		for i := range p.parts {
			one := &p.parts[i]
			v, left, ok := element(one.rest)
			if !ok {
				return false
			}
			one.rest = left
			p.take(one.name, v)
		}
	}
	return !p.broken
}

// take takes a value of a row, which is the row itself unless it has a name.
func (p *payload) take(name, v []byte) {
	switch {
	case v[0] == '[':
		p.spread(name, v)
	case v[0] == '{' && name == nil:
		p.broken = !p.walker.Object(v) || p.broken
	default:
		p.one(name, v)
	}
}

// spread takes the values of a list one by one.
func (p *payload) spread(name, v []byte) {
	if len(v) > 0 && v[0] == '[' {
		v = v[1 : len(v)-1]
	}
	for i := 0; ; i++ {
		next, left, ok := element(v)
		if !ok {
			p.broken = p.broken || len(cell.Trim(v)) > 0
			return
		}
		if v = left; name == nil {
			p.one(nil, next)
			continue
		}
		from := len(p.text)
		p.text = strconv.AppendInt(append(append(p.text, name...), '_'), int64(i), 10)
		p.raw(from, len(p.text), next)
	}
}

// one takes a single value as JSON writes it.
func (p *payload) one(name, v []byte) {
	from := len(p.text)
	p.text = append(p.text, name...)
	p.raw(from, len(p.text), v)
}

func (p *payload) raw(name, named int, v []byte) {
	start := len(p.text)
	p.text = append(p.text, v...)
	p.cells = append(p.cells, value{name, named, start, len(p.text)})
}

// member takes a value of a row that is an object.
func (p *payload) member(path, key, text []byte, native schema.Native, _ bool) {
	if native == schema.NativeList && wrapper(key) {
		p.spread(nil, text)
		return
	}
	from := len(p.text)
	p.text = append(append(p.text, path...), key...)
	named := len(p.text)
	if native == schema.NativeText {
		p.text = append(append(append(p.text, '"'), text...), '"')
	} else {
		p.text = append(p.text, text...)
	}
	p.cells = append(p.cells, value{from, named, named, len(p.text)})
}

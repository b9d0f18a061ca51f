package csv

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"leeway/core/fault"
	"leeway/core/schema"
)

// Dialect is how a file is written.
type Dialect struct {
	Comma  byte
	Quotes bool     // fields may be quoted
	Header bool     // the first record names the columns
	Names  []string // the columns' names

	unbalanced int // without Quotes: the first line with an odd quote, from 1; 0: none is
}

// MaxColumns bounds how many columns a file may have.
const MaxColumns = 10_000

// commas are the delimiters looked for, the commonest first.
var commas = []byte{',', ';', '\t', '|'}

// none is the delimiter of a file with one column: nothing but the newline ends
// a field.
const none = '\n'

// Detect finds the dialect of a file that begins with head. whole tells that
// nothing follows. names, if not nil, are those of a file without a header.
// The notes say what was assumed beyond the usual.
func Detect(head []byte, whole bool, names []string) (*Dialect, []string, error) {
	d := &Dialect{Comma: ',', Quotes: true}
	best := consistency{}
	quoting := []bool{true, false}
	if bytes.IndexByte(head, '"') < 0 {
		quoting = quoting[:1] // it makes no difference
	}
	for _, comma := range commas {
		for _, quotes := range quoting {
			if c := measure(head, whole, comma, quotes); c.better(best) {
				best, d.Comma, d.Quotes = c, comma, quotes
			}
		}
	}
	if best.fields == 0 && d.prose(head, whole) {
		d.Comma = none
		d.Quotes = measure(head, whole, none, true).share > 0.98
	}
	records := d.records(head, whole, 200)
	if len(records) == 0 && !whole {
		return nil, nil, fault.New(fault.Invalid, fmt.Sprintf("the first record is longer than %d MiB", len(head)>>20), "look for a quote that is never closed, or a file without line ends")
	}
	if len(records) == 0 {
		return nil, nil, fault.New(fault.Invalid, "the file holds no records", "send files with a header and at least one row")
	}
	if len(records[0]) > MaxColumns {
		return nil, nil, fault.New(fault.Invalid, fmt.Sprintf("%d columns, more than %d", len(records[0]), MaxColumns), "is the delimiter right, and are rows not written as columns?")
	}
	if !d.Quotes {
		d.unbalanced = unbalanced(head)
	}
	notes := d.describe()
	notes = append(notes, d.decimals(records)...)
	if names != nil {
		return d, notes, d.given(names, records[0])
	}
	return d, append(notes, d.name(records)...), nil
}

// prose tells whether a file that no delimiter explains is lines of text, in
// which commas are punctuation: it is not if its first line looks like that of a
// table.
func (d *Dialect) prose(head []byte, whole bool) bool {
	words, cells, lines := 0, 0, 0
	for _, record := range d.records(head, whole, 200) {
		if lines++; lines == 1 && len(record) == 1 {
			return d.delimited(head, whole)
		}
		cells += len(record)
		for _, cell := range record {
			words += len(strings.Fields(cell))
		}
	}
	return words > 6*lines && words > 2*cells // many cells of a word are a table whose lines are torn
}

// delimited tells whether the delimiter occurs at all.
func (d *Dialect) delimited(head []byte, whole bool) bool {
	found := false
	d.each(head, whole, 500, func(fields []field) { found = found || len(fields) > 1 })
	return found
}

// consistency is how well a delimiter explains the head of a file.
type consistency struct {
	fields int     // the commonest number of fields
	share  float64 // of the records that have it
	first  bool    // the first record has it
}

func (c consistency) better(than consistency) bool {
	switch {
	case c.fields < 2 || c.share < 0.6:
		return false
	case than.fields < 2:
		return true
	case c.first != than.first: // the header tells: 1,5;2,5 below a;b is cut at semicolons
		return c.first
	case c.share > than.share+0.02:
		return true
	}
	return c.share > than.share-0.02 && c.fields > than.fields
}

func measure(head []byte, whole bool, comma byte, quotes bool) consistency {
	d := Dialect{Comma: comma, Quotes: quotes}
	counts := map[int]int{}
	total, first, best := 0, 0, consistency{}
	d.each(head, whole, 500, func(fields []field) {
		if total++; total == 1 {
			first = len(fields)
		}
		// A record with odd quotes explains nothing.
		if !slices.ContainsFunc(fields, func(f field) bool { return f.odd }) {
			counts[len(fields)]++
		}
	})
	for fields, n := range counts {
		share := float64(n) / float64(total)
		if share > best.share || share == best.share && fields > best.fields {
			best = consistency{fields, share, fields == first}
		}
	}
	return best
}

// each cuts the first records out of head, blank lines left out. A last record
// that may go on behind head is left out too.
func (d *Dialect) each(head []byte, whole bool, most int, take func([]field)) {
	s := scanner{d.Comma, d.Quotes}
	var fields []field
	for at := 0; at < len(head) && most > 0; {
		var next int
		fields, next = s.record(head, at, whole, fields[:0])
		if next < 0 {
			return
		}
		if len(trimNewline(head[at:next])) > 0 {
			take(fields)
			most--
		}
		at = next
	}
}

// records gives the first records as texts.
func (d *Dialect) records(head []byte, whole bool, most int) [][]string {
	var all [][]string
	d.each(head, whole, most, func(fields []field) {
		record := make([]string, len(fields))
		for i, f := range fields {
			record[i] = string(f.text(head))
		}
		all = append(all, record)
	})
	return all
}

// text is the field's value, which may lie in data; that is not changed.
func (f field) text(data []byte) []byte {
	text := data[f.start:f.end]
	if f.raw {
		text = unquote(bytes.Clone(text))
	}
	if utf8.Valid(text) {
		return text
	}
	return bytes.ToValidUTF8(text, []byte("\uFFFD"))
}

// decimals warns of numbers with a decimal comma, which are texts here: what
// they are in 1,234 only people can tell.
func (d *Dialect) decimals(records [][]string) []string {
	if d.Comma == ',' {
		return nil
	}
	var columns []string
	for column, name := range records[0] {
		found, total := 0, 0
		for _, record := range records[1:] {
			if column < len(record) && record[column] != "" {
				total++
				if decimal.MatchString(record[column]) {
					found++
				}
			}
		}
		if total > 0 && found*10 >= total*8 && len(columns) < 5 {
			columns = append(columns, name)
		}
	}
	if len(columns) == 0 {
		return nil
	}
	return []string{"numbers with a decimal comma are taken as text (write them with a point): " + strings.Join(columns, ", ")}
}

var decimal = regexp.MustCompile(`^\s*[+-]?\d+,\d+\s*$`)

func (d *Dialect) describe() []string {
	var notes []string
	switch d.Comma {
	case ',':
	case none:
		notes = append(notes, "one column: no delimiter cuts the lines alike")
	default:
		notes = append(notes, map[byte]string{';': "semicolon", '\t': "tab", '|': "pipe"}[d.Comma]+" separated")
	}
	if !d.Quotes && d.Comma != none {
		note := Unbalanced
		if d.unbalanced > 0 {
			note += fmt.Sprintf(" (the first in line %d)", d.unbalanced)
		}
		notes = append(notes, note)
	}
	return notes
}

// Unbalanced begins the note on quotes that do not go in pairs, which is of one file.
const Unbalanced = "quotes are taken as they are: they are not balanced"

// unbalanced is the first line whose quotes do not go in pairs, from 1; 0 for none.
func unbalanced(head []byte) int {
	n := 0
	for line := range bytes.Lines(head) {
		if n++; bytes.Count(line, []byte{'"'})%2 == 1 {
			return n
		}
	}
	return 0
}

// Heads gives the first rows of every column for inference.
func (d *Dialect) Heads(head []byte, whole bool, rows int) []schema.Head {
	heads := make([]schema.Head, len(d.Names))
	for i, name := range d.Names {
		heads[i].Name = name
	}
	skip := d.Header
	// A record that fills all columns has a byte for each.
	room := min(rows, bytes.Count(head, []byte("\n"))+1, len(head)/len(heads)+1)
	cells := make([]schema.Cell, room*len(heads))
	for i := range heads {
		heads[i].Cells = cells[i*room : i*room : (i+1)*room]
	}
	d.each(head, whole, rows, func(fields []field) {
		if skip || len(fields) != len(heads) {
			skip = false
			return
		}
		from := fields[0].start
		line := string(head[from:fields[len(fields)-1].end]) // one for all cells of the row
		valid := utf8.ValidString(line)
		for column, f := range fields {
			cell := schema.Cell{Native: schema.NativeText, Text: line[f.start-from : f.end-from]}
			if f.raw || !valid {
				cell.Text = string(f.text(head))
			}
			if cell.Text == "" {
				cell.Native = schema.NativeNull
			}
			heads[column].Cells = append(heads[column].Cells, cell)
		}
	})
	return heads
}

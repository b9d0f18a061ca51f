package format

import (
	"bytes"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"leeway/core/fault"
	"leeway/core/schema"
)

// encoding is how the letters of a text are written.
type encoding int

const (
	inUTF8    encoding = iota // single cells that are not have faults
	inWestern                 // windows-1252, which holds ISO-8859-1: it is read as what it is
	inOther                   // whatever else: which letters were meant nobody can tell
)

// encodingOf judges a text by its beginning, which whole tells to be all of it: by the
// runs of bytes in it that are not ASCII. In a language written in Latin letters they are
// short, and beside others; symbols in the middle of words are letters of another code page.
func encodingOf(head []byte, whole bool) encoding {
	if !whole { // the cut may go through a character
		head = head[:max(0, bytes.LastIndexByte(head, '\n')+1)]
	}
	if utf8.Valid(head) {
		return inUTF8
	}
	var r runs
	r.count(head)
	switch {
	case 10*r.valid > r.bad:
		return inUTF8
	case 20*r.strange <= r.bad && 2*r.plain >= r.bad:
		return inWestern
	case r.bad >= fewRuns && 20*r.bad > bytes.Count(head, []byte("\n")) && 20*r.strange > r.bad:
		return inOther
	}
	return inUTF8
}

// fewRuns may be damage to single cells, whatever they look like.
const fewRuns = 10

// runs counts runs of bytes beyond ASCII.
type runs struct {
	valid   int // in UTF-8
	bad     int // others
	plain   int // of these such as Western texts have
	strange int // of these such as they have not
}

func (r *runs) count(data []byte) {
	for at := 0; at < len(data); {
		if data[at] < utf8.RuneSelf {
			at++
			continue
		}
		end := at
		for end < len(data) && data[end] >= utf8.RuneSelf {
			end++
		}
		if run := data[at:end]; utf8.Valid(run) {
			r.valid++
		} else {
			r.bad++
			before, after := at > 0 && isLetter(data[at-1]), end < len(data) && isLetter(data[end])
			switch {
			case len(run) > 3, before && after && hasSymbol(run), undefined(run):
				r.strange++
			case before, after, hasSymbol(run):
				r.plain++
			}
		}
		at = end
	}
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// hasSymbol tells whether one of some bytes is no letter in windows-1252, nor an apostrophe.
func hasSymbol(run []byte) bool {
	for _, b := range run {
		if b < 0xc0 && western(b) != 0 && !bytes.ContainsRune([]byte("ƒŠŒŽšœžŸ’ªº·"), western(b)) {
			return true
		}
	}
	return false
}

func undefined(run []byte) bool {
	for _, b := range run {
		if western(b) == 0 {
			return true
		}
	}
	return false
}

// upper is what windows-1252 has where ISO-8859-1 has control characters; 0 for nothing.
var upper = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// western is the character of a byte in windows-1252, 0 for none.
func western(b byte) rune {
	if b >= 0x80 && b < 0xa0 {
		return upper[b-0x80]
	}
	return rune(b)
}

// appendWestern appends a text in windows-1252 as UTF-8.
func appendWestern(to, text []byte) []byte {
	for _, b := range text {
		c := western(b)
		if c == 0 && b != 0 {
			c = utf8.RuneError
		}
		to = utf8.AppendRune(to, c)
	}
	return to
}

// fromWestern is a text in windows-1252 as UTF-8.
type fromWestern struct {
	from io.Reader
	raw  [16 << 10]byte
	out  []byte // what is still to be given, within room
	room []byte
	err  error
}

func (w *fromWestern) Read(p []byte) (int, error) {
	for len(w.out) == 0 {
		if w.err != nil {
			return 0, w.err
		}
		var n int
		n, w.err = w.from.Read(w.raw[:])
		w.room = appendWestern(w.room[:0], w.raw[:n])
		w.out = w.room
	}
	n := copy(p, w.out)
	w.out = w.out[n:]
	return n, nil
}

// recode makes what is still to be read of a text UTF-8, if it is Western.
func (t *text) recode(r io.Reader) io.Reader {
	if t.encoding == inWestern {
		return &fromWestern{from: r}
	}
	return r
}

// toUTF8 is how the encoding of a file is changed by hand.
const toUTF8 = "write it in UTF-8: iconv -f %s -t UTF-8 FILE"

// letters says what was made of a text that is not UTF-8, once its columns are known: a note
// of what it was read as, or an error.
func (t *text) letters() error {
	if t.encoding == inUTF8 {
		return nil
	}
	place := "its header"
	if row, column := firstForeign(t.file.heads); row > 0 {
		place = fmt.Sprintf("row %d, column %s", row, column)
	}
	if t.encoding == inOther {
		return fault.New(fault.Invalid, "the text is not UTF-8 (first in "+place+"), nor in a Western encoding (windows-1252)",
			"find out its encoding and "+fmt.Sprintf(toUTF8, "ENCODING")+" (windows-1250 of Central Europe, windows-1251 of Cyrillic, SHIFT_JIS, GB18030...)")
	}
	note := "the text is not UTF-8 (first in " + place + ") and is read as windows-1252: " + fmt.Sprintf(toUTF8, "WINDOWS-1252") + ", with the encoding that it really has if letters are wrong"
	if name := t.file.source.Name; name != "" {
		note = name + ": " + note
	}
	t.file.notes = append(t.file.notes, note)
	return nil
}

// firstForeign is the first cell that is not ASCII: its row, 0 for the header or where it is
// further down, and its column.
func firstForeign(heads []schema.Head) (row int64, column string) {
	for i := range heads {
		if !ascii(heads[i].Name) {
			return 0, ""
		}
	}
	for i := range heads {
		for at := range heads[i].Cells {
			if row > 0 && int64(at) >= row-1 {
				break
			}
			if !ascii(heads[i].Cells[at].Text) {
				row, column = int64(at)+1, heads[i].Name
			}
		}
	}
	return row, column
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// halves tells whether a text is UTF-16 without a mark: in pairs of bytes it is printable, and
// commas, digits and line ends are ASCII, whose upper byte is 0. "" if not, else its name.
func halves(head []byte) string {
	head = head[:min(len(head), 4096)&^1]
	switch {
	case inPairs(head, 0):
		return "UTF-16LE"
	case inPairs(head, 1):
		return "UTF-16BE"
	}
	return ""
}

// inPairs tells whether pairs of bytes, whose lower one is at 0 or 1, are text in UTF-16.
func inPairs(head []byte, lower int) bool {
	pair := func(at int) rune { return rune(head[at+lower]) | rune(head[at+1-lower])<<8 }
	var plain, lines, turned, bad int // ASCII, ends of lines, ASCII in the other order, no text
	for at := 0; at < len(head); at += 2 {
		c := pair(at)
		if utf16.IsSurrogate(c) && at+4 <= len(head) {
			c = utf16.DecodeRune(c, pair(at+2))
			at += 2
		}
		switch {
		case c == '\n' || c == '\r':
			plain++
			lines++
		case c == '\t' || ' ' <= c && c < 0x7f:
			plain++
		case c&0xff == 0 && c>>8 < 0x7f:
			turned++
		case !unicode.In(c, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cf):
			bad++
		}
	}
	return 20*plain > len(head) && 3*turned <= plain && 200*bad <= len(head) && (lines > 0 || 20*plain > 9*len(head))
}

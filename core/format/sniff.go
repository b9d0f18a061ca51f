package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"leeway/core/fault"
	"leeway/core/format/capture"
	"leeway/core/format/cell"
	"leeway/core/format/csv"
	"leeway/core/format/jsonl"
	"leeway/core/format/parquet"
	"leeway/core/frame"
	"leeway/core/schema"
)

// sniff decides by the first bytes.
func (f *File) sniff() error {
	content, err := f.content(f.source.Stream)
	if err != nil {
		return err
	}
	memory := freeHeads.Get().(*[]byte)
	f.close = chain(content.close, func() { freeHeads.Put(memory) })
	head, whole, err := readHead(content, f.source.Size, memory)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(head, []byte("PAR1")) {
		return f.parquet(content.extension)
	}
	if err := refuse(head); err != nil {
		return err
	}
	bare := bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	text := &text{file: f, rest: content, mark: len(head) - len(bare), whole: whole, encoding: encodingOf(bare, whole)}
	f.rows = int64(float64(bytes.Count(bare, []byte("\n"))) * float64(f.source.Size) / float64(max(len(bare), 1)))
	if head = bare; text.encoding == inWestern {
		head = appendWestern(nil, bare)
	}
	text.head = head
	if first := bytes.TrimLeft(head, " \t\r\n"); len(first) > 0 && first[0] == '{' {
		if capture.Is(first) {
			return text.captured(content.extension)
		}
		return text.jsonl(content.extension)
	}
	return text.csv(content.extension)
}

// freeHeads are the memory of heads, for the next file.
var freeHeads = sync.Pool{New: func() any { return new([]byte) }}

// readHead reads the beginning of a file of about size bytes, 0 for unknown,
// into memory; whole tells that it is all of it.
func readHead(r io.Reader, size int64, memory *[]byte) (head []byte, whole bool, err error) {
	b := bytes.NewBuffer(slices.Grow((*memory)[:0], int(min(max(size, 0), headBytes)+bytes.MinRead)))
	if _, err = b.ReadFrom(io.LimitReader(r, headBytes)); err != nil {
		return nil, false, err
	}
	head = b.Bytes()
	*memory = head
	if len(head) == 0 {
		return nil, true, &fault.Error{Kind: fault.Invalid, Err: fault.Cut("the file is empty"), Hint: "send files with a header and at least one row"}
	}
	return head, len(head) < headBytes, nil
}

// strangers are files that are no logs, by how they begin.
var strangers = []struct{ magic, what, hint string }{
	{"PK\x03\x04", "a zip archive or a spreadsheet", "save the table as CSV"},
	{"%PDF", "a PDF document", "save the table as CSV"},
	{"\xff\xfe\x00\x00", "text in UTF-32", "write it in UTF-8: iconv -f UTF-32 -t UTF-8 FILE"}, // before UTF-16, which begins alike
	{"\x00\x00\xfe\xff", "text in UTF-32", "write it in UTF-8: iconv -f UTF-32 -t UTF-8 FILE"},
	{"\xff\xfe", "text in UTF-16", "write it in UTF-8: iconv -f UTF-16 -t UTF-8 FILE"},
	{"\xfe\xff", "text in UTF-16", "write it in UTF-8: iconv -f UTF-16 -t UTF-8 FILE"},
	{"\xd0\xcf\x11\xe0", "an old Office document", "save the table as CSV"},
	{"ORC", "an ORC file", "save the table as Parquet"},
	{"Obj\x01", "an Avro file", "save the table as Parquet"},
	{"ARROW1", "an Arrow file", "save the table as Parquet"},
	{"BZh", "a bzip2 archive", "compress with gzip or zstd"},
	{"\xfd7zXZ", "an xz archive", "compress with gzip or zstd"},
	{"\x1f\x8b", "a gzip archive inside an archive", "compress the file once"},
	{"\x28\xb5\x2f\xfd", "a zstd archive inside an archive", "compress the file once"},
	{"SQLite format 3", "an SQLite database", "export the table as CSV"},
}

func refuse(head []byte) error {
	for _, s := range strangers {
		// A column may be called ORCHID: letters are magic only before what is
		// no text.
		if bytes.HasPrefix(head, []byte(s.magic)) && !(textual([]byte(s.magic)) && textual(head)) {
			return fault.New(fault.Invalid, "this is "+s.what+", not delimited text, JSON Lines or Parquet", s.hint)
		}
	}
	start := bytes.TrimLeft(head[:min(len(head), 4096)], " \t\r\n\ufeff")
	if err := refuseManifest(start); err != nil {
		return err
	}
	lower := bytes.ToLower(start[:min(len(start), 32)])
	switch {
	case len(start) == 0 && len(head) <= 4096:
		return fault.New(fault.Invalid, "the file holds nothing but blank lines", "send files with a header and at least one row")
	case halves(head) != "":
		return fault.New(fault.Invalid, "this is text in UTF-16 without a byte order mark", fmt.Sprintf(toUTF8, halves(head)))
	case binary(head[:min(len(head), 64<<10)]), garbled(head[:min(len(head), 64<<10)]):
		return fault.New(fault.Invalid, "the file is binary, not text", "send CSV, JSON Lines or Parquet")
	case bytes.HasPrefix(lower, []byte("<!doctype")), bytes.HasPrefix(lower, []byte("<html")), bytes.HasPrefix(lower, []byte("<?xml")):
		return fault.New(fault.Invalid, "this is a web page or XML, not a table", "check what the exporter really downloaded")
	case bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(bytes.TrimRight(head, "\r"), '\r') >= 0:
		return fault.New(fault.Invalid, "the lines end in CR alone, as on old Macs", "save the file with line ends of LF or CRLF")
	case len(start) > 0 && start[0] == '[' && bytes.ContainsAny(start[1:], "{["):
		return fault.New(fault.Invalid, "this is a JSON array", "write JSON Lines: one object per line, without brackets around them")
	}
	return nil
}

// binary tells whether more than one byte in a thousand is 0: fewer are bad bytes in cells.
func binary(data []byte) bool {
	noughts := bytes.Count(data, []byte{0})
	return noughts > 1 && 1000*noughts > len(data)
}

// garbled tells whether what is no text in UTF-8 has control characters all over, as what is
// packed or encrypted has, and text in an older encoding has not.
func garbled(data []byte) bool {
	controls := 0
	for _, b := range data {
		if b < ' ' && (b < '\t' || b > '\r') || b == 0x7f {
			controls++
		}
	}
	return controls > 4 && 50*controls > len(data) && !utf8.Valid(data)
}

// textual tells whether data begins as text does: letters and blanks, without
// control characters.
func textual(data []byte) bool {
	data = data[:min(len(data), 4096)]
	for _, b := range data {
		if b < ' ' && b != '\t' && b != '\r' && b != '\n' || b == 0x7f {
			return false
		}
	}
	return utf8.Valid(data) || len(data) == 4096 // the cut may go through a character
}

// text is a text file: its head in memory, the rest still to come.
type text struct {
	file  *File
	rest  *content
	head  []byte
	mark  int // bytes of a byte order mark before it
	whole bool
	used  bool

	encoding encoding // of the file; head is UTF-8
}

// reader gives the whole text from the start, again and again if the source
// has random access.
func (t *text) reader() (io.Reader, error) {
	if !t.used {
		t.used = true
		if t.whole {
			return bytes.NewReader(t.head), nil
		}
		return io.MultiReader(bytes.NewReader(t.head), t.recode(t.rest)), nil
	}
	if t.whole {
		return bytes.NewReader(t.head), nil
	}
	if t.file.source.At == nil {
		return nil, &fault.Error{Kind: fault.Invalid, Err: errors.New("a stream can be read only once"), Hint: "give a file instead of standard input"}
	}
	again, err := t.file.content(io.NewSectionReader(t.file.source.At, 0, t.file.source.Size))
	if err != nil {
		return nil, err
	}
	t.file.close = chain(t.file.close, again.close)
	bare, err := skipBOM(again)
	return t.recode(bare), err
}

// from gives the text from the start of a place on; nil is that of the file.
func (t *text) from(place *frame.Place) (io.Reader, error) {
	if at := t.file.source.At; place != nil && at != nil && t.rest.extension == "" && !t.whole && t.encoding != inWestern {
		start := int64(t.mark) + place.Start
		return io.NewSectionReader(at, start, t.file.source.Size-start), nil
	}
	r, err := t.reader()
	if err != nil {
		return nil, err
	}
	return r, skip(r, place)
}

// skip reads a text up to the start of a place.
func skip(r io.Reader, place *frame.Place) error {
	if place == nil {
		return nil
	}
	_, err := io.CopyN(io.Discard, r, place.Start)
	if errors.Is(err, io.EOF) {
		return fault.New(fault.Conflict, fmt.Sprintf("ends before %d bytes, which were there", place.Start), "it was replaced while it was read: it is read again as it is now")
	}
	return err
}

func chain(first, second func()) func() {
	return func() { first(); second() }
}

func skipBOM(r io.Reader) (io.Reader, error) {
	var start [3]byte
	n, err := io.ReadFull(r, start[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return io.MultiReader(bytes.NewReader(bytes.TrimPrefix(start[:n], []byte("\xef\xbb\xbf"))), r), nil
}

// words are the spellings of a missing value in this file.
func (f *File) words(usual cell.Words) cell.Words {
	if f.options.Missing != nil {
		return cell.Configured(f.options.Missing)
	}
	return usual
}

func (t *text) csv(extension string) error {
	f := t.file
	dialect, notes, err := csv.Detect(t.head, t.whole, f.options.Header)
	if err != nil {
		return err
	}
	if dialect.Header && f.options.Headless && f.options.Header == nil {
		notes = dialect.Headless()
	}
	for i, note := range notes {
		if strings.HasPrefix(note, csv.Unbalanced) && f.source.Name != "" { // others are of many files alike
			notes[i] = f.source.Name + ": " + note + ": write a quote within a quoted cell twice"
		}
	}
	f.format, f.notes = "csv"+extension, notes
	f.heads = dialect.Heads(t.head, t.whole, f.options.Head)
	if err := t.letters(); err != nil {
		return err
	}
	f.read = func(columns []schema.Column, from *frame.Place) (frame.Reader, error) {
		r, err := t.from(from)
		if err != nil {
			return nil, err
		}
		return resumed(csv.NewReader(r, dialect, columns, f.words(cell.DefaultWords)), from)
	}
	return nil
}

func (t *text) jsonl(extension string) error {
	f := t.file
	f.format = "jsonl" + extension
	keys, heads, err := jsonl.Heads(t.head, t.whole, f.options.Head)
	if err != nil {
		return err
	}
	f.heads, f.late = heads, true
	if err := t.letters(); err != nil {
		return err
	}
	f.read = func(columns []schema.Column, from *frame.Place) (frame.Reader, error) {
		r, err := t.from(from)
		if err != nil {
			return nil, err
		}
		return resumed(jsonl.NewReader(r, keys, columns, f.words(cell.NoWords)), from)
	}
	return nil
}

func (f *File) parquet(extension string) error {
	if f.source.At == nil || extension != "" {
		return fault.New(fault.Invalid, "Parquet can only be read from a plain file", "give the unpacked file; Parquet is compressed inside")
	}
	file, err := parquet.Open(f.source.At, f.source.Size, f.source.Name)
	if err != nil {
		return err
	}
	if f.heads, err = file.Heads(f.options.Head); err != nil {
		return err
	}
	f.format, f.notes, f.rows = "parquet", file.Notes(), file.Rows()
	f.read = func(columns []schema.Column, from *frame.Place) (frame.Reader, error) {
		r, err := file.Read(columns, f.options.Missing)
		if err != nil {
			return nil, err
		}
		return resumed(r, from)
	}
	return nil
}

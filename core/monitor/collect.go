package monitor

import (
	"fmt"
	"io"
	"slices"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/frame"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/segment"
)

// Collection is what a set of files amounts to: one profile, and what has to
// be said of the files.
type Collection struct {
	Profile    *profile.Dataset
	Objects    []report.Object
	Notes      []string          // what was assumed, one line each
	Missing    []string          // contract columns that no file has
	Unexpected []string          // columns that the contract does not know
	Renamed    map[string]string // contract name -> name in the files
	Dropped    int64             // rows that could not be read; of a file that is in several windows, its share

	files []lacking
}

// Collector profiles files under one contract.
type Collector struct {
	Config   *config.Config   // never nil
	Contract *schema.Schema   // nil: inferred from the first file
	Options  *profile.Options // how much the profile keeps; nil: by the size of each file
	Windows  *windowed        // the rows by window too; nil: not wanted
	Outcomes *Outcomes        // what was predicted and came true; nil: not wanted
	Progress func(bytes int64)

	Divisions []segment.Division // the rows by segment too; of a reference Divide fills it in

	skip []episode // of windows that are left out

	reading *reading // of the file at hand
	into    Collection
	merger  profile.Merger
	guessed bool // the contract comes from the head of the first file

	counter *segment.Counter // of Survey
	assumed []string         // what Survey assumed
}

// Add reads one file into the collection. An error of kind Invalid concerns
// this file alone: nothing of it was taken, and further files may be added.
func (c *Collector) Add(src format.Source, object report.Object) error {
	file, err := c.open(src)
	if err != nil {
		return err
	}
	defer file.Close()
	notes, err := c.contract(file)
	if err != nil {
		return err
	}
	sheet, err := lay(c.Contract, file)
	if err == nil && len(c.into.Objects) > 0 {
		err = sheet.labelsAlone(c.Contract)
	}
	if err != nil {
		return err
	}
	part, faults, err := c.read(sheet)
	if err == nil && src.At != nil {
		sheet, part, faults, err = c.reconsider(sheet, part, faults)
	}
	if err == nil && len(c.skip) == 0 { // else all of it may be left out
		err = used(part.Rows, faults)
	}
	if err != nil {
		c.forget()
		return err
	}
	c.Windows.keep()
	object.Format, object.Rows = file.Format(), part.Rows
	object.Faults = Faults(faults)
	if err := c.merger.Add(part); err != nil {
		c.forget()
		return err
	}
	c.reading.keep()
	c.reading = nil
	c.into.Objects = append(c.into.Objects, object)
	c.into.Dropped += dropped(object.Faults)
	c.note(append(file.Notes(), notes...))
	c.into.place(object.Key, &sheet.Match)
	return nil
}

// Collection merges what was added.
func (c *Collector) Collection() (*Collection, error) {
	c.into.Profile = c.merger.Dataset()
	return c.into.whole(), nil
}

func (c *Collector) open(src format.Source) (*format.File, error) {
	if c.Progress != nil && src.Stream != nil {
		src.Stream = &counted{src.Stream, c.Progress}
	}
	o := options(c.Config, c.Contract)
	if c.Contract == nil {
		o.Head = 0 // the more rows to infer the contract from, the better
	}
	return format.Open(src, o)
}

// options are those of a file whose contract is known: a short look at its
// beginning tells its columns.
func options(c *config.Config, contract *schema.Schema) *format.Options {
	return &format.Options{Header: c.Header, Headless: headless(contract), Missing: c.MissingValues, Head: 500}
}

// headless tells whether the contract comes from a file without a header. The
// next one has none either, even if its first row could be taken for one.
func headless(contract *schema.Schema) bool {
	if contract == nil {
		return false
	}
	for i := range contract.Columns {
		if contract.Columns[i].Name != fmt.Sprintf("column_%d", i+1) {
			return false
		}
	}
	return len(contract.Columns) > 0
}

// contract infers the contract from the first file unless one is given.
func (c *Collector) contract(file *format.File) ([]string, error) {
	if c.Contract != nil {
		return nil, nil
	}
	later, err := file.Later(c.declared(file.Heads()))
	if err != nil {
		return nil, err
	}
	inferred, notes := schema.Infer(slices.Concat(file.Heads(), later))
	applied, more, err := c.Config.Apply(inferred)
	if err != nil {
		return nil, err
	}
	c.Contract, c.guessed = applied, true
	return append(applied.Retold(notes), more...), nil
}

// declared are the columns of the configuration that the beginning of a file
// does not have.
func (c *Collector) declared(heads []schema.Head) []string {
	var names []string
	for i := range c.Config.Columns {
		name := c.Config.Columns[i].Name
		if !slices.ContainsFunc(heads, func(h schema.Head) bool { return h.Name == name }) {
			names = append(names, name)
		}
	}
	return names
}

func (c *Collector) read(sheet *laid) (*profile.Dataset, []frame.Fault, error) {
	builder := profile.New(sheet.Columns, c.keeps(sheet.file))
	builder.Divide(c.Divisions)
	cut := c.Windows.start(sheet.Columns, c.Divisions, c.Contract, c.Outcomes)
	c.forget() // what a first look at the same file took
	c.reading = c.Outcomes.start(c.Contract, c.Divisions, sheet.Columns)
	if c.reading != nil && c.Outcomes.Joined {
		c.reading.numbers = c.Windows.number
	}
	builder.Then(c.reading.add)
	faults, err := sheet.read(skipping(c.skip, sheet.Columns, func(block *frame.Block) {
		builder.Add(block)
		cut(block)
	}))
	return sheet.of(builder.Profile()), faults, err
}

// forget drops what was taken of the file at hand.
func (c *Collector) forget() {
	c.reading.drop()
	c.reading = nil
}

// manyRows is from where on a file is too long to be kept exactly.
const manyRows = 200_000

// keeps says how much the profile of a file keeps: everything of a short one,
// what a baseline keeps of a long one.
func (c *Collector) keeps(file *format.File) *profile.Options {
	switch {
	case c.Options != nil:
		return c.Options
	case file.Rows() > manyRows:
		return &profile.Baseline
	}
	return &profile.Exact
}

// Doubtful is the share of mistyped cells from which a kind that was inferred
// from the beginning of the first file counts as a wrong guess.
const Doubtful = 0.05

// reconsider reads the first file again with kinds that fit, when the rest of
// it shows that the guess from its head was wrong. Only a contract that was
// inferred from this very file is touched.
func (c *Collector) reconsider(sheet *laid, part *profile.Dataset, faults []frame.Fault) (*laid, *profile.Dataset, []frame.Fault, error) {
	if !c.guessed || len(c.into.Objects) > 0 {
		return sheet, part, faults, nil
	}
	if !c.misjudged(part) {
		return sheet, part, faults, nil
	}
	c.forget()
	c.Outcomes.anew()
	sheet, err := lay(c.Contract, sheet.file)
	if err != nil {
		return nil, part, faults, err
	}
	part, faults, err = c.read(sheet)
	return sheet, part, faults, err
}

// misjudged mends the kinds that were guessed wrong, by the profile of the whole
// file, and tells whether there were any.
func (c *Collector) misjudged(part *profile.Dataset) bool {
	changed := false
	for _, column := range part.Columns {
		wrong := column.Mistyped > 0 && float64(column.Mistyped) > Doubtful*float64(column.Rows-column.Missing)
		if known := c.Contract.Column(column.Name); wrong && known != nil && !c.Config.Declares(column.Name) {
			known.Kind, changed = schema.Categorical, true
		}
	}
	return changed
}

// note keeps each line once: files of one batch are mostly alike.
func (c *Collector) note(lines []string) {
	for _, line := range lines {
		if !slices.Contains(c.into.Notes, line) {
			c.into.Notes = append(c.into.Notes, line)
		}
	}
}

// used is an error where a file has rows, but each of them has something wrong
// with it as a whole: then the file is.
func used(rows int64, faults []frame.Fault) error {
	for _, f := range faults {
		if rows == 0 && f.Column == "" && f.Count > 0 {
			return &fault.Error{Kind: fault.Invalid, Row: f.Row, Err: fmt.Errorf("no row can be used: %s, the first is %q", f.What, f.Text), Hint: "is the first line the header, and one delimiter used throughout?"}
		}
	}
	return nil
}

func union(a, b []string) []string {
	for _, name := range b {
		if !slices.Contains(a, name) {
			a = append(a, name)
		}
	}
	return a
}

// Faults turns what a reader found into the document's form.
func Faults(found []frame.Fault) []report.Fault {
	var faults []report.Fault
	for _, f := range found {
		faults = append(faults, report.Fault{Column: f.Column, What: f.What, Row: f.Row, Text: f.Text, Count: f.Count})
	}
	return faults
}

// counted reports how many bytes went through a stream.
type counted struct {
	io.Reader
	progress func(int64)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.progress(int64(n))
	return n, err
}

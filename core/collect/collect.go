// Package collect makes one profile of a set of files under one contract, which comes from the
// first of them where none is given, and notes what has to be said of the files: what they lack,
// what was assumed, which values make segments.
package collect

import (
	"slices"

	"leeway/core/config"
	"leeway/core/format"
	"leeway/core/frame"
	"leeway/core/lay"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/segment"
	"leeway/core/truth"
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
	Windows  Windows          // takes the rows by window too; nil: not wanted
	Outcomes *truth.Outcomes  // what was predicted and came true; nil: not wanted
	Progress func(bytes int64)

	Divisions []segment.Division // the rows by segment too; of a reference Divide fills it in

	Skip func(at int64) bool // tells of which times (Unix, nanoseconds) rows are left out; nil: of none

	reading *truth.Reading // of the file at hand
	into    Collection
	merger  profile.Merger
	guessed bool // the contract comes from the head of the first file

	counter *segment.Counter // of Survey
	assumed []string         // what Survey assumed
}

// Windows takes the rows of files by window, beside their one profile.
type Windows interface {
	// Start begins a file with these columns, and forgets what an earlier attempt at it left.
	// What it gives takes the file's blocks.
	Start(columns []schema.Column, divisions []segment.Division, contract *schema.Schema, came *truth.Outcomes) func(*frame.Block)

	// Number gives rows of a block of that file the numbers of their windows; nil where they
	// have none.
	Number(block *frame.Block) func(row int) uint16

	// Keep lets the file count.
	Keep()
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
	sheet, err := lay.Over(c.Contract, file)
	if err == nil && len(c.into.Objects) > 0 {
		err = sheet.LabelsAlone(c.Contract)
	}
	if err != nil {
		return err
	}
	part, faults, err := c.read(sheet)
	if err == nil && src.At != nil {
		sheet, part, faults, err = c.reconsider(sheet, part, faults)
	}
	if err == nil && c.Skip == nil { // else all of it may be left out
		err = lay.Used(part.Rows, faults)
	}
	if err != nil {
		c.forget()
		return err
	}
	if c.Windows != nil {
		c.Windows.Keep()
	}
	object.Format, object.Rows = file.Format(), part.Rows
	object.Faults = lay.Faults(faults)
	if err := c.merger.Add(part); err != nil {
		c.forget()
		return err
	}
	c.reading.Keep()
	c.reading = nil
	c.into.Objects = append(c.into.Objects, object)
	c.into.Dropped += lay.Dropped(object.Faults)
	c.Note(append(file.Notes(), notes...))
	c.into.place(object.Key, &sheet.Match)
	return nil
}

// Collection merges what was added.
func (c *Collector) Collection() *Collection {
	c.into.Profile = c.merger.Dataset()
	return c.into.Whole()
}

func (c *Collector) open(src format.Source) (*format.File, error) {
	if c.Progress != nil && src.Stream != nil {
		src.Stream = lay.Counted(src.Stream, c.Progress)
	}
	o := lay.Options(c.Config, c.Contract)
	if c.Contract == nil {
		o.Head = 0 // the more rows to infer the contract from, the better
	}
	return format.Open(src, o)
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

func (c *Collector) read(sheet *lay.Sheet) (*profile.Dataset, []frame.Fault, error) {
	builder := profile.New(sheet.Columns, c.keeps(sheet.File))
	builder.Divide(c.Divisions)
	take := builder.Add
	if c.Windows != nil {
		cut := c.Windows.Start(sheet.Columns, c.Divisions, c.Contract, c.Outcomes)
		take = func(block *frame.Block) {
			builder.Add(block)
			cut(block)
		}
	}
	c.forget() // what a first look at the same file took
	c.reading = c.Outcomes.Start(c.Contract, c.Divisions, sheet.Columns)
	if c.reading != nil && c.Outcomes.Joined && c.Windows != nil {
		c.reading.Numbers = c.Windows.Number
	}
	builder.Then(c.reading.Add)
	faults, err := sheet.Read(skipping(c.Skip, sheet.Columns, take))
	return sheet.Of(builder.Profile()), faults, err
}

// forget drops what was taken of the file at hand.
func (c *Collector) forget() {
	c.reading.Drop()
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
func (c *Collector) reconsider(sheet *lay.Sheet, part *profile.Dataset, faults []frame.Fault) (*lay.Sheet, *profile.Dataset, []frame.Fault, error) {
	if !c.guessed || len(c.into.Objects) > 0 {
		return sheet, part, faults, nil
	}
	if !c.misjudged(part) {
		return sheet, part, faults, nil
	}
	c.forget()
	c.Outcomes.Anew()
	sheet, err := lay.Over(c.Contract, sheet.File)
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

// Note keeps each line once: files of one batch are mostly alike.
func (c *Collector) Note(lines []string) {
	for _, line := range lines {
		if !slices.Contains(c.into.Notes, line) {
			c.into.Notes = append(c.into.Notes, line)
		}
	}
}

// skipping passes rows on whose times are not left out. Of columns as the file has them,
// the one that is the time.
func skipping(out func(at int64) bool, columns []schema.Column, take func(*frame.Block)) func(*frame.Block) {
	if out == nil {
		return take
	}
	clock := route.Router{Columns: columns}
	var kept frame.Block
	var rows []int32
	return func(block *frame.Block) {
		times := clock.Times(block)
		if times == nil {
			take(block)
			return
		}
		rows = rows[:0]
		for row := range block.Rows {
			known := times.States == nil || times.States[row] == frame.Valid
			if !known || !out(times.Times[row]) {
				rows = append(rows, int32(row))
			}
		}
		switch len(rows) {
		case 0:
		case block.Rows:
			take(block)
		default:
			block.Take(rows, &kept)
			take(&kept)
		}
	}
}

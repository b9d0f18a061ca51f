// Package lay lays a model's contract over a file, and reads the rows that come of it, with what is
// wrong with them.
package lay

import (
	"errors"
	"io"
	"slices"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/frame"
	"leeway/core/profile"
	"leeway/core/schema"
)

// Sheet is a file with a contract laid over it. Its columns are those of the file
// and, behind them, those of the contract that the file seems to lack: keys of
// JSON Lines may first appear far behind the beginning. What it lacks after all
// is missing in its rows, so that they count where other files have the column.
type Sheet struct {
	schema.Match
	File *format.File
	Own  int // how many columns its beginning shows
}

// Over lays the contract over a file. A file that has nothing of it is not this
// model's. Columns that the contract does not know are named, not read: two
// files may well mean different things by them.
func Over(contract *schema.Schema, file *format.File) (*Sheet, error) {
	match := contract.Match(file.Heads())
	known := 0
	for i := range match.Columns {
		if contract.Column(match.Columns[i].Name) != nil {
			known++
		} else {
			match.Columns[i].Kind = ""
		}
	}
	if known == 0 && len(contract.Columns) > 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Err: errors.New("the file has none of the model's columns"), Hint: "is it the log of another model, or is its header missing?"}
	}
	l := &Sheet{Match: match, File: file, Own: len(match.Columns)}
	for _, name := range slices.Concat(match.Missing, match.Late) {
		l.Columns = append(l.Columns, *contract.Column(name))
	}
	return l, nil
}

// LabelsAlone refuses a file among others that has ids and nothing of what the model knows or
// says of rows: it holds labels, and its rows would be rows without values.
func (l *Sheet) LabelsAlone(contract *schema.Schema) error {
	ids, more := false, false
	for i := range l.Columns[:l.Own] {
		known := contract.Column(l.Columns[i].Name)
		switch {
		case known == nil || known.Role == schema.Label:
			more = true
		case known.Role == schema.ID:
			ids = true
		case known.Role != schema.Timestamp && known.Role != schema.Ignore:
			return nil
		}
	}
	if !ids || !more {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Err: errors.New("the file has ids, but no column that the model knows or predicts: does it hold labels?"),
		Hint: "labels go into labels/<model>/ of a bucket, or are given by --reference-labels and --labels"}
}

// Read reads the file; then Missing and Late are what no row of it has.
func (l *Sheet) Read(take func(*frame.Block)) ([]frame.Fault, error) {
	return l.ReadOn(straight{}, take)
}

// Course is how a file is read that may be given up and gone on with.
type Course interface {
	// From is where to begin, nil for the beginning; and the columns that came late before.
	From() (*frame.Place, map[string]bool)

	// Lost is the error of a file that cannot be read from there.
	Lost(err error) error

	// Pause is called behind each block, and where there is none, with the error that says
	// so, and the columns that came late so far. Its error ends the reading.
	Pause(reader frame.Reader, found map[string]bool, err error) error
}

// straight reads a file from its beginning to its end.
type straight struct{}

func (straight) From() (*frame.Place, map[string]bool) { return nil, map[string]bool{} }
func (straight) Lost(err error) error                  { return err }
func (straight) Pause(_ frame.Reader, _ map[string]bool, err error) error {
	return err
}

// ReadOn is [Sheet.Read] from where c is, and for as long as it goes on.
func (l *Sheet) ReadOn(c Course, take func(*frame.Block)) ([]frame.Fault, error) {
	place, found := c.From()
	reader, err := l.File.ReadFrom(l.Columns, place)
	if err != nil {
		return nil, c.Lost(err)
	}
	defer reader.Close()
	var block frame.Block
	for err == nil {
		if err = reader.Next(&block); err == nil {
			for i := l.Own; i < len(block.Columns); i++ {
				if !block.Columns[i].Absent() {
					found[l.Columns[i].Name] = true
				}
			}
			take(&block)
		}
		err = c.Pause(reader, found, err)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	there := func(name string) bool { return found[name] }
	l.Missing, l.Late = slices.DeleteFunc(l.Missing, there), slices.DeleteFunc(l.Late, there)
	return reader.Faults(), err
}

// Of is a profile of the file's rows without the labels that it lacks: they come
// later, so their absence says nothing.
func (l *Sheet) Of(p *profile.Dataset) *profile.Dataset { return Omit(p, l.Late) }

// Omit gives a profile without some columns.
func Omit(p *profile.Dataset, names []string) *profile.Dataset {
	if len(names) == 0 {
		return p
	}
	return p.Keep(func(c *profile.Column) bool { return !slices.Contains(names, c.Name) })
}

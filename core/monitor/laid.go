package monitor

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

// laid is a file with a contract laid over it. Its columns are those of the file
// and, behind them, those of the contract that the file seems to lack: keys of
// JSON Lines may first appear far behind the beginning. What it lacks after all
// is missing in its rows, so that they count where other files have the column.
type laid struct {
	schema.Match
	file *format.File
	own  int // how many columns its beginning shows
}

// lay lays the contract over a file. A file that has nothing of it is not this
// model's. Columns that the contract does not know are named, not read: two
// files may well mean different things by them.
func lay(contract *schema.Schema, file *format.File) (*laid, error) {
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
	l := &laid{Match: match, file: file, own: len(match.Columns)}
	for _, name := range slices.Concat(match.Missing, match.Late) {
		l.Columns = append(l.Columns, *contract.Column(name))
	}
	return l, nil
}

// labelsAlone refuses a file among others that has ids and nothing of what the model knows or
// says of rows: it holds labels, and its rows would be rows without values.
func (l *laid) labelsAlone(contract *schema.Schema) error {
	ids, more := false, false
	for i := range l.Columns[:l.own] {
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

// read reads the file; then Missing and Late are what no row of it has.
func (l *laid) read(take func(*frame.Block)) ([]frame.Fault, error) { return l.readOn(nil, take) }

// readOn reads it from where its ingestion is.
func (l *laid) readOn(c *ingestion, take func(*frame.Block)) ([]frame.Fault, error) {
	place, found := c.from()
	reader, err := l.file.ReadFrom(l.Columns, place)
	if err != nil {
		return nil, c.lost(err)
	}
	defer reader.Close()
	var block frame.Block
	for err == nil {
		if err = reader.Next(&block); err == nil {
			for i := l.own; i < len(block.Columns); i++ {
				if !block.Columns[i].Absent() {
					found[l.Columns[i].Name] = true
				}
			}
			take(&block)
		}
		err = c.pause(reader, found, err)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	there := func(name string) bool { return found[name] }
	l.Missing, l.Late = slices.DeleteFunc(l.Missing, there), slices.DeleteFunc(l.Late, there)
	return reader.Faults(), err
}

// of is a profile of the file's rows without the labels that it lacks: they come
// later, so their absence says nothing.
func (l *laid) of(p *profile.Dataset) *profile.Dataset { return omit(p, l.Late) }

// omit gives a profile without some columns.
func omit(p *profile.Dataset, names []string) *profile.Dataset {
	if len(names) == 0 {
		return p
	}
	return p.Keep(func(c *profile.Column) bool { return !slices.Contains(names, c.Name) })
}

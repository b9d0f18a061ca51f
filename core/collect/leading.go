package collect

import (
	"slices"

	"leeway/core/format"
	"leeway/core/lay"
	"leeway/core/schema"
)

// Leading puts the file to the front that the contract has to come from. That is the
// first one that can be read, unless it holds ids and labels alone to one of the others:
// what files are called decides nothing. It looks at the beginnings of files, mostly of
// the first alone. What is wrong with one is told when it is read; so open has an error for
// a stream, which can be read once.
func Leading[T any](c *Collector, files []T, open func(file T, read func(format.Source) error) error) []T {
	if len(files) < 2 {
		return files
	}
	var best *glimpse
	at := 0
	for i, file := range files {
		var one *glimpse
		err := open(file, func(src format.Source) (err error) {
			one, err = c.glimpse(src)
			return err
		})
		if err != nil || one == nil {
			continue
		}
		if best == nil || one.leads(best) {
			best, at = one, i
		}
		if !best.bare() {
			break
		}
	}
	return slices.Concat(files[at:at+1], files[:at], files[at+1:])
}

// glimpse is what the beginning of a file tells.
type glimpse struct {
	file     *format.File // closed
	contract *schema.Schema
	said     int  // columns besides ids, times and labels
	outputs  bool // predictions or scores are among them
}

func (c *Collector) glimpse(src format.Source) (*glimpse, error) {
	o := lay.Options(c.Config, c.Contract)
	if c.Contract == nil {
		o.Head = 0
	}
	file, err := format.Open(src, o)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	g := &glimpse{file: file, contract: c.Contract}
	if g.contract == nil {
		inferred, _ := schema.Infer(file.Heads())
		if g.contract, _, err = c.Config.Apply(inferred); err != nil {
			return nil, err
		}
	}
	sheet, err := lay.Over(g.contract, file)
	if err != nil {
		return nil, err
	}
	for i := range sheet.Columns[:sheet.Own] {
		known := g.contract.Column(sheet.Columns[i].Name)
		if known == nil || slices.Contains([]schema.Role{schema.ID, schema.Timestamp, schema.Label, schema.Ignore}, known.Role) {
			continue
		}
		g.said++
		g.outputs = g.outputs || known.Role == schema.Prediction || known.Role == schema.Score
	}
	return g, nil
}

// bare tells whether a file may hold labels alone: with an unusual name a label is taken
// for a feature.
func (g *glimpse) bare() bool { return g.said <= 1 && !g.outputs }

// leads tells whether another file holds labels alone to this one.
func (g *glimpse) leads(other *glimpse) bool {
	sheet, err := lay.Over(g.contract, other.file)
	return err == nil && g.said > other.said && sheet.LabelsAlone(g.contract) != nil
}

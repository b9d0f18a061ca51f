package collect

import (
	"slices"
	"strings"

	"leeway/core/config"
	"leeway/core/format"
	"leeway/core/lay"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/segment"
)

// Rows are looked at by segments where the configuration declares them or a column
// has the role. Which values make segments of their own is decided once, on the
// reference, by a first reading of its files ([Collector.Survey]); the list is
// part of the baseline, and of what names the profiles of batches. So neither the
// order of files nor how rows are split between them matters, and all profiles of
// a baseline's time know the same segments. A profile holds those of its rows
// within it, so that whatever is done with profiles is done with segments.

// DividedBy lists the columns that divisions go by, each ascending: those that are
// declared, and the columns of role segment.
func DividedBy(c *config.Config, contract *schema.Schema) [][]string {
	var all [][]string
	add := func(names ...string) {
		by := slices.Clone(names)
		slices.Sort(by)
		if !slices.ContainsFunc(all, func(known []string) bool { return slices.Equal(known, by) }) {
			all = append(all, by)
		}
	}
	for _, names := range c.Segments {
		add(names...)
	}
	for _, column := range contract.ByRole(schema.Segment) {
		add(column.Name)
	}
	return all
}

// Survey reads a file of the reference ahead of Add, to see which values of the
// columns that make segments are frequent. All files come first to Survey, then
// [Collector.Divide] decides, and then they come to Add. Where there are no
// segments it reads nothing. Of its errors those of kind Invalid concern the file
// alone; Add gives them again.
func (c *Collector) Survey(src format.Source) error {
	if !c.Divides() {
		return nil
	}
	file, err := c.open(src)
	if err != nil {
		return err
	}
	defer file.Close()
	notes, err := c.contract(file)
	c.assumed = append(c.assumed, notes...)
	if err != nil || !c.Divides() {
		return err
	}
	sheet, err := lay.Over(c.Contract, file)
	if err != nil {
		return err
	}
	if c.guessed {
		c.guessed = false
		if sheet, err = c.settle(sheet); err != nil {
			return err
		}
	}
	return c.count(sheet)
}

// Divides tells whether there may be segments, as far as is known before files are
// read.
func (c *Collector) Divides() bool {
	contract := c.Contract
	if contract == nil {
		contract = &schema.Schema{}
		if slices.ContainsFunc(c.Config.Columns, func(c config.Column) bool { return c.Role == schema.Segment }) {
			return true
		}
	}
	return len(DividedBy(c.Config, contract)) > 0
}

// settle reads the file that the contract was guessed from, to see whether it
// holds for the rest of it.
func (c *Collector) settle(sheet *lay.Sheet) (*lay.Sheet, error) {
	builder := profile.New(sheet.Columns, &profile.Stored)
	if _, err := sheet.Read(builder.Add); err != nil || !c.misjudged(builder.Profile()) {
		return sheet, err
	}
	return lay.Over(c.Contract, sheet.File)
}

// count counts the values of a file.
func (c *Collector) count(sheet *lay.Sheet) error {
	by := DividedBy(c.Config, c.Contract)
	if c.counter == nil {
		c.counter = segment.NewCounter(by)
	}
	wanted := slices.Concat(by...)
	for i := range sheet.Columns { // nothing else is read
		if !slices.Contains(wanted, sheet.Columns[i].Name) {
			sheet.Columns[i].Kind = ""
		}
	}
	tally := c.counter.Start(sheet.Columns)
	if _, err := sheet.Read(tally.Add); err != nil {
		return err
	}
	c.counter.Take(tally)
	return nil
}

// Divide decides on the segments by what Survey saw. An error of kind Invalid
// says which columns can make none.
func (c *Collector) Divide() error {
	c.Note(c.assumed)
	if c.counter == nil {
		return nil
	}
	divisions, notes, err := c.counter.Divisions()
	c.Divisions = divisions
	c.Note(notes)
	return err
}

// Wanted are those of a baseline's divisions that the configuration still asks
// for. lacking are those that it asks for and the baseline knows nothing of.
func Wanted(divisions []segment.Division, c *config.Config, contract *schema.Schema) (asked []segment.Division, lacking []string) {
	for _, by := range DividedBy(c, contract) {
		at := slices.IndexFunc(divisions, func(d segment.Division) bool { return slices.Equal(d.By, by) })
		if at < 0 {
			lacking = append(lacking, strings.Join(by, ", "))
		} else {
			asked = append(asked, divisions[at])
		}
	}
	return asked, lacking
}

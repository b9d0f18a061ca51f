package truth

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/frame"
	"leeway/core/internal/words"
	"leeway/core/lay"
	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/report"
	"leeway/core/schema"
)

// Labels reads label files: an id and what came true, in any format and order,
// in any number of files.
type Labels struct {
	Config   *config.Config
	Contract *schema.Schema
	Shape    *outcome.Shape
	Names    []string // what the id is called: in the contract, and where logs call it otherwise
	Key      []byte   // of the hashes of ids
	Progress func(bytes int64)

	Reference *Labels // of rows of the reference alone; nil: these are of rows of either side

	classes    int // of rows of the reference: how many there are; 0: any label is taken
	into       ledger.Labels
	incomplete int64
	mistyped   int64  // of numbers: labels that are none
	example    string // where the first of them stands, and what it is
	objects    []report.Object
	notes      []string
}

// NewLabels reads labels for predictions of a shape. The error says why there can
// be none: what predictions are made of, or by what they would be found.
func NewLabels(c *config.Config, contract *schema.Schema, of *Outcomes, renamed map[string]string) (*Labels, error) {
	id := of.id(contract)
	if err := Unjoinable(of.Shape, id); err != nil {
		return nil, err
	}
	if !of.named {
		side := "current"
		if of.Against == nil {
			side = "reference"
		}
		return nil, &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("the %s data lack the id %q, so labels cannot be joined to them", side, id.Name),
			Hint: "log the id with each prediction, or name another column in the configuration: columns: {NAME: {role: id}}"}
	}
	names := []string{id.Name}
	if other := renamed[id.Name]; other != "" {
		names = append(names, other)
	}
	l := &Labels{Config: c, Contract: contract, Shape: of.Shape, Names: names}
	if of.Against == nil && of.Shape.Task == schema.Binary && of.Shape.Classes.Len() == 2 {
		l.classes = 2
	}
	return l, nil
}

// Unjoinable says why no label can be held against predictions of a shape, whose rows
// have an id; nil where they can.
func Unjoinable(shape *outcome.Shape, id *schema.Column) error {
	if shape == nil {
		return &fault.Error{Kind: fault.Invalid, Err: errors.New("the logs have neither a prediction nor a score, so labels cannot say how good they were"),
			Hint: "name the column in the configuration: columns: {NAME: {role: prediction}}"}
	}
	if id == nil {
		return &fault.Error{Kind: fault.Invalid, Err: errors.New("the logs have no column that identifies a row, so labels cannot be joined to them"),
			Hint: "name it in the configuration: columns: {NAME: {role: id}}"}
	}
	return nil
}

// Add reads one file. On an error nothing of it was taken.
func (l *Labels) Add(src format.Source, object report.Object) error {
	if l.Progress != nil && src.Stream != nil {
		src.Stream = lay.Counted(src.Stream, l.Progress)
	}
	file, err := format.Open(src, &format.Options{Header: nil, Missing: l.Config.MissingValues, Head: 500})
	if err != nil {
		return err
	}
	defer file.Close()
	columns, err := l.Lay(file.Heads())
	if err != nil {
		return err
	}
	reader, err := file.Read(columns)
	if err != nil {
		return err
	}
	defer reader.Close()
	part, mark := l.part(columns), l.into.Mark()
	if err = frame.Each(reader, part.add); err == nil {
		err = lay.Used(part.rows, reader.Faults())
	}
	if err != nil {
		l.into.Back(mark)
		return err
	}
	l.incomplete += part.incomplete
	l.settleStrays(src.Name, columns[part.label].Name, part)
	l.unreadable(src.Name, part, reader.Faults(), columns)
	object.Format, object.Rows, object.Faults = file.Format(), part.rows, lay.Faults(reader.Faults())
	l.objects = append(l.objects, object)
	l.notes = words.Union(l.notes, file.Notes())
	return nil
}

// unreadable notes labels of a file that are no numbers.
func (l *Labels) unreadable(name string, part *labelled, faults []frame.Fault, columns []schema.Column) {
	if part.mistyped == 0 {
		return
	}
	l.mistyped += part.mistyped
	for _, f := range faults {
		if f.Column != columns[part.label].Name {
			continue
		}
		example := fmt.Sprintf("%s, row %d: %s", name, f.Row, words.Quoted(f.Text))
		if l.example == "" || example < l.example {
			l.example = example
		}
		l.notes = append(l.notes, fmt.Sprintf("%s, row %d, column %q: %s is not a number; %s of this file %s left out so: %s",
			name, f.Row, f.Column, words.Quoted(f.Text), words.Plural(part.mistyped, "label"), words.Are(part.mistyped), asNumber(f.Text)))
		return
	}
}

// asNumber says what to do about a text that is no number.
func asNumber(text string) string {
	if point := strings.Replace(text, ",", ".", 1); point != text {
		if _, err := strconv.ParseFloat(point, 64); err == nil {
			return "write decimals with a point (" + point + ")"
		}
	}
	return "write plain numbers, and name texts for a missing label in missing_values"
}

// Lay finds the id and the label among the columns of a file. All others are not
// read.
func (l *Labels) Lay(heads []schema.Head) ([]schema.Column, error) {
	names := make([]string, len(heads))
	for i := range heads {
		names[i] = heads[i].Name
	}
	guess, _ := schema.Infer(heads)
	id := slices.IndexFunc(names, func(name string) bool { return slices.Contains(l.Names, name) })
	if id < 0 {
		id = only(guess, schema.ID)
	}
	if id < 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("the label file has no column %s to find its rows by; it has %s", quotedOr(l.Names), listed(names)),
			Hint: "name the column of ids as in the logs"}
	}
	label := l.label(names, guess, id)
	if label < 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("the label file has no column of labels; it has %s", listed(names)),
			Hint: "call the column as in the reference, or name it in the configuration: columns: {NAME: {role: label}}"}
	}
	columns := make([]schema.Column, len(heads))
	for i := range columns {
		columns[i] = schema.Column{Name: names[i], Role: schema.Ignore}
	}
	columns[id] = schema.Column{Name: names[id], Kind: schema.Text, Role: schema.ID}
	columns[label] = schema.Column{Name: names[label], Kind: schema.Categorical, Role: schema.Label}
	if l.Shape.Task == schema.Regression {
		columns[label].Kind = schema.Numeric
	}
	return columns, l.layVersion(columns, guess)
}

// layVersion finds the column that says which of several labels is the newest, if
// one is configured. A file that lacks it has labels older than all others.
func (l *Labels) layVersion(columns []schema.Column, guess *schema.Schema) error {
	name := l.Config.Labels.Version
	if name == "" {
		return nil
	}
	at := slices.IndexFunc(columns, func(c schema.Column) bool { return c.Name == name })
	if at < 0 {
		l.notes = words.Union(l.notes, []string{fmt.Sprintf("a label file has no column %q (labels.version): labels of others are newer", name)})
		return nil
	}
	c := guess.Columns[at]
	if columns[at].Role != schema.Ignore || c.Kind != schema.Time && !c.Kind.Quantitative() {
		return &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("the column %q is to tell which label is the newest (labels.version), and has neither times nor numbers", name),
			Hint: "name a column such as updated_at, with an instant or a number that grows"}
	}
	c.Role = schema.Feature
	columns[at] = c
	return nil
}

// label is the column that has the contract's name, else the only one beside id and
// version, else the one that its name says is.
func (l *Labels) label(names []string, guess *schema.Schema, id int) int {
	for _, c := range l.Contract.ByRole(schema.Label) {
		if at := slices.Index(names, c.Name); at >= 0 {
			return at
		}
	}
	var others []int
	for at, name := range names {
		if at != id && name != l.Config.Labels.Version {
			others = append(others, at)
		}
	}
	if len(others) == 1 {
		return others[0]
	}
	if at := only(guess, schema.Label); at != id {
		return at
	}
	return -1
}

// only is the one column of a role, -1 for none or several.
func only(s *schema.Schema, role schema.Role) int {
	at := -1
	for i := range s.Columns {
		if s.Columns[i].Role != role {
			continue
		}
		if at >= 0 {
			return -1
		}
		at = i
	}
	return at
}

func quotedOr(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, " or ")
}

func listed(names []string) string {
	const most = 8
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// labelled is a label file at hand.
type labelled struct {
	into       *ledger.Labels
	taker      *outcome.Taker
	id         int
	label      int
	version    int // its column, -1 for none
	hasher     ledger.Hasher
	rows       int64
	incomplete int64
	mistyped   int64
	classes    int // see Labels
	strays     []strayLabel
}

func (l *Labels) part(columns []schema.Column) *labelled {
	id := slices.IndexFunc(columns, func(c schema.Column) bool { return c.Role == schema.ID })
	version := slices.IndexFunc(columns, func(c schema.Column) bool { return c.Role == schema.Feature })
	label := slices.IndexFunc(columns, func(c schema.Column) bool { return c.Role == schema.Label })
	return &labelled{into: &l.into, taker: outcome.NewTaker(l.Shape, columns), id: id, label: label, version: version, hasher: ledger.Hasher{Key: l.Key}, classes: l.classes}
}

// age is the version of a label: an instant in nanoseconds, or a number by its
// order.
func (p *labelled) age(block *frame.Block, row int) int64 {
	if p.version < 0 || p.version >= len(block.Columns) {
		return ledger.Unversioned
	}
	c := &block.Columns[p.version]
	if c.Absent() || c.States != nil && c.States[row] != frame.Valid {
		return ledger.Unversioned
	}
	switch c.Type {
	case frame.Time:
		return c.Times[row]
	case frame.Float:
		bits := int64(math.Float64bits(c.Floats[row] + 0))
		if bits < 0 { // the larger the bits, the lower the number
			bits = math.MinInt64 - bits
		}
		return max(bits, ledger.Unversioned+1)
	}
	return ledger.Unversioned
}

func (p *labelled) add(block *frame.Block) {
	p.rows += int64(block.Rows)
	for row := range block.Rows {
		value, id := p.taker.Label(block, row), hashOf(&p.hasher, block, p.id, row)
		switch {
		case id != ledger.None && p.isMistyped(block, row):
			p.mistyped++
			p.into.Add(id, math.NaN(), p.age(block, row), 0)
			continue
		case math.IsNaN(value) || id == ledger.None:
			p.incomplete++
			continue
		case p.classes > 0 && int(value) >= p.classes:
			p.strays = append(p.strays, strayLabel{block.First + int64(row), id, value, p.age(block, row)})
			continue
		}
		p.into.Add(id, value, p.age(block, row), 0)
	}
}

// isMistyped tells whether a row has a label that is none of the kind.
func (p *labelled) isMistyped(block *frame.Block, row int) bool {
	if p.label >= len(block.Columns) {
		return false
	}
	c := &block.Columns[p.label]
	return !c.Absent() && c.States != nil && c.States[row] == frame.Mistyped
}

// Notes says what was assumed about label files, one line each.
func (l *Labels) Notes() []string {
	notes := l.notes
	if l.incomplete > 0 {
		notes = append(notes, fmt.Sprintf("%s of the label files %s left out for want of an id or a label", words.Plural(l.incomplete, "row"), words.Are(l.incomplete)))
	}
	return notes
}

// Objects are the label files.
func (l *Labels) Objects() []report.Object { return l.objects }

// Taken is what was read.
func (l *Labels) Taken() *ledger.Labels { return &l.into }

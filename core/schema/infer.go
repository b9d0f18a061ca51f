package schema

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
)

// Infer makes a contract from the beginning of each column. The notes say in
// plain lines what was assumed.
//
// The kind follows from the cells that hold a value, where 95% are enough and
// the others count as mistyped:
//
//   - lists of numbers are Embedding;
//   - dates and times in one layout are Time; so are 20060102 and, under a name
//     of time, counts since 1970;
//   - true/false, yes/no, t/f, y/n, on/off are Boolean, if all cells are of one
//     such pair; so are the integers 0 and 1, unless the name is that of a count
//     ("babies", "n_children");
//   - digits with leading zeros, beyond 2^53 or under a name like "zip" are
//     codes: Categorical; so are at most 12 distinct integers under a name like
//     "sex", "month", "pclass", "type_code";
//   - other numbers are Integer or Numeric;
//   - texts are Categorical; Text if they are long, or more than 100 distinct
//     ones that make up more than half of the cells;
//   - a column without any value is Categorical, which takes whatever comes.
//
// NA, N/A, NaN and NULL count as missing unless the other cells are texts.
//
// Roles follow from usual names ("Index", "timestamp", "y_pred"...), in any
// case and with any separator, and only where the values agree: an id is
// unique, a score lies between 0 and 1. Ids are Text, since the next file may
// write them otherwise. At most one column is the time, the prediction, the
// label and the weight; other instants are features. Sensitive and segment
// columns are never guessed.
func Infer(heads []Head) (*Schema, []string) {
	drafts := make([]*draft, len(heads))
	t := &tally{seed: maphash.MakeSeed()}
	for i := range heads {
		drafts[i] = newDraft(&heads[i], t)
	}
	assign(drafts)
	s := &Schema{Columns: make([]Column, len(drafts))}
	for i, d := range drafts {
		s.Columns[i] = d.column
	}
	s.Settle(nil)
	if s.pair(heads) {
		s.Positive = ""
		s.Settle(nil)
	}
	odd := s.lean(heads)
	lines := notes(s, drafts)
	if odd != "" {
		lines = append(lines, odd)
	}
	return s, lines
}

// Retold is notes of Infer with roles and task as they are once a configuration was
// applied.
func (s *Schema) Retold(notes []string) []string {
	told := slices.Clone(notes)
	for i, line := range notes {
		switch {
		case strings.HasPrefix(line, taskNote):
			told[i] = taskLine(s)
		case strings.HasPrefix(line, wordsNote):
			told[i] = s.wordsLine()
		case i == 0 && isRoleLine(line):
			told[i] = roleLine(s)
		}
	}
	return slices.DeleteFunc(told, func(line string) bool { return line == "" }) // no column has a role any more
}

const taskNote = "task: "

func taskLine(s *Schema) string {
	line := taskNote + string(s.Task)
	if s.Task == Binary {
		line += ", the positive class is " + strconv.Quote(s.Positive)
	}
	return line
}

// notes says what was assumed, one line per sort of assumption.
func notes(s *Schema, drafts []*draft) []string {
	var lines []string
	if roles := roleLine(s); roles != "" {
		lines = append(lines, roles)
	}
	if s.Task != None {
		lines = append(lines, taskLine(s))
	}
	if line := s.wordsLine(); line != "" {
		lines = append(lines, line)
	}
	for _, group := range []struct {
		why  reason
		text string
	}{
		{layout, "ambiguous dates"},
		{flags, "0 and 1 taken as false and true"},
		{codes, "integers taken as categories, by their names"},
		{digits, "digits taken as codes rather than numbers"},
		{junk, "numbers with other texts between them, which count as mistyped"},
		{lengthy, "free text, not compared as categories"},
		{entity, "ids of things that occur in several rows"},
		{empty, "no value at all"},
	} {
		var names []string
		for i, d := range drafts {
			if d.why == group.why && (group.why != flags || s.Columns[i].Kind == Boolean) {
				names = append(names, named(d))
			}
		}
		if len(names) > 0 {
			lines = append(lines, group.text+": "+list(names))
		}
	}
	return lines
}

func named(d *draft) string {
	if d.detail == "" {
		return d.column.Name
	}
	return fmt.Sprintf("%s (%s)", d.column.Name, d.detail)
}

// noted are the roles that a note names.
var noted = []Role{ID, Timestamp, Prediction, Score, Label, Weight}

func isRoleLine(line string) bool {
	return slices.ContainsFunc(noted, func(r Role) bool { return strings.HasPrefix(line, string(r)+": ") })
}

// roleLine lists the columns that are no features: "id: Index; time: timestamp".
func roleLine(s *Schema) string {
	var parts []string
	for _, role := range noted {
		var names []string
		for _, c := range s.ByRole(role) {
			name := c.Name
			if c.Class != "" {
				name += " (of " + c.Class + ")"
			}
			names = append(names, name)
		}
		if len(names) > 0 {
			parts = append(parts, string(role)+": "+list(names))
		}
	}
	return strings.Join(parts, "; ")
}

// list joins names, at most eight of them.
func list(names []string) string {
	const most = 8
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
}

// Settle brings kinds and task into line with the roles, after roles have
// changed. Classes are Categorical: the cells of a prediction or label of 0
// and 1 are "0" and "1", not "false" and "true". The task is left alone if it
// is set, and so are the kinds of the columns named in fixed, and Positive.
//
//   - binary: a prediction or label of at most two classes, or a score alone;
//     the positive class is "1" or "true", else that of the only score where it
//     has one, else the last in order, as in scikit-learn;
//   - multiclass: more classes; integers count as classes up to 10 of them;
//   - regression: a prediction or label that is a number;
//   - none: neither prediction, score nor label.
func (s *Schema) Settle(fixed map[string]bool) {
	outputs := append(s.ByRole(Prediction), s.ByRole(Label)...)
	if len(outputs) == 0 {
		s.settleScores()
		return
	}
	numbers := s.Task == Regression || s.Task == "" && outputs[0].Role == Prediction && !outputs[0].classes() ||
		s.Task == "" && outputs[0].Role == Label && !outputs[0].classes() && len(s.ByRole(Score)) == 0
	classes := map[string]bool{}
	boolean := false
	for _, c := range outputs {
		switch {
		case fixed[c.Name]:
		case !numbers && (c.Kind.Quantitative() || c.ZeroOne()):
			c.Kind = Categorical
		case s.Task == Regression && c.Kind.Discrete() && c.numbers():
			c.Kind = Numeric
		}
		boolean = boolean || c.Kind == Boolean
		for _, value := range c.Values {
			classes[s.means(value)] = true
		}
	}
	if s.Task == "" {
		switch {
		case numbers:
			s.Task = Regression
		case boolean || len(classes) == 1 || len(classes) == 2 || s.twoPairs(): // 0: more than were kept
			s.Task = Binary
		default:
			s.Task = Multiclass
		}
	}
	if s.Task == Binary && s.Positive == "" {
		if s.Apart() { // nothing tells what a label would be to the model
			outputs = s.ByRole(Prediction)
			boolean = outputs[0].Kind == Boolean
		}
		s.Positive = positive(outputs, boolean, scored(s.ByRole(Score)))
	}
}

// twoPairs tells whether predictions have two classes and labels two others.
func (s *Schema) twoPairs() bool {
	prediction, label := s.outputs()
	return s.Apart() && len(s.distinct(prediction)) == 2 && len(s.distinct(label)) == 2
}

func (s *Schema) settleScores() {
	scores := s.ByRole(Score)
	if s.Task == "" {
		switch {
		case len(scores) == 0:
			s.Task = None
		case len(scores) > 2:
			s.Task = Multiclass
		default:
			s.Task = Binary
		}
	}
	if s.Task == Binary && s.Positive == "" {
		s.Positive = cmp.Or(scored(scores), "1")
	}
}

// classes tells whether a prediction or label holds classes rather than numbers.
func (c *Column) classes() bool {
	const most = 10
	return !c.Kind.Quantitative() || c.Kind == Integer && c.Values != nil && len(c.Values) <= most
}

// ZeroOne tells whether a column is Boolean because it holds 0 and 1.
func (c *Column) ZeroOne() bool {
	return c.Kind == Boolean && len(c.Values) > 0 && boolFamily(c.Values[0]) < 0
}

// numbers tells whether all values that were seen are numbers.
func (c *Column) numbers() bool {
	for _, value := range c.Values {
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return false
		}
	}
	return len(c.Values) > 0
}

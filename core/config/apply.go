package config

import (
	"fmt"
	"slices"

	"leeway/core/schema"
)

// Apply lays the configuration over an inferred contract and gives a new one;
// s stays as it is. The notes say where data and configuration differ without
// being wrong. The error joins one fault per column that the data does not
// have, placed in the file like those of [Parse].
//
// A role that only one column can have (time, prediction, label, weight) moves
// to the column that the configuration names; so do scores. A label that the
// data lacks is added: labels come later.
func (c *Config) Apply(s *schema.Schema) (*schema.Schema, []string, error) {
	out := &problems{name: c.name}
	merged := &schema.Schema{Task: c.Task, Positive: c.Positive, Threshold: c.Threshold, Missing: s.Missing, Columns: slices.Clone(s.Columns), Segments: c.Segments, Costs: c.Costs}
	if c.MissingValues != nil {
		merged.Missing = slices.Clone(c.MissingValues)
	}
	notes := c.known(merged, out)
	if err := out.err(); err != nil {
		return nil, nil, err
	}
	fixed := c.lay(merged)
	c.worded(merged, s)
	notes = append(notes, c.turned(merged)...)
	scoredAlone(merged, s)
	merged.Settle(fixed)
	c.reworded(merged, fixed)
	notes = append(notes, c.grouped(merged)...)
	c.undividable(merged, out)
	c.costed(merged, out)
	notes = append(notes, c.named(merged, out)...)
	if err := out.err(); err != nil {
		return nil, nil, err
	}
	if merged.Task != schema.Binary {
		merged.Threshold = nil
		if merged.Task != schema.Multiclass {
			merged.Positive = ""
		}
	}
	return merged, append(notes, c.idleThreshold(merged)...), nil
}

// known looks whether the data has the columns that are configured, and adds a label
// that it lacks.
func (c *Config) known(merged *schema.Schema, out *problems) (notes []string) {
	var names []string
	for i := range merged.Columns {
		names = append(names, merged.Columns[i].Name)
	}
	for i := range c.Columns {
		col := &c.Columns[i]
		if merged.Column(col.Name) != nil {
			continue
		}
		if col.Role != schema.Label {
			out.add(col.place, fmt.Sprintf("the data has no column %q", cut(col.Name)), meant(col.Name, names))
			continue
		}
		merged.Columns = append(merged.Columns, schema.Column{Name: col.Name, Kind: c.labelKind(), Role: schema.Label})
		notes = append(notes, fmt.Sprintf("label %s is not in the reference: it is expected to come later", col.Name))
	}
	for _, group := range c.Segments {
		for _, name := range group {
			if merged.Column(name) == nil {
				out.add(c.places[name], fmt.Sprintf("the data has no column %q to make segments of", cut(name)), meant(name, names))
			}
		}
	}
	return notes
}

// scoredAlone settles the task where all that tells is one score, or one of each class of two, and
// a label that the data lack: its classes nobody has seen.
func scoredAlone(merged, inferred *schema.Schema) {
	labels, scores := merged.ByRole(schema.Label), len(merged.ByRole(schema.Score))
	if merged.Task != "" || len(labels) != 1 || len(merged.ByRole(schema.Prediction)) > 0 || scores == 0 || scores > 2 {
		return
	}
	if inferred.Column(labels[0].Name) == nil {
		merged.Task = schema.Binary
	}
}

// idleThreshold says why a configured threshold has no effect, where it has none.
func (c *Config) idleThreshold(merged *schema.Schema) (notes []string) {
	switch {
	case c.Threshold == nil:
	case merged.Task != schema.Binary:
		notes = append(notes, "threshold has no effect: the task is not binary")
	case len(merged.ByRole(schema.Prediction)) > 0:
		notes = append(notes, fmt.Sprintf("threshold has no effect: the column %s says what was predicted", merged.ByRole(schema.Prediction)[0].Name))
	case len(merged.ByRole(schema.Score)) == 0:
		notes = append(notes, "threshold has no effect: there is no score")
	}
	return notes
}

// turned says that the only score is taken to be of another class than the configured
// positive one by the data alone: then that one has what is left to 1.
func (c *Config) turned(s *schema.Schema) (notes []string) {
	scores := s.ByRole(schema.Score)
	if c.Positive == "" || len(scores) != 1 || scores[0].Class == "" || scores[0].Class == c.Positive {
		return nil
	}
	one := scores[0]
	for i := range c.Columns {
		if c.Columns[i].Name == one.Name && c.Columns[i].Class != "" {
			return nil // it is as somebody said
		}
	}
	return []string{fmt.Sprintf("the score %s is taken to be of %s, by the data: %s has 1 - %[1]s; if it is of %[3]s, say so: columns: {%[1]s: {class: %[3]q}}", one.Name, one.Class, c.Positive)}
}

// grouped finds the sensitive columns that rows cannot be grouped by: they are left
// alone.
func (c *Config) grouped(s *schema.Schema) (notes []string) {
	for i := range s.Columns {
		if col := &s.Columns[i]; col.Role == schema.Sensitive && !col.Kind.Groups() {
			hint := "log a column with its groups, the age for example"
			if col.Kind == schema.Text {
				hint = fmt.Sprintf("if its values are few, say so: columns: {%s: {kind: categorical}}", col.Name)
			}
			notes = append(notes, fmt.Sprintf("%s column %s is of kind %s, which makes no groups: %s", col.Role, col.Name, col.Kind, hint))
		}
	}
	return notes
}

// labelKind is the kind of a label that nobody has seen yet.
func (c *Config) labelKind() schema.Kind {
	if c.Task == schema.Regression {
		return schema.Numeric
	}
	return schema.Categorical
}

// lay writes the columns of the configuration over those of the contract. It
// gives the names of the columns whose kind is configured.
func (c *Config) lay(s *schema.Schema) map[string]bool {
	taken := map[schema.Role]bool{}
	for i := range c.Columns {
		switch role := c.Columns[i].Role; role {
		case schema.Timestamp, schema.Prediction, schema.Score, schema.Label, schema.Weight:
			taken[role] = true
		}
	}
	for i := range s.Columns {
		if col := &s.Columns[i]; taken[col.Role] {
			col.Role, col.Class = schema.Feature, ""
		}
	}
	fixed := map[string]bool{}
	for i := range c.Columns {
		from := &c.Columns[i]
		fixed[from.Name] = from.Kind != ""
		from.over(s.Column(from.Name))
	}
	return fixed
}

// over writes what the configuration says over what was inferred.
func (from *Column) over(to *schema.Column) {
	if from.Role != "" {
		was := to.Role
		to.Role = from.Role
		if from.Kind == "" {
			to.Kind = roleKind(from.Role, was, to)
		}
	}
	if from.Kind != "" && from.Kind != to.Kind {
		to.Kind, to.Layout = from.Kind, ""
	}
	if from.Layout != "" {
		to.Kind, to.Layout = schema.Time, from.Layout
	}
	if to.Role == schema.ID { // whatever it looks like: labels are found by its text
		to.Kind, to.Layout = schema.Text, ""
	}
	if from.Class != "" {
		to.Class = from.Class
	}
	to.Min, to.Max, to.Missing = from.Min, from.Max, from.Missing
	to.Allowed, to.Methods = from.Allowed, from.Methods
}

// roleKind is the kind that a role calls for where none is configured: an id
// is compared as text, an instant as time, a score as a number; and what was
// taken for an id by mistake is a category.
func roleKind(role, was schema.Role, c *schema.Column) schema.Kind {
	switch {
	case role == schema.ID:
		return schema.Text
	case role == schema.Timestamp:
		return schema.Time
	case (role == schema.Score || role == schema.Weight) && !c.Kind.Quantitative():
		return schema.Numeric
	case was == schema.ID && role != schema.Ignore:
		return schema.Categorical
	}
	return c.Kind
}

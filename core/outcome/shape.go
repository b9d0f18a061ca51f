package outcome

import (
	"leeway/core/schema"
	"leeway/core/segment"
)

// Exact is the budget of one comparison: exact to at least 100,000 rows.
const Exact = 131072

// NewShape is what rows under a contract amount to, nil where they cannot be
// judged: without a task, or without prediction and score.
func NewShape(contract *schema.Schema, budget int) *Shape {
	scores, predictions := contract.ByRole(schema.Score), contract.ByRole(schema.Prediction)
	s := &Shape{Task: contract.Task, Positive: -1, Favoured: -1, Weighted: len(contract.ByRole(schema.Weight)) > 0, Budget: budget, Groups: newGroups(contract)}
	switch contract.Task {
	case schema.Binary, schema.Multiclass:
		if len(scores)+len(predictions) == 0 {
			return nil
		}
	case schema.Regression:
		if len(predictions) == 0 {
			return nil
		}
		return s
	default:
		return nil
	}
	s.Classes = NewClasses(contract.Task, contract.Words)
	if contract.Task == schema.Binary {
		s.Positive = s.Classes.Code(contract.Positive)
		s.Favoured, s.Threshold = s.Positive, contract.Threshold
		if len(scores) > 0 {
			s.Scored = []int32{s.Positive}
		}
		return s
	}
	if contract.Positive != "" {
		s.Favoured = s.Classes.Code(contract.Positive)
	}
	for _, c := range scores {
		if c.Class != "" {
			s.Scored = append(s.Scored, s.Classes.Code(c.Class))
		}
	}
	return s
}

// Many tells whether rows have the scores of several classes, so that only rows
// and no column tells the highest of them.
func (s *Shape) Many() bool { return s.Task == schema.Multiclass && len(s.Scored) > 0 }

// Bare is the shape without groups: of rows that are not to be told apart.
func (s *Shape) Bare() *Shape {
	if s == nil || s.Groups == nil {
		return s
	}
	bare := *s
	bare.Groups = nil
	return &bare
}

// GroupedBy are the names of the columns that rows are grouped by.
func (s *Shape) GroupedBy() (names []string) {
	if s != nil && s.Groups != nil {
		for _, c := range s.Groups.Columns {
			names = append(names, c.Name)
		}
	}
	return names
}

// Apart is a shape with the same classes and groups by the same codes that may learn
// others by itself.
func (s *Shape) Apart() *Shape {
	apart := *s
	if s.Classes != nil {
		apart.Classes = s.Classes.clone()
	}
	if s.Groups != nil {
		apart.Groups = s.Groups.clone()
	}
	return &apart
}

// Divide says which values make segments of their own: those that profiles are divided
// by, so that both tell of the same segments. All other rows are one more. These values
// are told apart however many others a column has.
func (s *Shape) Divide(divisions []segment.Division) *Shape {
	if s == nil || s.Groups == nil {
		return s
	}
	for i := range s.Groups.Partitions {
		if p := &s.Groups.Partitions[i]; p.Segment {
			s.Groups.divide(p, divisions)
		}
	}
	return s
}

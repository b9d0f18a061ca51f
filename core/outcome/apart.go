package outcome

import "slices"

// fewestApart is how many labelled rows it takes to see that no label is ever predicted:
// fewer may be wrong by chance.
const fewestApart = 10

// Apart tells whether no class that was predicted ever came true, nor the other way
// round, among more classes than a model that is merely wrong would need: labels and
// predictions are other words for the same classes, and nobody knows which for which.
func (s *Summary) Apart() bool {
	if s == nil || s.Shape.Classes == nil || s.Labelled < fewestApart {
		return false
	}
	predicted := map[int32]bool{}
	for pair := range s.Confusion {
		predicted[pair.Predicted] = true
	}
	classes := len(predicted)
	for code, n := range s.Came {
		switch {
		case n == 0:
		case predicted[int32(code)]:
			return false
		default:
			classes++
		}
	}
	return len(predicted) > 0 && classes > 2
}

// Disown gives a summary of the same rows as rows without labels, which knows what was
// predicted and in what words their labels were: of a reference that is [Summary.Apart].
func (s *Summary) Disown() *Summary {
	bare := New(s.Shape)
	bare.Rows, bare.Strange = s.Rows, s.Came
	bare.Said.Predicted = make([]int64, s.Shape.Classes.Len())
	for pair, cell := range s.Confusion {
		bare.Said.Predicted[pair.Predicted] += cell.Rows
	}
	return bare
}

// Predicts tells a summary of rows none of which has a label what was predicted in them, by
// code, so that it is known in what words. Nothing is estimated from that.
func (s *Summary) Predicts(counts []int64) {
	if s != nil && s.Labelled == 0 && s.Strange == nil && s.Shape.Classes != nil {
		s.Said.Predicted = slices.Clone(counts)
	}
}

// Nothing takes no label.
func Nothing(shape *Shape) *Admission {
	if shape == nil || shape.Classes == nil {
		return nil
	}
	return &Admission{shape: shape, classes: -1, refused: true}
}

// strange lists the classes of labels that do not count because no prediction is ever one
// of them.
func (a *Admission) strange(reference *Summary) (names []string) {
	if reference == nil {
		return nil
	}
	var codes []int32
	for code, n := range reference.Strange {
		if n > 0 {
			codes = append(codes, int32(code))
		}
	}
	return a.called(codes)
}

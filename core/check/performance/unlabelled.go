package performance

import (
	"fmt"

	"leeway/core/check"
	"leeway/core/internal/words"
)

// unlabelledReference says that how good the model was before is not known, so that nobody can tell
// whether it became worse. How good it is now is: the window is not unknown by that.
func unlabelledReference(ref, cur *side, l *check.Labelled) []check.Evidence {
	reason := ref.unlabelled(l)
	if cur.rows() == 0 || reason == "" || l.Odd != nil && len(l.Odd.Strange) > 0 {
		return nil
	}
	hint := "Go by the metrics and their intervals meanwhile, and give the reference labels: a column of role label, or label files with its ids (labels/ of the bucket, --reference-labels of check); or build a baseline of newer rows that have labels (leeway baseline build)."
	if b := l.Before; ref.rows() == 0 && b != nil && b.Contradicted+b.Unread > 0 {
		hint = "Go by the metrics and their intervals meanwhile. Find out which source of the reference's labels is wrong, and deliver only the right one."
	}
	e := unknown(l, fmt.Sprintf("Whether the model became worse is not known: %s.", reason), hint)
	e.Metric, e.Value, e.NReference, e.NCurrent = check.UnlabelledReference, float64(ref.rows()), ref.rows(), cur.rows()
	return []check.Evidence{e}
}

// unlabelled says why nothing can be held against a side as the reference; "" where it can.
func (s *side) unlabelled(l *check.Labelled) string {
	before := l.Before
	switch {
	case s.rows() >= fewest && s.Weighed == s.Labelled:
		return "no labelled row of the reference has a weight above 0"
	case s.rows() >= fewest:
		return ""
	case s.rows() > 0:
		return fmt.Sprintf("of the reference only %s", labelled(s.rows()))
	case before != nil && before.Contradicted > 0:
		return fmt.Sprintf("all labels of the reference contradict each other (%s), so none of them counts", words.Plural(before.Contradicted, "row"))
	case before != nil && before.Unread > 0:
		return "no label of the reference is a number"
	}
	return "the reference has no labels"
}

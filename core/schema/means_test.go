package schema

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said are rows of a prediction, a label and perhaps a score, which is high where the
// first of two is said, by the words of both.
func said(scored bool, predictions, labels [2]string) []Head {
	score, prediction, label := Head{Name: "score"}, Head{Name: "prediction"}, Head{Name: "label"}
	for i := range 400 {
		x := float64(i%100) / 100
		p, l := 1, 1
		if x >= 0.5 {
			p = 0
		}
		if (i*37)%100 < i%100 {
			l = 0
		}
		score.Cells = append(score.Cells, Cell{NativeText, strconv.FormatFloat(x, 'g', -1, 64)})
		prediction.Cells = append(prediction.Cells, Cell{NativeText, predictions[p]})
		label.Cells = append(label.Cells, Cell{NativeText, labels[l]})
	}
	if !scored {
		return []Head{prediction, label}
	}
	return []Head{score, prediction, label}
}

// TestOtherWords: predictions and labels that call two classes by other words.
func TestOtherWords(t *testing.T) {
	for name, test := range map[string]struct {
		scored              bool
		predictions, labels [2]string
		words               map[string]string
		positive            string
		apart               bool
		note                string
	}{
		"the same":             {true, [2]string{"1", "0"}, [2]string{"1", "0"}, nil, "1", false, ""},
		"words of truth":       {false, [2]string{"yes", "no"}, [2]string{"1", "0"}, nil, "true", false, "prediction says no, yes and label says 0, 1: taken as the same"},
		"positive":             {false, [2]string{"Positive", "Negative"}, [2]string{"1", "0"}, nil, "1", false, "taken as the same"},
		"codes from 1 on":      {true, [2]string{"1", "0"}, [2]string{"2", "1"}, nil, "", false, "prediction says 0, 1 and label says 1, 2: 1 is taken for the same class in both; if it is not, write labels as predictions are"},
		"codes from 0 on":      {true, [2]string{"2", "1"}, [2]string{"1", "0"}, nil, "", false, "1 is taken for the same class in both"},
		"another code of one":  {true, [2]string{"1", "0"}, [2]string{"1", "-1"}, nil, "", false, ""},
		"told by scores":       {true, [2]string{"churned", "stayed"}, [2]string{"1", "0"}, map[string]string{"churned": "1", "stayed": "0"}, "1", false, `by the scores churned is 1 and stayed is 0; if not, say so: labels: {map: {"churned": "0", "stayed": "1"}}`},
		"labels are the words": {true, [2]string{"1", "0"}, [2]string{"churned", "stayed"}, map[string]string{"churned": "1", "stayed": "0"}, "1", false, "by the scores"},
		"two pairs of words":   {true, [2]string{"stayed", "churned"}, [2]string{"KEEP", "LEAVE"}, map[string]string{"stayed": "KEEP", "churned": "LEAVE"}, "KEEP", false, "by the scores"},
		"not told":             {false, [2]string{"churned", "stayed"}, [2]string{"1", "0"}, nil, "stayed", true, `prediction says churned, stayed and label says 0, 1: nobody can tell which is which, so no label counts; say what each label means: labels: {map: {"0": ..., "1": ...}}`},
		"not told, of truth":   {false, [2]string{"churned", "stayed"}, [2]string{"yes", "no"}, nil, "stayed", true, "nobody can tell"},
	} {
		s, notes := Infer(said(test.scored, test.predictions, test.labels))
		all := strings.Join(notes, "\n")
		if (s.Task == Binary) != (test.positive != "") || s.Positive != test.positive || s.Apart() != test.apart || !strings.Contains(all, test.note) || test.note == "" && strings.Contains(all, "classes: ") {
			t.Errorf("%s: %s, positive %q, apart %v: %q", name, s.Task, s.Positive, s.Apart(), notes)
		}
		if diff := cmp.Diff(test.words, s.Words); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestWordsOfSeveral: among several classes words of truth are words, so that each is what
// the map says of it and of no other.
func TestWordsOfSeveral(t *testing.T) {
	s := &Schema{Task: Multiclass, Words: map[string]string{"t": "tree", "on": "onion"}, Columns: []Column{
		{Name: "p", Role: Prediction, Kind: Categorical, Values: []string{"oak", "tree"}},
		{Name: "y", Role: Label, Kind: Categorical, Values: []string{"ash", "on"}},
	}}
	for range 20 {
		if !s.Apart() {
			t.Fatal("on is a tree")
		}
	}
}

// TestUnmapped: who has three classes reads of all three.
func TestUnmapped(t *testing.T) {
	for want, from := range map[string][]string{
		`"0": ..., "1": ..., "2": ...`:      {"0", "1", "2"},
		`"a": ..., "b": ..., "c": ..., ...`: {"a", "b", "c", "d"},
	} {
		if got := Unmapped(from); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

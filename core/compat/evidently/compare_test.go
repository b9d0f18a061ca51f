package evidently

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"leeway/core/format"
	"leeway/core/report"
)

func compare(t *testing.T, ref, cur string) (*report.Compat, map[string]report.CompatColumn) {
	t.Helper()
	c := Compare(side(t, []byte(ref)), side(t, []byte(cur)))
	found := map[string]report.CompatColumn{}
	for _, s := range append(c.Scores, c.Skipped...) {
		found[s.Column] = s
	}
	return c, found
}

// table repeats rows under a header.
func table(header string, times int, rows ...string) string {
	return header + "\n" + strings.Repeat(strings.Join(rows, "\n")+"\n", times)
}

// TestReasons: where Evidently stops, or says nothing, there is a reason and no
// score.
func TestReasons(t *testing.T) {
	ref := table("a,b,c,d,n,flag", 20, "1.5,x,,word,1,True", "2.5,y,,other,2,")
	cur := table("a,b,c,d,n,flag,new", 20, ",x,3.5,1.5,1,True,1.5", ",y,4.5,2.5,2,,2.5")
	c, found := compare(t, ref, cur)
	for column, want := range map[string]string{
		"a":    "the current side has no values: Evidently stops with an error",
		"c":    "the reference has no values: Evidently stops with an error",
		"d":    "the reference is not numeric: Evidently stops with an error",
		"new":  "the reference lacks the column: Evidently stops with an error",
		"flag": "Evidently compares no column of this type",
	} {
		if g := found[column]; g.Reason != want || g.Score != nil || g.Drifted != nil {
			t.Errorf("%s: %+v, want %q", column, g, want)
		}
	}
	if c.Columns != 6 || c.Undecided != 4 || c.Drifted != 0 || c.Share == nil || *c.Share != 0 || c.Dataset != nil {
		t.Errorf("%+v", c)
	}
	if len(c.Skipped) != 1 {
		t.Errorf("skipped: %+v", c.Skipped)
	}
}

// TestText: free text is named with its method, and not scored.
func TestText(t *testing.T) {
	var ref, cur bytes.Buffer
	ref.WriteString("id,x\n")
	cur.WriteString("id,x\n")
	for i := range 1200 {
		name := "word" + strings.Repeat("z", i%40) + string(rune('a'+i%26)) + strings.Repeat("y", i/40)
		ref.WriteString(name + ",a\n")
		cur.WriteString(name + ",b\n")
	}
	c, found := compare(t, ref.String(), cur.String())
	if g := found["id"]; g.Type != "text" || g.Method != "abs_text_content_drift" || g.Score != nil || g.Reason == "" {
		t.Errorf("%+v", g)
	}
	if g := found["x"]; g.Drifted == nil || !*g.Drifted {
		t.Errorf("%+v", g)
	}
	// One of two has drifted whatever becomes of the other: that is half.
	if c.Dataset == nil || !*c.Dataset {
		t.Errorf("%+v", c)
	}
}

// TestEmpty: no rows and no columns are no reason to stop.
func TestEmpty(t *testing.T) {
	c, _ := compare(t, table("a,b", 5, "1,2"), "a,b\n")
	if c.Columns != 2 || c.Undecided != 2 {
		t.Errorf("%+v", c)
	}
	if c := Compare(&Side{}, &Side{}); c.Columns != 0 || c.Share != nil || c.Dataset != nil {
		t.Errorf("%+v", c)
	}
}

// TestJSONLines: values have the types that the file gives them.
func TestJSONLines(t *testing.T) {
	lines := strings.Repeat(`{"n": 1, "x": 1.0, "s": "1", "b": true, "l": [1]}`+"\n"+`{"n": 2, "x": 2.5, "s": "2", "b": false, "l": [2]}`+"\n", 10)
	_, found := compare(t, lines, lines)
	for column, want := range map[string]string{"n": "cat", "x": "num", "s": "cat", "b": "cat", "l": "unknown"} {
		if found[column].Type != want {
			t.Errorf("%s: %+v, want %s", column, found[column], want)
		}
	}
}

// TestFilesThatLackColumns: a row of a file without a column has no value there,
// which makes integers floats.
func TestFilesThatLackColumns(t *testing.T) {
	whole, first, second := table("n,x,m", 20, "1,2.5,3", "2,3.5,4"), table("n,x", 10, "1,2.5", "2,3.5"), table("x,m", 10, "2.5,3", "3.5,4")
	for what, c := range map[string]struct {
		files [][]byte
		want  string
	}{
		"one file":   {[][]byte{[]byte(whole)}, "cat"},
		"two halves": {[][]byte{[]byte(first), []byte(second)}, "num"},
	} {
		current := side(t, c.files...)
		for _, column := range Compare(current, current).Scores {
			if want := map[string]string{"n": c.want, "x": "num", "m": c.want}[column.Column]; column.Type != want {
				t.Errorf("%s: %+v, want %s", what, column, want)
			}
		}
	}
}

// TestHalfAFile: of a file that breaks off nothing is taken.
func TestHalfAFile(t *testing.T) {
	gone := errors.New("gone")
	stream := io.MultiReader(strings.NewReader(table("n,x", 400_000, "3,2.5", "4,3.5")), iotest.ErrReader(gone))
	file, err := format.Open(format.Source{Name: "half", Stream: stream}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := side(t, []byte(table("n,x", 10, "1,2.5", "2,3.5")))
	if err := s.Add(file); !errors.Is(err, gone) || s.rows != 20 || len(s.find("n").counts) != 2 || s.find("n").missing != 0 {
		t.Errorf("%v, %d rows", err, s.rows)
	}
}

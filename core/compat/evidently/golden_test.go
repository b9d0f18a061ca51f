package evidently

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"leeway/core/format"
	"leeway/core/internal/golden"
	"leeway/core/report"
)

// sharedData holds public data sets, where somebody put them.
const sharedData = "../../../../shared/data/"

// want is what Evidently says of a table (scripts/golden/compat.py).
type want struct {
	Name               string
	Reference, Current string  // files
	ReferenceLines     *[2]int `json:"reference_lines"`
	CurrentLines       *[2]int `json:"current_lines"`
	N, M               int     // of a drawn table
	Seed               uint64
	Columns            []struct {
		Column, Type, Method string
		Threshold, Score     *float64
		Drifted              *bool
		Error                bool
	}
	Drifted, Share float64
}

// recipe is a column of the drawn tables.
type recipe struct {
	shape         string
	factor, shift float64
	how           string
}

func (w *want) String() string { return w.Name }

// TestGoldenEvidently compares types, methods, scores, thresholds and decisions
// of every column, and the verdict on the table, with Evidently's own. Tables
// of public data are left out where those are not here.
func TestGoldenEvidently(t *testing.T) {
	var file struct {
		Drawn [][4]any
		Cases []want
	}
	golden.Load(t, "testdata/evidently.json", &file)
	var recipes []recipe
	for _, d := range file.Drawn {
		recipes = append(recipes, recipe{d[0].(string), d[1].(float64), d[2].(float64), d[3].(string)})
	}
	var tally golden.Tally
	for i := range file.Cases {
		w := &file.Cases[i]
		ref, cur, err := w.sides(recipes)
		if errors.Is(err, fs.ErrNotExist) {
			t.Logf("%s is left out: %v", w.Name, err)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		tally.Cases++
		w.compare(t, Compare(side(t, ref), side(t, cur)), &tally)
	}
	tally.Log(t, "Evidently's decisions")
}

// TestGoldenNumbers: a number is what pandas makes of its text, to the bit, and
// a column what Evidently makes of its cells.
func TestGoldenNumbers(t *testing.T) {
	var file struct {
		Numbers [][2]string
		Dtypes  [][2]json.RawMessage
	}
	golden.Load(t, "testdata/evidently.json", &file)
	tally := golden.Tally{Cases: len(file.Numbers)}
	for _, n := range file.Numbers {
		bits, err := strconv.ParseUint(n[1], 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		tally.Near(t, "bits", float64(math.Float64bits(spelt(n[0]))^bits), 0, 1e-300, golden.At(n[0]))
	}
	tally.Log(t, "numbers as pandas reads")
	for _, d := range file.Dtypes {
		var cells []string
		var want string
		if err := errors.Join(json.Unmarshal(d[0], &cells), json.Unmarshal(d[1], &want)); err != nil {
			t.Fatal(err)
		}
		c := &column{spelt: true, counts: map[string]int64{}}
		for _, cell := range cells {
			c.counts[cell] += 4
		}
		if got := c.series().kind(); string(got) != want {
			t.Errorf("%q is %s, want %s", cells, got, want)
		}
	}
}

func side(t *testing.T, files ...[]byte) *Side {
	t.Helper()
	s := &Side{}
	for _, text := range files {
		file, err := format.Open(format.Source{Name: "table", Stream: bytes.NewReader(text), At: bytes.NewReader(text), Size: int64(len(text))}, nil)
		if err == nil {
			err = errors.Join(s.Add(file), file.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (w *want) compare(t *testing.T, got *report.Compat, tally *golden.Tally) {
	t.Helper()
	found := map[string]report.CompatColumn{}
	for _, c := range append(got.Scores, got.Skipped...) {
		found[c.Column] = c
	}
	drifted, compared := 0.0, 0.0
	for _, c := range w.Columns {
		at := golden.At(w.Name + " " + c.Column)
		g, ok := found[c.Column]
		if !ok || g.Type != c.Type || (c.Method != "" || g.Title != "") && g.Title != c.Method {
			t.Errorf("%s: %+v, want type %s and method %s", at, g, c.Type, c.Method)
			continue
		}
		if (g.Score == nil) != (c.Score == nil) || (g.Drifted == nil) != (c.Score == nil) || g.Score == nil && g.Reason == "" {
			t.Errorf("%s: %+v, want score %v", at, g, c.Score)
			continue
		}
		if c.Score == nil {
			continue
		}
		compared++
		switch {
		case g.Method == "z": // 1 minus a number near 1
			tally.Near(t, "z", *g.Score, *c.Score, 1e-12, at)
		case *c.Threshold == 0.05:
			tally.P(t, g.Method, *g.Score, *c.Score, at)
		default:
			tally.Value(t, g.Method, *g.Score, *c.Score, 1e-9, at)
		}
		if *g.Drifted != *c.Drifted || *g.Threshold != *c.Threshold {
			t.Errorf("%s: drifted %v at %g, want %v at %g", at, *g.Drifted, *g.Threshold, *c.Drifted, *c.Threshold)
		}
		if *c.Drifted {
			drifted++
		}
	}
	if drifted != w.Drifted || math.Abs(drifted/compared-w.Share) > 1e-12 || float64(got.Drifted) != w.Drifted {
		t.Errorf("%s: %d drifted, want %g (%g)", w.Name, got.Drifted, w.Drifted, w.Share)
	}
}

// sides gives the CSV text of both sides.
func (w *want) sides(recipes []recipe) (ref, cur []byte, err error) {
	if w.Reference == "" {
		return drawn(recipes, w.N, w.Seed, false), drawn(recipes, w.M, w.Seed+1, true), nil
	}
	if ref, err = cut(w.Reference, w.ReferenceLines); err == nil {
		cur, err = cut(w.Current, w.CurrentLines)
	}
	return ref, cur, err
}

// cut takes lines out of a file of the public data, and names the columns of
// one that does not.
func cut(name string, lines *[2]int) ([]byte, error) {
	packed, err := os.ReadFile(sharedData + name)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(z)
	if err != nil || lines == nil {
		return text, err
	}
	all := bytes.SplitAfter(text, []byte("\n"))
	header, rest := all[0], all[1:]
	for field := range bytes.SplitSeq(header, []byte(",")) {
		if _, err := strconv.Atoi(string(bytes.TrimSpace(field))); err == nil {
			var names []string
			for i := range bytes.Count(header, []byte(",")) + 1 {
				names = append(names, fmt.Sprint("c", i))
			}
			header, rest = []byte(strings.Join(names, ",")+"\n"), all
			break
		}
	}
	return append(bytes.Clone(header), bytes.Join(rest[lines[0]:min(lines[1], len(rest))], nil)...), nil
}

func drawn(recipes []recipe, n int, seed uint64, current bool) []byte {
	var columns [][]float64
	var b bytes.Buffer
	for j, r := range recipes {
		factor, shift := 1.0, 0.0
		if current {
			factor, shift = r.factor, r.shift
		}
		columns = append(columns, golden.Draw(r.shape, n, seed+1000*uint64(j), factor, shift))
		if j > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, "x", j)
	}
	b.WriteByte('\n')
	for i := range n {
		for j, r := range recipes {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString(written(columns[j][i], r.how, i))
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// written is a cell as scripts/golden/compat.py writes it.
func written(x float64, how string, i int) string {
	switch {
	case math.IsNaN(x) || how == "gappy" && i%9 == 4:
		return ""
	case how == "int" || how == "gappy":
		return strconv.FormatInt(int64(x), 10)
	case how == "bool" && x != 0:
		return "True"
	case how == "bool":
		return "False"
	case how == "name":
		return fmt.Sprint("c", int64(x))
	}
	text := strconv.FormatFloat(x, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

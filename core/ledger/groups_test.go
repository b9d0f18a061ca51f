package ledger_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// grouped is a binary task whose rows are grouped by a category and a number.
func grouped() *outcome.Shape {
	s := outcome.NewShape(&schema.Schema{Task: schema.Binary, Positive: "1", Segments: [][]string{{"channel", "age"}}, Columns: []schema.Column{
		{Name: "prediction", Kind: schema.Categorical, Role: schema.Prediction},
		{Name: "channel", Kind: schema.Categorical, Role: schema.Feature},
		{Name: "age", Kind: schema.Integer, Role: schema.Sensitive},
	}}, outcome.Exact)
	s.Classes.Code("0")
	return s
}

// people are rows of that task. Some share an id, and some lack a value.
func people(shape *outcome.Shape, order []int) *ledger.Ledger {
	l := ledger.New(shape)
	for _, i := range order {
		row := outcome.Row{Predicted: float64(i % 2), Actual: math.NaN(), Weight: math.NaN(), Groups: []float64{float64(20 + i%7), math.NaN()}}
		if i%5 > 0 {
			row.Groups[1] = shape.Groups.Columns[1].Code([]byte([]string{"web", "shop", "phone"}[i%3]))
		}
		if i%11 == 0 {
			row.Groups[0] = math.NaN()
		}
		l.Add(hash(fmt.Sprint(i/3)), &row)
	}
	return l
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// TestGroups: what rows are grouped by comes back as it was, written in any order,
// read under other numbers, and where only some of it is asked for.
func TestGroups(t *testing.T) {
	order := upTo(600)
	data := people(grouped(), order).Encode()
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	if string(people(grouped(), order).Encode()) != string(data) {
		t.Error("another order gives other bytes")
	}
	if err := ledger.Sound(data); err != nil {
		t.Error(err)
	}
	read := grouped()
	read.Groups.Columns[1].Code([]byte("first here"))
	back, err := ledger.Decode(data, read)
	if err != nil {
		t.Fatal(err)
	}
	count := func(shape *outcome.Shape, l *ledger.Ledger) map[string]int {
		found := map[string]int{}
		var none ledger.Labels
		for row := range none.Outcomes(shape, ledger.Of(l)) {
			text := "-"
			if code := row.Groups[1]; !math.IsNaN(code) {
				text, _ = shape.Groups.Columns[1].Text(code)
			}
			found[fmt.Sprint(row.Predicted, row.Groups[0], text)]++
		}
		return found
	}
	write := grouped()
	want, got := count(write, people(write, order)), count(read, back)
	if fmt.Sprint(want) != fmt.Sprint(got) || len(want) < 20 {
		t.Errorf("%v became %v", want, got)
	}
	if string(back.Encode()) != string(data) {
		t.Error("what was read is written as something else")
	}
	bare, err := ledger.Decode(data, shape())
	if err != nil || bare.Rows() != 600 {
		t.Errorf("without groups: %v", err)
	}
	other := grouped()
	other.Groups.Columns[0].Name = "years"
	if l, err := ledger.Decode(data, other); err != nil || len(count(other, l)) != 2*4 {
		t.Errorf("a column that was not kept: %v, %v", err, count(other, l))
	}
}

// TestVersion2 reads ledgers of version 2 as they were written once: with classes in
// the order in which they came, then in that of their names.
func TestVersion2(t *testing.T) {
	const name = "testdata/version2.sorted.ledger"
	data := people(grouped(), upTo(60)).Encode()
	if *update {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	old, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(old) != string(data) {
		t.Error("version 2 is written as something else")
	}
	unsorted, err := os.ReadFile("testdata/version2.ledger")
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{old, unsorted} {
		l, err := ledger.Decode(data, grouped())
		if err != nil {
			t.Fatal(err)
		}
		if string(l.Encode()) != string(old) {
			t.Error("version 2 reads as something else")
		}
	}
}

// FuzzGroups: no data make the decoder of groups panic.
func FuzzGroups(f *testing.F) {
	data, err := os.ReadFile("testdata/version2.ledger")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := grouped()
		l, err := ledger.Decode(summed(data), s)
		if err != nil {
			return
		}
		again := l.Encode()
		back, err := ledger.Decode(again, grouped())
		if err != nil || !slices.Equal(back.Encode(), again) {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		var none ledger.Labels
		outcome.Split(s, none.Outcomes(s, ledger.Of(l)), none.Outcomes(s, ledger.Of(l)))
	})
}

// TestSections: a section that nobody knows, and one that comes twice or is cut off,
// are told and not passed over.
func TestSections(t *testing.T) {
	data := people(grouped(), upTo(60)).Encode()
	body := data[:len(data)-4]
	for want, more := range map[string][]byte{
		"does not know":            {9, 1, 0},
		"out of order":             {1, 0},
		"more is announced":        {9, 5, 0},
		"cut off or not in":        {0x80},
		"more is announced than f": {2, 200, 1, 0},
	} {
		bad := summed(append(append([]byte{}, body...), append(more, 0, 0, 0, 0)...))
		if _, err := ledger.Decode(bad, grouped()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", more, err, want)
		}
	}
}

package segment_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/core/fault"
	"leeway/core/frame"
	"leeway/core/schema"
	"leeway/core/segment"
)

func TestKeysReadBack(t *testing.T) {
	for _, values := range [][]string{{"PRT", "web"}, {"", "a=b,c"}, {"(other)", "%28other)"}, {"é %2C", "(other)x"}, nil} {
		d := segment.Division{By: []string{"a,b", "c=d"}}
		key := d.Key(values)
		by, got, ok := segment.Parse(key)
		if !ok || !slices.Equal(by, d.By) || !slices.Equal(got, values) || (got == nil) != (values == nil) {
			t.Errorf("%q: %q %q %v", key, by, got, ok)
		}
	}
	real, rest := (&segment.Division{By: []string{"a"}}).Key([]string{"(other)"}), (&segment.Division{By: []string{"a"}}).Key(nil)
	if real == rest {
		t.Errorf("a value that is called %q is taken for the rest", rest)
	}
	for _, bad := range []string{"", "a", "a=b=c", "b=1,a=2", "a=(other),b=2"} {
		if _, _, ok := segment.Parse(bad); ok {
			t.Errorf("%q is taken for a segment", bad)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, test := range []struct {
		inner, outer string
		want         bool
	}{
		{"a=1,b=2", "a=1", true}, {"a=1,b=2", "b=2", true}, {"a=1,b=2", "a=2", false}, {"a=1", "a=1,b=2", false},
		{"a=1", "a=1", true}, {"a=(other),b=(other)", "a=(other)", false}, {"a=1,b=2", "c=1", false},
	} {
		if got := segment.Within(test.inner, test.outer); got != test.want {
			t.Errorf("%s within %s: %v", test.inner, test.outer, got)
		}
	}
}

var columns = []schema.Column{
	{Name: "country", Kind: schema.Categorical}, {Name: "size", Kind: schema.Integer}, {Name: "member", Kind: schema.Boolean},
}

// visit is a row: an empty country or a size below zero is none.
type visit struct {
	country string
	size    float64
	member  bool
}

// block lays rows out; every codes a country anew.
func block(rows []visit, symbols *frame.Symbols) *frame.Block {
	b := &frame.Block{Rows: len(rows), Columns: make([]frame.Column, 3)}
	c := b.Columns
	c[0].Type, c[1].Type, c[2].Type = frame.Symbol, frame.Float, frame.Symbol
	c[0].Symbols, c[2].Symbols = symbols, frame.Booleans
	for _, r := range rows {
		state, sized, member := frame.Valid, frame.Valid, uint32(0)
		if r.country == "" {
			state = frame.Missing
		}
		if r.size < 0 {
			sized = frame.Mistyped
		}
		if r.member {
			member = 1
		}
		c[0].States, c[1].States = append(c[0].States, state), append(c[1].States, sized)
		c[0].Codes, c[1].Floats, c[2].Codes = append(c[0].Codes, symbols.Intern([]byte(r.country))), append(c[1].Floats, max(r.size, 0)), append(c[2].Codes, member)
	}
	return b
}

func visits(n int, seed uint64) []visit {
	r := rand.New(rand.NewPCG(seed, 1))
	rows := make([]visit, n)
	for i := range rows {
		rows[i] = visit{fmt.Sprintf("c%02d", int(r.ExpFloat64()*8)), float64(r.IntN(4)), r.IntN(3) == 0}
		if r.IntN(40) == 0 {
			rows[i].country = ""
		}
		if r.IntN(40) == 0 {
			rows[i].size = -1
		}
	}
	return rows
}

var by = [][]string{{"country"}, {"country", "member"}, {"size"}}

// counted is what a Counter makes of rows that are split into files and blocks.
func counted(t *testing.T, rows []visit, r *rand.Rand) ([]segment.Division, []string) {
	t.Helper()
	c := segment.NewCounter(by)
	for len(rows) > 0 {
		file := rows[:1+r.IntN(len(rows))]
		rows = rows[len(file):]
		tally, symbols := c.Start(columns), frame.NewSymbols()
		for len(file) > 0 {
			n := 1 + r.IntN(len(file))
			tally.Add(block(file[:n], symbols))
			if file = file[n:]; r.IntN(2) == 0 {
				symbols.Reset()
			}
		}
		c.Take(tally)
	}
	divisions, notes, err := c.Divisions()
	if err != nil {
		t.Fatal(err)
	}
	return divisions, notes
}

// TestKeepsTheLargest: what is kept is what a plain count says, in any order and
// split.
func TestKeepsTheLargest(t *testing.T) {
	rows, r := visits(20_000, 2), rand.New(rand.NewPCG(3, 4))
	counts := map[string]int{}
	for _, one := range rows {
		if one.country != "" {
			counts[one.country]++
		}
	}
	var want []string
	for country, n := range counts {
		if n >= segment.LeastRows {
			want = append(want, country)
		}
	}
	slices.SortFunc(want, func(a, b string) int { return counts[b] - counts[a] })
	want = want[:segment.MostKept]
	slices.Sort(want)
	first, notes := counted(t, rows, r)
	var got []string
	for _, values := range first[0].Kept {
		got = append(got, values[0])
	}
	if !slices.Equal(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
	if text := strings.Join(notes, "\n"); !strings.Contains(text, "segments by country: the 20 largest of") || !strings.Contains(text, "the others are country=(other)") {
		t.Errorf("notes: %s", text)
	}
	for range 5 {
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		if again, _ := counted(t, rows, r); fmt.Sprint(again) != fmt.Sprint(first) {
			t.Fatalf("in another order: %v, was %v", again, first)
		}
	}
}

func TestRoutesEachRow(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	divisions, _ := counted(t, visits(5000, 7), r)
	router := segment.NewRouter(divisions, columns)
	symbols := frame.NewSymbols()
	for i := range 6 {
		rows := visits(700, uint64(20+i))
		b := block(rows, symbols)
		seen := make([]int, len(rows))
		router.Each(b, func(at, number int, members []int32) {
			key := divisions[at].Keys()[number]
			for _, row := range members {
				seen[row]++
				one := rows[row]
				texts := map[string]string{"country": one.country, "size": fmt.Sprint(one.size), "member": fmt.Sprint(one.member)}
				var values []string
				for _, name := range divisions[at].By {
					values = append(values, texts[name])
				}
				want := divisions[at].Key(nil)
				if slices.ContainsFunc(divisions[at].Kept, func(kept []string) bool { return slices.Equal(kept, values) }) {
					want = divisions[at].Key(values)
				}
				if key != want {
					t.Fatalf("%v is in %s, want %s", one, key, want)
				}
			}
		})
		for at := range divisions {
			one := router.Segments(b, at, nil)
			if len(one) != len(rows) {
				t.Fatal("rows without a segment")
			}
		}
		for row, n := range seen {
			if n != len(divisions) {
				t.Fatalf("row %d is in %d segments of %d divisions", row, n, len(divisions))
			}
		}
		if i%2 == 0 {
			symbols.Reset()
		}
	}
	lacking := segment.NewRouter(divisions[:1], columns[1:2])
	b := &frame.Block{Rows: 3, Columns: block(visits(3, 1), symbols).Columns[1:2]}
	lacking.Each(b, func(_, number int, members []int32) {
		if number != len(divisions[0].Kept) || len(members) != 3 {
			t.Errorf("a file without the column has %d rows in segment %d", len(members), number)
		}
	})
}

func TestRefuses(t *testing.T) {
	c := segment.NewCounter([][]string{{"size"}})
	tally := c.Start(columns)
	var rows []visit
	for i := range segment.MostNumbers + 1 {
		rows = append(rows, visit{"a", float64(i), true})
	}
	tally.Add(block(rows, frame.NewSymbols()))
	c.Take(tally)
	_, _, err := c.Divisions()
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "no segments can be made of \"size\": it has numbers, more than 20 different ones: log a column") {
		t.Error(err)
	}
	few := segment.NewCounter([][]string{{"country"}})
	tally = few.Start(columns)
	tally.Add(block(rows, frame.NewSymbols()))
	few.Take(tally)
	divisions, notes, err := few.Divisions()
	if err != nil || len(divisions) != 1 || len(divisions[0].Kept) != 0 || len(notes) != 1 || !strings.Contains(notes[0], "none has 100 rows or more") {
		t.Error(divisions, notes, err)
	}
}

package ledger_test

import (
	"encoding/binary"
	"flag"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/schema"
)

var hasher ledger.Hasher

func hash(id string) uint64 { return hasher.Hash([]byte(id)) }

// shape is a binary task of the classes no (0) and yes (1).
func shape() *outcome.Shape {
	s := &outcome.Shape{Task: schema.Binary, Classes: outcome.NewClasses(schema.Binary, nil), Budget: outcome.Exact}
	s.Classes.Code("0")
	s.Positive = s.Classes.Code("1")
	return s
}

func predicted(x float64) *outcome.Row {
	return &outcome.Row{Predicted: x, Actual: math.NaN()}
}

func TestIds(t *testing.T) {
	for _, same := range [][2]string{{"17", " 17 "}, {"17", "17.0"}, {"-3", "-3.000"}} {
		if hash(same[0]) != hash(same[1]) {
			t.Errorf("%q and %q are the same id", same[0], same[1])
		}
	}
	for _, other := range [][2]string{{"17", "017"}, {"17", "17.5"}, {"1.0", "1.1"}, {"a.0", "a"}, {"v1.0", "v1"}, {"17", "170"}} {
		if hash(other[0]) == hash(other[1]) {
			t.Errorf("%q and %q are different ids", other[0], other[1])
		}
	}
	if hash("") != ledger.None || hash("  ") != ledger.None || hash("x") == ledger.None {
		t.Error("blanks alone are no id")
	}
	keyed := ledger.Hasher{Key: []byte("secret")}
	if keyed.Hash([]byte("17")) == hash("17") {
		t.Error("the key makes no difference")
	}
	id := []byte("C1000017")
	if n := testing.AllocsPerRun(100, func() { keyed.Hash(id) }); n > 0 {
		t.Errorf("%v allocations for an id", n)
	}
}

// TestJoin counts by hand what a join should give.
func TestJoin(t *testing.T) {
	l := ledger.New(shape())
	for i := range 10 {
		l.Add(hash(fmt.Sprint("r", i)), predicted(float64(i%2)))
	}
	l.Add(ledger.None, predicted(1)) // a row without an id
	own := predicted(1)
	own.Actual = 1
	l.Add(hash("own"), own)
	l.Add(hash("contested"), own)
	var b ledger.Labels
	for _, label := range []struct {
		id    string
		value float64
	}{
		{"r0", 0}, {"r1", 1}, {"r1", 1}, {"r1", 1}, // a duplicate, twice
		{"r2", 0}, {"r2", 1}, {"r2", 0}, // a conflict, and a duplicate in it
		{"r3", 0}, {"nobody", 1}, {"nobody", 0}, // unmatched, and in conflict
		{"other", 1}, {"contested", 0},
	} {
		b.Add(hash(label.id), label.value, ledger.Unversioned, 0)
	}
	s, _ := b.Join(l)
	if s.Rows != 13 || s.Labelled != 4 { // r0, r1, r3 and own
		t.Errorf("%d of %d rows are labelled", s.Labelled, s.Rows)
	}
	for pair, want := range map[outcome.Pair]int64{{Actual: 0, Predicted: 0}: 1, {Actual: 1, Predicted: 1}: 2, {Actual: 0, Predicted: 1}: 1} {
		if got := s.Confusion[pair]; got == nil || got.Rows != want {
			t.Errorf("%v: %v, want %d", pair, got, want)
		}
	}
	if b.Rows() != 12 || b.Unmatched() != 2 || b.Duplicate() != 3 || b.Conflicting() != 3 {
		t.Errorf("%d labels, %d unmatched, %d duplicate, %d conflicting", b.Rows(), b.Unmatched(), b.Duplicate(), b.Conflicting())
	}
}

// TestOrder: whatever the order of rows and labels, the same comes out.
func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	type pair struct {
		id    uint64
		value float64
	}
	var rows, labels []pair
	for i := range 5000 {
		id := hash(fmt.Sprint(i % 4000)) // some ids are logged twice
		rows = append(rows, pair{id, float64(r.IntN(2))})
		if r.IntN(3) > 0 {
			labels = append(labels, pair{id, float64(r.IntN(2))})
		}
	}
	var first string
	for range 5 {
		l := ledger.New(shape())
		var b ledger.Labels
		for i, at := range r.Perm(len(rows)) {
			row := predicted(rows[at].value)
			if at%10 == 0 {
				row.Actual = 1
			}
			l.Add(rows[at].id, row)
			if i == 100 { // a file that turns out to be bad
				mark := l.Mark()
				l.Add(hash("bad"), predicted(1))
				l.Back(mark)
			}
		}
		for _, at := range r.Perm(len(labels)) {
			b.Add(labels[at].id, labels[at].value, ledger.Unversioned, 0)
		}
		mark := b.Mark()
		b.Add(hash("bad"), 1, ledger.Unversioned, 0)
		b.Back(mark)
		s, _ := b.Join(l)
		text := fmt.Sprint(s.Rows, s.Labelled, b.Rows(), b.Unmatched(), b.Duplicate(), b.Conflicting())
		for actual := range int32(2) {
			for guess := range int32(2) {
				text += fmt.Sprint(" ", s.Confusion[outcome.Pair{Actual: actual, Predicted: guess}].Rows)
			}
		}
		if first == "" {
			first = text
		}
		if text != first {
			t.Errorf("another order gives %s instead of %s", text, first)
		}
	}
}

// TestCorrections: of labels that came one after the other the last one counts,
// in whatever order they are read.
func TestCorrections(t *testing.T) {
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {2, 0, 4, 1, 5, 3}} {
		all := []struct {
			id    string
			value float64
			at    int64
		}{{"a", 0, 10}, {"a", 1, 20}, {"b", 1, 10}, {"b", 0, 20}, {"b", 1, 20}, {"a", 0, 5}}
		l := ledger.New(shape())
		l.Add(hash("a"), predicted(1))
		l.Add(hash("b"), predicted(1))
		var b ledger.Labels
		for _, i := range order {
			b.Add(hash(all[i].id), all[i].value, ledger.Unversioned, all[i].at)
		}
		s, _ := b.Join(l)
		if s.Labelled != 1 || s.Confusion[outcome.Pair{Actual: 1, Predicted: 1}] == nil || b.Corrected() != 1 || b.Conflicting() != 1 || b.Duplicate() != 2 {
			t.Errorf("order %v: %d labelled, %d corrected, %d conflicting, %d duplicate", order, s.Labelled, b.Corrected(), b.Conflicting(), b.Duplicate())
		}
	}
}

var update = flag.Bool("update", false, "write the files of this version anew")

// TestOldVersions reads a file of each version that there was.
func TestOldVersions(t *testing.T) {
	write := shape()
	write.Scored = []int32{write.Positive}
	l := ledger.New(write)
	var b ledger.Labels
	for i := range 40 {
		row := outcome.Row{Predicted: float64(i % 2), Actual: math.NaN(), Scores: []float64{float64(i) / 64}}
		if i%5 == 0 {
			row.Actual = 1
		}
		l.Add(hash(fmt.Sprint(i)), &row)
		b.Add(hash(fmt.Sprint(i/2)), float64(i/2%2), ledger.Unversioned, 0)
	}
	if *update {
		for name, data := range map[string][]byte{"version1.ledger": l.Encode(), "version1.labels": b.Encode(write)} {
			if err := os.WriteFile("testdata/"+name, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	text := func(name string) []byte {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	read := shape()
	read.Scored = []int32{read.Positive}
	old, err := ledger.Decode(text("version1.ledger"), read)
	if err != nil {
		t.Fatal(err)
	}
	var labels ledger.Labels
	if err := labels.Decode(text("version1.labels"), read, 0); err != nil {
		t.Fatal(err)
	}
	if string(old.Encode()) != string(l.Encode()) || string(labels.Encode(read)) != string(b.Encode(write)) {
		t.Error("version 1 reads as something else")
	}
	want, _ := b.Join(l)
	got, _ := labels.Join(old)
	if got.Labelled != want.Labelled || got.LogLoss.Mean() != want.LogLoss.Mean() || got.Labelled == 0 {
		t.Errorf("%d labelled, log loss %v; want %d and %v", got.Labelled, got.LogLoss.Mean(), want.Labelled, want.LogLoss.Mean())
	}
}

// summed gives data the checksum that gets them past the first look.
func summed(data []byte) []byte {
	if len(data) <= 4 {
		return data
	}
	sum := crc32.Checksum(data[:len(data)-4], crc32.MakeTable(crc32.Castagnoli))
	return binary.LittleEndian.AppendUint32(data[:len(data)-4:len(data)-4], sum)
}

// FuzzDecode: no data make the decoders panic, and what they take encodes again.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"version1.ledger", "version1.labels"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = summed(data)
		s := shape()
		s.Scored = []int32{s.Positive}
		if l, err := ledger.Decode(data, s); err == nil {
			l.Encode()
			var b ledger.Labels
			b.Join(l)
		}
		var b ledger.Labels
		if err := b.Decode(data, shape(), 0); err == nil {
			b.Settle()
		}
	})
}

// TestEncoding: what was written is read as the same, in any order, under other
// numbers of the classes, and damage is told.
func TestEncoding(t *testing.T) {
	write, read := shape(), shape()
	write.Scored, read.Scored = []int32{write.Positive}, nil
	read.Classes = outcome.NewClasses(schema.Binary, nil)
	read.Positive = read.Classes.Code("yes") // first here, second there
	read.Scored = []int32{read.Positive}
	a, b := ledger.New(write), ledger.New(write)
	var labels, shuffled ledger.Labels
	r := rand.New(rand.NewPCG(2, 2))
	for i := range 300 {
		row := outcome.Row{Predicted: float64(i % 2), Actual: math.NaN(), Scores: []float64{r.Float64()}}
		a.Add(hash(fmt.Sprint(i)), &row)
		labels.Add(hash(fmt.Sprint(i)), float64(i/2%2), ledger.Unversioned, 7)
	}
	r = rand.New(rand.NewPCG(2, 2))
	rows := make([]outcome.Row, 300)
	for i := range rows {
		rows[i] = outcome.Row{Predicted: float64(i % 2), Actual: math.NaN(), Scores: []float64{r.Float64()}}
	}
	for i := 299; i >= 0; i-- {
		b.Add(hash(fmt.Sprint(i)), &rows[i])
		shuffled.Add(hash(fmt.Sprint(i)), float64(i/2%2), ledger.Unversioned, 9)
	}
	data, text := a.Encode(), labels.Encode(write)
	if string(data) != string(b.Encode()) || string(text) != string(shuffled.Encode(write)) {
		t.Error("another order gives other bytes")
	}
	back, err := ledger.Decode(data, read)
	if err != nil {
		t.Fatal(err)
	}
	var known ledger.Labels
	if err := known.Decode(text, read, 7); err != nil {
		t.Fatal(err)
	}
	before, first := labels.Join(a)
	after, second := known.Join(back)
	yes, no := read.Positive, read.Classes.Code("no")
	if n := after.Confusion[outcome.Pair{Actual: yes, Predicted: no}].Rows; n != before.Confusion[outcome.Pair{Actual: 1, Predicted: 0}].Rows || n == 0 {
		t.Errorf("%d rows are yes and predicted no", n)
	}
	if first != second || first.String() == "" || after.LogLoss.Mean() != before.LogLoss.Mean() {
		t.Errorf("%v became %v", first, second)
	}
	for i := range data {
		bad := append([]byte{}, data...)
		bad[i] ^= 1
		if _, err := ledger.Decode(bad, shape()); err == nil {
			t.Fatalf("byte %d may be anything", i)
		}
	}
	if _, err := ledger.Decode(data[:len(data)-9], shape()); err == nil {
		t.Error("the end may be missing")
	}
	if err := known.Decode(data, read, 7); err == nil {
		t.Error("a ledger passes for labels")
	}
}

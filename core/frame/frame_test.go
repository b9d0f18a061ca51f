package frame_test

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/frame"
)

// TestHashesNeverChange: profiles that were stored under another hash could not
// be merged with new ones. If this test fails, do not mend the test.
func TestHashesNeverChange(t *testing.T) {
	for text, want := range map[string]uint64{
		"": 0x0, "a": 0xf5d18fcc7cff06f3, "false": 0xfb27a36752271fe0, "12345678": 0x2c4d50fa2b7331ad, "123456789": 0x4f72d43458554f12, "Österreich, 日本 😀": 0x73945669d9be2808,
	} {
		if got := frame.HashText([]byte(text)); got != want {
			t.Errorf("HashText(%q) = %#x, want %#x", text, got, want)
		}
	}
	for x, want := range map[float64]uint64{
		0: 0xc83e221c6c03c5f6, 1: 0x77d338a881f5de17, -1: 0x6010cb151226722c, math.Pi: 0xd2f75f5f98e9351a, math.SmallestNonzeroFloat64: 0x277a9f3e0c85c0ed, -math.MaxFloat64: 0xd24c196371ba3a66,
	} {
		if got := frame.HashFloat(x); got != want {
			t.Errorf("HashFloat(%v) = %#x, want %#x", x, got, want)
		}
	}
	for x, want := range map[uint64]uint64{0: 0, 1: 0x5692161d100b05e5, math.MaxUint64: 0xb4d055fcf2cbbd7b} {
		if got := frame.Mix(x); got != want {
			t.Errorf("Mix(%d) = %#x, want %#x", x, got, want)
		}
	}
	if frame.HashFloat(math.Copysign(0, -1)) != frame.HashFloat(0) {
		t.Error("-0 hashes as something else than 0")
	}
}

// TestHashesSpread flips single bits of inputs: every bit of the hash must flip
// half of the time.
func TestHashesSpread(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, hash := range map[string]func(x uint64) uint64{
		"number":     func(x uint64) uint64 { return frame.HashFloat(math.Float64frombits(x)) },
		"short text": func(x uint64) uint64 { return frame.HashText([]byte(fmt.Sprintf("%d", x))) },
		"long text": func(x uint64) uint64 {
			return frame.HashText([]byte(fmt.Sprintf("%d and a longer text behind it", x)))
		},
	} {
		const tries = 4000
		var flips [64]int
		for range tries {
			x := r.Uint64()
			for b, changed := 0, hash(x)^hash(x^1<<r.IntN(52)); b < 64; b++ {
				flips[b] += int(changed >> b & 1)
			}
		}
		for b, n := range flips { // five standard deviations
			if math.Abs(float64(n)-tries/2) > 5*math.Sqrt(tries)/2 {
				t.Errorf("%s: bit %d flips %d times in %d", name, b, n, tries)
			}
		}
	}
}

func TestNoCollisionsAmongNeighbours(t *testing.T) {
	seen := map[uint64]string{}
	add := func(h uint64, what string) {
		if other, ok := seen[h]; ok {
			t.Errorf("%s and %s share a hash", what, other)
		}
		seen[h] = what
	}
	for i := range 100_000 {
		add(frame.HashFloat(float64(i+1)/4), fmt.Sprint(float64(i+1)/4))
		text := fmt.Sprintf("item %d", i)
		add(frame.HashText([]byte(text)), text)
	}
	for n := range 40 { // NUL bytes and lengths count
		add(frame.HashText(make([]byte, n)), fmt.Sprint(n, " NULs"))
	}
	low := 0
	for h := range seen {
		low += bits.OnesCount64(h)
	}
	if mean := float64(low) / float64(len(seen)); math.Abs(mean-32) > 0.1 {
		t.Errorf("%v bits set on average", mean)
	}
}

func TestSymbols(t *testing.T) {
	s := frame.NewSymbols("b", "a")
	if s.Len() != 2 || s.Text(0) != "b" || s.Intern([]byte("a")) != 1 {
		t.Fatalf("%d texts", s.Len())
	}
	codes := map[string]uint32{}
	for i := range 5000 { // grows several times
		text := fmt.Sprintf("text %d", i)
		codes[text] = s.Intern([]byte(text))
	}
	codes[""] = s.Intern(nil)
	for text, code := range codes {
		if got, known := s.Lookup([]byte(text)); !known || got != code || s.Text(code) != text {
			t.Fatalf("%q has code %d, known %v, which is %q", text, got, known, s.Text(code))
		}
		if s.Hash(code) != frame.HashText([]byte(text)) {
			t.Errorf("hash of %q", text)
		}
	}
	if s.Len() != 5003 {
		t.Errorf("%d texts", s.Len())
	}
	if _, known := s.Lookup([]byte("nowhere")); known || s.Len() != 5003 {
		t.Error("Lookup adds or lies")
	}
	buffer := []byte("kept")
	code := s.Intern(buffer)
	copy(buffer, "lost")
	if s.Text(code) != "kept" {
		t.Error("a text changed with its caller's memory")
	}
	if n := testing.AllocsPerRun(100, func() { s.Intern([]byte("text 77")) }); n > 0 {
		t.Errorf("%v allocations for a known text", n)
	}
}

func TestSymbolsAreBounded(t *testing.T) {
	s := frame.NewSymbols()
	for i := 0; !s.Full(); i++ {
		if i > 65_536 {
			t.Fatal("never full of texts")
		}
		s.Intern([]byte(fmt.Sprint(i)))
	}
	before := s.Generation()
	s.Reset()
	if _, known := s.Lookup([]byte("7")); known || s.Full() || s.Len() != 0 || s.Generation() == before {
		t.Errorf("after Reset: %d texts, generation %d then %d", s.Len(), before, s.Generation())
	}
	if code := s.Intern([]byte("new")); code != 0 || s.Text(0) != "new" || s.Hash(0) != frame.HashText([]byte("new")) {
		t.Errorf("the first text has code %d", code)
	}
	for i := 0; !s.Full(); i++ {
		if i > 9 {
			t.Fatal("never full of bytes")
		}
		s.Intern([]byte(strings.Repeat(fmt.Sprint(i), 1<<20)))
	}
}

func TestBooleans(t *testing.T) {
	if b := frame.Booleans; b.Len() != 2 || b.Text(0) != "false" || b.Text(1) != "true" {
		t.Error("the codes of truth values are part of the contract between readers and profiles")
	}
}

// block is three rows of every type, with a cell that is no value in each.
func block() *frame.Block {
	states := []frame.State{frame.Valid, frame.Missing, frame.Valid, frame.Mistyped}
	symbols := frame.NewSymbols("x", "y")
	return &frame.Block{Rows: 4, First: 11, Columns: []frame.Column{
		{Type: frame.Float, States: states, Floats: []float64{1, 0, 3, 0}},
		{Type: frame.Time, Times: []int64{10, 20, 30, 40}},
		{Type: frame.Symbol, States: states, Codes: []uint32{1, 0, 0, 0}, Symbols: symbols},
		{},
		{Type: frame.Bytes, Data: []byte("abccdd"), Offsets: []uint32{0, 1, 1, 4, 6}},
	}}
}

func TestTake(t *testing.T) {
	b := block()
	var taken frame.Block
	for _, test := range []struct {
		rows   []int32
		floats []float64
		states []frame.State
		times  []int64
		codes  []uint32
		texts  []string
	}{
		{[]int32{3, 0}, []float64{0, 1}, []frame.State{frame.Mistyped, frame.Valid}, []int64{40, 10}, []uint32{0, 1}, []string{"dd", "a"}},
		{[]int32{1}, []float64{0}, []frame.State{frame.Missing}, []int64{20}, []uint32{0}, []string{""}},
		{[]int32{0, 1, 2, 3}, []float64{1, 0, 3, 0}, b.Columns[0].States, []int64{10, 20, 30, 40}, []uint32{1, 0, 0, 0}, []string{"a", "", "bcc", "dd"}},
		{[]int32{2, 2}, []float64{3, 3}, []frame.State{0, 0}, []int64{30, 30}, []uint32{0, 0}, []string{"bcc", "bcc"}},
	} {
		b.Take(test.rows, &taken) // into memory that held the rows before
		var texts []string
		for row := range taken.Rows {
			texts = append(texts, string(taken.Columns[4].Bytes(row)))
		}
		c := taken.Columns
		for what, diff := range map[string]string{
			"floats": cmp.Diff(test.floats, c[0].Floats), "states": cmp.Diff(test.states, c[0].States), "times": cmp.Diff(test.times, c[1].Times),
			"codes": cmp.Diff(test.codes, c[2].Codes), "texts": cmp.Diff(test.texts, texts),
		} {
			if diff != "" {
				t.Errorf("rows %v, %s: %s", test.rows, what, diff)
			}
		}
		if taken.Rows != len(test.rows) || c[1].States != nil || !c[3].Absent() || c[2].Symbols != b.Columns[2].Symbols {
			t.Errorf("rows %v: %+v", test.rows, taken)
		}
	}
	b.Take([]int32{1}, &taken)
	taken.Columns[0].Floats[0] = 99
	if b.Columns[0].Floats[1] != 0 {
		t.Error("taken rows share memory with their block")
	}
	rows := []int32{0, 2}
	if n := testing.AllocsPerRun(100, func() { b.Take(rows, &taken) }); n > 0 {
		t.Errorf("%v allocations into used memory", n)
	}
}

// TestRename: texts that stand for others have their codes, also once all are forgotten.
func TestRename(t *testing.T) {
	s := frame.NewSymbols().Rename(map[string]string{"churned": "1", "gone": "1"})
	for range 2 {
		one := s.Intern([]byte("churned"))
		if s.Intern([]byte("1")) != one || s.Intern([]byte("gone")) != one || s.Text(one) != "1" || s.Intern([]byte("0")) == one || s.Len() != 2 {
			t.Errorf("%d texts, churned is %q", s.Len(), s.Text(one))
		}
		if code, known := s.Lookup([]byte("gone")); !known || code != one {
			t.Errorf("gone is %d, %v", code, known)
		}
		s.Reset()
	}
}

package frame

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plainHash is HashText as it is defined, byte by byte.
func plainHash(text []byte) uint64 {
	h := uint64(len(text)) * prime1
	for len(text) >= 8 {
		h = fold(h^binary.LittleEndian.Uint64(text), prime2)
		text = text[8:]
	}
	var tail uint64
	for i, b := range text {
		tail |= uint64(b) << (8 * i)
	}
	return Mix(fold(h^tail, prime3))
}

func TestHashTextIsItsDefinition(t *testing.T) {
	text := []byte("The quick brown fox jumps over the lazy dog, \x00\x01\xfe\xff and then again.")
	for start := range 9 {
		for end := start; end <= len(text); end++ {
			if got, want := HashText(text[start:end]), plainHash(text[start:end]); got != want {
				t.Fatalf("%q: %x, want %x", text[start:end], got, want)
			}
		}
	}
}

// TestHashesStay pins values: profiles in buckets were made with them.
func TestHashesStay(t *testing.T) {
	for text, want := range map[string]uint64{
		"": 0, "a": 0xf5d18fcc7cff06f3, "PRT": 0x125e113e74182592, "basic": 0x6310593fbe9f8f1c,
		"merchant-07": 0x65c5ede3d393a84e, strings.Repeat("x", 100): 0x1572d3f1108bcd2d,
	} {
		if got := HashText([]byte(text)); got != want {
			t.Errorf("HashText(%q) = %#x, want %#x", text, got, want)
		}
	}
	for x, want := range map[float64]uint64{
		0: 0xc83e221c6c03c5f6, 1: 0x77d338a881f5de17, -1.5: 0x86e2cd4b00e93c30, math.MaxFloat64: 0x9cb2ed2cf6e4a738,
	} {
		if got := HashFloat(x); got != want {
			t.Errorf("HashFloat(%v) = %#x, want %#x", x, got, want)
		}
	}
	if HashFloat(math.Copysign(0, -1)) != HashFloat(0) {
		t.Error("-0 and 0 differ")
	}
}

// TestHashesSpread counts collisions and bits: short texts differ in few of
// theirs, and the hashes must not show it.
func TestHashesSpread(t *testing.T) {
	seen, set := map[uint64]bool{}, 0
	const n = 200_000
	for i := range n {
		h := HashText([]byte(fmt.Sprintf("k%d", i)))
		seen[h] = true
		set += bits.OnesCount64(h)
	}
	if len(seen) != n {
		t.Errorf("%d hashes of %d texts", len(seen), n)
	}
	if share := float64(set) / (64 * n); math.Abs(share-0.5) > 0.001 {
		t.Errorf("%.4f of the bits are set", share)
	}
}

func TestSymbols(t *testing.T) {
	s := NewSymbols("no", "yes")
	if s.Intern([]byte("yes")) != 1 || s.Intern([]byte("")) != 2 || s.Intern([]byte("")) != 2 || s.Len() != 3 {
		t.Error("codes do not follow the order of first sight")
	}
	want := map[string]uint32{}
	for i := range 10_000 {
		text := fmt.Sprint("text ", i)
		want[text] = s.Intern([]byte(text))
	}
	for text, code := range want {
		if s.Intern([]byte(text)) != code || s.Text(code) != text || s.Hash(code) != HashText([]byte(text)) {
			t.Fatalf("%q lost its code %d", text, code)
		}
	}
}

func TestSymbolsAreBounded(t *testing.T) {
	s := NewSymbols()
	for i := 0; !s.Full(); i++ {
		s.Intern([]byte(fmt.Sprint(i)))
		if i > maxSymbols+1 {
			t.Fatal("never full")
		}
	}
	s = NewSymbols()
	for i := 0; !s.Full(); i++ {
		s.Intern([]byte(fmt.Sprint(i, strings.Repeat("x", 1<<20))))
		if i > 9 {
			t.Fatal("never full of long texts")
		}
	}
	before := s.Generation()
	s.Reset()
	if s.Full() || s.Len() != 0 || s.Generation() == before || s.Intern([]byte("new")) != 0 {
		t.Error("Reset did not begin anew")
	}
}

func TestInternAllocatesOnlyForNewTexts(t *testing.T) {
	s, texts := NewSymbols(), [][]byte{[]byte("a"), []byte("bb"), []byte("a longer text")}
	intern := func() {
		for _, text := range texts {
			s.Intern(text)
		}
	}
	intern()
	if n := testing.AllocsPerRun(10, intern); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestTake(t *testing.T) {
	block := &Block{Rows: 3, First: 7, Columns: []Column{
		{Type: Float, Floats: []float64{1, 0, 3}, States: []State{Valid, Missing, Valid}},
		{Type: Time, Times: []int64{1, 2, 3}},
		{Type: Symbol, Codes: []uint32{0, 1, 1}, Symbols: Booleans},
		{Type: Bytes, Data: []byte("abbccc"), Offsets: []uint32{0, 1, 3, 6}},
		{},
	}}
	var got Block
	block.Take([]int32{2, 0}, &got)
	want := []Column{
		{Type: Float, Floats: []float64{3, 1}, States: []State{Valid, Valid}},
		{Type: Time, Times: []int64{3, 1}},
		{Type: Symbol, Codes: []uint32{1, 0}, Symbols: Booleans},
		{Type: Bytes, Data: []byte("ccca"), Offsets: []uint32{0, 3, 4}},
		{},
	}
	if diff := cmp.Diff(want, got.Columns, cmp.Comparer(func(a, b *Symbols) bool { return a == b })); diff != "" || got.Rows != 2 {
		t.Error(diff)
	}
	if !got.Columns[4].Absent() || got.Columns[0].Absent() || !slices.Equal(got.Columns[3].Bytes(0), []byte("ccc")) {
		t.Error("cells are not what they were")
	}
}

func BenchmarkIntern(b *testing.B) {
	s := NewSymbols()
	var texts [][]byte
	for i := range 2000 {
		texts = append(texts, fmt.Appendf(nil, "sku-%04d", i*7%2000))
	}
	for i := 0; b.Loop(); i++ {
		s.Intern(texts[i%len(texts)])
	}
}

package inflate_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"strconv"
	"testing"
	"testing/iotest"

	"leeway/core/format/inflate"
)

// pack is data as gzip, in members of the given number.
func pack(t testing.TB, data []byte, level, members int) []byte {
	t.Helper()
	var b bytes.Buffer
	for i := range members {
		w, err := gzip.NewWriterLevel(&b, level)
		if err != nil {
			t.Fatal(err)
		}
		w.Name, w.Comment, w.Extra = "name", "comment", []byte("extra")
		if i%2 == 1 {
			w.Header = gzip.Header{}
		}
		if _, err := w.Write(data[len(data)*i/members : len(data)*(i+1)/members]); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// samples are data that pack in different ways.
func samples() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 300_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	var table, skewed []byte
	for i := range 40_000 {
		table = strconv.AppendFloat(table, r.NormFloat64(), 'g', -1, 64)
		table = append(table, ',')
		table = strconv.AppendInt(table, int64(i), 10)
		table = append(table, ",category\n"...)
	}
	for range 400_000 { // codes of every length
		skewed = append(skewed, byte(min(255, int(r.ExpFloat64()*6))))
	}
	return map[string][]byte{
		"nothing": nil, "a byte": {'x'}, "zeros": make([]byte, 1_000_000), "noise": noise, "table": table, "skewed": skewed,
		"abc": bytes.Repeat([]byte("abc"), 200_000), "far": append(append(bytes.Clone(noise[:32768]), noise[:32768]...), noise[:32768]...),
	}
}

func TestReadsWhatWasPacked(t *testing.T) {
	for name, data := range samples() {
		for _, level := range []int{gzip.NoCompression, gzip.HuffmanOnly, 1, 6, 9} {
			for _, members := range []int{1, 3} {
				packed := pack(t, data, level, members)
				for _, src := range []io.Reader{bytes.NewReader(packed), iotest.HalfReader(bytes.NewReader(packed)), iotest.DataErrReader(bytes.NewReader(append(packed, 0, 0, 0)))} {
					got, err := io.ReadAll(inflate.NewReader(src))
					if err != nil || !bytes.Equal(got, data) {
						t.Fatalf("%s, level %d, %d members: %v, %d bytes of %d", name, level, members, err, len(got), len(data))
					}
				}
			}
		}
	}
	packed := pack(t, []byte("byte by byte"), 6, 2)
	if got, err := io.ReadAll(iotest.OneByteReader(inflate.NewReader(iotest.OneByteReader(bytes.NewReader(packed))))); err != nil || string(got) != "byte by byte" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWhatEndsTooEarly(t *testing.T) {
	packed := pack(t, samples()["table"][:5000], 6, 2)
	whole, err := io.ReadAll(inflate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	ends := 0
	for size := range packed {
		got, err := io.ReadAll(inflate.NewReader(bytes.NewReader(packed[:size])))
		if err == nil {
			ends++ // between the members
		} else if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d bytes: %v", size, err)
		}
		if !bytes.HasPrefix(whole, got) {
			t.Errorf("%d bytes: not what was packed", size)
		}
	}
	if ends != 1 {
		t.Errorf("%d of the cuts went unnoticed", ends)
	}
}

func TestWhatIsDamaged(t *testing.T) {
	data := samples()["table"][:20_000]
	packed := pack(t, data, 6, 1)
	for i := range packed {
		spoiled := bytes.Clone(packed)
		spoiled[i] ^= 1 << (i % 8)
		if got, err := io.ReadAll(inflate.NewReader(bytes.NewReader(spoiled))); err == nil && !bytes.Equal(got, data) {
			t.Errorf("byte %d: other data without an error", i)
		}
	}
	if _, err := io.ReadAll(inflate.NewReader(bytes.NewReader(append(bytes.Clone(packed), "junk"...)))); !errors.Is(err, inflate.ErrCorrupt) {
		t.Errorf("junk behind it: %v", err)
	}
}

func TestErrorsOfTheSourcePass(t *testing.T) {
	lost := errors.New("connection lost")
	packed := pack(t, samples()["table"], 6, 1)
	for _, size := range []int{0, 5, 100, len(packed) / 2, len(packed)} {
		src := io.MultiReader(bytes.NewReader(packed[:size]), iotest.ErrReader(lost))
		if _, err := io.ReadAll(inflate.NewReader(src)); !errors.Is(err, lost) {
			t.Errorf("after %d bytes: %v", size, err)
		}
	}
}

// FuzzReader holds any bytes against compress/gzip: what it reads is read
// alike, what it refuses is refused.
func FuzzReader(f *testing.F) {
	for _, data := range samples() {
		for _, level := range []int{gzip.NoCompression, gzip.HuffmanOnly, 6} {
			f.Add(pack(f, data[:min(len(data), 2000)], level, 1))
		}
	}
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"))
	f.Fuzz(func(t *testing.T, packed []byte) {
		for _, framed := range [][]byte{packed, append([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"), packed...)} {
			got, err := io.ReadAll(io.LimitReader(inflate.NewReader(bytes.NewReader(framed)), 1<<22))
			var want []byte
			z, wrong := gzip.NewReader(bytes.NewReader(framed))
			if wrong == nil {
				want, wrong = io.ReadAll(io.LimitReader(z, 1<<22))
			}
			if wrong == nil && (err != nil || !bytes.Equal(got, want)) {
				t.Fatalf("%d bytes and %v, want %d", len(got), err, len(want))
			}
			if n := min(len(got), len(want)); !bytes.Equal(got[:n], want[:n]) {
				t.Fatalf("other bytes than expected: %v, %v", err, wrong)
			}
			if wrong != nil && err == nil && !errors.Is(wrong, gzip.ErrHeader) { // padding and header sums
				t.Fatalf("no error, want %v", wrong)
			}
		}
	})
}

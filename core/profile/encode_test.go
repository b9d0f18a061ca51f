package profile

import (
	"bytes"
	"encoding/binary"
	"flag"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"

	"leeway/core/fault"
)

var update = flag.Bool("update", false, "write the golden profile of this version")

// golden is a profile of every kind of column, with exact and with approximate
// summaries.
func golden() *Dataset {
	r := rand.New(rand.NewPCG(1, 2))
	a := profileOf(rowsOf(700, 11), &small, r)
	b := profileOf(rowsOf(60, 12), &small, r)
	d, err := Merge(a, b)
	if err != nil {
		panic(err)
	}
	return d
}

func TestGolden(t *testing.T) {
	const path = "testdata/version3.profile"
	if *update {
		if err := os.WriteFile(path, golden().Encode(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(d.Encode(), data) {
		t.Error("decoding and encoding changes the bytes of version 3")
	}
	if counts(d) != counts(golden()) || d.Lines.Codes().Len() == 0 {
		t.Error("version 3 reads differently")
	}
	if !bytes.Equal(golden().Encode(), data) {
		t.Error("the same rows encode to other bytes: that needs a new version")
	}
}

// TestVersion1 reads a profile from before there were codes of rows. Together
// with newer ones it has none.
func TestVersion1(t *testing.T) {
	data, err := os.ReadFile("testdata/version1.profile")
	if err != nil {
		t.Fatal(err)
	}
	old, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if counts(old) != counts(golden()) || old.Lines.Codes().Len() != 0 {
		t.Error("version 1 reads differently")
	}
	back, err := Decode(old.Encode())
	if err != nil || !bytes.Equal(back.Encode(), old.Encode()) {
		t.Error("decoding and encoding as a newer version changes bytes", err)
	}
	both, err := Merge(golden(), old)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Merge(old, golden())
	if err != nil || !bytes.Equal(other.Encode(), both.Encode()) || both.Lines.Codes().Len() != 0 {
		t.Error("merged with a newer one", err)
	}
	left, err := both.Subtract(old)
	if err != nil || counts(left) != counts(old) {
		t.Error("subtracted from a newer one", err)
	}
}

func sealed(body []byte) []byte {
	return binary.LittleEndian.AppendUint32(body, crc32.Checksum(body, castagnoli))
}

func TestDecodeExplains(t *testing.T) {
	good := golden().Encode()
	newer := bytes.Clone(good)
	newer[len(magic)] = version + 1
	damaged := bytes.Clone(good)
	damaged[len(damaged)/2] ^= 4
	for want, data := range map[string][]byte{
		"not a profile": []byte("id,x\n1,2\n"),
		"has version 5": newer,
		"damaged":       damaged,
		"checksum":      good[:len(good)-9],
		"malformed":     sealed(bytes.Clone(good[:len(good)/2])),
		"more follows":  sealed(append(bytes.Clone(good[:len(good)-4]), 0)),
	} {
		_, err := Decode(data)
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := Decode(nil); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
}

// FuzzDecode seals any body with a right checksum, so that what is behind it is
// reached. What decodes can be used and encoded.
func FuzzDecode(f *testing.F) {
	whole := golden()
	good := whole.Encode()
	f.Add(good[len(magic)+1 : len(good)-4])
	tiny := profileOf(rowsOf(12, 1), &Options{Cells: 16, Categories: 5, Distinct: 5, Rows: 5, Sample: 2, Coded: 3}, rand.New(rand.NewPCG(1, 1))).Encode()
	f.Add(tiny[len(magic)+1 : len(tiny)-4])
	left, err := whole.Subtract(profileOf(rowsOf(60, 12), &small, rand.New(rand.NewPCG(1, 1))))
	if err != nil {
		f.Fatal(err)
	}
	subtracted := left.Encode()
	f.Add(subtracted[len(magic)+1 : len(subtracted)-4])
	for _, path := range []string{"testdata/version1.profile", "testdata/version2.profile", "testdata/version4.profile"} {
		old, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(old[len(magic)+1 : len(old)-4])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for of := range byte(version) {
			tryDecode(t, sealed(append(append([]byte(magic), of+1), body...)), whole)
		}
	})
}

func tryDecode(t *testing.T, data []byte, whole *Dataset) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d, err := Decode(data)
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 100*uint64(len(data))+1<<20 {
		t.Fatalf("%d bytes allocated for %d", grown, len(data))
	}
	if err != nil {
		if fault.KindOf(err) != fault.Invalid {
			t.Fatal(err)
		}
		return
	}
	again, err := Decode(d.Encode())
	if err != nil || !bytes.Equal(again.Encode(), d.Encode()) {
		t.Fatal("does not encode to what it was decoded from", err)
	}
	use(t, d, whole)
}

// use does with a profile what others do.
func use(t *testing.T, d, other *Dataset) {
	for _, c := range d.Columns {
		c.DistinctCount()
		if c.Numeric != nil {
			c.Numeric.Mean()
			c.Numeric.Std()
			c.Numeric.Quantile(0.5)
			c.Numeric.Grid.Weighted(nil, nil)
		}
		c.Categories.Heavy()
	}
	d.Lines.Duplicates()
	d.Lines.Counts()
	d.Lines.Codes().Column("x")
	both, err := Merge(d, d, other)
	if err != nil {
		if fault.KindOf(err) != fault.Invalid {
			t.Fatal(err)
		}
		return
	}
	both.Encode()
	if _, err := both.Subtract(d); err != nil && fault.KindOf(err) != fault.Invalid {
		t.Fatal(err)
	}
}

// TestDecodeSurvivesEveryByte changes each byte in turn behind a right checksum.
func TestDecodeSurvivesEveryByte(t *testing.T) {
	whole := golden()
	good := whole.Encode()
	body := good[:len(good)-4]
	decoded := 0
	for at := len(magic) + 1; at < len(body); at++ {
		for _, flip := range []byte{1, 0x80, 0xFF} {
			bad := bytes.Clone(body)
			bad[at] ^= flip
			d, err := Decode(sealed(bad))
			if err != nil {
				continue
			}
			if decoded++; decoded%20 > 0 {
				continue
			}
			if back, err := Decode(d.Encode()); err != nil || !bytes.Equal(back.Encode(), d.Encode()) {
				t.Fatalf("byte %d: does not encode to what it was decoded from: %v", at, err)
			}
			if decoded%200 == 0 {
				use(t, d, whole)
			}
		}
	}
	t.Logf("%d of %d changes give another valid profile", decoded, 3*(len(body)-len(magic)-1))
}

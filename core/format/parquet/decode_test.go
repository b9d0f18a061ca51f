package parquet

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pierrec/lz4/v4"
)

// The abandoned encodings are not written by any tool that is still around.

func TestOldLevels(t *testing.T) {
	l := levels{max: 7, bits: true, old: old{data: []byte{0b00000101, 0b00111001, 0b01110111}, width: 3}}
	got := make([]uint32, 8)
	if _, err := l.read(got[:5]); err != nil {
		t.Fatal(err)
	}
	if _, err := l.read(got[5:]); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]uint32{0, 1, 2, 3, 4, 5, 6, 7}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := l.read(got[:1]); err == nil {
		t.Error("levels behind the end")
	}
}

func TestHadoopLZ4(t *testing.T) {
	want := bytes.Repeat([]byte("leeway "), 100)
	var data []byte
	for _, block := range [][]byte{want[:300], want[300:]} {
		packed := make([]byte, lz4.CompressBlockBound(len(block)))
		n, err := lz4.CompressBlock(block, packed, nil)
		if err != nil {
			t.Fatal(err)
		}
		data = binary.BigEndian.AppendUint32(data, uint32(len(block)))
		data = binary.BigEndian.AppendUint32(data, uint32(n))
		data = append(data, packed[:n]...)
	}
	got := make([]byte, len(want))
	var c codec
	if err := c.decode(codecLZ4, got, data); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v, %q", err, got)
	}
	if err := c.decode(codecLZ4, got[:600], data); err == nil {
		t.Error("decompressed into less than it holds")
	}
}

func TestWideDecimals(t *testing.T) {
	l := leaf{class: decimal, physical: byteArrays, scale: 3}
	for _, text := range []string{"0", "1", "-1", "999", "-1000", "170141183460469231731687303715884105727", "-170141183460469231731687303715884105728",
		"18446744073709551616", "99999999999999999999999999999999999999", "123456789012345678901234567890123456789012345678901234567890"} {
		x, _ := new(big.Int).SetString(text, 10)
		for _, size := range []int{16, 17, 32} {
			if x.BitLen() >= 8*size && x.Sign() > 0 || x.BitLen() > 8*size {
				continue
			}
			raw := make([]byte, size)
			y := x
			if x.Sign() < 0 {
				y = new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), uint(8*size)), x)
			}
			y.FillBytes(raw)
			want := new(big.Rat).SetFrac(x, big.NewInt(1000)).FloatString(3)
			if got := string(l.text(nil, raw)); got != want {
				t.Errorf("%d bytes: %s, want %s", size, got, want)
			}
		}
	}
}

func TestFloatText(t *testing.T) {
	for x, want := range map[float64]string{
		7: "7.0", 0.1: "0.1", 1e-7: "1e-07", 1e-4: "0.0001", 1e15: "1000000000000000.0", 1e16: "1e+16", math.Copysign(0, -1): "0.0",
		123456789.25: "123456789.25", -12345678: "-12345678.0", math.Inf(-1): "-inf", 5e-324: "5e-324",
	} {
		if got := string(appendFloat(nil, x, 64)); got != want {
			t.Errorf("%v is %s, want %s", x, got, want)
		}
	}
}

func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float64{0: 0, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 1: math.Ldexp(1, -24), 0x0400: math.Ldexp(1, -14), 0xfc00: math.Inf(-1)} {
		if got := fromHalf(bits); got != want {
			t.Errorf("%#x is %v, want %v", bits, got, want)
		}
	}
	if x := fromHalf(0x7e00); x == x {
		t.Errorf("NaN is %v", x)
	}
}

func TestIntervalsAndClocks(t *testing.T) {
	raw := binary.LittleEndian.AppendUint32(nil, 14)
	raw = binary.LittleEndian.AppendUint32(raw, 3)
	raw = binary.LittleEndian.AppendUint32(raw, 1500)
	if got := string(appendInterval(nil, raw)); got != "P14M3DT1.5S" {
		t.Error(got)
	}
	if got := string(appendClock(nil, 3_723_004, 1e6)); got != "01:02:03.004" {
		t.Error(got)
	}
	if got := string(appendClock(nil, -1, 1e6)); got != "-1" {
		t.Error(got)
	}
}

package parquet

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"time"
	"unicode/utf8"
)

// text appends a value as the same table has it as CSV.
func (l *leaf) text(to, raw []byte) []byte {
	switch l.class {
	case truth:
		return strconv.AppendBool(to, raw[0] != 0)
	case integer:
		return strconv.AppendInt(to, l.int(raw), 10)
	case unsigned:
		return strconv.AppendUint(to, uint64(l.int(raw)), 10)
	case single, half:
		x, _ := l.float(raw)
		return appendFloat(to, x, 32)
	case double:
		x, _ := l.float(raw)
		return appendFloat(to, x, 64)
	case decimal:
		return l.decimal(to, raw)
	case date:
		seconds, nanos := l.instant(raw)
		return time.Unix(seconds, nanos).UTC().AppendFormat(to, time.DateOnly)
	case instant, instant96:
		seconds, nanos := l.instant(raw)
		return time.Unix(seconds, nanos).UTC().AppendFormat(to, time.RFC3339Nano)
	case clock:
		return appendClock(to, l.int(raw), l.unit)
	case uuid:
		return appendUUID(to, raw)
	case interval:
		return appendInterval(to, raw)
	case opaque:
		if !utf8.Valid(raw) {
			return hex.AppendEncode(to, raw)
		}
	}
	return append(to, raw...)
}

// json appends a value as an element of a JSON array.
func (l *leaf) json(to, raw []byte) []byte {
	switch {
	case l.class == truth:
		return l.text(to, raw)
	case l.quantity():
		if x, ok := l.float(raw); ok && x-x != 0 {
			return append(to, "null"...)
		}
		return l.text(to, raw)
	}
	to = append(to, '"')
	from := len(to)
	if to = l.text(to, raw); plain(to[from:]) {
		return append(to, '"')
	}
	return append(escape(to[:from], bytes.ToValidUTF8(to[from:], []byte("\uFFFD"))), '"')
}

// plain tells whether text stands in JSON as it is.
func plain(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func escape(to, text []byte) []byte {
	for _, c := range bytes.Clone(text) { // text may lie where it is written to
		switch {
		case c == '"' || c == '\\':
			to = append(to, '\\', c)
		case c < ' ':
			to = append(to, '\\', 'u', '0', '0', "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			to = append(to, c)
		}
	}
	return to
}

// appendFloat writes the shortest text that reads back as x: in digits from
// 0.0001 to below 10^16, with ".0" when integral, else with an exponent, as
// Python, and so pandas and polars, do.
func appendFloat(to []byte, x float64, size int) []byte {
	abs := math.Abs(x)
	switch {
	case x != x:
		return append(to, "nan"...)
	case abs > math.MaxFloat64 && x > 0:
		return append(to, "inf"...)
	case abs > math.MaxFloat64:
		return append(to, "-inf"...)
	case abs < 1<<53 && x == math.Trunc(x) && abs < 1e7: // short, and exact in both sizes
		return append(strconv.AppendInt(to, int64(x), 10), ".0"...)
	case abs != 0 && (abs < 1e-4 || abs >= 1e16):
		return strconv.AppendFloat(to, x, 'e', -1, size)
	}
	from := len(to)
	to = strconv.AppendFloat(to, x, 'f', -1, size)
	if bytes.IndexByte(to[from:], '.') < 0 {
		to = append(to, ".0"...)
	}
	return to
}

// int is a stored whole number. Of an unsigned one of 64 bits it has the bits.
func (l *leaf) int(raw []byte) int64 {
	if len(raw) == 4 {
		if l.class == unsigned {
			return int64(le32(raw))
		}
		return int64(int32(le32(raw)))
	}
	return int64(le64(raw))
}

// float is a stored float, or false where values are none.
func (l *leaf) float(raw []byte) (float64, bool) {
	switch l.class {
	case single:
		return float64(math.Float32frombits(le32(raw))), true
	case double:
		return math.Float64frombits(le64(raw)), true
	case half:
		return fromHalf(binary.LittleEndian.Uint16(raw)), true
	}
	return 0, false
}

// fromHalf is the value of an IEEE 754 binary16.
func fromHalf(h uint16) float64 {
	exponent, fraction := int(h>>10&31), float64(h&1023)
	x := math.Ldexp(1024+fraction, exponent-25)
	switch {
	case exponent == 31 && fraction != 0:
		return math.NaN()
	case exponent == 31:
		x = math.Inf(1)
	case exponent == 0:
		x = math.Ldexp(fraction, -24)
	}
	if h>>15 == 1 {
		x = -x
	}
	return x
}

// julianEpoch is the Julian day of 1970-01-01.
const julianEpoch = 2440588

// instant is a date or instant in seconds and nanoseconds since 1970.
func (l *leaf) instant(raw []byte) (seconds, nanos int64) {
	switch l.class {
	case date:
		return l.int(raw) * 86400, 0
	case instant96:
		ofDay, day := int64(le64(raw)), int64(int32(le32(raw[8:])))
		carry := floor(ofDay, 1e9)
		return (day-julianEpoch)*86400 + carry, ofDay - carry*1e9
	}
	x, perSecond := l.int(raw), 1e9/l.unit
	seconds = floor(x, perSecond)
	return seconds, (x - seconds*perSecond) * l.unit
}

func floor(x, by int64) int64 {
	q := x / by
	if x%by < 0 {
		q--
	}
	return q
}

// appendClock writes a time of day as 15:04:05 with what fraction there is. What
// is no time of day is written as its number.
func appendClock(to []byte, x, unit int64) []byte {
	if x < 0 || x >= 86400*(1e9/unit) {
		return strconv.AppendInt(to, x, 10)
	}
	return time.Unix(0, x*unit).UTC().AppendFormat(to, "15:04:05.999999999")
}

func appendUUID(to, raw []byte) []byte {
	for i, b := range raw {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			to = append(to, '-')
		}
		to = append(to, "0123456789abcdef"[b>>4], "0123456789abcdef"[b&15])
	}
	return to
}

// appendInterval writes months, days and milliseconds as ISO 8601: P1M2DT0.5S.
func appendInterval(to, raw []byte) []byte {
	to = strconv.AppendUint(append(to, 'P'), uint64(le32(raw)), 10)
	to = strconv.AppendUint(append(to, 'M'), uint64(le32(raw[4:])), 10)
	to = strconv.AppendFloat(append(to, 'D', 'T'), float64(le32(raw[8:]))/1e3, 'f', -1, 64)
	return append(to, 'S')
}

// decimal writes a decimal with all its places.
func (l *leaf) decimal(to, raw []byte) []byte {
	var digits [40]byte
	text, negative := l.unscaled(digits[:0], raw)
	if negative {
		to = append(to, '-')
	}
	if l.scale == 0 {
		return append(to, text...)
	}
	whole := len(text) - l.scale
	if whole > 0 {
		to = append(to, text[:whole]...)
		text = text[whole:]
	} else {
		to = append(to, '0')
	}
	to = append(to, '.')
	for ; whole < 0; whole++ {
		to = append(to, '0')
	}
	return append(to, text...)
}

// unscaled appends the digits of a decimal without its point and sign.
func (l *leaf) unscaled(to, raw []byte) (digits []byte, negative bool) {
	if l.physical == int32s || l.physical == int64s {
		x := l.int(raw)
		if x < 0 {
			return strconv.AppendUint(to, -uint64(x), 10), true
		}
		return strconv.AppendUint(to, uint64(x), 10), false
	}
	negative = len(raw) > 0 && raw[0] >= 128
	if len(raw) > 16 {
		x := new(big.Int).SetBytes(raw)
		if negative {
			x.Sub(new(big.Int).Lsh(big.NewInt(1), uint(8*len(raw))), x)
		}
		return x.Append(to, 10), negative
	}
	var high, low uint64
	if negative {
		high, low = math.MaxUint64, math.MaxUint64
	}
	for _, b := range raw {
		high, low = high<<8|low>>56, low<<8|uint64(b)
	}
	if negative {
		var borrow uint64
		low, borrow = bits.Sub64(0, low, 0)
		high, _ = bits.Sub64(0, high, borrow)
	}
	return appendWide(to, high, low), negative
}

// appendWide writes a number of 128 bits.
func appendWide(to []byte, high, low uint64) []byte {
	if high == 0 {
		return strconv.AppendUint(to, low, 10)
	}
	const e19 = 1e19 // the largest power of ten in 64 bits
	rest, upper := high%e19, high/e19
	middle, last := bits.Div64(rest, low, e19)
	to = appendWide(to, upper, middle)
	for place := uint64(e19 / 10); place > 0; place /= 10 {
		to = append(to, '0'+byte(last/place%10))
	}
	return to
}

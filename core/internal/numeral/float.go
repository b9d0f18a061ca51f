// Package numeral reads decimal numbers as people and programs write them,
// bit-equal to the standard library and several times as fast.
//
// [Float] decides for every text. [Plain] is a faster way through the bytes of
// a file, for the numbers that most files hold.
package numeral

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"sync/atomic"
)

// powers of ten that a float64 holds exactly.
var powers = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
	1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// Float is the number that text spells, bit-equal to strconv.ParseFloat but for
// -0, which is 0. It is false for what is no finite decimal number: infinities,
// NaN, hexadecimal, digits with underscores, numbers beyond float64.
//
// Up to 2^53 and with at most 22 decimals a number is one exact division away
// (Clinger 1990). With up to 19 digits it is one 128-bit product away (Lemire
// 2021), nearly always; the rest is left to the standard library.
func Float[T string | []byte](text T) (float64, bool) {
	i, negative := 0, false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		negative, i = text[0] == '-', 1
	}
	mantissa, start := uint64(0), i
	for ; i < len(text); i++ {
		d := text[i] - '0'
		if d > 9 {
			break
		}
		mantissa = 10*mantissa + uint64(d)
	}
	digits, exponent := i-start, 0
	if i < len(text) && text[i] == '.' {
		i++
		first := i
		for ; i < len(text); i++ {
			d := text[i] - '0'
			if d > 9 {
				break
			}
			mantissa = 10*mantissa + uint64(d)
		}
		exponent = first - i
		digits -= exponent
	}
	if digits == 0 || digits > 19 && digits-zeros(text[start:]) > 19 {
		return slow(text)
	}
	if i < len(text) {
		e, ok := scientific(text[i:])
		if !ok {
			return 0, false
		}
		exponent += e
	}
	x, ok := scale(mantissa, exponent)
	if !ok {
		return slow(text)
	}
	if negative && x != 0 {
		x = -x
	}
	return x, true
}

// zeros counts the zeros in front of a number: they take no place in the
// mantissa.
func zeros[T string | []byte](text T) int {
	n := 0
	for i := range len(text) {
		switch text[i] {
		case '0':
			n++
		case '.':
		default:
			return n
		}
	}
	return n
}

// scientific reads an exponent such as e-07.
func scientific[T string | []byte](text T) (int, bool) {
	if len(text) < 2 || text[0]|0x20 != 'e' {
		return 0, false
	}
	i, negative := 1, false
	if text[1] == '-' || text[1] == '+' {
		i, negative = 2, text[1] == '-'
	}
	if i == len(text) {
		return 0, false
	}
	e := 0
	for ; i < len(text); i++ {
		d := text[i] - '0'
		if d > 9 {
			return 0, false
		}
		e = min(10*e+int(d), 10_000)
	}
	if negative {
		e = -e
	}
	return e, true
}

// scale is mantissa times ten to the exponent, correctly rounded; false where
// that takes more than a moment's thought.
func scale(mantissa uint64, exponent int) (float64, bool) {
	if mantissa <= 1<<53 {
		switch {
		case exponent == 0:
			return float64(mantissa), true
		case exponent < 0 && -exponent < len(powers):
			return float64(mantissa) / powers[-exponent], true
		case exponent > 0 && exponent < len(powers):
			return float64(mantissa) * powers[exponent], true
		}
	}
	return product(mantissa, exponent)
}

// The powers of ten that a float64 can need, beside a mantissa of 19 digits.
const (
	lowestPower  = -348
	highestPower = 347
)

// wide holds the leading 128 bits of the powers of ten that were asked for. A
// file has few exponents, and a table of all would cost more than they do.
var wide [highestPower - lowestPower + 1]atomic.Pointer[[2]uint64]

func leading(exponent int) *[2]uint64 {
	at := &wide[exponent-lowestPower]
	power := at.Load()
	if power == nil {
		power = widen(exponent)
		at.Store(power)
	}
	return power
}

// widen finds the leading 128 bits of a power of ten, rounded down, the top bit
// set.
func widen(exponent int) *[2]uint64 {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exponent, -exponent))), nil)
	if exponent < 0 {
		one := new(big.Int).Lsh(big.NewInt(1), uint(127+power.BitLen()))
		power = one.Quo(one, power)
	}
	if shift := power.BitLen() - 128; shift > 0 {
		power.Rsh(power, uint(shift))
	} else {
		power.Lsh(power, uint(-shift))
	}
	low := new(big.Int).And(power, new(big.Int).SetUint64(math.MaxUint64))
	return &[2]uint64{new(big.Int).Rsh(power, 64).Uint64(), low.Uint64()}
}

// product is the Eisel-Lemire algorithm: the mantissa times the leading bits of
// the power of ten decide the float64 unless the product is too close to the
// middle between two of them (Lemire, "Number parsing at a gigabyte per
// second", 2021, section 5).
func product(mantissa uint64, exponent int) (float64, bool) {
	if mantissa == 0 {
		return 0, true
	}
	if exponent < lowestPower || exponent > highestPower {
		return 0, false
	}
	power := leading(exponent)
	shift := bits.LeadingZeros64(mantissa)
	mantissa <<= shift
	high, low := bits.Mul64(mantissa, power[0])
	if high&0x1ff == 0x1ff && low+mantissa < mantissa {
		more, rest := bits.Mul64(mantissa, power[1])
		var carry uint64
		low, carry = bits.Add64(low, more, 0)
		high += carry
		if high&0x1ff == 0x1ff && low == math.MaxUint64 && rest+mantissa < mantissa {
			return 0, false
		}
	}
	top := high >> 63
	significand := high >> (top + 9)
	if low == 0 && high&0x1ff == 0 && significand&3 == 1 {
		return 0, false // exactly in the middle, as far as the bits tell
	}
	significand += significand & 1
	significand >>= 1
	// log2(10) is 217706/65536, near enough in this range.
	binary := (217706*exponent)>>16 + 64 + 1023 - shift - int(1^top)
	if significand>>53 > 0 {
		significand >>= 1
		binary++
	}
	if binary < 1 || binary > 2046 { // too small to be normal, or too large
		return 0, false
	}
	return math.Float64frombits(uint64(binary)<<52 | significand&(1<<52-1)), true
}

func slow[T string | []byte](text T) (float64, bool) {
	if len(text) == 0 || len(text) > 4096 {
		return 0, false
	}
	for i := range len(text) {
		c := text[i]
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	x, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsInf(x, 0) {
		return 0, false
	}
	return x + 0, true // never -0
}

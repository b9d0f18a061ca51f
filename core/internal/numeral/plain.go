package numeral

import (
	"encoding/binary"
	"math/bits"
)

// The digits of a number are read eight at a time within a word: the fast way
// to what Float decides for all texts.

const (
	ones    = 0x0101010101010101
	lows    = 0x7f7f7f7f7f7f7f7f
	highs   = 0x8080808080808080
	noughts = '0' * ones
)

// Pad is how many bytes must be readable behind a text for [Plain].
const Pad = 8

// Plain reads the plain decimal number at data[start:end]. It looks at whole
// words, so data must go on for Pad bytes. False means that Float must decide.
func Plain(data []byte, start, end int) (x float64, ok bool) {
	negative := data[start] == '-'
	if negative {
		start++
	}
	n := end - start
	if n <= 0 {
		return 0, false
	}
	word := load(data, start)
	if n > 8 {
		return long(data, word, start, end, negative)
	}
	// Up to eight characters, point included, are read without a branch on
	// where the point is: it is taken out of the word.
	word = align(word, n)
	places := 0
	if point := equal(word, '.'); point != 0 {
		if n == 1 {
			return 0, false
		}
		at := bits.TrailingZeros64(point) &^ 7 // in bits
		places = 7 - at/8
		before := word & (1<<at - 1)
		word = word>>8>>at<<8<<at | before<<8 | '0'
	}
	if odd(word) != 0 {
		return 0, false
	}
	x = float64(int64(eight(word))) / powers[places]
	if negative {
		x = 0 - x
	}
	return x, true
}

// long is Plain for more than eight characters behind the sign, the first
// eight of which are in word: up to sixteen digits, or up to nineteen with a
// point behind the first seven of them or before.
func long(data []byte, word uint64, start, end int, negative bool) (x float64, ok bool) {
	whole := bits.TrailingZeros64(odd(word)) / 8 // digits before the point
	mantissa, places, rest := uint64(0), 0, 0
	if whole == 8 {
		start += 8
		rest = end - start
		mantissa = eight(word)
	} else {
		if data[start+whole] != '.' {
			return 0, false
		}
		if whole > 0 {
			mantissa = eight(align(word, whole))
		}
		start += whole + 1
		places = end - start
		if whole+places > 19 { // more digits than a word holds
			return 0, false
		}
		for rest = places; rest > 8; rest -= 8 {
			word = load(data, start)
			if odd(word) != 0 {
				return 0, false
			}
			mantissa = mantissa*1e8 + eight(word)
			start += 8
		}
	}
	if rest > 8 {
		return 0, false
	}
	if rest > 0 {
		word = align(load(data, start), rest)
		if odd(word) != 0 {
			return 0, false
		}
		mantissa = mantissa*tens[rest&15] + eight(word)
	}
	if mantissa <= 1<<53 {
		x = float64(int64(mantissa)) / powers[places]
	} else if x, ok = product(mantissa, -places); !ok {
		return 0, false
	}
	if negative {
		x = 0 - x
	}
	return x, true
}

// tens are powers of ten; the index of those that are used is at most 8.
var tens = [16]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}

func load(data []byte, at int) uint64 { return binary.LittleEndian.Uint64(data[at : at+8]) }

// align moves the first n characters of a word to its end and fills up with
// zero digits, for n in 1..8: the masks spare what Go does about larger shifts.
func align(word uint64, n int) uint64 {
	return word<<((64-8*n)&63) | noughts>>8>>((8*n-8)&63)
}

// odd sets the high bit of the first byte that is no digit; what it says of
// bytes behind that does not count.
func odd(word uint64) uint64 {
	return ((word + (0x7f-'9')*ones) | (word - noughts) | word) & highs
}

// eight is the number of eight digits: neighbours are put together three times.
func eight(word uint64) uint64 {
	word = (word & (0x0f * ones)) * (10<<8 + 1) >> 8
	word = (word & 0x00ff00ff00ff00ff) * (100<<16 + 1) >> 16
	return (word & 0x0000ffff0000ffff) * (10000<<32 + 1) >> 32
}

// equal sets the high bit of each byte that is c.
func equal(word uint64, c byte) uint64 {
	x := word ^ uint64(c)*ones
	return ^((x&lows + lows) | x) & highs
}

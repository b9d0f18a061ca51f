package frame

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// The hashes below are part of the profile's format: they decide which rows are
// sampled and how categories are bucketed, so they are the same on every
// machine and in every version. They are no defence against an adversary.

// The odd constants are the 64-bit primes of xxHash.
const (
	prime1 = 0x9E3779B185EBCA87
	prime2 = 0xC2B2AE3D27D4EB4F
	prime3 = 0x165667B19E3779F9
)

// Mix spreads the bits of x so that each depends on all: the finalizer of
// SplitMix64 (Steele, Lea, Flood 2014).
func Mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xBF58476D1CE4E5B9
	x ^= x >> 27
	x *= 0x94D049BB133111EB
	return x ^ x>>31
}

// HashText is a 64-bit hash of a text: eight bytes at a time through a folded
// 128-bit product (after wyhash, Wang Yi 2019), what is left of them filled up
// with zeros.
func HashText(text []byte) uint64 {
	h := uint64(len(text)) * prime1
	rest := text
	for len(rest) >= 8 {
		h = fold(h^binary.LittleEndian.Uint64(rest), prime2)
		rest = rest[8:]
	}
	var tail uint64
	switch n := len(rest); {
	case n == 0:
	case len(text) >= 8: // the last eight bytes, without those that were taken
		tail = binary.LittleEndian.Uint64(text[len(text)-8:]) >> (64 - 8*n)
	case n >= 4: // two halves that overlap
		tail = uint64(binary.LittleEndian.Uint32(rest)) | uint64(binary.LittleEndian.Uint32(rest[n-4:]))<<(8*n-32)
	default: // first, middle and last byte, some of which may be the same
		tail = uint64(rest[0]) | uint64(rest[n/2])<<(n/2*8) | uint64(rest[n-1])<<(8*n-8)
	}
	return Mix(fold(h^tail, prime3))
}

func fold(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}

// HashFloat is a 64-bit hash of a number; -0 hashes as 0.
func HashFloat(x float64) uint64 {
	return Mix(math.Float64bits(x+0) + prime1)
}

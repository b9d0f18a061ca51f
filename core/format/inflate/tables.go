package inflate

import "math/bits"

// An entry of a table says what the next bits mean:
//
//	bits 0-4    how many bits to consume, extra bits included
//	bits 5-6    how many literals (at most 3), which then are in bits 8-31
//	bit  7      something else, which is in bits 8-9
//	bits 8-11   the bits of the code alone; bits 12-31 the base, to which the
//	            value of the extra bits is added
//
// For the rest of a long code bits 10-15 hold how many more bits to look at,
// and bits 16-31 where the table for them begins.
const (
	literal  = 1 << 5
	literals = 3 << 5
	other    = 1 << 7
	invalid  = other
	blockEnd = other | 1<<8
	longer   = other | 2<<8
	which    = 3 << 8
)

// The bits that one look at a table takes.
const (
	litBits  = 11
	distBits = 8
	maxBits  = 15
)

// tables are the codes of a block.
type tables struct {
	lit     [1<<litBits + 288<<(maxBits-litBits)]uint32
	dist    [1<<distBits + 32<<(maxBits-distBits)]uint32
	lengths [288 + 32]uint8
	fixed   bool // they are those of the format itself
}

// fix makes the codes of the format itself.
func (t *tables) fix() {
	if t.fixed {
		return
	}
	t.fixed = true
	for i := range 288 {
		switch {
		case i < 144, i >= 280:
			t.lengths[i] = 8
		case i < 256:
			t.lengths[i] = 9
		default:
			t.lengths[i] = 7
		}
	}
	for i := range 32 {
		t.lengths[288+i] = 5
	}
	build(t.lit[:], litBits, t.lengths[:288], litEntry)
	pair(t.lit[:1<<litBits])
	build(t.dist[:], distBits, t.lengths[288:], distEntry)
}

// litEntry is the entry of a literal or length, without the bits of its code.
func litEntry(symbol int) uint32 {
	switch {
	case symbol < 256:
		return literal | uint32(symbol)<<8
	case symbol == 256:
		return blockEnd
	case symbol < 265:
		return uint32(symbol-254) << 12
	case symbol < 285:
		extra := (symbol - 261) / 4
		return uint32(extra) | uint32(((symbol-261)%4+4)<<extra+3)<<12
	case symbol == 285:
		return 258 << 12
	}
	return invalid
}

// distEntry is the entry of a distance, without the bits of its code.
func distEntry(symbol int) uint32 {
	switch {
	case symbol < 4:
		return uint32(symbol+1) << 12
	case symbol < 30:
		extra := symbol/2 - 1
		return uint32(extra) | uint32((symbol%2+2)<<extra+1)<<12
	}
	return invalid
}

// withCode adds the bits of the code to an entry.
func withCode(entry uint32, size int) uint32 {
	entry += uint32(size)
	if entry&(literals|other) == 0 {
		entry |= uint32(size) << 8
	}
	return entry
}

// build makes the table of a code whose symbols have the given lengths. False
// means that there is no such code: it would be ambiguous, or have gaps though
// it has more than one symbol.
func build(table []uint32, primary int, lengths []uint8, entry func(int) uint32) bool {
	var count, next [maxBits + 1]int
	for _, size := range lengths {
		count[size]++
	}
	code := 0
	for size := 1; size <= maxBits; size++ {
		next[size] = code
		if code += count[size]; code > 1<<size {
			return false
		}
		code <<= 1
	}
	single := count[0] >= len(lengths)-1 && count[1] == len(lengths)-count[0]
	if code != 2<<maxBits && !single {
		return false
	}
	for i := range table[:1<<primary] {
		table[i] = invalid | 1
	}
	free := 1 << primary
	for symbol, size := range lengths {
		if size == 0 {
			continue
		}
		reversed := int(bits.Reverse16(uint16(next[size])) >> (16 - size))
		next[size]++
		if int(size) <= primary {
			value := withCode(entry(symbol), int(size))
			for i := reversed; i < 1<<primary; i += 1 << size {
				table[i] = value
			}
			continue
		}
		at := &table[reversed&(1<<primary-1)]
		if *at&(other|which) != longer {
			*at = longer | uint32(primary) | (maxBits-uint32(primary))<<10 | uint32(free)<<16
			free += 1 << (maxBits - primary)
		}
		rest := int(size) - primary
		value := withCode(entry(symbol), rest)
		begin := int(*at >> 16)
		for i := reversed >> primary; i < 1<<(maxBits-primary); i += 1 << rest {
			table[begin+i] = value
		}
	}
	return true
}

// pair puts up to three literals into one entry where their codes fit into one
// look. It goes downwards, so that what it looks at has one literal still.
func pair(table []uint32) {
	for i := len(table) - 1; i >= 0; i-- {
		one := table[i]
		if one&(literals|other) != literal {
			continue
		}
		size := one & 31
		for shift := uint32(16); shift <= 24; shift += 8 {
			two := table[i>>size]
			if two&(literals|other) != literal || size+two&31 > litBits {
				break
			}
			size += two & 31
			one += literal | two>>8<<shift
		}
		table[i] = one&^31 | size
	}
}

package inflate

import "encoding/binary"

// codes reads the codes of a block.
func (r *Reader) codes() error {
	t := &r.tables
	t.fixed = false
	lits, dists, sizes := int(r.take(5))+257, int(r.take(5))+1, int(r.take(4))+4
	if lits > 286 || dists > 30 {
		return corrupt("a code of too many symbols")
	}
	var own [19]uint8
	for _, symbol := range order[:sizes] {
		own[symbol] = uint8(r.take(3))
	}
	var table [1 << 7]uint32
	if !build(table[:], 7, own[:], func(symbol int) uint32 { return uint32(symbol) << 12 }) {
		return corrupt("a code that is none")
	}
	lengths := t.lengths[:lits+dists]
	for i := 0; i < len(lengths); {
		symbol, ok := r.symbol(&table)
		if !ok {
			return corrupt("a code that is none")
		}
		if symbol < 16 {
			lengths[i] = uint8(symbol)
			i++
			continue
		}
		value, times := uint8(0), 0
		switch symbol {
		case 16:
			if i == 0 {
				return corrupt("a code that repeats nothing")
			}
			value, times = lengths[i-1], 3+int(r.take(2))
		case 17:
			times = 3 + int(r.take(3))
		default:
			times = 11 + int(r.take(7))
		}
		if times > len(lengths)-i {
			return corrupt("a code of too many symbols")
		}
		for range times {
			lengths[i] = value
			i++
		}
	}
	if err := r.short(); err != nil {
		return err
	}
	if !build(t.lit[:], litBits, lengths[:lits], litEntry) || !build(t.dist[:], distBits, lengths[lits:], distEntry) {
		return corrupt("a code that is none")
	}
	pair(t.lit[:1<<litBits])
	return nil
}

// order is that in which the code that codes are written in is given.
var order = []int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// symbol reads a symbol of that code.
func (r *Reader) symbol(table *[1 << 7]uint32) (int, bool) {
	r.need(7)
	entry := table[r.bits&(1<<7-1)]
	r.bits >>= entry & 31
	r.n -= uint(entry & 31)
	return int(entry >> 12), entry&other == 0
}

// symbols decodes a block as far as there is room.
func (r *Reader) symbols() error {
	for r.done < history+room {
		r.fill()
		ended, err := r.fast()
		if err != nil {
			return err
		}
		if ended {
			r.step = (*Reader).block
			return nil
		}
		if err := r.short(); err != nil { // or else there is more to come
			return err
		}
	}
	return nil
}

// fast decodes while there is input for a whole turn and room for what it
// gives. It is where the time goes.
func (r *Reader) fast() (ended bool, err error) {
	data, out, done, pos, word, n := r.data, r.out, r.done, r.pos, r.bits, r.n
	safe := r.safe()
	lit, dist := &r.tables.lit, &r.tables.dist
	for pos <= safe && done < history+room {
		word |= binary.LittleEndian.Uint64(data[pos:]) << (n & 63)
		pos += int((63 - n) >> 3)
		n |= 56
		entry := lit[word&(1<<litBits-1)]
		if entry&literals != 0 {
			// Three looks at most take 33 of the 56 bits.
			binary.LittleEndian.PutUint32(out[done:], entry>>8)
			done += int(entry >> 5 & 3)
			word >>= entry & 31
			n -= uint(entry & 31)
			if entry = lit[word&(1<<litBits-1)]; entry&literals != 0 {
				binary.LittleEndian.PutUint32(out[done:], entry>>8)
				done += int(entry >> 5 & 3)
				word >>= entry & 31
				n -= uint(entry & 31)
				if entry = lit[word&(1<<litBits-1)]; entry&literals != 0 {
					binary.LittleEndian.PutUint32(out[done:], entry>>8)
					done += int(entry >> 5 & 3)
					word >>= entry & 31
					n -= uint(entry & 31)
					continue
				}
			}
			if pos > safe { // a match may need more than is left of the bits
				continue
			}
			word |= binary.LittleEndian.Uint64(data[pos:]) << (n & 63)
			pos += int((63 - n) >> 3)
			n |= 56
		}
		if entry&(other|which) == longer {
			word >>= entry & 31
			n -= uint(entry & 31)
			entry = lit[entry>>16+uint32(word)&(1<<(maxBits-litBits)-1)]
			if entry&literals != 0 {
				out[done] = byte(entry >> 8)
				done++
				word >>= entry & 31
				n -= uint(entry & 31)
				continue
			}
		}
		if entry&other != 0 {
			word >>= entry & 31
			n -= uint(entry & 31)
			if ended = entry&which == blockEnd&which; !ended {
				err = corrupt("a code that is none")
			}
			break
		}
		length := int(entry>>12) + int(word&(1<<(entry&31)-1)>>(entry>>8&15))
		word >>= entry & 31
		n -= uint(entry & 31)

		entry = dist[word&(1<<distBits-1)]
		if entry&(other|which) == longer {
			word >>= entry & 31
			n -= uint(entry & 31)
			entry = dist[entry>>16+uint32(word)&(1<<(maxBits-distBits)-1)]
		}
		distance := int(entry>>12) + int(word&(1<<(entry&31)-1)>>(entry>>8&15))
		word >>= entry & 31
		n -= uint(entry & 31)
		if entry&other != 0 || distance > done-r.floor {
			err = corrupt("a match with what is not there")
			break
		}
		match(out, done, distance, length)
		done += length
	}
	r.done, r.pos, r.bits, r.n = done, pos, word, n
	return ended, err
}

// match copies what stands distance bytes before, in words; up to seven bytes
// more than length are written.
func match(out []byte, at, distance, length int) {
	end := at + length
	if distance < 8 {
		for ; at < end; at++ {
			out[at] = out[at-distance]
		}
		return
	}
	for ; at < end; at += 8 {
		binary.LittleEndian.PutUint64(out[at:], binary.LittleEndian.Uint64(out[at-distance:]))
	}
}

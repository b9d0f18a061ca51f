package ledger

import (
	"leeway/core/internal/wire"
)

// Behind the rows of a ledger of version 2 stand sections,
//
//	tag length bytes
//
// in the order of their tags, each at most once: what else is kept of the rows, in
// the order in which they are written. A section that has nothing to say is left
// out. A new kind of section is a tag, an entry in [Ledger.sections] and one in
// [reader.sections].
const groupsTag = 1

// The section of a chunk is its number, see [Ledger.Chunk].
const chunkTag = 3

// chunkSection says which chunk of predictions a ledger is.
type chunkSection struct{ number int }

func (chunkSection) tag() uint64                        { return chunkTag }
func (chunkSection) compare(*predictions, int, int) int { return 0 }
func (chunkSection) shard(*predictions, []place)        {}
func (p chunkSection) bytes() []byte                    { return wire.Uint(nil, uint64(p.number)) }

// section is what a kind of section does when a ledger is written. A ledger is
// written shard by shard.
type section interface {
	tag() uint64

	// compare orders two rows of a shard that are alike in all else, in a way that
	// does not hang on the order in which they came.
	compare(s *predictions, a, b int) int

	// shard takes the rows of the next shard, in the order in which they are written.
	shard(s *predictions, rows []place)

	// bytes is the section, once all shards were taken; nil for nothing.
	bytes() []byte
}

// sections are those of a ledger, in the order of their tags.
func (l *Ledger) sections() []section {
	var all []section
	if len(grouping(l.shape)) > 0 && l.Rows() > 0 {
		all = append(all, newGroupSection(l))
	}
	if l.Cases.Len() > 0 {
		all = append(all, caseSection{l})
	}
	if l.Chunk > 0 {
		all = append(all, chunkSection{l.Chunk})
	}
	if windows := newWindowSection(l); windows != nil {
		all = append(all, windows)
	}
	return all
}

// sections writes them, and with one the version that has them.
func (w *writer) sections(all []section) {
	for _, one := range all {
		data := one.bytes()
		if data == nil {
			continue
		}
		w.to[len(ledgerMagic)] = version
		w.to = wire.Uint(w.to, one.tag())
		w.to = append(wire.Uint(w.to, uint64(len(data))), data...)
	}
}

// sections reads what stands behind the rows.
func (r *reader) sections(l *Ledger, scored []int) {
	before := uint64(0)
	for r.Err() == nil && r.Left() > 0 {
		tag := r.Uint()
		data := r.Bytes(r.Size(1))
		if r.Err() != nil {
			return
		}
		inner := &reader{wire.NewReader(data), r.shape, r.version, r.codes}
		switch {
		case tag <= before:
			r.Fail("a section is out of order")
			return
		case tag == groupsTag:
			inner.groups(l)
		case tag == casesTag && l.shape.Budget == 0: // nobody asks for rows
			inner.Bytes(inner.Left())
		case tag == casesTag:
			inner.cases(l, scored)
		case tag == windowsTag && l.shape.Budget == 0:
			inner.Bytes(inner.Left())
		case tag == windowsTag:
			inner.windows(l)
		case tag == chunkTag:
			if l.Chunk = int(inner.Count()); l.Chunk < 1 {
				inner.Fail("a chunk has no number")
			}
		default:
			r.Fail("a section is of a kind that this program does not know")
			return
		}
		if before = tag; inner.Err() == nil && inner.Left() > 0 {
			inner.Fail("more follows after the end of a section")
		}
		if err := inner.Err(); err != nil {
			r.Fail(err.Error())
		}
	}
}

package frame

// Symbols is the dictionary of a Symbol column: each distinct text has a small
// code, is held once and hashed once.
//
// A reader that meets endlessly many texts drops its dictionary between two
// blocks when it has grown past its bound; Generation tells that codes have a
// new meaning.
type Symbols struct {
	slots      []slot // open addressing
	texts      []string
	hashes     []uint64
	size       int // bytes of all texts
	generation uint64
	others     map[string][]byte // texts that stand for another; see Rename
}

// slot is a place of the table. The tag spares a look at most texts that are
// not the one.
type slot struct {
	code uint32 // code+1, 0 for an empty slot
	tag  uint32 // the upper half of the hash
}

// The bound of a dictionary: past it, Full is true.
const (
	maxSymbols     = 65536
	maxSymbolBytes = 8 << 20
)

// NewSymbols is an empty dictionary, or one that holds the given texts as its
// first codes.
func NewSymbols(texts ...string) *Symbols {
	s := &Symbols{slots: make([]slot, 64)}
	for _, text := range texts {
		s.Intern([]byte(text))
	}
	return s
}

// Booleans is the dictionary of boolean columns: 0 is false, 1 is true. It is
// shared and never added to.
var Booleans = NewSymbols("false", "true")

// Rename has texts stand for others, from now on: each is taken for what words says.
func (s *Symbols) Rename(words map[string]string) *Symbols {
	for from, to := range words {
		if s.others == nil {
			s.others = make(map[string][]byte, len(words))
		}
		s.others[from] = []byte(to)
	}
	return s
}

// renamed is what a text stands for.
func (s *Symbols) renamed(text []byte) []byte {
	if to, is := s.others[string(text)]; is {
		return to
	}
	return text
}

// Intern gives the code of a text. It allocates only for a text that it has
// not seen.
func (s *Symbols) Intern(text []byte) uint32 {
	if s.others != nil {
		text = s.renamed(text)
	}
	hash := HashText(text)
	code, at, known := s.find(text, hash)
	if known {
		return code
	}
	return s.add(text, hash, at)
}

// Lookup gives the code of a text if it has one.
func (s *Symbols) Lookup(text []byte) (code uint32, known bool) {
	if s.others != nil {
		text = s.renamed(text)
	}
	code, _, known = s.find(text, HashText(text))
	return code, known
}

// find gives the code of a text, or the free slot that it would take.
func (s *Symbols) find(text []byte, hash uint64) (code uint32, at uint64, known bool) {
	mask := uint64(len(s.slots) - 1)
	for at = hash & mask; ; at = (at + 1) & mask {
		found := s.slots[at]
		if found.code == 0 {
			return 0, at, false
		}
		if code := found.code - 1; found.tag == uint32(hash>>32) && s.texts[code] == string(text) {
			return code, at, true
		}
	}
}

func (s *Symbols) add(text []byte, hash, at uint64) uint32 {
	code := uint32(len(s.texts))
	s.texts = append(s.texts, string(text))
	s.hashes = append(s.hashes, hash)
	s.size += len(text)
	s.slots[at] = slot{code + 1, uint32(hash >> 32)}
	if 2*len(s.texts) > len(s.slots) {
		s.grow()
	}
	return code
}

func (s *Symbols) grow() {
	s.slots = make([]slot, 2*len(s.slots))
	mask := uint64(len(s.slots) - 1)
	for code, hash := range s.hashes {
		at := hash & mask
		for s.slots[at].code != 0 {
			at = (at + 1) & mask
		}
		s.slots[at] = slot{uint32(code) + 1, uint32(hash >> 32)}
	}
}

// Text is the text of a code.
func (s *Symbols) Text(code uint32) string { return s.texts[code] }

// Hash is [HashText] of the text of a code.
func (s *Symbols) Hash(code uint32) uint64 { return s.hashes[code] }

// Len is the number of codes.
func (s *Symbols) Len() int { return len(s.texts) }

// Generation changes whenever codes get a new meaning.
func (s *Symbols) Generation() uint64 { return s.generation }

// Full tells that the dictionary has grown past its bound, so that its reader
// should Reset it before the next block.
func (s *Symbols) Full() bool { return len(s.texts) > maxSymbols || s.size > maxSymbolBytes }

// Reset forgets all texts and starts a new generation.
func (s *Symbols) Reset() {
	clear(s.slots)
	s.texts, s.hashes, s.size = s.texts[:0], s.hashes[:0], 0
	s.generation++
}

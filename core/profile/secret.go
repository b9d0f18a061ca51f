package profile

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// secret makes hashes of ids unreadable. Much is known of a row beside its hash: with
// an id in it as it is, the id could be found by trying.
type secret [sha256.Size]byte

// secretOf is that of a key, nil for none.
func secretOf(key []byte) *secret {
	if len(key) == 0 {
		return nil
	}
	s := secret(sha256.Sum256(append([]byte("leeway\x00rows\x00"), key...)))
	return &s
}

// of is a hash in place of another. Equal ones stay equal.
func (s *secret) of(hash uint64) uint64 {
	if s == nil {
		return hash
	}
	var data [sha256.Size + 8]byte
	copy(data[:], s[:])
	binary.LittleEndian.PutUint64(data[sha256.Size:], hash)
	sum := sha256.Sum256(data[:])
	return binary.LittleEndian.Uint64(sum[:])
}

// text is what stands in place of a cell's hash.
func (s *secret) text(hash uint64) string { return fmt.Sprintf("#%016x", s.of(hash)) }

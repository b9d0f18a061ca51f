package frame

// Place is how far a file was read. A reader of the same bytes, opened in the same
// way, that goes on there gives the blocks and the faults that the one which was
// there would have given: it can be stored, and the work go on elsewhere.
type Place struct {
	Row    int64   `json:"row"`              // rows that were read, also those that were left out
	Faults []Fault `json:"faults,omitempty"` // of these
	Late   []bool  `json:"late,omitempty"`   // of JSON Lines, by column: its key is still to come

	// Of text the stretch of it, unpacked, that was in memory. Where the next one
	// would begin is part of the place: it decides which rows are taken together.
	Start int64 `json:"start,omitempty"` // where it begins
	Used  int   `json:"used,omitempty"`  // bytes of it whose rows were read
	Held  int   `json:"held,omitempty"`  // bytes of it
	Room  int   `json:"room,omitempty"`  // bytes that there was memory for
	Last  bool  `json:"last,omitempty"`  // nothing follows
}

// Copy makes p the same place as from, in its own memory.
func (p *Place) Copy(from *Place) {
	faults, late := append(p.Faults[:0], from.Faults...), append(p.Late[:0], from.Late...)
	*p = *from
	p.Faults, p.Late = faults, late
}

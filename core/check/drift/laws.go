package drift

// laws are the method's laws as people read them.
func (m *Method) laws() []string {
	l := m.Laws
	said := []string{"0 for equal sides"}
	if l.Floor {
		said[0] = "smallest for equal sides"
	}
	for _, law := range []struct {
		holds bool
		text  string
	}{
		{!l.Floor && !l.Sized, "near 0 for equal shares of any sizes"},
		{l.Symmetric && !l.Signed && m.Kinds == Quantitative, "symmetric"},
		{l.Symmetric && !l.Signed && m.Kinds != Quantitative, "symmetric for the same cells"},
		{l.Signed, "swapping the sides changes the sign"},
		{l.Monotone, "never falls as more of a change is mixed in"},
		{l.Scale, "free of the unit"},
	} {
		if law.holds {
			said = append(said, law.text)
		}
	}
	return append(said, "the same for any order of rows and any split into files")
}

package report

// group is what belongs on one card: the findings about one column, in all rows or
// in one segment, or one finding about the data as a whole.
type group struct {
	Column   *Column // nil: about no single column, or about a segment, of which there is no picture
	Findings []*Finding
}

// severity is the gravest of the group.
func (g *group) severity() Severity { return g.Findings[0].Severity }

// groups gathers findings by column, in the order in which the first of each is told.
func (r *Report) groups() []*group {
	var all []*group
	known, columns := map[string]*group{}, r.byName()
	for _, f := range r.told() {
		name := f.Labels.Column
		key := f.Labels.Segment + "\x00" + name
		if g := known[key]; g != nil && name != "" {
			g.Findings = append(g.Findings, f)
			continue
		}
		g := &group{Findings: []*Finding{f}}
		if f.Labels.Segment == "" {
			g.Column = columns[name]
		}
		known[key] = g
		all = append(all, g)
	}
	return all
}

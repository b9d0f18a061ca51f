package report

// group is what belongs on one card: the findings about one column, or one
// finding about the data as a whole.
type group struct {
	Column   *Column // nil: about no single column
	Findings []*Finding
}

// severity is the gravest of the group.
func (g *group) severity() Severity { return g.Findings[0].Severity }

// groups gathers findings by column, in the order of the gravest of each.
func (r *Report) groups() []*group {
	var all []*group
	known, columns := map[string]*group{}, r.byName()
	for i := range r.Findings {
		f := &r.Findings[i]
		name := f.Labels.Column
		if g := known[name]; g != nil && name != "" {
			g.Findings = append(g.Findings, f)
			continue
		}
		g := &group{Column: columns[name], Findings: []*Finding{f}}
		known[name] = g
		all = append(all, g)
	}
	return all
}

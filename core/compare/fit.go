package compare

import (
	"slices"
	"strings"

	"leeway/core/profile"
	"leeway/core/schema"
)

// fitted leaves out what the reference knows as another kind, or in other words, because the
// configuration changed since it was built.
func (c *Comparison) fitted() *Comparison {
	known, lost := Fit(c.Reference.Profile, c.Contract)
	if len(lost) == 0 {
		return c
	}
	reference, other := *c.Reference, *c
	reference.Profile = known
	reference.Notes = append(slices.Clone(reference.Notes), "not compared, since the baseline was built with another kind: "+strings.Join(lost, ", ")+" (leeway baseline build makes a new one)")
	other.Reference = &reference
	return &other
}

// Fit gives a profile without the columns that the contract reads as another
// kind, and the names of those.
func Fit(p *profile.Dataset, contract *schema.Schema) (*profile.Dataset, []string) {
	unfit := map[string]bool{}
	var lost []string
	declared := make(map[string]*schema.Column, len(contract.Columns))
	for i := range contract.Columns {
		declared[contract.Columns[i].Name] = &contract.Columns[i]
	}
	for _, column := range p.Columns {
		now := declared[column.Name]
		if now == nil || alike(now, column) && !now.Reworded {
			continue
		}
		unfit[column.Name] = true
		if now.Role != schema.Ignore {
			name := column.Name
			if now.Reworded {
				name += " (in other words: labels.map)"
			}
			lost = append(lost, name)
		}
	}
	if len(unfit) == 0 {
		return p, nil
	}
	return p.Keep(func(c *profile.Column) bool { return !unfit[c.Name] }), lost
}

// alike tells whether a profile keeps of a column what the contract wants:
// of ids it keeps no values.
func alike(now *schema.Column, then *profile.Column) bool {
	kinds := now.Kind == then.Kind || now.Kind.Quantitative() && then.Kind.Quantitative()
	return kinds && (now.Role == schema.ID) == (then.Role == schema.ID) && now.Role != schema.Ignore
}

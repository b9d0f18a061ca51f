package monitor

import (
	"slices"

	"leeway/core/format"
	"leeway/core/profile"
	"leeway/core/schema"
)

// expect has columns of the contract read that the beginning of the file lacks,
// where they may come later: a key that few lines of JSON have.
func expect(match *schema.Match, contract *schema.Schema, file *format.File) {
	if names := slices.Concat(match.Missing, match.Late); len(names) > 0 && file.Expect(names) {
		match.Expect(contract)
	}
}

// settle takes expected columns that never came out of the profiles of a file:
// the file lacks them.
func settle(match *schema.Match, contract *schema.Schema, parts ...*profile.Dataset) {
	for _, name := range match.Expected {
		if slices.ContainsFunc(parts, func(d *profile.Dataset) bool { return came(d.Column(name)) }) {
			continue
		}
		match.Absent(contract, name)
		for _, d := range parts {
			d.Columns = slices.DeleteFunc(d.Columns, func(c *profile.Column) bool { return c.Name == name })
		}
	}
}

func came(c *profile.Column) bool { return c != nil && c.Valid()+c.Mistyped > 0 }

func profiles(parts []part) []*profile.Dataset {
	all := make([]*profile.Dataset, len(parts))
	for i := range parts {
		all[i] = parts[i].profile
	}
	return all
}

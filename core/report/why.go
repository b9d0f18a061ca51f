package report

import (
	"strings"

	"leeway/core/metric"
	"leeway/core/report/plain"
)

// Carried names the cells that carry most of the finding's change, at most
// count of them: "PRT 41% → 12%, up to 65 10% → 41%".
func (f *Finding) Carried(count int) string {
	var parts []string
	for i := range f.Contributions[:min(count, len(f.Contributions))] {
		c := &f.Contributions[i]
		if name := c.name(); name != "" {
			parts = append(parts, name+": "+arrow(plain.Share(c.Reference), plain.Share(c.Current)))
		}
	}
	return strings.Join(parts, ", ")
}

// name is the cell in words, "" if it is none.
func (c *Contribution) name() string {
	const width = 24
	switch {
	case c.Category != nil:
		return plain.Name(*c.Category, width)
	case c.Bin == nil:
		return ""
	}
	low, high := plain.Number(metric.Float(c.Bin[0])), plain.Number(metric.Float(c.Bin[1]))
	switch {
	case c.Bin[0] == nil && c.Bin[1] == nil:
		return "all values"
	case c.Bin[0] == nil:
		return "up to " + high
	case c.Bin[1] == nil:
		return "above " + low
	case *c.Bin[0] == *c.Bin[1]:
		return low
	}
	return low + " to " + high
}

// why is the cause in a line: its kind, then what speaks for it; "" for none.
func (f *Finding) why() string {
	if f.Cause == nil {
		return ""
	}
	return plain.Name(f.Cause.Kind, 40) + ": " + f.Cause.Evidence + "."
}

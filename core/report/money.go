package report

import (
	"strings"

	"leeway/core/report/plain"
)

// Costs is how amounts are written: of cost_per_1000, and of the impact_cost of
// findings.
type Costs struct {
	Currency string `json:"currency,omitempty"`
}

// money writes an amount.
func (c *Costs) money(x float64) string {
	text := plain.Number(rounded(x))
	if c != nil && c.Currency != "" {
		text += " " + plain.Name(c.Currency, 12)
	}
	return text
}

// title is a metric's name in a table, with the currency of amounts.
func (c *Costs) title(name string) string { return name + c.Unit(name) }

// Unit is the currency of a metric that is an amount, to stand behind its name:
// " (EUR)"; else "".
func (c *Costs) Unit(name string) string {
	if c == nil || c.Currency == "" || !strings.HasSuffix(name, "cost_per_1000") {
		return ""
	}
	return " (" + plain.Name(c.Currency, 12) + ")"
}

// plus puts a sign before what has none.
func plus(text string) string {
	if strings.HasPrefix(text, "-") {
		return text
	}
	return "+" + text
}

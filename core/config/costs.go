package config

import (
	"fmt"
	"slices"
	"strings"

	"leeway/core/schema"
)

// dearest bounds what one outcome costs, so that sums stay finite.
const dearest = 1e12

// cost is a key of costs with an amount.
func cost(name, help, example string, into func(*schema.Costs) *float64) *field {
	return &field{name: name, form: number, low: -dearest, high: dearest, otherwise: "0", help: help, example: example,
		set: func(at *cursor, v *value) { *into(at.costs()) = v.number }}
}

var costFields = []*field{
	{name: "currency", form: text, otherwise: "amounts without one",
		help:    "What money is counted in: up to 12 letters, as they are written behind amounts.",
		example: "EUR",
		set:     func(at *cursor, v *value) { at.costs().Currency = v.text }},
	cost("false_positive", "Binary: of a row that is predicted positive and is not.", "5", func(c *schema.Costs) *float64 { return &c.FalsePositive }),
	cost("false_negative", "Binary: of a positive row that is not predicted to be.", "100", func(c *schema.Costs) *float64 { return &c.FalseNegative }),
	cost("true_positive", "Binary: of a positive row that is predicted to be.", "-20", func(c *schema.Costs) *float64 { return &c.TruePositive }),
	cost("true_negative", "Binary: of a row that is not positive and is not predicted to be.", "0", func(c *schema.Costs) *float64 { return &c.TrueNegative }),
	{name: "confusion", form: open, otherwise: "0 for each pair of classes",
		help:    "Multiclass: of a row, by the class that came true and then by the class that was predicted, which may be the same.",
		example: "{cat: {dog: 3}, dog: {cat: 1}}",
		enter:   func(at *cursor, key string, _ Place) { at.actual = key },
		each: &field{form: open,
			enter: func(at *cursor, key string, _ Place) { at.key = key },
			each: &field{form: number, low: -dearest, high: dearest, set: func(at *cursor, v *value) {
				c := at.costs()
				c.Confusion = append(c.Confusion, schema.ConfusionCost{Actual: at.actual, Predicted: at.key, Cost: v.number})
			}}}},
	{name: "absolute_error", form: number, low: 0, above: true, high: dearest, otherwise: "0",
		help:    "Regression: of each unit that a prediction is off, whether too high or too low.",
		example: "0.4",
		set:     func(at *cursor, v *value) { at.costs().AbsoluteError = v.number }},
}

func (at *cursor) costs() *schema.Costs {
	if at.config.Costs == nil {
		at.config.Costs = &schema.Costs{}
	}
	return at.config.Costs
}

// taskCosts are the costs of each task that has any.
var taskCosts = []struct {
	task schema.Task
	keys []string
}{
	{schema.Binary, []string{"false_positive", "false_negative", "true_positive", "true_negative"}},
	{schema.Multiclass, []string{"confusion"}},
	{schema.Regression, []string{"absolute_error"}},
}

// costsOf says which costs a task has, as a hint.
func costsOf(task schema.Task) string {
	for _, of := range taskCosts {
		if of.task == task {
			return "costs of task: " + string(task) + " are " + strings.Join(of.keys, ", ")
		}
	}
	if task == "" {
		return "name what outcomes cost: false_positive and false_negative, confusion, or absolute_error"
	}
	return "remove costs"
}

// considerCosts finds the task that costs are of, and refuses those of several
// tasks, of another than the declared one, and a currency that nothing is counted in.
func (c *Config) considerCosts(tree *node, out *problems) {
	costs := tree.in("costs")
	if costs == nil || costs.shape != mapping {
		return
	}
	c.costly = tree.at("costs")
	task := c.Task
	first := ""
	for _, of := range taskCosts {
		for _, key := range of.keys {
			switch value := costs.in(key); {
			case value == nil || value.shape == null:
			case c.Task != "" && of.task != c.Task:
				out.add(costs.at(key), fmt.Sprintf("costs.%s has no meaning with task: %s", key, c.Task), costsOf(c.Task))
				first = key
			case c.Task == "" && first != "" && of.task != task:
				out.add(costs.at(key), fmt.Sprintf("costs.%s and costs.%s are of different tasks", first, key), "keep those of one task")
			default:
				first, task = key, of.task
			}
		}
	}
	if first == "" {
		out.add(c.costly, "costs without a cost", costsOf(c.Task))
	}
	if c.Costs == nil {
		return
	}
	c.Costs.Task = task
	if !currency(c.Costs.Currency) {
		out.add(costs.at("currency"), fmt.Sprintf("costs.currency is %q", cut(c.Costs.Currency)), "write up to 12 letters without spaces, EUR for example")
	}
	for i, one := range c.Costs.Confusion {
		same := func(o schema.ConfusionCost) bool {
			return strings.TrimSpace(o.Actual) == strings.TrimSpace(one.Actual) && strings.TrimSpace(o.Predicted) == strings.TrimSpace(one.Predicted)
		}
		if slices.ContainsFunc(c.Costs.Confusion[:i], same) {
			out.add(costs.at("confusion"), fmt.Sprintf("costs.confusion.%s.%s stands there twice", cut(one.Actual), cut(one.Predicted)), "keep one")
		}
	}
}

// currency tells whether a text can stand behind amounts.
func currency(text string) bool {
	return len([]rune(text)) <= 12 && strings.IndexFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '`' || r == '<' || r == '|' }) < 0
}

// costed refuses costs of another task than the one that was inferred.
func (c *Config) costed(s *schema.Schema, out *problems) {
	if c.Costs == nil || c.Costs.Task == s.Task {
		return
	}
	task := s.Task
	if task == "" {
		task = schema.None
	}
	out.add(c.costly, fmt.Sprintf("costs are of a %s task, and that of the data is %s", c.Costs.Task, task), costsOf(task)+"; or write task: "+string(c.Costs.Task))
}

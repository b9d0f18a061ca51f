package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/schema"
)

// TestCosts: what outcomes cost reaches the contract, by the keys of the task.
func TestCosts(t *testing.T) {
	for text, want := range map[string]*schema.Costs{
		"costs: {false_positive: 5, false_negative: 100, true_positive: -20, currency: EUR}": {Task: schema.Binary, Currency: "EUR", FalsePositive: 5, FalseNegative: 100, TruePositive: -20},
		"costs: {confusion: {cat: {dog: 3}, 7: {cat: 1, 7: -2}}}": {Task: schema.Multiclass, Confusion: []schema.ConfusionCost{
			{Actual: "cat", Predicted: "dog", Cost: 3}, {Actual: "7", Predicted: "cat", Cost: 1}, {Actual: "7", Predicted: "7", Cost: -2}}},
		"costs: {absolute_error: 0.4, currency: €}": {Task: schema.Regression, Currency: "€", AbsoluteError: 0.4},
		"costs:": nil,
	} {
		c, err := Parse([]byte(text), "m")
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		task := schema.Binary
		if want != nil {
			task = want.Task
		}
		kind := schema.Categorical
		if task == schema.Regression {
			kind = schema.Numeric
		}
		c.Task = task
		applied, _, err := c.Apply(&schema.Schema{Columns: []schema.Column{{Name: "y", Kind: kind, Role: schema.Prediction}}})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, applied.Costs); diff != "" {
			t.Errorf("%s: -want +got\n%s", text, diff)
		}
	}
}

// TestCostsRefused: costs that do not fit each other, the declared or the inferred
// task.
func TestCostsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"task: regression\ncosts: {false_positive: 5}":   `m:2:9: costs.false_positive has no meaning with task: regression: costs of task: regression are absolute_error`,
		"task: none\ncosts: {false_positive: 5}":         `m:2:9: costs.false_positive has no meaning with task: none: remove costs`,
		"costs: {false_positive: 5, absolute_error: 1}":  `m:1:28: costs.false_positive and costs.absolute_error are of different tasks: keep those of one task`,
		"costs: {currency: EUR}":                         `m:1:1: costs without a cost: name what outcomes cost: false_positive and false_negative, confusion, or absolute_error`,
		"costs: {absolute_error: 0}":                     `m:1:25: costs.absolute_error is 0: give a number above 0 to 1e+12`,
		"costs: {false_positive: dear}":                  `m:1:25: costs.false_positive is "dear" instead of a number from -1e+12 to 1e+12`,
		"costs: {false_positive: 1, currency: EUR each}": `m:1:28: costs.currency is "EUR each": write up to 12 letters without spaces, EUR for example`,
		"costs: {confusion: {a: {b: 1, \"b \": 2}}}":     `m:1:9: costs.confusion.a.b  stands there twice: keep one`,
		"costs: {confusion: {a: 3}}":                     `m:1:24: costs.confusion.a is "3" instead of a mapping`,
		"costs: {false_postive: 5, false_negative: 1}":   `m:1:9: unknown key "false_postive" in costs: did you mean "false_positive"?`,
		"costs: 5": `m:1:8: costs is "5" instead of a mapping: write keys: currency, false_positive, false_negative, true_positive, true_negative, confusion, absolute_error`,
		"model: x\ncosts: {confusion: {a: {b: 1}}}\n# data say": `m:2:1: costs are of a multiclass task, and that of the data is binary: costs of task: binary are false_positive, false_negative, true_positive, true_negative; or write task: multiclass`,
	} {
		c, err := Parse([]byte(text), "m")
		if err == nil {
			_, _, err = c.Apply(&schema.Schema{Task: schema.Binary, Columns: []schema.Column{{Name: "y", Kind: schema.Categorical, Role: schema.Prediction, Values: []string{"0", "1"}}}})
		}
		if err == nil {
			t.Errorf("%q: no error", text)
			continue
		}
		if got := strings.Split(err.Error(), "\n")[0]; got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

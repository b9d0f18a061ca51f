package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"leeway/core/check/all"
	"leeway/core/cost"
	"leeway/core/metric"
)

// terraformAWS is what the module for AWS reads or shows that is made here.
func terraformAWS(dir string) ([]file, error) {
	alarms, err := cloudWatchAlarms(metric.Alarms)
	if err != nil {
		return nil, err
	}
	widgets, err := cloudWatchWidgets(metric.Panels, all.Metrics())
	if err != nil {
		return nil, err
	}
	prices, err := indented(map[string]any{
		"as_of":            cost.AsOf,
		"lambda_gb_second": map[string]float64{"arm64": cost.Prices.LambdaARM.USD, "x86_64": cost.Prices.LambdaX86.USD},
		"lambda_request":   cost.Prices.LambdaRequest.USD,
	})
	if err != nil {
		return nil, err
	}
	readme, err := moduleReadme(dir)
	if err != nil {
		return nil, err
	}
	return []file{
		{filepath.Join(dir, "generated", "alarms.json"), alarms},
		{filepath.Join(dir, "generated", "dashboard.json"), widgets},
		{filepath.Join(dir, "generated", "prices.json"), prices},
		{filepath.Join(dir, "README.md"), readme},
	}, nil
}

// moduleReadme is the README of a module with its smallest example and its
// tables as they are now.
func moduleReadme(dir string) ([]byte, error) {
	name := filepath.Join(dir, "README.md")
	readme, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	m, err := readModule(dir)
	if err != nil {
		return nil, err
	}
	readme, err = withTables(readme, m.tables())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	example, err := os.ReadFile(filepath.Join(dir, "examples", "minimal", "main.tf"))
	if err != nil {
		return nil, err
	}
	if !strings.Contains(string(readme), "```hcl\n"+string(example)+"```") {
		return nil, fmt.Errorf("%s does not show examples/minimal/main.tf as it is", name)
	}
	return readme, nil
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"leeway/core/check/all"
	"leeway/core/cost"
	"leeway/core/fault"
)

func (s *shell) costCommand() *cobra.Command {
	var load cost.Workload
	var cloud, output string
	command := &cobra.Command{
		Use:   "cost --rows-per-day N --columns N --batches-per-day N [--cloud aws]",
		Short: "What a deployment would cost a month, with the formula",
		Long: "cost adds up what a deployment uses in a month at list prices: what the cloud bills\n" +
			"for each thing, and what is left of it after the free tier of an account that runs\n" +
			"nothing else. How long a batch takes was measured (see docs/cost.md); the bucket's\n" +
			"own data, support and taxes are not in it.",
		Example: "  leeway cost --rows-per-day 1000000 --columns 50 --batches-per-day 24 --cloud aws",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			if err := oneOf("--output", output, []string{"text", "json"}); err != nil {
				return err
			}
			if err := errors.Join(oneOf("--cloud", cloud, []string{"aws", "gcp", "azure"}), oneOf("--detail", load.Detail, []string{"top", "all"})); err != nil {
				return err
			}
			if err := loadFlags(&load); err != nil {
				return err
			}
			if cloud != "aws" {
				return &fault.Error{Kind: fault.Invalid, Object: cloud, Err: errors.New("costs are not known yet: Leeway has no function for this cloud"), Hint: "--cloud aws is"}
			}
			return s.printCost(cost.AWS(load, all.Metrics()), output)
		},
	}
	flags := command.Flags()
	flags.Float64Var(&load.RowsPerDay, "rows-per-day", 0, "predictions a day `N` of one model")
	flags.IntVar(&load.Columns, "columns", 0, "columns `N` of the logs")
	flags.Float64Var(&load.BatchesPerDay, "batches-per-day", 24, "files a day `N` that a model's predictions come in")
	flags.IntVar(&load.Models, "models", 1, "models `N` that are alike")
	flags.BoolVar(&load.Labels, "labels", true, "what came true comes later, in as many files; --labels=false if it never does")
	flags.StringVar(&load.Detail, "detail", "top", "metrics that are published: top (the verdict and the five worst columns), all")
	flags.StringVar(&cloud, "cloud", "aws", "whose prices: aws")
	flags.StringVarP(&output, "output", "o", "text", "form of the answer: text, json")
	return command
}

// loadFlags says which number makes no sense.
func loadFlags(load *cost.Workload) error {
	const most = 1e15
	for _, flag := range []struct {
		name  string
		value float64
	}{
		{"--rows-per-day", load.RowsPerDay}, {"--columns", float64(load.Columns)},
		{"--batches-per-day", load.BatchesPerDay}, {"--models", float64(load.Models)},
	} {
		if !(flag.value > 0) || math.IsInf(flag.value, 0) || flag.value > most {
			return usage{fmt.Sprintf("%s must be a number above 0", flag.name)}
		}
	}
	return nil
}

func (s *shell) printCost(e cost.Estimate, output string) error {
	if output == "json" {
		data, err := json.MarshalIndent(e, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.stdout, "%s\n", data)
		return err
	}
	fmt.Fprintf(s.stdout, "Dollars a month in %s, at list prices of %s\n\n", e.Region, e.AsOf)
	table := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ITEM\tLIST\tAFTER FREE TIER\tHOW MUCH\tFORMULA")
	for _, item := range e.Items {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s %s\t%s\n", item.Name, cost.Dollars(item.List), cost.Dollars(item.Billed), cost.Quantity(item.Quantity), item.Unit, item.Formula)
	}
	fmt.Fprintf(table, "total\t%s\t%s\t\t\n", cost.Dollars(e.List), cost.Dollars(e.Billed))
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.stdout, "\n%s\n", strings.Join(e.Notes, "\n"))
	return err
}

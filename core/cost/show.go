package cost

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"leeway/core/metric"
)

// Dollars is an amount for people: to the cent, smaller ones to two digits.
func Dollars(x float64) string {
	if x == 0 || math.Abs(x) >= 0.01 {
		return fmt.Sprintf("$%.2f", x)
	}
	return "$" + strconv.FormatFloat(x, 'g', 2, 64)
}

// Quantity is a number for people: three digits.
func Quantity(x float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, " billion"}, {1e6, " million"}, {1e3, " thousand"}} {
		if math.Abs(x) >= unit.size {
			return strconv.FormatFloat(x/unit.size, 'g', 3, 64) + unit.name
		}
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// Markdown is docs/cost.md: what workloads cost beside SageMaker Model Monitor,
// item by item for one of them, and the prices.
func Markdown(catalogue []metric.Desc) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# What it costs\n\nA month on AWS in US dollars, at list prices of %s (%s), made by `make generate` from the table\nof prices in core/cost. `leeway cost` computes the same for other numbers.\n\n", AsOf, Region)
	b.WriteString("One model of 50 columns, its predictions in a file an hour or a day and what came true in as many, after a year:\n\n")
	b.WriteString("| predictions a day | files a day | Leeway, list | after the free tier | of it metrics | Model Monitor, data quality | all four monitors |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for i := range 6 {
		load := Workload{RowsPerDay: []float64{1e3, 1e6, 100e6}[i/2], Columns: 50, BatchesPerDay: []float64{24, 1}[i%2], Models: 1, Labels: true, Detail: "top"}
		e := AWS(load, catalogue)
		fmt.Fprintf(&b, "| %s | %g | %s | %s | %s | %s and more | %s and more |\n", Quantity(load.RowsPerDay), load.BatchesPerDay, Dollars(e.List), Dollars(e.Billed), Dollars(e.named("metrics").List), Dollars(SageMaker(load, 1)), Dollars(SageMaker(load, 6)))
	}
	fmt.Fprintf(&b, "\nSageMaker Model Monitor is closed to new customers since July 2026. Its columns are a run for each file, 720 or 30 a\nmonth, × %g minutes × %s an hour (ml.m5.xlarge), once for data quality, and six times where all four monitors run (model quality and bias take\ntwo jobs each). An official example of 2,333 rows takes 5.9 minutes from start to end; jobs of more rows take longer, by\nhow much is not known here, so these are lower bounds. AWS itself speaks of more than $200 a month.\n\n", Assumed.JobMinutes, Dollars(Prices.Processing.USD))
	load := Workload{RowsPerDay: 1e6, Columns: 50, BatchesPerDay: 24, Models: 1, Labels: true, Detail: "top"}
	e := AWS(load, catalogue)
	b.WriteString("## One million predictions a day, item by item\n\n| item | list | after the free tier | how much | formula |\n| --- | --- | --- | --- | --- |\n")
	for _, item := range e.Items {
		fmt.Fprintf(&b, "| %s | %s | %s | %s %s | %s |\n", item.Name, Dollars(item.List), Dollars(item.Billed), Quantity(item.Quantity), item.Unit, item.Formula)
	}
	fmt.Fprintf(&b, "| **total** | **%s** | **%s** | | |\n\n", Dollars(e.List), Dollars(e.Billed))
	for _, note := range e.Notes {
		fmt.Fprintf(&b, "- %s\n", note)
	}
	b.WriteString("\nMost of the reads are records of the past: a function that has just started reads what became of each batch and window\nbefore. Fewer files a day make them fewer.\n")
	b.WriteString("\nWhat a batch takes is measured with `go run ./scripts/bench/work`, on one processor and a store in memory that counts\nrequests.\n\n## Prices\n\n| what | dollars | for a | free a month | read in |\n| --- | --- | --- | --- | --- |\n")
	for _, p := range All() {
		size, unit := 1.0, strings.TrimSuffix(strings.Replace(p.Unit, "metrics", "metric", 1), "s")
		if p.USD < 1e-4 && p.Unit != "GB-seconds" {
			size, unit = 1e6, "million "+p.Unit
		}
		source := p.Source
		if source == "" {
			source = "a list price that is widely known; not looked up again"
		}
		free := "0"
		if p.Free > 0 {
			free = Quantity(p.Free)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", p.Name, strconv.FormatFloat(p.USD*size, 'g', 6, 64), unit, free, source)
	}
	b.WriteString("\nMetrics beyond 10,000 cost $0.10, beyond 250,000 $0.05, beyond 1,000,000 $0.02; all are billed by the hours in\nwhich they are sent.\n")
	return b.Bytes()
}

func (e *Estimate) named(name string) Item {
	for _, item := range e.Items {
		if item.Name == name {
			return item
		}
	}
	return Item{}
}

package cost

import (
	"fmt"
	"math"

	"leeway/core/metric"
)

// Workload is what there is to monitor.
type Workload struct {
	RowsPerDay    float64 `json:"rows_per_day"`    // of one model
	Columns       int     `json:"columns"`         // of its logs
	BatchesPerDay float64 `json:"batches_per_day"` // files that its rows come in
	Models        int     `json:"models"`          // that are alike
	Labels        bool    `json:"labels"`          // what came true comes later, in as many files
	Detail        string  `json:"detail"`          // metrics: "top" or "all"
}

// Item is one thing that is billed.
type Item struct {
	Name     string  `json:"name"`
	Quantity float64 `json:"quantity"` // a month
	Unit     string  `json:"unit"`
	Formula  string  `json:"formula"` // of the quantity
	List     float64 `json:"list"`    // dollars a month at the list price
	Billed   float64 `json:"billed"`  // of these, what the free tier leaves
}

// Estimate is what a workload costs.
type Estimate struct {
	Cloud    string   `json:"cloud"`
	Region   string   `json:"region"`
	AsOf     string   `json:"as_of"`
	Workload Workload `json:"workload"`
	Items    []Item   `json:"items"`
	List     float64  `json:"list"`   // dollars a month, without free tiers
	Billed   float64  `json:"billed"` // dollars a month of an account that runs nothing else
	Notes    []string `json:"notes"`
}

// What the Terraform module makes unless it is told otherwise.
const (
	MemoryMB  = 1769         // of the function: one processor
	Reminders = 48 + 4 + 1.0 // a day: every half hour the heartbeat, every six hours labels, windows once
)

const (
	days     = 30.0 // of a month
	gigabyte = 1e9  // bytes of a GB, as clouds bill

	memoryGB   = MemoryMB / 1024.0
	pollers    = 5 * 3 * 60 * 24.0 // empty requests a day: Lambda asks SQS with five pollers, 20 s each
	monthsKept = 12.0              // how old the state is that is billed
	blockBytes = 2 << 20           // of an object by one request
	readings   = 2.0               // of an object: its hash, then its rows
	logBytes   = 3000.0            // of the function's log for a delivery
)

// used is what the workload takes in a month.
type used struct {
	load       Workload
	batches    float64 // of all models
	runs       float64 // batches and files of labels
	deliveries float64
	cold       float64 // batches that a function which has just started takes
	seconds    float64 // of the function
	gets, puts float64
	kept       float64 // GB of state after monthsKept
}

func use(load Workload) used {
	models := float64(load.Models)
	perDay := load.BatchesPerDay
	if load.Labels {
		perDay *= 2
	}
	u := used{load: load, batches: load.BatchesPerDay * days * models, runs: perDay * days * models, cold: min(perDay, 24) * days * models}
	u.deliveries = u.runs + Reminders*days
	// Records that a starting function reads: half a year of them, the average of the first.
	halfYear := monthsKept / 2 * days
	records := float64(Measured.GetsPerBatch*halfYear*load.BatchesPerDay) + float64(Measured.GetsPerWindow*halfYear)
	looks := Reminders * days * models // each reminder looks at all models
	past := float64(u.cold*records) + float64(looks*records*Assumed.ColdReminders)
	u.gets = u.runs*Measured.Gets + float64(looks*Measured.IdleGets)
	rowsPerBatch := load.RowsPerDay / load.BatchesPerDay
	u.puts = u.runs*(Measured.Puts+Measured.Lists) + float64(looks*Measured.Lists)
	cpu := u.runs*(Measured.CPU+float64(Measured.CPUPerColumn*float64(load.Columns))) + float64(load.RowsPerDay*days*models*float64(load.Columns)*Measured.CPUPerCell)
	kept := u.batches * Measured.KeptPerColumn * float64(load.Columns)
	if load.Labels {
		rows := load.RowsPerDay * days * models
		kept += float64(rows*Measured.KeptPerRow) + float64(u.batches*Measured.KeptOfRows*min(1, rowsPerBatch/Measured.RowsSampled))
		cpu += float64(rows * Measured.CPUPerLabel)
	}
	u.seconds = cpu*Assumed.SlowerBy + float64((u.gets+u.puts+past/Measured.AtOnce)*Assumed.RequestSeconds)
	// Blocks are read ahead of who needs them, so nothing waits for them.
	u.gets += past + float64(readings*math.Ceil(rowsPerBatch*float64(load.Columns)*Measured.CellBytes/blockBytes)*u.batches)
	u.kept = kept * monthsKept / gigabyte
	return u
}

// AWS is what monitoring a workload with the function of functions/aws and the
// module of terraform/aws costs. The catalogue tells how many metrics there are.
func AWS(load Workload, catalogue []metric.Desc) Estimate {
	u, p := use(load), &Prices
	e := Estimate{Cloud: "aws", Region: Region, AsOf: AsOf, Workload: load}
	e.add("requests", u.deliveries, p.LambdaRequest, "(files + 53 reminders) x 30 days")
	e.add("compute", u.seconds*memoryGB, p.LambdaARM, fmt.Sprintf("(CPU x %g + S3 requests x %g s, records %g at once) x %.2f GB", Assumed.SlowerBy, Assumed.RequestSeconds, Measured.AtOnce, memoryGB))
	storage := fmt.Sprintf("(batches x columns x %g kB", Measured.KeptPerColumn/1000)
	if load.Labels {
		storage += fmt.Sprintf(" + rows x %g bytes + batches x up to %g kB", Measured.KeptPerRow, Measured.KeptOfRows/1000)
	}
	e.add("storage", u.kept, p.Storage, storage+") of a year")
	e.add("S3 reads", u.gets, p.Get, fmt.Sprintf("files x %g + starts x (%g a batch + %g a window kept) + 2 x blocks of 2 MiB", Measured.Gets, Measured.GetsPerBatch, Measured.GetsPerWindow))
	e.add("S3 writes and lists", u.puts, p.Put, fmt.Sprintf("files x (%g + %g) + reminders x models x %g", Measured.Puts, Measured.Lists, Measured.Lists))
	e.metrics(u, perColumn(catalogue))
	alarms := 4*float64(load.Models) + 3 + 2 // of models, of the pipeline, of cost
	e.add("alarms", alarms, p.Alarm, "4 a model + 3 of the pipeline + 2 metrics of cost")
	e.add("composite alarms", float64(load.Models)+1, p.Composite, "1 a model + 1")
	e.add("dashboard", 1, p.Dashboard, "1")
	e.add("queue", u.deliveries*3+pollers*days, p.Queue, "deliveries x 3 + 5 pollers x 3 a minute")
	e.add("events", u.runs, p.Event, "files")
	e.add("schedules", Reminders*days, p.Schedule, "53 x 30 days")
	e.add("logs", u.deliveries*logBytes/gigabyte, p.LogsGiga, "deliveries x 3 kB")
	for _, item := range e.Items {
		e.List += item.List
		e.Billed += item.Billed
	}
	e.Notes = []string{
		fmt.Sprintf("CPU: %g s a file + %g s a column + %g s a million cells, measured by scripts/bench/work (%s).", Measured.CPU, Measured.CPUPerColumn, Measured.CPUPerCell*1e6, Measured.On),
		fmt.Sprintf("Assumed: a Lambda processor is %g times slower, a request to S3 takes %g s, every file up to one an hour, and every reminder, meets a function that has just started.", Assumed.SlowerBy, Assumed.RequestSeconds),
		"Not in it: the logs that you drop, and what you look at in the console.",
	}
	return e
}

// metrics are billed by the hours in which they are sent.
func (e *Estimate) metrics(u used, perColumn int) {
	series := standingSeries - allDay
	formula := fmt.Sprintf("((%d + 5 columns) a model", series)
	if u.load.Detail == "all" {
		formula = fmt.Sprintf("((%d + columns x %d) a model", series, perColumn)
		series += u.load.Columns * perColumn
	} else {
		series += 5
	}
	models := float64(u.load.Models)
	hours := min(u.load.BatchesPerDay, 24) / 24
	own := float64(len(metric.FunctionSeries))
	n := float64(models*(allDay+float64(float64(series)*hours))) + float64(own*hours)
	formula += fmt.Sprintf(" + %g) x hours with a batch / 24 + %d a model", own, allDay)
	free := max(0, n-Prices.Metric.Free)
	e.Items = append(e.Items, Item{
		Name: "metrics", Quantity: n, Unit: Prices.Metric.Unit, List: metricMonths(n), Billed: metricMonths(free),
		Formula: formula,
	})
	e.add("metric requests", u.deliveries*math.Ceil(float64(series)/1000)*max(1, models), Prices.MetricRequest, "deliveries x models x requests of 1000")
}

func (e *Estimate) add(name string, quantity float64, price Price, formula string) {
	e.Items = append(e.Items, Item{
		Name: name, Quantity: quantity, Unit: price.Unit, Formula: formula,
		List: quantity * price.USD, Billed: max(0, quantity-price.Free) * price.USD,
	})
}

// SageMaker is what SageMaker Model Monitor takes a month at least: a job of
// Processing on ml.m5.xlarge for each run, hourly if batches come hourly, else
// daily. Jobs of many rows take longer than the five minutes that are counted.
func SageMaker(load Workload, jobs int) float64 {
	runs := min(24, max(1, math.Floor(load.BatchesPerDay))) * days * float64(load.Models)
	return runs * float64(jobs) * Assumed.JobMinutes / 60 * Prices.Processing.USD
}

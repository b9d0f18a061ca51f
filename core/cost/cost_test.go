package cost

import (
	"math"
	"slices"
	"testing"

	"leeway/core/check/all"
	"leeway/core/metric"
)

func item(t *testing.T, e Estimate, name string) Item {
	t.Helper()
	i := slices.IndexFunc(e.Items, func(item Item) bool { return item.Name == name })
	if i < 0 {
		t.Fatalf("no item %q", name)
	}
	return e.Items[i]
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
		t.Errorf("%s: %g, by hand %g", what, got, want)
	}
}

// TestAWSByHand recomputes items with a pocket calculator's formulas.
func TestAWSByHand(t *testing.T) {
	e := AWS(Workload{RowsPerDay: 1e6, Columns: 50, BatchesPerDay: 24, Models: 1, Detail: "top"}, all.Metrics())
	deliveries := 24*30.0 + 53*30
	near(t, "requests", item(t, e, "requests").List, deliveries*0.2e-6)
	if free := item(t, e, "requests").Billed; free != 0 {
		t.Errorf("%g dollars for fewer requests than are free", free)
	}
	near(t, "queue", item(t, e, "queue").Quantity, deliveries*3+15*60*24*30)
	near(t, "alarms", item(t, e, "alarms").List, 0.9)
	near(t, "storage", item(t, e, "storage").Quantity, 24*30*12*50*Measured.KeptPerColumn/1e9)
	near(t, "metrics", item(t, e, "metrics").List, 0.3*float64(standingSeries+5+4))
	near(t, "metrics after the free tier", item(t, e, "metrics").Billed, 0.3*float64(standingSeries+5+4-10))
	cpu := 720*(Measured.CPU+50*Measured.CPUPerColumn) + 30e6*50*Measured.CPUPerCell
	records := (1*24 + 2) * 180.0
	past := (720 + 53*30) * records
	near(t, "S3 reads", item(t, e, "S3 reads").Quantity, past+720*(Measured.Gets+2*8)+53*30*Measured.IdleGets) // 16.7 MB a file
	waits := (item(t, e, "S3 reads").Quantity - 720*2*8 - past*15/16 + item(t, e, "S3 writes and lists").Quantity) * Assumed.RequestSeconds
	near(t, "compute", item(t, e, "compute").Quantity, (cpu*Assumed.SlowerBy+waits)*1769/1024)
	var list, billed float64
	for _, item := range e.Items {
		list += item.List
		billed += item.Billed
		if item.Billed > item.List || item.List < 0 {
			t.Errorf("%s: %g of %g dollars", item.Name, item.Billed, item.List)
		}
	}
	near(t, "total", e.List, list)
	near(t, "total after free tiers", e.Billed, billed)
}

// TestLabelsByHand: predictions are kept by row, and as many files come again.
func TestLabelsByHand(t *testing.T) {
	e := AWS(Workload{RowsPerDay: 100e6, Columns: 20, BatchesPerDay: 24, Models: 1, Labels: true, Detail: "top"}, all.Metrics())
	near(t, "storage", item(t, e, "storage").Quantity, 12*30*(24*20*Measured.KeptPerColumn+100e6*Measured.KeptPerRow+24*Measured.KeptOfRows)/1e9)
	near(t, "requests", item(t, e, "requests").Quantity, 2*720+53*30)
}

// TestMoreCostsMore: no item falls when there is more of anything.
func TestMoreCostsMore(t *testing.T) {
	base := Workload{RowsPerDay: 1e5, Columns: 20, BatchesPerDay: 8, Models: 2, Detail: "top"}
	small := AWS(base, all.Metrics())
	for name, change := range map[string]func(*Workload){
		"rows":    func(w *Workload) { w.RowsPerDay *= 100 },
		"columns": func(w *Workload) { w.Columns *= 10 },
		"batches": func(w *Workload) { w.BatchesPerDay *= 10 },
		"models":  func(w *Workload) { w.Models *= 10 },
		"labels":  func(w *Workload) { w.Labels = true },
		"detail":  func(w *Workload) { w.Detail = "all" },
	} {
		load := base
		change(&load)
		more := AWS(load, all.Metrics())
		if more.List <= small.List {
			t.Errorf("more %s: %g dollars instead of %g", name, more.List, small.List)
		}
		for _, one := range more.Items {
			if before := item(t, small, one.Name); one.List < before.List {
				t.Errorf("more %s: %s fell from %g to %g", name, one.Name, before.List, one.List)
			}
		}
	}
}

// TestTiersOfMetrics: the first ten thousand cost three times what the next do.
func TestTiersOfMetrics(t *testing.T) {
	for n, want := range map[float64]float64{0: 0, 10: 3, 10_000: 3000, 10_010: 3001, 250_000: 27_000, 1_000_000: 64_500, 1_000_100: 64_502} {
		near(t, "metrics", metricMonths(n), want)
	}
}

// TestSeriesAreThoseOfTheCatalogue: what is billed is what is published.
func TestSeriesAreThoseOfTheCatalogue(t *testing.T) {
	for _, s := range metric.StandingSeries {
		for _, label := range s.Labels {
			if values[label] == 0 {
				t.Errorf("%s: how many values the label %s has is not known", s.Name, label)
			}
		}
	}
	few := []metric.Desc{
		{Check: "drift", Name: "psi", Labels: []string{"column", "role"}},
		{Check: "quality", Name: "quantile", Labels: []string{"column", "q"}},
		{Check: "quality", Name: "rows"},
		{Check: "performance", Name: "accuracy"},
	}
	if n := perColumn(few); n != 6 {
		t.Errorf("%d metrics of a column, by hand 6", n)
	}
	if n := perColumn(all.Metrics()); n < 20 {
		t.Errorf("%d metrics of a column of all that there are", n)
	}
}

func TestSageMaker(t *testing.T) {
	hourly := Workload{BatchesPerDay: 24, Models: 1}
	near(t, "one job an hour", SageMaker(hourly, 1), 720*5/60.0*0.23)
	near(t, "six jobs an hour", SageMaker(hourly, 6), 6*720*5/60.0*0.23)
	near(t, "one job a day", SageMaker(Workload{BatchesPerDay: 1, Models: 2}, 1), 60*5/60.0*0.23)
}

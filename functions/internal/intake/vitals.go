package intake

import (
	"context"
	"errors"

	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/functions/internal/boot"
)

// Vital is a value of a standing series that is of no report: reports are there
// when something came and could be read, and alarms are for when it did not.
type Vital struct {
	Series string
	Model  string
	Check  string // "" for none
	Unit   string // as in the table of series
	Value  float64
}

// Vitals are those of the models that ran. An error is of a model whose records
// cannot be read; the other models' are there all the same.
func (o *Outcome) Vitals(ctx context.Context, app *boot.App) (vitals []Vital, failed error) {
	now := app.Monitor.Clock.Now()
	for _, ran := range o.Models {
		add := func(series, check string, value float64) {
			s, _ := metric.StandingByName(series)
			vitals = append(vitals, Vital{series, ran.Model, check, s.Unit, value})
		}
		add(metric.ModelErrors, "", float64(len(app.Monitor.Trouble(ran.Model))))
		add(metric.RunSeconds, "", ran.took.Seconds())
		batches, err := app.Monitor.DB.Batches(ctx, ran.Model)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		arrived, _, invalid := state.Newest(batches)
		if !arrived.IsZero() {
			add(metric.LastBatchAge, "", max(0, now.Sub(arrived).Seconds()))
		}
		if invalid {
			add(metric.Verdict, metric.Whole, report.Invalid.Number())
		}
	}
	return vitals, failed
}

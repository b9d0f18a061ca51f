package intake

import (
	"context"
	"errors"
	"time"

	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/functions/internal/boot"
)

// Vital is a value of a standing series that is of no report: reports are there
// when something came and could be read, and alarms are for when it did not; and what
// all batches and windows are like no report knows.
type Vital struct {
	Series  string
	Model   string
	Check   string // "" for none
	Verdict string // "" for none
	Unit    string // as in the table of series
	Value   float64
}

// vitals collects those of one model.
type vitals struct {
	model string
	all   []Vital
}

func (v *vitals) add(series string, value float64) *Vital {
	s, _ := metric.StandingByName(series)
	v.all = append(v.all, Vital{Series: series, Model: v.model, Unit: s.Unit, Value: value})
	return &v.all[len(v.all)-1]
}

// Vitals are those of the models that ran. An error is of a model whose records
// cannot be read; the other models' are there all the same.
func (o *Outcome) Vitals(ctx context.Context, app *boot.App) (all []Vital, failed error) {
	now := app.Monitor.Clock.Now()
	for _, ran := range o.Models {
		v := &vitals{model: ran.Model}
		v.add(metric.ModelErrors, float64(len(app.Monitor.Trouble(ran.Model))))
		v.add(metric.RunSeconds, ran.took.Seconds())
		if !ran.Left { // else whoever judges tells
			failed = errors.Join(failed, v.standing(ctx, app, ran, now))
		}
		all = append(all, v.all...)
	}
	return all, failed
}

// standing adds what the records of a model say. What only a batch or a report changes is
// told with these alone: services are paid by the hours in which a series has a value.
func (v *vitals) standing(ctx context.Context, app *boot.App, ran *Ran, now time.Time) error {
	db := app.Monitor.DB
	batches, err := db.Batches(ctx, v.model)
	if err != nil {
		return err
	}
	arrived, _, invalid := state.Newest(batches)
	if !arrived.IsZero() {
		v.add(metric.LastBatchAge, max(0, now.Sub(arrived).Seconds()))
	}
	if invalid {
		v.add(metric.Verdict, report.Invalid.Number()).Check = metric.Whole
	}
	if ran.Batches == 0 && len(ran.Reports) == 0 {
		return nil
	}
	if !arrived.IsZero() {
		v.add(metric.LastBatch, float64(arrived.UnixMilli())/1000)
	}
	history, err := db.History(ctx, v.model, time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	files, err := db.LabelFiles(ctx, v.model)
	if err != nil {
		return err
	}
	v.counts(state.Judged(batches, files, history), state.Verdicts(history))
	return nil
}

// counts adds how many batches and windows have which verdict. No process lives for
// long enough to count verdicts as they come, so it is what is thought of all of them
// now.
func (v *vitals) counts(judged []state.Judgement, windows map[report.Verdict]int64) {
	batches := map[report.Verdict]int64{}
	for i := range judged {
		batches[judged[i].Verdict]++
	}
	for _, verdict := range state.Gravest {
		v.add(metric.Batches, float64(batches[verdict])).Verdict = string(verdict)
		v.add(metric.Windows, float64(windows[verdict])).Verdict = string(verdict)
	}
	v.add(metric.Batches, float64(batches[report.Invalid])).Verdict = string(report.Invalid)
}

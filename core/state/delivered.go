package state

import (
	"context"
	"strings"

	"leeway/core/fault"
	"leeway/core/report"
)

// Delivered is what was done about a window's newest report: who was sent it, and
// what was decided about retraining. None of it is a function of the data alone, so
// it lies beside the report and not in it: state/<model>/delivered/<window>.json.
// [DB.Report] joins them.
type Delivered struct {
	Window  Window          `json:"window"`
	Report  string          `json:"report"` // its ID
	Retrain *report.Retrain `json:"retrain,omitempty"`
	Sinks   []Delivery      `json:"sinks,omitempty"` // that were there when it was made, in the order of the configuration
}

// Delivery is what became of a report on its way to one sink. It is owed until it is
// OK or Final.
type Delivery struct {
	Name  string         `json:"name"`
	OK    bool           `json:"ok,omitempty"`
	Error string         `json:"error,omitempty"` // of the last try
	Final bool           `json:"final,omitempty"` // the sink will not take it, however often it is tried
	Told  report.Verdict `json:"told,omitempty"`  // the verdict on the window that the sink took last, of any of its reports
}

// Owed tells whether it is still to be sent.
func (d *Delivery) Owed() bool { return !d.OK && !d.Final }

// Of is what became of it at a sink, nil where it was not meant for that.
func (d *Delivered) Of(sink string) *Delivery {
	for i := range d.Sinks {
		if d.Sinks[i].Name == sink {
			return &d.Sinks[i]
		}
	}
	return nil
}

// Outcomes is the list in a report.
func (d *Delivered) Outcomes() []report.SinkOutcome {
	var all []report.SinkOutcome
	for i := range d.Sinks {
		one := report.SinkOutcome{Name: d.Sinks[i].Name, OK: d.Sinks[i].OK, Error: d.Sinks[i].Error}
		if d.Sinks[i].Owed() && one.Error == "" {
			one.Error = "not sent yet"
		}
		all = append(all, one)
	}
	return all
}

// PutDelivered records what was done about the newest report of a window.
func (db *DB) PutDelivered(ctx context.Context, model string, d Delivered) error {
	data, err := encode(&d)
	if err != nil {
		return err
	}
	return db.replace(ctx, deliveredKey(model, d.Window), data)
}

// Delivered is what was done about the newest report of a window; zero, save for the
// window, for nothing.
func (db *DB) Delivered(ctx context.Context, model string, window Window) (Delivered, error) {
	key := deliveredKey(model, window)
	data, _, err := whole(ctx, db.state, key)
	if err == nil {
		var d Delivered
		if d, err = decode[Delivered](key, data); err == nil {
			return d, nil
		}
	}
	if kind := fault.KindOf(err); kind != fault.NotFound && kind != fault.Invalid { // damaged: nothing is known
		return Delivered{}, err
	}
	return Delivered{Window: window}, nil
}

// Deliveries lists what was done about reports, by window, ascending.
func (db *DB) Deliveries(ctx context.Context, model string) ([]Delivered, error) {
	found, err := documents[Delivered](ctx, db, deliveredPrefix(model))
	if err != nil {
		return nil, err
	}
	all := make([]Delivered, 0, len(found))
	for _, one := range found {
		all = append(all, one.value)
	}
	return all, nil
}

// join adds to a report what was done about it.
func (db *DB) join(ctx context.Context, r *report.Report, key string) (*report.Report, error) {
	name, _, _ := strings.Cut(strings.TrimPrefix(key, reportPrefix(r.Model)), "/")
	window, err := ParseWindow(name)
	if err != nil {
		return r, nil // of no window that is known
	}
	d, err := db.Delivered(ctx, r.Model, window)
	if err != nil || d.Report != r.ID {
		return r, err
	}
	r.Retrain = d.Retrain
	if len(d.Sinks) > 0 {
		r.Sinks = d.Outcomes()
	}
	return r, nil
}

func (d *Delivered) fits(name string) bool { return d.Window.Key() == name }

func deliveredPrefix(model string) string { return "state/" + model + "/delivered/" }

func deliveredKey(model string, window Window) string {
	return deliveredPrefix(model) + window.Key() + ".json"
}

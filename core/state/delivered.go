package state

import (
	"bytes"
	"context"
	"errors"
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

// changes is how often a change of what was done is tried that others get in the way of.
const changes = 16

// Deliver changes what was done about the newest report of a window, by
// compare-and-swap: another process may send this report, or have made the next one,
// meanwhile. change is called with what there is, again if somebody else was faster.
func (db *DB) Deliver(ctx context.Context, model string, window Window, change func(*Delivered)) error {
	key := deliveredKey(model, window)
	for range changes {
		d, token, err := db.delivered(ctx, key, window)
		if err != nil {
			return err
		}
		before, err := encode(&d)
		if err != nil {
			return err
		}
		change(&d)
		now, err := encode(&d)
		if err != nil || bytes.Equal(now, before) {
			return err
		}
		if err = db.swap(ctx, key, now, token); fault.KindOf(err) != fault.Conflict {
			return err
		}
	}
	return &fault.Error{Kind: fault.Unavailable, Object: key, Err: errors.New("is changed by others all the time"), Hint: "run leeway again"}
}

// Delivered is what was done about the newest report of a window; zero, save for the
// window, for nothing.
func (db *DB) Delivered(ctx context.Context, model string, window Window) (Delivered, error) {
	d, _, err := db.delivered(ctx, deliveredKey(model, window), window)
	return d, err
}

// delivered reads it with a token of its version, "" where it is not there.
func (db *DB) delivered(ctx context.Context, key string, window Window) (Delivered, string, error) {
	data, info, err := whole(ctx, db.state, key)
	if fault.KindOf(err) == fault.NotFound {
		return Delivered{Window: window}, "", nil
	}
	if err == nil {
		var d Delivered
		if d, err = decode[Delivered](key, data); err == nil {
			return d, info.ETag, nil
		}
	}
	if fault.KindOf(err) != fault.Invalid { // damaged: nothing is known
		return Delivered{}, "", err
	}
	return Delivered{Window: window}, info.ETag, nil
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

func deliveredPrefix(model string) string { return statePrefix(model) + "delivered/" }

func deliveredKey(model string, window Window) string {
	return deliveredPrefix(model) + window.Key() + ".json"
}

package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// Backtest is what a model's windows would have been told under other
// settings: each stored window judged again, in order, beside what was
// reported at the time.
type Backtest struct {
	Version     int        `json:"version"`
	Model       string     `json:"model"`
	Baseline    string     `json:"baseline"`
	FalseAlarms float64    `json:"false_alarms"` // the budget of the replayed policy
	Windows     []Replayed `json:"windows"`
	Was         Alarms     `json:"was"`
	WouldBe     Alarms     `json:"would_be"`
	Expected    float64    `json:"expected"` // alerts by chance alone, at most, had nothing changed
	New         int        `json:"new"`      // windows that would have alerted and did not
	Missed      int        `json:"missed"`   // windows that alerted and would not have
	Notes       []string   `json:"notes,omitempty"`
}

// Alarms counts the windows that ended in alert or warn, with the exact 95%
// interval of the share of alerts.
type Alarms struct {
	Windows  int        `json:"windows"`
	Alerts   int        `json:"alerts"`
	Warnings int        `json:"warnings"`
	Rate     float64    `json:"rate"` // alerts per window
	Interval [2]float64 `json:"interval"`
}

// Replayed is one window of a Backtest.
type Replayed struct {
	Window  Window   `json:"window"`
	Rows    int64    `json:"rows"`
	Was     Verdict  `json:"was,omitempty"` // "" where nothing was reported
	WouldBe Verdict  `json:"would_be"`
	Summary string   `json:"summary"`
	New     []string `json:"new"`    // ids of alerts and warnings that would be there and were not
	Missed  []string `json:"missed"` // ids of those that were there and would not be
}

// BacktestJSON writes the document as [Report.JSON] does.
func BacktestJSON(w io.Writer, b *Backtest) error {
	data, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return fmt.Errorf("encode backtest: %w", err)
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

// changed tells whether the window's outcome differs from what it was.
func (r *Replayed) changed() bool { return len(r.New) > 0 || len(r.Missed) > 0 || r.Was != r.WouldBe }

package report

import (
	"html/template"

	"leeway/core/report/plain"
)

// Decisions about retraining.
const (
	RetrainNone      = "none"      // there is no reason to
	RetrainHeld      = "held"      // there is one, and something that speaks against it
	RetrainProposed  = "proposed"  // a request waits for somebody to approve it
	RetrainRequested = "requested" // a training was asked for
	RetrainWaiting   = "waiting"   // one that was asked for before is under way
)

// Retrain is what was decided about retraining with a report. It hangs on what was
// decided before, so it is no part of what the report's id names, and of those of a
// bucket it lies beside the report: see state.Delivered.
type Retrain struct {
	Decision string          `json:"decision"`
	Request  string          `json:"request,omitempty"` // id of the request that was made, or is under way
	Reasons  []RetrainReason `json:"reasons,omitempty"`
	Held     []RetrainHold   `json:"held,omitempty"`
	Message  string          `json:"message"` // the decision in a sentence
}

// RetrainReason is a reason to retrain.
type RetrainReason struct {
	Kind    string   `json:"kind"` // performance, concept, data, schedule
	Message string   `json:"message"`
	Windows []string `json:"windows,omitempty"` // starts of the windows that show it, oldest first
}

// What a request may be held back by.
const (
	HeldByQuality  = "quality"
	HeldByModel    = "model"
	HeldByBaseline = "baseline"
	HeldByCoolDown = "cool_down"
	HeldByBudget   = "budget"
	HeldByLabels   = "labels"
)

// HeldBy lists all that a request may be held back by.
var HeldBy = []string{HeldByQuality, HeldByModel, HeldByBaseline, HeldByCoolDown, HeldByBudget, HeldByLabels}

// RetrainHold is what speaks against retraining now.
type RetrainHold struct {
	By      string `json:"by"` // one of HeldBy
	Message string `json:"message"`
}

// retrained is the decision for the page.
type retrained struct {
	Message template.HTML
	Request string
}

func (p *page) retrain(r *Report) {
	if r.Retrain == nil {
		return
	}
	p.Retrain = &retrained{Message: rich(r.Retrain.Message, sentence)}
	if r.Retrain.Request != "" {
		p.Retrain.Request = plain.Name(r.Retrain.Request, 40)
	}
}

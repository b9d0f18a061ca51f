// Package retrain decides whether a model is worth retraining. It decides only:
// what is started, and how, is the business of a trigger.
//
// [Step] is the whole of it, a function of the policy, of the state that the step
// before left, of what the windows showed ([Window]) and of what the training
// answered ([Answer]). It knows no clock: time is the data's own, and never goes
// back.
//
// # When it asks for training
//
// Reasons are looked for in the windows that were judged against the baseline in
// use, and that the last successful training has not seen:
//
//   - performance: what came true fell, in Confirm of the last Of windows that labels
//     tell of, the newest of them included;
//   - concept: the same rows have other outcomes, in as many of these windows;
//   - data: columns drifted in as many of the last windows, and in these the model is
//     estimated to be worse by Impact at least, for certain;
//   - schedule: Every has passed since the last training, and something changed.
//
// # What holds it back
//
// A reason is not enough. Nothing is asked for while the last Of windows have an
// alert of data quality, or drift that a fault upstream explains: a model must not be
// trained on what is broken. Nor while in these the model itself is another one, or is given
// something else (the same rows get other scores): no training mends that. Nor within CoolDown after the last request ended (three
// times that after one that was rejected or declined), nor beyond Budget requests in
// 30 days, nor before MinLabels labels came that the last training has not seen.
//
// # The life of a request
//
//	proposed ──approved──> requested ──running──> running ──> succeeded, rejected, failed
//	    └──> declined, expired     └───────────────> lost
//
// There is one at most. It begins as proposed where people are to approve it, and
// after two trainings in a row that made nothing better. A request that nothing is
// heard of for Timeout is lost (a proposal: expired).
//
// Promised, whatever the order and repetition of steps: never two requests at once,
// never more than the budget, never one within the cool-down; and a step that is
// repeated with nothing new changes nothing.
package retrain

import (
	"slices"
	"time"

	"leeway/core/report"
)

// Policy is when retraining is asked for.
type Policy struct {
	Confirm, Of int           // in how many of how many windows a reason must show
	Impact      float64       // data drift: least estimated loss, as a share of what the reference has
	CoolDown    time.Duration // after a request has ended
	Budget      int           // requests in 30 days
	MinLabels   int64         // labels that came since the last training
	Every       time.Duration // schedule; 0: none
	Approval    bool          // people approve each request
	Timeout     time.Duration // after which a request that nothing is heard of is lost
}

// month is what Budget is counted in.
const month = 30 * 24 * time.Hour

// Window is what one window showed.
type Window struct {
	Start, End time.Time
	Report     string
	Baseline   string // that it was judged against
	Judged     bool   // false: it is not whole and tells nothing yet
	Labelled   int64  // rows whose label came
	Told       bool   // labels are enough to tell whether performance fell
	Broken     []string
	Fell       []string // metrics of performance that fell materially
	Concept    bool     // the same rows have other outcomes
	Restated   bool     // the same rows get other scores: another model, or another input at serving
	Drifted    []string // columns that drifted materially
	Changed    bool     // anything of these, if only a warning
	Impact     *float64 // estimated loss as a share of the reference's; nil: not known, or none for certain
}

// Phase is where a request is in its life.
type Phase string

// The phases. The first three are of a request that is under way.
const (
	Proposed  Phase = "proposed"  // waits for somebody to approve it
	Requested Phase = "requested" // it is to be started, or was
	Running   Phase = "running"   // it said that it began
	Succeeded Phase = "succeeded" // a better model came of it
	Rejected  Phase = "rejected"  // a model came of it that is no better
	Failed    Phase = "failed"    // no model came of it
	Declined  Phase = "declined"  // somebody said no
	Lost      Phase = "lost"      // nothing was heard of it
	Expired   Phase = "expired"   // nobody approved it
)

// Request is a training that was asked for.
type Request struct {
	ID       string                 `json:"id"`
	Phase    Phase                  `json:"phase"`
	Report   string                 `json:"report"`             // that it was decided with
	Baseline string                 `json:"baseline,omitempty"` // that windows were judged against
	Start    time.Time              `json:"start"`              // of the data that is new since the last training
	End      time.Time              `json:"end"`
	Labels   int64                  `json:"labels"` // that came for it
	Reasons  []report.RetrainReason `json:"reasons"`
	At       time.Time              `json:"at"`                // data time when it was decided, approved at the latest
	Fired    bool                   `json:"fired,omitempty"`   // the trigger took it
	Error    string                 `json:"error,omitempty"`   // why the trigger did not, last
	Ended    time.Time              `json:"ended,omitzero"`    // data time
	Message  string                 `json:"message,omitempty"` // what the training said
	Run      string                 `json:"run,omitempty"`     // its name where it runs
}

// State is what one step leaves to the next: state/<model>/retrain.json.
type State struct {
	Clock   time.Time `json:"clock"`             // newest data time that was seen
	Count   int       `json:"count"`             // requests so far
	Request *Request  `json:"request,omitempty"` // the one that is under way
	Past    []Request `json:"past,omitempty"`    // ended ones, oldest first, the last 100
}

// remembered is how many requests that ended are kept. A budget cannot be larger, which
// core/config sees to.
const remembered = 100

// Answer is what somebody said of a request: a workflow, or a person.
type Answer struct {
	Request string
	Outcome Phase  // approved is [Requested]; Running, Succeeded, Rejected, Failed, Declined
	Message string // why
	Run     string // name of the training where it runs
}

// Input is what a step is made from.
type Input struct {
	Model   string
	Now     time.Time // newest data time
	Windows []Window  // of a model, oldest first
	Answers []Answer  // all of them, each time, in any order
}

// Step takes answers in, and decides about the newest window. The decision is nil
// where no window is there.
func Step(p *Policy, s State, in *Input) (State, *report.Retrain) {
	if in.Now.After(s.Clock) {
		s.Clock = in.Now
	}
	s.answers(in.Answers)
	s.outlive(p)
	if len(in.Windows) == 0 {
		return s, nil
	}
	newest := &in.Windows[len(in.Windows)-1]
	if r := s.Request; r != nil {
		return s, r.underWay(newest.Report)
	}
	e := s.evidence(p, in.Windows)
	reasons, instead := e.reasons()
	if len(reasons) == 0 {
		return s, &report.Retrain{Decision: report.RetrainNone, Message: instead}
	}
	if held := e.held(reasons); len(held) > 0 {
		return s, &report.Retrain{Decision: report.RetrainHeld, Reasons: reasons, Held: held, Message: holding(reasons, held)}
	}
	s.ask(p, in.Model, e, reasons)
	return s, s.Request.underWay(newest.Report)
}

// ask begins a request.
func (s *State) ask(p *Policy, model string, e *evidence, reasons []report.RetrainReason) {
	newest := e.windows[len(e.windows)-1]
	r := &Request{
		Phase: Requested, Report: newest.Report, Baseline: newest.Baseline, Start: e.windows[0].Start, End: newest.End,
		Labels: e.labels(), Reasons: reasons, At: s.Clock,
	}
	if p.Approval || s.broken() {
		r.Phase = Proposed
	}
	r.ID = identify(model, s.Count, r)
	s.Count++
	s.Request = r
}

// patience is how many trainings in a row may make nothing better before people
// are asked.
const patience = 2

// broken tells whether the last trainings made nothing better.
func (s *State) broken() bool {
	vain := 0
	for i := len(s.Past) - 1; i >= 0 && vain < patience; i-- {
		switch s.Past[i].Phase {
		case Succeeded:
			return false
		case Failed, Rejected, Lost:
			vain++
		}
	}
	return vain == patience
}

// answers takes in what was said of the request that is under way.
func (s *State) answers(all []Answer) {
	for _, outcome := range []Phase{Requested, Declined, Running, Succeeded, Rejected, Failed} { // in the order of a request's life
		for i := range all {
			if a := &all[i]; a.Outcome == outcome && s.Request != nil && a.Request == s.Request.ID {
				s.answer(a)
			}
		}
	}
}

// Answer takes one answer in at once. It is not known if it is of no request of this
// state; one of a request that has ended changes nothing.
func (s State) Answer(a Answer) (now State, known bool) {
	if s.Request != nil && s.Request.ID == a.Request {
		s.answer(&a)
		return s, true
	}
	return s, slices.ContainsFunc(s.Past, func(r Request) bool { return r.ID == a.Request })
}

func (s *State) answer(a *Answer) {
	old := s.Request
	r := *old // what the caller holds stays as it was
	switch {
	case a.Outcome == Requested && r.Phase == Proposed:
		r.At = s.Clock
	case a.Outcome == Running && r.Phase != Running && r.Phase != Proposed:
	case a.Outcome == Declined && r.Phase != Proposed, a.Outcome == Requested, a.Outcome == Running:
		return // it is past that
	}
	r.Phase = a.Outcome
	if a.Message != "" {
		r.Message = a.Message
	}
	if a.Run != "" {
		r.Run = a.Run
	}
	s.Request = &r
	if a.Outcome != Requested && a.Outcome != Running {
		s.end(a.Outcome)
	}
}

// outlive ends a request that nothing is heard of.
func (s *State) outlive(p *Policy) {
	if s.Request == nil || s.Clock.Sub(s.Request.At) < p.Timeout {
		return
	}
	if s.Request.Phase == Proposed {
		s.end(Expired)
	} else {
		s.end(Lost)
	}
}

func (s *State) end(phase Phase) {
	r := *s.Request
	r.Phase, r.Ended = phase, s.Clock
	s.Past = append(s.Past[max(0, len(s.Past)-remembered+1):len(s.Past):len(s.Past)], r)
	s.Request = nil
}

// wasAsked tells whether a request was more than a proposal. One that ended counts
// for the budget if so.
func (r *Request) wasAsked() bool {
	return r.Phase != Declined && r.Phase != Expired && r.Phase != Proposed
}

// Summary is the reasons in a sentence.
func (r *Request) Summary() string { return because(r.Reasons) }

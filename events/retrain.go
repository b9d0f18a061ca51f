package events

import "time"

// Types of events about retraining.
const (
	TypeRetrainRequested = "dev.leeway.retrain.requested.v1" // sent: a model is worth retraining
	TypeRetrainFinished  = "dev.leeway.retrain.finished.v1"  // received: what became of that
)

// RetrainRequested asks for a training. Its ID is the request's: what is started with
// it twice is one training.
type RetrainRequested struct {
	Model    string          `json:"model"`
	Request  string          `json:"request"` // to be named in the answer
	Report   string          `json:"report"`  // that it was decided with
	Verdict  string          `json:"verdict"` // of that report
	Reasons  []RetrainReason `json:"reasons"`
	Summary  string          `json:"summary"` // the reasons in a sentence
	Start    string          `json:"start"`   // of the windows that the last training has not seen
	End      string          `json:"end"`
	Labels   int64           `json:"labels"` // rows of these whose label came
	Baseline string          `json:"baseline"`
	Data     RetrainData     `json:"data"`
}

// RetrainReason is one reason, with the starts of the windows that show it.
type RetrainReason struct {
	Kind    string   `json:"kind"` // performance, concept, data, schedule
	Message string   `json:"message"`
	Windows []string `json:"windows,omitempty"`
}

// RetrainData says where the data are.
type RetrainData struct {
	Location  string   `json:"location,omitempty"` // of the bucket: "s3://name"
	Logs      string   `json:"logs"`               // prefixes below it
	Labels    string   `json:"labels"`
	Reference string   `json:"reference"`
	Answers   string   `json:"answers"`           // where an answer may be put as an object
	Objects   []string `json:"objects,omitempty"` // keys of the logs with rows of these windows, ascending, the newest 200
	More      int      `json:"more,omitempty"`    // how many further ones there are
}

// NewRetrainRequested wraps the data in an envelope.
func NewRetrainRequested(data RetrainRequested, at time.Time) (Event, error) {
	return wrap(TypeRetrainRequested, data.Request, data.Model, data.Report, at, data)
}

// RetrainFinished is what became of a request: the data of an event, or an object
// below retrain/<model>/.
type RetrainFinished struct {
	Model   string `json:"model"`
	Request string `json:"request"`
	Outcome string `json:"outcome"` // succeeded, rejected, failed; running on the way; approved or declined of a proposal
	Error   string `json:"error,omitempty"`
	Run     string `json:"run,omitempty"` // name of the training where it runs
}

// Outcomes are the outcomes of a request that can be answered.
var Outcomes = []string{"approved", "declined", "running", "succeeded", "rejected", "failed"}

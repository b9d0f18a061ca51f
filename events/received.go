package events

import (
	"encoding/json"
	"time"
)

// Received tells that an object was written to a bucket. Adapters make it of what
// their platform delivers.
type Received struct {
	Bucket  string
	Keys    []string // what the object's key may be, the likeliest first: sources encode it in different ways, and not always in their own
	Size    int64
	ETag    string
	Version string    // "" where the bucket keeps none
	Order   string    // orders what happened to one key, as text; "" if that is not told
	Time    time.Time // zero if it is not told
}

// Ask is what a schedule or a person wants to be done, in a call of its own.
type Ask struct {
	What    string           // AskRun, AskDoctor, AskLook or AskOnward
	Models  []string         // to run; none means all, with AskOnward none
	Left    map[string]int64 // with AskLook: what was left to other calls, by model
	Objects []string         // with AskOnward: keys of what is to be read

	// Reminder tells that it is asked again and again: nothing is lost if once it
	// cannot be done.
	Reminder bool
}

// What can be asked for.
const (
	AskRun    = "run"
	AskDoctor = "doctor"
	AskLook   = "look"   // whether what was left to other calls is done
	AskOnward = "onward" // to go on with what a call had no time for
)

// Skip is something that was delivered and is none of our business, with the
// reason.
type Skip struct{ Object, Reason string }

// Message is what a platform delivers and takes back as a whole: a message of a
// queue, or a call.
type Message struct {
	ID       string // the platform's name for it, "" for a call
	Received []Received
	Ask      *Ask
	Answer   json.RawMessage // what became of a request to retrain: a [RetrainFinished], alone or in its envelope
	Skipped  []Skip
	Err      error // it cannot be understood
}

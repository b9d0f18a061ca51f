package intake

import (
	"errors"
	"fmt"
	"strings"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/report/plain"
)

// goesOn notes for whoever waits for the answer that it is of a part of the work, and what
// becomes of the rest. What was not looked at yet may be anything.
func (r *Ran) goesOn(keys []string, all bool) {
	rest := named(keys)
	if all {
		rest = strings.TrimPrefix(rest+" and whatever else is pending", " and ")
	}
	r.Unfinished = fmt.Sprintf("the time was up when %s: a call in the queue goes on with %s; ask again later, and give the function more time or memory if one call has to do it all", r.did(), rest)
	r.Verdict = string(monitor.Graver(report.Verdict(r.Verdict), report.Unknown))
}

// asAnswer is what went wrong, to somebody who waits for the answer: nobody tries again for them.
func (r *Ran) asAnswer(err error) error {
	var known *fault.Error
	if !r.late || !errors.As(err, &known) {
		return err
	}
	said := *known
	said.Err = fmt.Errorf("%w; %s, which stays done, and the rest is left", known.Err, r.did())
	for _, besides := range fault.Split(err) { // a queue that took no call
		if besides != error(known) {
			said.Err = fmt.Errorf("%w; besides: %v", said.Err, besides) // in one line: no joined errors
		}
	}
	said.Hint = "ask again until no error comes, or set LEEWAY_QUEUE_URL, and calls in the queue go on by themselves; " + strings.TrimPrefix(known.Hint, triedAgain)
	return &said
}

// did is how far a model came.
func (r *Ran) did() string {
	text := fmt.Sprintf("%s read and %s made", plain.Plural(int64(r.Batches), "file was", "files were"), plain.Plural(int64(len(r.Reports)), "report", "reports"))
	if len(r.Halfway) > 0 {
		text += ", with " + named(r.Halfway) + " halfway"
	}
	return text
}

// named is some names, and how many more there are.
func named(keys []string) string {
	const most = 5
	if len(keys) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(keys[:most], ", "), len(keys)-most)
	}
	return strings.Join(keys, ", ")
}

package s3event

import (
	"encoding/json"
	"errors"
)

// Answer is what the function answers with. failed are the messages that are
// worth another try, by ID, and result is what a caller wants to know: both
// matter to a caller, only the first to a queue.
func (d *Delivery) Answer(failed map[string]error, result any) ([]byte, error) {
	if !d.queue {
		var all []error
		for _, m := range d.Messages {
			all = append(all, failed[m.ID])
		}
		if err := errors.Join(all...); err != nil {
			return nil, err
		}
		return json.Marshal(result)
	}
	type item struct {
		ID string `json:"itemIdentifier"`
	}
	answer := struct {
		Failures []item `json:"batchItemFailures"`
	}{[]item{}}
	for _, m := range d.Messages {
		if failed[m.ID] != nil {
			answer.Failures = append(answer.Failures, item{m.ID})
		}
	}
	return json.Marshal(answer)
}

// Package demo generates a month of prediction logs of a model that does not
// exist, with incidents of the kind that models meet and labels that come late: it
// is what `leeway demo` processes, and a bucket to try things on. The same seed
// gives the same files to the byte.
package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"leeway/core/state"
)

// Model is the name of the generated model: does an order turn out fraudulent?
const Model = "order-fraud"

// First is the first day of the month; Days is how many batches there are.
var First = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// The size of the generated data.
const (
	Days          = 30
	RowsPerDay    = 2000
	ReferenceRows = 20000
	seed          = 20261001
)

// Incident is something that goes wrong in the month, told as its cause.
type Incident struct {
	From, To int // days of the month, both included
	What     string
}

// Incidents is the story of the month, in order.
var Incidents = []Incident{
	{9, 16, "customers grow younger, a little more every day"},
	{12, 12, "the app forgets to send device_os for every fifth order"},
	{18, 19, "amount arrives in cents instead of dollars"},
	{20, 21, "fraudsters change their ways: orders look as before, but the score no longer tells (labels show it, five days later)"},
	{22, 24, "a new payment method, wallet, goes live in the shop"},
	{26, 27, "items and amount no longer go together, while each looks as before"},
	{29, 29, "the export breaks off in the middle of a row"},
}

// Write fills a bucket with the month. Objects that are there already with the
// same name are left alone, so that a second call changes nothing.
func Write(ctx context.Context, bucket state.Store) error {
	objects := []object{
		{"config/" + Model + ".yaml", func() ([]byte, error) { return []byte(configuration), nil }},
		{"reference/" + Model + "/september.csv.gz", func() ([]byte, error) { return encodeReference(generate(0, ReferenceRows)) }},
	}
	for day := 1; day <= Days; day++ {
		objects = append(objects, batch(day))
	}
	for day := 1 + labelDelay; day <= Days; day++ {
		objects = append(objects, labels(day))
	}
	for _, o := range objects {
		if err := o.put(ctx, bucket); err != nil {
			return fmt.Errorf("write %s: %w", o.key, err)
		}
	}
	return nil
}

// object is an object of the bucket and how to make it.
type object struct {
	key    string
	encode func() ([]byte, error)
}

func (o object) put(ctx context.Context, bucket state.Store) error {
	if existing, err := bucket.Open(ctx, o.key); err == nil {
		return existing.Close()
	}
	data, err := o.encode()
	if err != nil {
		return err
	}
	_, err = bucket.Put(ctx, o.key, io.Reader(bytes.NewReader(data)), nil)
	return err
}

// batch is the day's file. Teams change their exports, so the format changes
// with the week.
func batch(day int) object {
	formats := []struct {
		extension string
		encode    func([]order) ([]byte, error)
	}{
		{"csv", encodeCSV}, {"csv.gz", encodeGzip}, {"jsonl", encodeJSONL}, {"parquet", encodeParquet}, {"csv.zst", encodeZstd},
	}
	format := formats[(day-1)/7%len(formats)]
	date := First.AddDate(0, 0, day-1)
	return object{
		key: fmt.Sprintf("logs/%s/%s.%s", Model, date.Format(time.DateOnly), format.extension),
		encode: func() ([]byte, error) {
			data, err := format.encode(generate(day, RowsPerDay))
			if day == 29 { // the incident: nothing of the compressed stream's end arrives
				data = data[:len(data)*2/3]
			}
			return data, err
		},
	}
}

// Labels come late: most of a day's after so many days, most others four days
// after those, some never.
const (
	labelDelay = 5
	labelRest  = 9
)

// labels is the file of what became known on a day.
func labels(day int) object {
	return object{
		key: fmt.Sprintf("labels/%s/%s.csv", Model, First.AddDate(0, 0, day-1).Format(time.DateOnly)),
		encode: func() ([]byte, error) {
			var known []order
			for _, delay := range []int{labelRest, labelDelay} {
				if made := day - delay; made >= 1 {
					for _, o := range generate(made, RowsPerDay) {
						if o.known == delay {
							known = append(known, o)
						}
					}
				}
			}
			return encodeLabels(known)
		},
	}
}

const configuration = `# What Leeway should know of this model beyond what it infers.
version: 1
model: order-fraud
task: binary
positive: "1"
columns:
  order_id:   {role: id}
  ordered_at: {role: time}
  score:      {role: score}
  prediction: {role: prediction}
  country:    {kind: categorical}
  gender:     {role: sensitive}
  fraud:      {role: label}
segments: [country]
window: {every: day, lateness: 48h}
policy:
  false_alarms: 0.01
`

package s3event

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/events"
)

// Delivery is one invocation of a function.
type Delivery struct {
	Messages []events.Message
	queue    bool // messages are taken back one by one
}

// envelope has the fields by which one can tell what was delivered. Names are
// matched whatever their case: SNS writes EventSource.
type envelope struct {
	Records    []record
	DetailType string `json:"detail-type"`
	Source     string
	Time       string
	Detail     json.RawMessage
	Leeway     string
	Models     []string
	Left       map[string]int64
	Objects    []string
	Event      string // "s3:TestEvent"
	Bucket     string

	// What SNS wraps around a message on its way to a queue. An event that goes by
	// CloudEvents has a type too.
	Type, TopicArn string
	Message        *string
	Data           json.RawMessage
}

type record struct {
	EventSource, EventName, MessageID string
	EventTime                         string
	Body                              *string
	SNS                               *struct{ Message string }
	S3                                *struct {
		Bucket struct{ Name string }
		Object object
	}
}

type object struct {
	Key       string
	Decoded   string `json:"urlDecodedKey"`
	Size      int64
	ETag      string
	VersionID string `json:"versionId"`
	Bridged   string `json:"version-id"` // as EventBridge writes it
	Sequencer string
}

// Decode reads what the function was invoked with. An error says that it is
// nothing that Leeway knows.
func Decode(payload []byte) (*Delivery, error) {
	var e envelope
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, unknown("is no JSON object of a form that is known: " + err.Error())
	}
	if len(e.Records) == 0 || e.Records[0].EventSource != "aws:sqs" {
		m := decode(&e, 0)
		if m.Err != nil {
			return nil, m.Err
		}
		return &Delivery{Messages: []events.Message{m}}, nil
	}
	d := &Delivery{queue: true}
	for _, one := range e.Records {
		m := text(one.Body, 0)
		m.ID = one.MessageID
		d.Messages = append(d.Messages, m)
	}
	return d, nil
}

// nested is how many envelopes may be inside one another: SNS in SQS is two.
const nested = 4

// text decodes an event that another one carries as text.
func text(body *string, depth int) events.Message {
	var e envelope
	if body == nil {
		return events.Message{Err: unknown("has no body")}
	}
	if err := json.Unmarshal([]byte(*body), &e); err != nil {
		return events.Message{Err: unknown("carries something that is no event: " + cut(*body))}
	}
	return decode(&e, depth+1)
}

// schedules are what Terraform's schedules call themselves. All want the same:
// that what is pending be done, which is known from the bucket alone.
var schedules = []string{"heartbeat", "windows", "labels"}

func decode(e *envelope, depth int) events.Message {
	switch {
	case depth > nested:
		return events.Message{Err: unknown("has too many envelopes inside one another")}
	case e.Event == "s3:TestEvent":
		return events.Message{Skipped: []events.Skip{{Object: e.Bucket, Reason: "S3 only tries whether its notifications arrive"}}}
	case len(e.Records) > 0:
		return records(e.Records, depth)
	case e.TopicArn != "" && e.Message != nil:
		return text(e.Message, depth)
	case e.Source == "aws.s3":
		return bridged(e)
	case e.DetailType == events.TypeRetrainFinished:
		return events.Message{Answer: e.Detail}
	case e.Type == events.TypeRetrainFinished:
		return events.Message{Answer: e.Data}
	case e.DetailType == "Scheduled Event":
		return events.Message{Ask: &events.Ask{What: events.AskRun, Reminder: true}}
	case slices.Contains(schedules, e.Leeway):
		return events.Message{Ask: &events.Ask{What: events.AskRun, Models: e.Models, Reminder: true}}
	case e.Leeway == events.AskLook:
		return events.Message{Ask: &events.Ask{What: e.Leeway, Left: e.Left}}
	case e.Leeway == events.AskOnward:
		return events.Message{Ask: &events.Ask{What: e.Leeway, Models: e.Models, Objects: e.Objects}}
	case e.Leeway == events.AskRun, e.Leeway == events.AskDoctor:
		return events.Message{Ask: &events.Ask{What: e.Leeway, Models: e.Models}}
	case e.Leeway != "":
		return events.Message{Err: unknown(fmt.Sprintf("asks for %q%s", e.Leeway, nearest(e.Leeway)))}
	}
	return events.Message{Err: unknown("is neither a notification of S3 nor a call of Leeway")}
}

func nearest(name string) string {
	if near := fault.Nearest(name, []string{events.AskRun, events.AskDoctor}); near != "" {
		return ": did you mean " + near + "?"
	}
	return ""
}

// records reads notifications as S3 and SNS deliver them.
func records(all []record, depth int) (m events.Message) {
	for _, r := range all {
		switch {
		case r.SNS != nil:
			inner := text(&r.SNS.Message, depth)
			m.Received, m.Skipped = append(m.Received, inner.Received...), append(m.Skipped, inner.Skipped...)
			m.Err = cmp.Or(m.Err, inner.Err)
			if inner.Ask != nil {
				m.Ask = inner.Ask
			}
			if inner.Answer != nil {
				m.Answer = inner.Answer
			}
		case r.S3 == nil:
			m.Err = cmp.Or(m.Err, unknown(fmt.Sprintf("has a record of %q", r.EventSource)))
		case !created(r.EventName):
			m.Skipped = append(m.Skipped, events.Skip{Object: r.S3.Object.Key, Reason: "nothing was written: " + r.EventName})
		default:
			m.Received = append(m.Received, r.S3.Object.received(r.S3.Bucket.Name, r.EventTime, true))
		}
	}
	return m
}

// created tells whether something was written. S3-compatible servers put "s3:"
// before the name.
func created(name string) bool {
	return strings.HasPrefix(strings.TrimPrefix(name, "s3:"), "ObjectCreated:")
}

// bridged reads an event of S3 as EventBridge delivers it.
func bridged(e *envelope) events.Message {
	var detail struct {
		Bucket struct{ Name string }
		Object object
	}
	if err := json.Unmarshal(e.Detail, &detail); err != nil {
		return events.Message{Err: unknown("has a detail that cannot be read: " + err.Error())}
	}
	if e.DetailType != "Object Created" {
		return events.Message{Skipped: []events.Skip{{Object: detail.Object.Key, Reason: "nothing was written: " + e.DetailType}}}
	}
	return events.Message{Received: []events.Received{detail.Object.received(detail.Bucket.Name, e.Time, false)}}
}

// received gives the object with its possible keys: as it is unescaped by the
// source's own rule first, then by the others.
func (o object) received(bucket string, at string, escaped bool) events.Received {
	form, errForm := url.QueryUnescape(o.Key)
	path, errPath := url.PathUnescape(o.Key)
	var keys []string
	add := func(key string, err error) {
		if err == nil && key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if escaped {
		add(o.Decoded, nil)
		add(form, errForm)
		add(path, errPath)
		add(o.Key, nil)
	} else {
		add(o.Key, nil)
		add(path, errPath)
		add(form, errForm)
	}
	version := cmp.Or(o.VersionID, o.Bridged)
	if version == "null" {
		version = ""
	}
	written, _ := time.Parse(time.RFC3339, at) // zero where it is written in another way: nothing hangs on it
	return events.Received{
		Bucket: bucket, Keys: keys, Size: o.Size, ETag: strings.Trim(o.ETag, `"`), Version: version, Order: order(o.Sequencer), Time: written,
	}
}

// order makes sequencers, which are hexadecimal numbers of any length, compare
// as text.
func order(sequencer string) string {
	const width = 64
	if sequencer == "" || len(sequencer) >= width {
		return sequencer
	}
	return strings.Repeat("0", width-len(sequencer)) + strings.ToUpper(sequencer)
}

func unknown(what string) error {
	return &fault.Error{Kind: fault.Invalid, Op: "decode event", Err: errors.New("the event " + what), Hint: `send notifications of S3, or {"leeway": "run"}`}
}

func cut(text string) string {
	if len(text) > 60 {
		text = text[:60] + "..."
	}
	return fmt.Sprintf("%q", text)
}

package s3event_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/fault"
	"leeway/events"
	"leeway/infra/aws/s3event"
)

// plain is a message in short: what it holds, one thing a line.
func plain(m events.Message) (lines []string) {
	for _, r := range m.Received {
		lines = append(lines, "received "+r.Bucket+": "+strings.Join(r.Keys, " | "))
	}
	for _, s := range m.Skipped {
		lines = append(lines, "skipped "+s.Object+": "+s.Reason)
	}
	if m.Ask != nil {
		again := map[bool]string{true: " again and again"}[m.Ask.Reminder]
		lines = append(lines, strings.TrimSpace("asked "+m.Ask.What+" "+strings.Join(m.Ask.Models, " "))+again)
		for _, key := range m.Ask.Objects {
			lines[len(lines)-1] += " " + key
		}
		for model, after := range m.Ask.Left {
			lines[len(lines)-1] += fmt.Sprintf(" %s:%d", model, after)
		}
	}
	if m.Answer != nil {
		lines = append(lines, "answered "+string(m.Answer))
	}
	if m.Err != nil {
		lines = append(lines, "error "+m.Err.Error())
	}
	return lines
}

const awkward = "logs/churn/2026-03-02 a+b ü.csv"

func TestSamples(t *testing.T) {
	form := "received example-logs: " + awkward + " | logs/churn/2026-03-02+a+b+ü.csv | logs/churn/2026-03-02+a%2Bb+%C3%BC.csv"
	raw := "received example-logs: " + awkward + " | logs/churn/2026-03-02 a b ü.csv"
	want := map[string][]string{
		"s3.json":                  {form},
		"s3-test.json":             {"skipped example-logs: S3 only tries whether its notifications arrive"},
		"s3-removed.json":          {"skipped logs/churn/2026-03-02.csv: nothing was written: ObjectRemoved:Delete"},
		"s3-compatible.json":       {"received example-logs: logs/churn/2026-03-02 a b ü.csv | " + awkward}, // that the second is right, the bucket tells
		"eventbridge.json":         {raw},
		"eventbridge-deleted.json": {"skipped logs/churn/2026-03-02.csv: nothing was written: Object Deleted"},
		"sqs-s3.json":              {form, "received example-logs: logs/fraud/day.parquet"},
		"sqs-eventbridge.json":     {raw},
		"sqs-sns-s3.json":          {form},
		"sns-s3.json":              {form},
		"sqs-strange.json":         {`error the event carries something that is no event: "what is this": send notifications of S3, or {"leeway": "run"}`},
		"scheduled.json":           {"asked run again and again"},
		"scheduler.json":           {"asked run again and again"},
		"look.json":                {"asked look churn:17"},
		"onward.json":              {"asked onward logs/churn/2026-10-01.csv"},
		"run.json":                 {"asked run churn fraud"},
		"doctor.json":              {"asked doctor"},
		"sqs-retrain-finished.json": {
			`answered {"model":"churn","request":"rt-0c7f1a","outcome":"succeeded","run":"arn:aws:sagemaker:eu-west-1:123456789012:pipeline/churn/execution/abc"}`,
			`answered {"model":"churn","request":"rt-0c7f1a","outcome":"failed","error":"out of memory"}`,
		},
	}
	files, err := filepath.Glob("../../../events/samples/aws/*.json")
	if err != nil || len(files) != len(want) {
		t.Errorf("%d samples, and %d are expected: %v", len(files), len(want), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := s3event.Decode(data)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		var got []string
		for _, m := range d.Messages {
			got = append(got, plain(m)...)
		}
		if diff := cmp.Diff(want[filepath.Base(file)], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

// TestOthers: samples that others collected, where they are at hand.
func TestOthers(t *testing.T) {
	want := map[string]string{
		"aws_eventbridge_s3_object_created.json": "received username-sfn-tutorial: test.png",
		"aws_s3-event.json":                      "received sourcebucket: Happy Face.jpg | Happy%20Face.jpg",
		"aws_s3-event-with-decoded.json":         "received sourcebucket: Happy Face.jpg | Happy%20Face.jpg",
		"aws_sam_S3Put.template.txt":             "received {{{bucket}}}: {{{key}}}",
		"aws_sam_ScheduledEvent.json":            "asked run",
		"aws_sns-event.json":                     "error", "aws_sqs-event.json": "error", "aws_kinesis-event.json": "error",
		"aws_s3-batch-job-event-request-2.0.json": "error",
	}
	files, _ := filepath.Glob("../../../../shared/data/cloud_events/aws_*") // the pattern is sound
	if len(files) == 0 {
		t.Skip("the collected samples are not here")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := s3event.Decode(data)
		got := "error"
		if err == nil {
			got = strings.Join(plain(d.Messages[0]), "; ")
		}
		expected, known := want[filepath.Base(file)]
		if !known {
			expected = "error" // an alarm is not for us
		}
		if !strings.HasPrefix(got, expected) {
			t.Errorf("%s: %s, want %s", filepath.Base(file), got, expected)
		}
		if err != nil && (fault.KindOf(err) != fault.Invalid || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestOrder(t *testing.T) {
	of := func(sequencer string) string {
		d, err := s3event.Decode(fmt.Appendf(nil, `{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Copy","s3":{"object":{"key":"k","sequencer":%q}}}]}`, sequencer))
		if err != nil {
			t.Fatal(err)
		}
		return d.Messages[0].Received[0].Order
	}
	ascending := []string{"9", "0A", "ff", "100", "0055AED6DCD90281E5", "0055aed6dcd90281e6", "10055AED6DCD90281E5"}
	for i := range len(ascending) - 1 {
		if of(ascending[i]) >= of(ascending[i+1]) {
			t.Errorf("%s does not come before %s", ascending[i], ascending[i+1])
		}
	}
	if of("00ff") != of("FF") {
		t.Error("one number has two orders")
	}
}

func TestHostile(t *testing.T) {
	deep := `"end"`
	for range 9 {
		deep = fmt.Sprintf("%q", `{"TopicArn":"a","Message":`+deep+`}`)
	}
	for _, payload := range []string{
		"", "null", "[]", "7", `"text"`, "{", "{}", `{"Records":null}`, `{"Records":[{}]}`, `{"Records":[{"eventSource":"aws:sqs"}]}`,
		`{"Records":[{"eventSource":"aws:sns","Sns":{}}]}`, `{"source":"aws.s3","detail-type":"Object Created"}`, `{"leeway":"docter"}`, `{"leeway":"run","models":"all"}`,
		`{"TopicArn":"a","Message":` + deep + `}`,
	} {
		d, err := s3event.Decode([]byte(payload))
		if err == nil {
			err = d.Messages[0].Err
		}
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.40s: %v", payload, err)
		}
	}
	_, err := s3event.Decode([]byte(`{"leeway":"docter"}`))
	if err == nil || !strings.Contains(err.Error(), "did you mean doctor?") {
		t.Errorf("got %v", err)
	}
}

func TestAnswer(t *testing.T) {
	sample := func(name string) *s3event.Delivery {
		data, err := os.ReadFile("../../../events/samples/aws/" + name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := s3event.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	queue, call := sample("sqs-s3.json"), sample("s3.json")
	for _, c := range []struct {
		of     *s3event.Delivery
		failed map[string]error
		want   string
	}{
		{queue, nil, `{"batchItemFailures":[]}`},
		{queue, map[string]error{queue.Messages[1].ID: errors.New("x")}, `{"batchItemFailures":[{"itemIdentifier":"` + queue.Messages[1].ID + `"}]}`},
		{call, nil, `{"a":1}`},
		{call, map[string]error{"": errors.New("x")}, ""},
	} {
		got, err := c.of.Answer(c.failed, map[string]int{"a": 1})
		if string(got) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("got %s, %v, want %s", got, err, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob("../../../events/samples/aws/*.json") // the pattern is sound
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := s3event.Decode(data)
		if err == nil && len(d.Messages) == 0 {
			t.Error("neither a message nor an error")
		}
	})
}

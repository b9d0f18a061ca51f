package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"leeway/infra/aws/awsfake"
	"leeway/infra/aws/s3event"
)

// TestOnwardOfMany: a call that has no time left for many objects has them named by as many
// calls as a queue takes, each object once.
func TestOnwardOfMany(t *testing.T) {
	fake := awsfake.Start(t)
	s := start(t, map[string]string{"AWS_ENDPOINT_URL_SQS": fake.URL, "LEEWAY_QUEUE_URL": fake.URL + "/queue"})
	s.app.Again = func(_ context.Context, call []byte, after time.Duration) (bool, error) {
		return again(t.Context(), call, after) // there is time for that at the end of a call
	}
	var keys []string
	for i := range 700 {
		keys = append(keys, fmt.Sprintf("logs/churn/%s%03d.csv", strings.Repeat("&", 5+i%2*895), i))
	}
	payload, err := json.Marshal(map[string]any{"leeway": "onward", "objects": keys})
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Invoke(ended, payload); err != nil {
		t.Fatalf("%v\n%s", err, s.log)
	}
	var named []string
	for _, sent := range fake.Arrived(t) {
		delivery, err := s3event.Decode([]byte(sent))
		if err != nil || len(delivery.Messages) != 1 || len(delivery.Messages[0].Ask.Objects) > 100 {
			t.Fatalf("%v, %.200s", err, sent)
		}
		named = append(named, delivery.Messages[0].Ask.Objects...)
	}
	slices.Sort(named)
	slices.Sort(keys)
	if !slices.Equal(named, keys) {
		t.Errorf("%d objects are named, want each of %d once", len(named), len(keys))
	}
}

// TestCallIsTooLong: what a queue does not take is told.
func TestCallIsTooLong(t *testing.T) {
	fake := awsfake.Start(t)
	t.Setenv("LEEWAY_QUEUE_URL", fake.URL+"/queue")
	for length, want := range map[int]string{256 << 10: "", 256<<10 + 1: "Message must be shorter"} {
		sent, err := again(t.Context(), []byte(strings.Repeat("x", length)), 0)
		if text := fmt.Sprint(err); sent != (want == "") || want != "" && !strings.Contains(text, want) {
			t.Errorf("%d bytes: %v, %s", length, sent, text)
		}
	}
}

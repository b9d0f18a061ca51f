package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"leeway/infra/aws/awsfake"
)

// notes are what was told, a line each.
func notes() (*strings.Builder, tell) {
	var b strings.Builder
	return &b, func(what, detail string, err error) {
		if err != nil {
			detail = "WRONG " + err.Error()
		}
		fmt.Fprintf(&b, "%s: %s\n", what, detail)
	}
}

func TestSize(t *testing.T) {
	env := map[string]string{"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769", "AWS_LAMBDA_FUNCTION_NAME": "leeway", "AWS_REGION": "eu-west-1"}
	b, found := notes()
	size(5*time.Minute, func(name string) string { return env[name] }, found)
	if b.String() != "function: leeway in eu-west-1, 1769 MB, 5m0s a call\n" {
		t.Error(b)
	}
	env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "128"
	b, found = notes()
	size(3*time.Second, func(name string) string { return env[name] }, found)
	for _, want := range []string{"a call may take 3s: give the function 1m0s", "has 128 MB: give it 256 MB"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in %s", want, b)
		}
	}
}

// TestTimeout: the time of the whole call is looked at, not what is left of it for work.
func TestTimeout(t *testing.T) {
	s := start(t, nil)
	s.app.Examine = func(_ context.Context, timeout time.Duration, found func(what, detail string, err error)) {
		size(timeout, func(string) string { return "" }, found)
	}
	ctx, cancel := context.WithTimeout(t.Context(), leastTimeout)
	defer cancel()
	answer, err := s.Invoke(ctx, []byte(`{"leeway":"doctor"}`))
	if err != nil || !strings.Contains(string(answer), " 1m0s a call") {
		t.Errorf("%s %v", answer, err)
	}
}

func TestMisspelt(t *testing.T) {
	b, found := notes()
	misspelt([]string{"LEEWAY_BUCKET=b", "LEEWAY_LOGLEVEL=debug", "LEEWAY_ONCALL_HOOK=https://x", "PATH=/"}, found)
	if !strings.Contains(b.String(), "LEEWAY_LOGLEVEL: is read by nobody: did you mean LEEWAY_LOG_LEVEL?") || strings.Contains(b.String(), "ONCALL") {
		t.Error(b)
	}
	b, found = notes()
	misspelt([]string{"LEEWAY_BUCKET=b"}, found)
	if b.String() != "environment: no variable looks misspelt\n" {
		t.Error(b)
	}
}

func TestCountable(t *testing.T) {
	server := awsfake.Start(t)
	b, found := notes()
	countable(t.Context(), found)
	if len(server.Metrics["Leeway leeway_doctor"]) != 1 || strings.Contains(b.String(), "WRONG") {
		t.Errorf("%s %v", b, server.Metrics)
	}
}

func TestQueueAttributes(t *testing.T) {
	for _, c := range []struct {
		answer string
		status int
		want   string
	}{
		{`{"Attributes":{"VisibilityTimeout":"1800","ApproximateNumberOfMessages":"4","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn\",\"maxReceiveCount\":5}"}}`, 200, "queue: 4 messages wait, hidden for 30m0s while in work, 5 tries\n"},
		{`{"Attributes":{"VisibilityTimeout":"30","ApproximateNumberOfMessages":"0"}}`, 200, "it hides messages for 30s, and a call may take 5m0s: set its visibility timeout to 30m0s"},
		{`{"Attributes":{"VisibilityTimeout":"1800","ApproximateNumberOfMessages":"0"}}`, 200, "it has no dead-letter queue: set a redrive policy"},
		{`{"__type":"AccessDeniedException","message":"no"}`, 400, "allow sqs:GetQueueAttributes on http://"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Amz-Target") == "AmazonSQS.SendMessage" {
				w.WriteHeader(http.StatusForbidden)
				fmt.Fprint(w, `{"__type":"AccessDeniedException","message":"no"}`)
				return
			}
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.answer)
		}))
		t.Cleanup(server.Close)
		for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "LEEWAY_QUEUE_URL": server.URL + "/queue", "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"} {
			t.Setenv(name, value)
		}
		b, found := notes()
		queue(t.Context(), server.URL+"/queue", 5*time.Minute, found)
		if !strings.Contains(b.String(), c.want) || !strings.Contains(c.answer, "Denied") && !strings.Contains(b.String(), "allow sqs:SendMessage on http://") {
			t.Errorf("%s, want %s, and that nothing can be sent", b, c.want)
		}
	}
}

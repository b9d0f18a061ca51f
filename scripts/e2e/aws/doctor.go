package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
)

// examined has the command ask the function how it is, and says what the answer lacks.
func examined(ctx context.Context, t tools, f *function) (lacks []string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		payload, err := io.ReadAll(r.Body)
		if err != nil || r.URL.Path != "/2015-03-31/functions/leeway/invocations" || !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=test/") {
			http.Error(w, `{"Message": "no signed invocation"}`, http.StatusForbidden)
			return
		}
		answer, err := f.invoke(ctx, payload)
		if err != nil {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
			answer = []byte(err.Error())
		}
		_, _ = w.Write(answer) // the command says so if it lacks something
	}))
	defer server.Close()
	command := exec.CommandContext(ctx, t.leeway, "doctor", "--cloud", "aws")
	command.Env = append(os.Environ(), "AWS_ENDPOINT_URL_LAMBDA="+server.URL, "AWS_REGION="+region, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test")
	out, err := command.CombinedOutput()
	text := string(out)
	if err == nil { // the queue is not as it should be
		lacks = append(lacks, "doctor finds nothing")
	}
	for _, want := range []string{
		"ok    reading", "ok    writing", "ok    clock", "ok    metrics", "ok    environment", "ok    function", "wrong queue          it hides messages for", "ok    queue          the function can put calls into it",
		"ok    order-fraud    config/order-fraud.yaml", "ok    order-fraud    all of its state can be read",
	} {
		if !strings.Contains(text, want) {
			lacks = append(lacks, "doctor does not say "+want)
		}
	}
	if len(lacks) > 0 {
		lacks = append(lacks, text)
	}
	return lacks
}

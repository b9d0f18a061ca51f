package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"leeway/events"
)

// TestWebhook: run tells a server of each report and of what it asks for, once, and
// the server can tell who sends it.
func TestWebhook(t *testing.T) {
	var mu sync.Mutex
	got := map[string][]events.Event{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		var e events.Event
		if err := json.Unmarshal(body, &e); err != nil || !strings.HasPrefix(r.Header.Get("Webhook-Signature"), "v1,") {
			http.Error(w, "no signed event", http.StatusBadRequest)
			return
		}
		got[e.Type] = append(got[e.Type], e)
	}))
	defer server.Close()
	t.Setenv("HOOK", server.URL)
	t.Setenv("HOOK_SECRET", "a long secret")
	bucket := t.TempDir()
	write := func(key, text string) {
		path := filepath.Join(bucket, key)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	rows := func(name string, n int, day string, better bool) string {
		text := "id,day,score,label\n"
		for i := range n {
			label := 0
			if (i*7%97 < i%97) == better {
				label = 1
			}
			text += fmt.Sprintf("%s%d,%s,%.2f,%d\n", name, i, day, float64(i%97)/100, label)
		}
		return text
	}
	const options = "options: {url_env: HOOK, secret_env: HOOK_SECRET}"
	write("config/m.yaml", "task: binary\npositive: \"1\"\ncolumns: {label: {role: label}}\nsinks: [{kind: webhook, "+options+"}]\nretrain: {trigger: webhook, confirm: 1, "+options+"}\n")
	write("reference/m/r.csv", rows("r", 900, "2026-04-01", true))
	write("logs/m/1.csv", rows("a", 600, "2026-04-20", true))
	write("logs/m/2.csv", rows("b", 600, "2026-04-21", false))
	for range 2 {
		var said bytes.Buffer
		if code := run(t.Context(), []string{"run", "--bucket", bucket, "--fail-on", "never"}, strings.NewReader(""), io.Discard, &said); code != 0 {
			t.Fatalf("exit code %d: %s", code, said.String())
		}
	}
	if reports := got[events.TypeReportReady]; len(reports) != 2 {
		t.Errorf("told of %d reports", len(reports))
	}
	asked := got[events.TypeRetrainRequested]
	if len(asked) != 1 {
		t.Fatalf("%d requests", len(asked))
	}
	var data events.RetrainRequested
	if err := json.Unmarshal(asked[0].Data, &data); err != nil || !strings.HasPrefix(data.Data.Location, "file:///") || data.Labels != 1200 {
		t.Errorf("request %+v, %v", data, err)
	}
	doctor := func() string {
		var said bytes.Buffer
		run(t.Context(), []string{"doctor", "--bucket", bucket}, strings.NewReader(""), &said, &said)
		return said.String()
	}
	if text := doctor(); !strings.Contains(text, "sink webhook has all that it needs") || !strings.Contains(text, "trigger webhook has all that it needs") {
		t.Errorf("doctor says %s", text)
	}
	if len(got[events.TypeReportReady]) != 2 || len(got[events.TypeRetrainRequested]) != 1 {
		t.Error("doctor sent something")
	}
	t.Setenv("HOOK", "")
	if text := doctor(); !strings.Contains(text, "sink webhook: the environment variable HOOK is not set") || !strings.Contains(text, "trigger webhook: the environment variable HOOK is not set") {
		t.Errorf("without HOOK doctor says %s", text)
	}
}

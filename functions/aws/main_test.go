package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"leeway/core/state"
	"leeway/functions/internal/boot"
	"leeway/infra/aws/s3fake"
)

// stage is a function with a bucket behind it.
type stage struct {
	*testing.T
	server *s3fake.Server
	store  state.Store
	log    *bytes.Buffer
	*function
}

func start(t *testing.T, env map[string]string) *stage {
	s := &stage{T: t, server: s3fake.Start(t, "logs-bucket", false), log: &bytes.Buffer{}}
	t.Setenv("AWS_ENDPOINT_URL", s.server.URL)
	t.Setenv("AWS_REGION", "eu-west-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	t.Setenv("LEEWAY_BUCKET", "logs-bucket")
	for name, value := range env {
		t.Setenv(name, value)
	}
	log := boot.Log(s.log, os.Getenv)
	app, err := boot.Open(t.Context(), os.Getenv, boot.Adapters{Store: bucket}, log)
	s.function = &function{app: app, broken: err, log: log}
	if s.store, err = bucket(t.Context(), "logs-bucket"); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stage) put(key, text string) {
	s.Helper()
	if _, err := s.store.Put(s.Context(), key, strings.NewReader(text), nil); err != nil {
		s.Fatal(err)
	}
}

func (s *stage) invoke(payload string) string {
	s.Helper()
	answer, err := s.Invoke(s.Context(), []byte(payload))
	if err != nil {
		s.Fatalf("%v\n%s", err, s.log)
	}
	return string(answer)
}

// day is a day of predictions whose feature is around a mean.
func day(date string, rows int, mean float64) string {
	var b strings.Builder
	r := rand.New(rand.NewPCG(uint64(rows), uint64(date[len(date)-1])))
	b.WriteString("id,timestamp,amount,score\n")
	for i := range rows {
		fmt.Fprintf(&b, "%s-%d,%sT%02d:%02d:00Z,%.3f,%.3f\n", date, i, date, i*24/rows, i%60, mean+r.NormFloat64(), r.Float64())
	}
	return b.String()
}

func notification(key string) string {
	return fmt.Sprintf(`{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"logs-bucket"},"object":{"key":%q,"sequencer":"0A"}}}]}`, key)
}

func queued(bodies ...string) string {
	type message struct {
		MessageID string `json:"messageId"`
		Body      string `json:"body"`
		Source    string `json:"eventSource"`
	}
	var all struct{ Records []message }
	for i, body := range bodies {
		all.Records = append(all.Records, message{fmt.Sprintf("m%d", i), body, "aws:sqs"})
	}
	data, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func TestDroppedBatch(t *testing.T) {
	s := start(t, nil)
	s.put("reference/churn/train.csv", day("2026-03-01", 4000, 0))
	s.put("logs/churn/2026-03-02.csv", day("2026-03-02", 2000, 2))
	answer := s.invoke(notification("logs/churn/2026-03-02.csv"))
	var ran struct {
		Models []struct {
			Model   string
			Batches int
			Reports []struct{ ID, Verdict string }
		}
	}
	if err := json.Unmarshal([]byte(answer), &ran); err != nil || len(ran.Models) != 1 || len(ran.Models[0].Reports) != 1 {
		t.Fatalf("%v: %s\n%s", err, answer, s.log)
	}
	if one := ran.Models[0]; one.Model != "churn" || one.Batches != 1 || one.Reports[0].Verdict != "alert" {
		t.Errorf("%s", answer)
	}
	reports := slices.DeleteFunc(s.server.Keys("logs-bucket"), func(key string) bool { return !strings.HasPrefix(key, "state/churn/reports/") })
	if len(reports) == 0 {
		t.Errorf("no report: %q", s.server.Keys("logs-bucket"))
	}
	for _, field := range []string{`"msg":"done"`, `"run_id":"` + ran.Models[0].Reports[0].ID, `"model":"churn"`, `"object":"logs/churn/2026-03-02.csv"`, `"verdict":"alert"`, `"duration_ms":`, `"kind":""`} {
		if !strings.Contains(s.log.String(), field) {
			t.Errorf("the log lacks %s:\n%s", field, s.log)
		}
	}
	before := s.server.Keys("logs-bucket")
	again := s.invoke(`{"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"logs-bucket"},"object":{"key":"logs/churn/2026-03-02.csv"}}}`)
	if !strings.Contains(again, `"batches":0`) || !slices.Equal(before, s.server.Keys("logs-bucket")) {
		t.Errorf("the same event again: %s", again)
	}
}

func TestQueue(t *testing.T) {
	s := start(t, nil)
	s.put("logs/churn/a b+c.csv", day("2026-03-02", 500, 0))
	s.put("logs/churn/poison.parquet", "PAR1 this is none")
	s.put("logs/secret/day.csv", day("2026-03-02", 500, 0))
	s.server.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || r.URL.Path != "/logs-bucket/logs/secret/day.csv" {
			return false
		}
		s3fake.Refuse(w, r, http.StatusForbidden, "AccessDenied", "Access Denied")
		return true
	}
	answer := s.invoke(queued(
		notification("logs/churn/a+b%2Bc.csv"), notification("logs/churn/poison.parquet"), notification("logs/secret/day.csv"),
		notification("logs/churn/gone.csv"), notification("state/churn/x.json"), `{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"logs-bucket"}`, "what is this",
	))
	if want := `{"batchItemFailures":[{"itemIdentifier":"m2"},{"itemIdentifier":"m6"}]}`; answer != want {
		t.Errorf("got %s, want %s\n%s", answer, want, s.log)
	}
	for _, line := range []string{
		`"object":"logs/churn/a b+c.csv","verdict":"ok"`, `"object":"logs/churn/poison.parquet","verdict":"invalid"`, "allow s3:GetObject on bucket logs-bucket", `"kind":"denied"`,
		`"object":"logs/churn/gone.csv","model":"churn","reason":"is not there`, "is what Leeway wrote itself", "carries something that is no event",
	} {
		if !strings.Contains(s.log.String(), line) {
			t.Errorf("the log lacks %s:\n%s", line, s.log)
		}
	}
	if keys := strings.Join(s.server.Keys("logs-bucket"), "\n"); !strings.Contains(keys, "quarantine/invalid/churn/") || !strings.Contains(keys, "quarantine/denied/secret/") {
		t.Errorf("quarantine: %s", keys)
	}
}

func TestBrokenSettings(t *testing.T) {
	s := start(t, map[string]string{"LEEWAY_BUCKET": "", "LEEWAY_LOG_LEVEL": "loud"})
	_, err := s.Invoke(t.Context(), []byte(notification("logs/m/x.csv")))
	if err == nil || !strings.Contains(err.Error(), "LEEWAY_BUCKET: is not set: set it") || !strings.Contains(err.Error(), "LEEWAY_LOG_LEVEL") {
		t.Errorf("got %v", err)
	}
}

func TestDoctor(t *testing.T) {
	s := start(t, map[string]string{"LEEWAY_CONFIG": "model: churn\nwindow: {every: week}\n"})
	s.put("logs/churn/2026-03-02.csv", day("2026-03-02", 500, 0))
	s.put("logs/bad name/day.csv", "a\n1\n")
	s.invoke(`{"leeway": "run"}`)
	answer := s.invoke(`{"leeway": "doctor"}`)
	for _, part := range []string{
		`{"what":"reading","ok":true`, `{"what":"writing","ok":true`, `{"what":"clock","ok":true`,
		`{"what":"placement","ok":false,"problem":"logs/bad name: belongs to no model`,
		`{"what":"churn","ok":true,"detail":"config/churn.yaml"}`, `is only proposed: put reference data into reference/churn/`,
		`{"what":"churn","ok":true,"detail":"all of its state can be read"}`,
	} {
		if !strings.Contains(answer, part) {
			t.Errorf("the answer lacks %s:\n%s", part, answer)
		}
	}
	if windows := s.server.Keys("logs-bucket"); !slices.Contains(windows, "state/churn/history/20260302T000000Z-20260309T000000Z.json") {
		t.Errorf("the configuration of the environment has no effect: %q", windows)
	}
	s.server.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPut {
			return false
		}
		s3fake.Refuse(w, r, http.StatusForbidden, "AccessDenied", "Access Denied")
		return true
	}
	if answer := s.invoke(`{"leeway": "doctor"}`); !strings.Contains(answer, `{"what":"writing","ok":false,"problem":"state/.doctor: AccessDenied: Access Denied: allow s3:PutObject on bucket logs-bucket`) {
		t.Errorf("without permission to write: %s", answer)
	}
}

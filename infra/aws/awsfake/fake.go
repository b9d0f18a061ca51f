// Package awsfake is the part of AWS that sinks and triggers talk to, for tests:
// CloudWatch (in its JSON protocol), SNS, SQS, EventBridge, Step Functions and SageMaker
// pipelines behind one address. It keeps the services' documented limits, which
// look-alikes do not: sizes and numbers of metrics, dimensions and times, characters of
// names, idempotency of executions, and answers of 200 in which entries failed.
package awsfake

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Server is a fresh account.
type Server struct {
	URL string

	mu      sync.Mutex
	broken  bool
	partial bool
	all     []string            // what arrived, in words, each time
	names   map[string]string   // names of executions and tokens -> input
	over    map[string]bool     // executions that have ended
	opened  int                 // connections so far
	Metrics map[string][]Metric // by name and dimensions
}

// Metric is a value that arrived.
type Metric struct {
	Value     float64
	Timestamp float64 // seconds since 1970
}

// refusal is an error of a service.
type refusal struct{ code, message string }

// Start starts a server, and points AWS's environment at it.
func Start(t *testing.T) *Server {
	t.Helper()
	s := &Server{names: map[string]string{}, over: map[string]bool{}, Metrics: map[string][]Metric{}}
	server := httptest.NewUnstartedServer(s)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.opened++
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	s.URL = server.URL
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": s.URL, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
	} {
		t.Setenv(name, value)
	}
	return s
}

// Break has every request fail with 503, or no more.
func (s *Server) Break(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}

// Partial has PutEvents answer 200 and take nothing, or no more.
func (s *Server) Partial(partial bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.partial = partial
}

// End ends all executions.
func (s *Server) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.names {
		s.over[name] = true
	}
}

// Arrived is what arrived so far, an entry for each message, metric, event or start.
func (s *Server) Arrived(*testing.T) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.all...)
}

// Connections is how many connections were opened so far.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened
}

const mostBody = 1 << 20

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(io.LimitReader(r.Body, mostBody+1))
	target := r.Header.Get("X-Amz-Target")
	_, operation, _ := strings.Cut(target, ".")
	if err != nil || s.broken {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if len(body) > mostBody {
		answer(w, nil, &refusal{"RequestEntityTooLarge", "more than 1 MB"})
		return
	}
	if target == "" {
		s.publish(w, body)
		return
	}
	serve := map[string]func([]byte) (any, *refusal){
		"PutMetricData": s.putMetricData, "PutEvents": s.putEvents, "StartExecution": s.startExecution, "StartPipelineExecution": s.startPipeline, "SendMessage": s.sendMessage,
	}[operation]
	if serve == nil {
		answer(w, nil, &refusal{"UnknownOperationException", target})
		return
	}
	out, wrong := serve(body)
	answer(w, out, wrong)
}

func answer(w http.ResponseWriter, out any, wrong *refusal) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if wrong != nil {
		w.WriteHeader(http.StatusBadRequest)
		out = map[string]string{"__type": wrong.code, "message": wrong.message}
	}
	if out == nil {
		out = struct{}{}
	}
	_ = json.NewEncoder(w).Encode(out) // a client that went away is nobody to tell
}

func read[T any](body []byte) (in T, wrong *refusal) {
	if err := json.Unmarshal(body, &in); err != nil {
		return in, &refusal{"SerializationException", err.Error()}
	}
	return in, nil
}

func invalid(format string, args ...any) *refusal {
	return &refusal{"ValidationException", fmt.Sprintf(format, args...)}
}

package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor/sinktest"
	"leeway/core/monitor/triggertest"
	"leeway/events"
	"leeway/infra/webhook"
)

// receiver is a server that checks signatures by its own reckoning and drops what it
// had before.
type receiver struct {
	mu     sync.Mutex
	secret []byte
	broken bool
	seen   map[string]string // by webhook-id: the body
	wrong  []string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	body, _ := io.ReadAll(q.Body)
	id := q.Header.Get("webhook-id")
	mac := hmac.New(sha256.New, r.secret)
	mac.Write([]byte(id + "." + q.Header.Get("webhook-timestamp") + "." + string(body)))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if !slices.Contains(strings.Fields(q.Header.Get("webhook-signature")), want) {
		r.wrong = append(r.wrong, "signature "+q.Header.Get("webhook-signature"))
	}
	var e events.Event
	if err := json.Unmarshal(body, &e); err != nil || e.ID != id || e.SpecVersion != "1.0" {
		r.wrong = append(r.wrong, "no event: "+string(body))
	}
	if r.seen[id] != "" {
		w.WriteHeader(http.StatusConflict)
		return
	}
	r.seen[id] = string(body)
	w.WriteHeader(http.StatusAccepted)
}

func (r *receiver) bodies(t *testing.T) (all []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, wrong := range r.wrong {
		t.Error(wrong)
	}
	for _, body := range r.seen {
		all = append(all, body)
	}
	return all
}

func (r *receiver) setBroken(broken bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = broken
}

func start(t *testing.T) (*receiver, map[string]string) {
	r := &receiver{secret: []byte("a key of many letters"), seen: map[string]string{}}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	t.Setenv("HOOK", server.URL+"/hook?token=hidden")
	t.Setenv("HOOK_SECRET", "an-old-one whsec_"+base64.StdEncoding.EncodeToString(r.secret))
	return r, map[string]string{"url_env": "HOOK", "secret_env": "HOOK_SECRET"}
}

func TestSink(t *testing.T) {
	sinktest.Run(t, func(t *testing.T) sinktest.Subject {
		r, options := start(t)
		sink, err := webhook.OpenSink(t.Context(), &config.Sink{Options: options})
		if err != nil {
			t.Fatal(err)
		}
		sink.(*webhook.Client).Wait = time.Millisecond
		return sinktest.Subject{Sink: sink, Arrived: r.bodies, Break: r.setBroken}
	}, nil)
}

func TestTrigger(t *testing.T) {
	triggertest.Run(t, func(t *testing.T) triggertest.Subject {
		r, options := start(t)
		trigger, err := webhook.OpenTrigger(t.Context(), &config.Retrain{Options: options})
		if err != nil {
			t.Fatal(err)
		}
		trigger.(*webhook.Client).Wait = time.Millisecond
		return triggertest.Subject{Trigger: trigger, Started: r.bodies, Break: r.setBroken}
	}, nil)
}

// TestAnswers: what an answer of the server means, and how often it is asked.
func TestAnswers(t *testing.T) {
	for status, want := range map[int]struct {
		kind  fault.Kind
		tries int
	}{
		200: {"", 1}, 204: {"", 1}, 409: {"", 1}, 301: {fault.NotFound, 1}, 400: {fault.Invalid, 1}, 401: {fault.Denied, 1},
		404: {fault.NotFound, 1}, 422: {fault.Invalid, 1}, 429: {fault.Unavailable, 3}, 500: {fault.Unavailable, 3}, 503: {fault.Unavailable, 3},
	} {
		tries := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tries++
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		}))
		trigger, err := webhook.OpenTrigger(t.Context(), &config.Retrain{Options: map[string]string{"url": server.URL}})
		if err != nil {
			t.Fatal(err)
		}
		trigger.(*webhook.Client).Wait = time.Millisecond
		err = trigger.Fire(t.Context(), triggertest.Event(t, 1))
		if fault.KindOf(err) != want.kind || tries != want.tries {
			t.Errorf("status %d: %v, kind %q after %d tries; want kind %q after %d", status, err, fault.KindOf(err), tries, want.kind, want.tries)
		}
		server.Close()
	}
}

// TestNothingSecretIsSaid: errors name the host and not what follows it.
func TestNothingSecretIsSaid(t *testing.T) {
	server := httptest.NewServer(nil)
	t.Setenv("HOOK", server.URL+"/T0/B0/secretpath?k=v")
	trigger, err := webhook.OpenTrigger(t.Context(), &config.Retrain{Options: map[string]string{"url_env": "HOOK"}})
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	trigger.(*webhook.Client).Wait = time.Millisecond
	address, _ := url.Parse(server.URL)
	if err = trigger.Fire(t.Context(), triggertest.Event(t, 1)); err == nil || strings.Contains(err.Error(), "secretpath") || !strings.Contains(err.Error(), address.Host) {
		t.Errorf("error %v", err)
	}
	for _, options := range []map[string]string{{"url_env": "NOT_SET"}, {"url": "ftp://x"}, {"url": "https://x", "secret_env": "NOT_SET"}, {"url": "https://x", "token_env": "NOT_SET"}} {
		if _, err := webhook.OpenTrigger(t.Context(), &config.Retrain{Options: options}); fault.KindOf(err) != fault.Denied {
			t.Errorf("options %v: %v", options, err)
		}
	}
}

// TestSign holds the signature against the example of Standard Webhooks.
func TestSign(t *testing.T) {
	secret, err := webhook.Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := webhook.Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

// Package webhook tells an HTTP server of reports and of requests for training: it
// POSTs the CloudEvent, in one JSON document (structured mode).
//
// [OpenSink] and [OpenTrigger] make what a configuration asks for; [Client] is both.
// Requests carry the headers of Standard Webhooks: webhook-id is the event's ID, so
// that a receiver can drop what it had before, and with a secret webhook-signature is
// "v1," and the base64 HMAC-SHA256 of "id.timestamp.body", once for each secret while
// one replaces another. [Sign] is how it is made.
//
// Answers of 200 to 299, and 409 (known already), are success. What may pass (no
// connection, 408, 425, 429, 500 and above) is tried again, three times in all within a
// few seconds; then the next run does. 400, 413, 415 and 422 are final: the server
// refuses this event. Redirects are not followed, as what is signed is for one server.
//
// Addresses may be secret: no error names more of one than the host.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/events"
)

// Client POSTs events to one address. It is a [monitor.Sink] and a
// [monitor.Trigger].
type Client struct {
	URL     *url.URL
	Secrets [][]byte // that requests are signed with; none: they are not
	Token   string   // bearer token; "": none
	Wait    time.Duration
	HTTP    *http.Client
}

// How long an attempt may take, how many there are, and what the first waits for.
const (
	patience = 10 * time.Second
	attempts = 3
	wait     = 500 * time.Millisecond
)

// longestWait is the most that a server may ask for before the next attempt.
const longestWait = 5 * time.Second

// OpenSink is the sink of kind webhook.
func OpenSink(_ context.Context, s *config.Sink) (monitor.Sink, error) {
	c, err := open(s.Options)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// OpenTrigger is the trigger webhook.
func OpenTrigger(_ context.Context, r *config.Retrain) (monitor.Trigger, error) {
	c, err := open(r.Options)
	if err != nil {
		return nil, err
	}
	return c, nil
}

func open(options map[string]string) (*Client, error) {
	address := options["url"]
	if name := options["url_env"]; name != "" {
		if address = os.Getenv(name); address == "" {
			return nil, unset(name)
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fault.New(fault.Denied, "the URL of the webhook is none of a web server", "write https://host/path")
	}
	c := &Client{URL: u, Wait: wait, HTTP: &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if name := options["token_env"]; name != "" {
		if c.Token = os.Getenv(name); c.Token == "" {
			return nil, unset(name)
		}
	}
	if name := options["secret_env"]; name != "" {
		for _, text := range strings.Fields(os.Getenv(name)) {
			secret, err := Secret(text)
			if err != nil {
				return nil, fault.In("environment variable "+name, err)
			}
			c.Secrets = append(c.Secrets, secret)
		}
		if c.Secrets == nil {
			return nil, unset(name)
		}
	}
	return c, nil
}

func unset(name string) error {
	return fault.New(fault.Denied, "the environment variable "+name+" is not set", "set it where leeway runs")
}

// Secret is the key that a text stands for: that after whsec_ in base64, else the
// text as it is.
func Secret(text string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(text, "whsec_")
	if !ok {
		return []byte(text), nil
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) == 0 {
		return nil, fault.New(fault.Denied, "what follows whsec_ is not base64", "copy the secret whole")
	}
	return key, nil
}

// Sign is the signature of a request (Standard Webhooks 1.0, symmetric).
func Sign(secret []byte, id string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Write tells of a report.
func (c *Client) Write(ctx context.Context, r *report.Report) error {
	event, err := monitor.ReportReady(r)
	if err != nil {
		return err
	}
	return c.Fire(ctx, event)
}

// Fire POSTs an event.
func (c *Client) Fire(ctx context.Context, e events.Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return &fault.Error{Kind: fault.Internal, Op: "encode event", Err: err}
	}
	for attempt := 1; ; attempt++ {
		pause, err := c.post(ctx, e.ID, body)
		if err == nil || fault.KindOf(err) != fault.Unavailable || attempt == attempts {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(max(pause, c.Wait<<(attempt-1))):
		}
	}
}

// post makes one attempt. The pause is what the server asks for.
func (c *Client) post(ctx context.Context, id string, body []byte) (pause time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL.String(), bytes.NewReader(body))
	if err != nil {
		return 0, fault.New(fault.Denied, "the URL of the webhook cannot be used", "write https://host/path")
	}
	now := time.Now()
	h := request.Header
	h.Set("Content-Type", "application/cloudevents+json; charset=utf-8")
	h.Set("User-Agent", "leeway")
	h.Set("Webhook-Id", id)
	h.Set("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10))
	var signatures []string
	for _, secret := range c.Secrets {
		signatures = append(signatures, Sign(secret, id, now, body))
	}
	if signatures != nil {
		h.Set("Webhook-Signature", strings.Join(signatures, " "))
	}
	if c.Token != "" {
		h.Set("Authorization", "Bearer "+c.Token)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		var outer *url.Error // names the whole address
		if errors.As(err, &outer) {
			err = outer.Err
		}
		return 0, &fault.Error{Kind: fault.Unavailable, Object: c.URL.Host, Err: fmt.Errorf("no answer: %w", err)}
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, 1<<16) // so that the connection can be used again
	return asked(response.Header), c.judge(response.StatusCode)
}

// judge says what an answer means.
func (c *Client) judge(status int) error {
	kind, hint := fault.Unavailable, ""
	switch {
	case status >= 200 && status < 300, status == http.StatusConflict:
		return nil
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		kind, hint = fault.Denied, "look at token_env and secret_env"
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge, status == http.StatusUnsupportedMediaType, status == http.StatusUnprocessableEntity:
		kind = fault.Invalid
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
	default:
		kind, hint = fault.NotFound, "look at the URL of the webhook"
	}
	return &fault.Error{Kind: kind, Object: c.URL.Host, Err: fmt.Errorf("the server answers %d %s", status, http.StatusText(status)), Hint: hint}
}

// asked is how long the server asks to be left alone.
func asked(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, longestWait)
}

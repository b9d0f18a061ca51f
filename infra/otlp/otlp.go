// Package otlp sends spans to a collector: OTLP over HTTP, as JSON (OpenTelemetry
// protocol 1.x). It is configured by OpenTelemetry's own variables:
//
//	OTEL_EXPORTER_OTLP_TRACES_ENDPOINT   where to POST to
//	OTEL_EXPORTER_OTLP_ENDPOINT          the same without /v1/traces
//	OTEL_EXPORTER_OTLP_TRACES_HEADERS    name=value,... to send along, percent-encoded
//	OTEL_EXPORTER_OTLP_HEADERS           the same of all that is exported
//	OTEL_SERVICE_NAME                    what the service is called
//
// The SDK of OpenTelemetry would add a third to the function for what is one document.
package otlp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"leeway/core/fault"
)

// Span is something that took time.
type Span struct {
	Trace      string // 32 hexadecimal digits
	ID, Parent string // 16; "" for a parent that there is none of
	Name       string
	Consumer   bool // it takes messages; else it is a part of such
	Start, End time.Time
	Attributes []Attribute
	Error      string // "" for none
}

// Attribute is a name with a text or an int64.
type Attribute struct {
	Name  string
	Value any
}

// Exporter sends to one collector.
type Exporter struct {
	URL     string
	Headers map[string]string
	Service string
	Version string
	HTTP    *http.Client
}

// patience is how long a collector may take: whoever waits for it is billed.
const patience = 3 * time.Second

// Open is the exporter that the environment describes, nil where it names no collector.
func Open(getenv func(string) string, service, version string) (*Exporter, error) {
	variable, address := either(getenv, "ENDPOINT")
	if address == "" {
		return nil, nil
	}
	if variable == general+"ENDPOINT" {
		address = strings.TrimSuffix(address, "/") + "/v1/traces"
	}
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, wrong(variable, "is no URL of an HTTP server", "write http://host:4318")
	}
	e := &Exporter{
		URL: address, Headers: map[string]string{}, Service: cmp.Or(getenv("OTEL_SERVICE_NAME"), service), Version: version, HTTP: &http.Client{Timeout: patience},
	}
	variable, headers := either(getenv, "HEADERS")
	for pair := range strings.SplitSeq(headers, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, found := strings.Cut(pair, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); !found || name == "" || err != nil {
			return nil, wrong(variable, "is no list of name=value", "separate them by commas, and percent-encode values")
		}
		e.Headers[name] = value
	}
	return e, nil
}

// general begins the names of variables for all that is exported; those for spans alone
// take their place.
const general = "OTEL_EXPORTER_OTLP_"

// either is the variable that counts, and what it says.
func either(getenv func(string) string, what string) (variable, value string) {
	if value := getenv(general + "TRACES_" + what); value != "" {
		return general + "TRACES_" + what, value
	}
	return general + what, getenv(general + what)
}

func wrong(variable, what, hint string) error {
	return &fault.Error{Kind: fault.Invalid, Op: "read the environment", Object: variable, Err: errors.New(what), Hint: hint}
}

// The document, as the protocol has it.
type (
	document struct {
		ResourceSpans []resourceSpans `json:"resourceSpans"`
	}
	resourceSpans struct {
		Resource   resource     `json:"resource"`
		ScopeSpans []scopeSpans `json:"scopeSpans"`
	}
	resource struct {
		Attributes []pair `json:"attributes"`
	}
	scopeSpans struct {
		Scope scope  `json:"scope"`
		Spans []span `json:"spans"`
	}
	scope struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	span struct {
		Trace      string  `json:"traceId"`
		ID         string  `json:"spanId"`
		Parent     string  `json:"parentSpanId,omitempty"`
		Name       string  `json:"name"`
		Kind       int     `json:"kind"`
		Start      string  `json:"startTimeUnixNano"`
		End        string  `json:"endTimeUnixNano"`
		Attributes []pair  `json:"attributes,omitempty"`
		Status     *status `json:"status,omitempty"`
	}
	pair struct {
		Key   string         `json:"key"`
		Value map[string]any `json:"value"`
	}
	status struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
)

// Kinds of spans and the status of those that failed.
const (
	internal = 1
	consumer = 5
	failed   = 2
)

func pairs(all []Attribute) []pair {
	list := make([]pair, 0, len(all))
	for _, a := range all {
		switch value := a.Value.(type) {
		case int64:
			list = append(list, pair{a.Name, map[string]any{"intValue": strconv.FormatInt(value, 10)}})
		case bool:
			list = append(list, pair{a.Name, map[string]any{"boolValue": value}})
		default:
			list = append(list, pair{a.Name, map[string]any{"stringValue": fmt.Sprint(value)}})
		}
	}
	return list
}

func (e *Exporter) document(spans []Span) document {
	inside := scopeSpans{Scope: scope{"leeway", e.Version}}
	for i := range spans {
		s := &spans[i]
		one := span{
			Trace: s.Trace, ID: s.ID, Parent: s.Parent, Name: s.Name, Kind: internal, Attributes: pairs(s.Attributes),
			Start: strconv.FormatInt(s.Start.UnixNano(), 10), End: strconv.FormatInt(s.End.UnixNano(), 10),
		}
		if s.Consumer {
			one.Kind = consumer
		}
		if s.Error != "" {
			one.Status = &status{failed, s.Error}
		}
		inside.Spans = append(inside.Spans, one)
	}
	of := resource{pairs([]Attribute{{"service.name", e.Service}, {"service.version", e.Version}})}
	return document{[]resourceSpans{{of, []scopeSpans{inside}}}}
}

// Export sends spans once. An error is for the log: nobody is to wait for a collector.
func (e *Exporter) Export(ctx context.Context, spans []Span) error {
	body, err := json.Marshal(e.document(spans))
	if err != nil {
		return &fault.Error{Kind: fault.Internal, Op: "encode spans", Err: err}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return &fault.Error{Kind: fault.Invalid, Op: "send spans", Err: err}
	}
	request.Header.Set("Content-Type", "application/json")
	for name, value := range e.Headers {
		request.Header.Set(name, value)
	}
	response, err := e.HTTP.Do(request)
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Op: "send spans", Err: err}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err == nil && response.StatusCode/100 != 2 {
		err = fmt.Errorf("the collector answers %s", response.Status)
	}
	var partial struct {
		PartialSuccess struct {
			Rejected json.Number `json:"rejectedSpans"`
			Message  string      `json:"errorMessage"`
		} `json:"partialSuccess"`
	}
	if err == nil && json.Unmarshal(answer, &partial) == nil {
		if n := partial.PartialSuccess.Rejected; n != "" && n != "0" {
			err = fmt.Errorf("the collector refused %s spans: %s", n, partial.PartialSuccess.Message)
		}
	}
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Op: "send spans", Err: err}
	}
	return nil
}

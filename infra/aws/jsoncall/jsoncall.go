// Package jsoncall calls AWS services that speak JSON (protocols AWS JSON 1.0 and 1.1),
// signed by AWS's own signer. It is for services of which a function needs one call:
// AWS's client of SageMaker alone takes an eighth of the function and minutes to build.
package jsoncall

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"leeway/core/fault"
)

// Service is where a service is, and how it is spoken to.
type Service struct {
	Host    string // what its address begins with: "states"
	Signs   string // its name in signatures
	Target  string // what X-Amz-Target begins with
	Version string // of the protocol: "1.0" or "1.1"
}

// Client calls one service. It is safe for concurrent use.
type Client struct {
	Config  aws.Config
	Service Service
	HTTP    *http.Client
}

// patience is how long an attempt may take.
const patience = 20 * time.Second

// New is a client with the configuration's region, credentials and endpoint.
func New(c aws.Config, s Service) *Client {
	return &Client{Config: c, Service: s, HTTP: &http.Client{Timeout: patience}}
}

// Refusal is what a service answers instead.
type Refusal struct {
	Code    string // "ExecutionAlreadyExists"
	Message string
	Status  int
}

func (r *Refusal) Error() string {
	return strings.TrimSuffix(cmp.Or(r.Code, http.StatusText(r.Status))+": "+r.Message, ": ")
}

// ErrorCode is the code, for those who read errors of AWS's clients.
func (r *Refusal) ErrorCode() string { return r.Code }

// ErrorMessage is what the service says besides.
func (r *Refusal) ErrorMessage() string { return r.Message }

// HTTPStatusCode is the status of the answer.
func (r *Refusal) HTTPStatusCode() int { return r.Status }

// attempts is how often a call is made in all, and wait the longest time before the
// second.
const (
	attempts = 3
	wait     = 500 * time.Millisecond
)

// most bounds what is read of an answer.
const most = 1 << 20

// Call makes a call, again where that may help. Errors are [Refusal]s, and whatever
// keeps a service from answering.
func (c *Client) Call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return &fault.Error{Kind: fault.Internal, Op: operation, Err: err}
	}
	for attempt := 1; ; attempt++ {
		err := c.once(ctx, operation, body, out)
		if err == nil || attempt == attempts || !again(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(float64(wait<<(attempt-1)) * rand.Float64())):
		}
	}
}

// again tells whether another attempt may help.
func again(err error) bool {
	var refused *Refusal
	if !errors.As(err, &refused) {
		return true
	}
	return refused.Status >= 500 || refused.Status == http.StatusTooManyRequests || strings.Contains(refused.Code, "Throttl")
}

func (c *Client) once(ctx context.Context, operation string, body []byte, out any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-"+c.Service.Version)
	request.Header.Set("X-Amz-Target", c.Service.Target+"."+operation)
	credentials, err := c.Config.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(sum[:]), c.Service.Signs, c.Config.Region, time.Now()); err != nil {
		return err
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return refusal(response, answer)
	}
	if out == nil || len(answer) == 0 {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// address is the endpoint of the configuration, else that of the region.
func (c *Client) address() string {
	if c.Config.BaseEndpoint != nil {
		return *c.Config.BaseEndpoint
	}
	host := c.Service.Host + "." + c.Config.Region + ".amazonaws.com"
	if strings.HasPrefix(c.Config.Region, "cn-") {
		host += ".cn"
	}
	return "https://" + host + "/"
}

// refusal reads an answer that is none of success. The code may come with a namespace
// before it and an address after it.
func refusal(response *http.Response, answer []byte) *Refusal {
	var said struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
		Capital string `json:"Message"`
	}
	r := &Refusal{Status: response.StatusCode}
	if json.Unmarshal(answer, &said) == nil {
		r.Message = cmp.Or(said.Message, said.Capital)
	}
	code := cmp.Or(response.Header.Get("X-Amzn-Errortype"), said.Type)
	code, _, _ = strings.Cut(code, ":")
	r.Code = code[strings.LastIndex(code, "#")+1:]
	return r
}

// Package jsoncall calls AWS services that speak JSON (protocols AWS JSON 1.0 and 1.1).
package jsoncall

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"leeway/core/fault"
	"leeway/infra/aws/signed"
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
	service Service
	address string
	client  *signed.Client
}

// New is a client with the configuration's region, credentials and endpoint.
func New(c aws.Config, s Service) *Client {
	return &Client{service: s, address: signed.Address(c, s.Host), client: signed.New(c, s.Signs)}
}

// Call makes a call, again where that may help. Errors are [signed.Refusal]s, and
// whatever keeps a service from answering.
func (c *Client) Call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return &fault.Error{Kind: fault.Internal, Op: operation, Err: err}
	}
	return signed.Repeat(ctx, func() error { return c.once(ctx, operation, body, out) })
}

func (c *Client) once(ctx context.Context, operation string, body []byte, out any) error {
	response, answer, err := c.client.Post(ctx, c.address, http.Header{
		"Content-Type": {"application/x-amz-json-" + c.service.Version}, "X-Amz-Target": {c.service.Target + "." + operation},
	}, body)
	switch {
	case err != nil:
		return err
	case response.StatusCode != http.StatusOK:
		return refusal(response, answer)
	case out == nil || len(answer) == 0:
		return nil
	}
	return json.Unmarshal(answer, out)
}

// refusal reads an answer that is none of success. The code may come with a namespace
// before it and an address after it.
func refusal(response *http.Response, answer []byte) *signed.Refusal {
	var said struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
		Capital string `json:"Message"`
	}
	r := &signed.Refusal{Status: response.StatusCode, Header: response.Header}
	if json.Unmarshal(answer, &said) == nil {
		r.Message = cmp.Or(said.Message, said.Capital)
	}
	code := cmp.Or(response.Header.Get("X-Amzn-Errortype"), said.Type)
	code, _, _ = strings.Cut(code, ":")
	r.Code = code[strings.LastIndex(code, "#")+1:]
	return r
}

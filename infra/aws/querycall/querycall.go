// Package querycall calls AWS services that take forms and answer in XML (protocol AWS
// Query), as SNS does.
package querycall

import (
	"context"
	"encoding/xml"
	"net/http"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"

	"leeway/infra/aws/signed"
)

// Service is where a service is, and how it is spoken to.
type Service struct {
	Host    string // what its address begins with, and its name in signatures: "sns"
	Version string // of its interface: "2010-03-31"
}

// Client calls one service. It is safe for concurrent use.
type Client struct {
	service Service
	address string
	client  *signed.Client
}

// New is a client with the configuration's region, credentials and endpoint.
func New(c aws.Config, s Service) *Client {
	return &Client{service: s, address: signed.Address(c, s.Host), client: signed.New(c, s.Host)}
}

// Call makes a call, again where that may help, and reads the answer, such as
// <PublishResponse>, into out. Errors are [signed.Refusal]s, and whatever keeps a
// service from answering.
func (c *Client) Call(ctx context.Context, operation string, in url.Values, out any) error {
	form := url.Values{"Action": {operation}, "Version": {c.service.Version}}
	for name, values := range in {
		form[name] = values
	}
	body := []byte(form.Encode())
	return signed.Repeat(ctx, func() error { return c.once(ctx, body, out) })
}

func (c *Client) once(ctx context.Context, body []byte, out any) error {
	response, answer, err := c.client.Post(ctx, c.address, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, body)
	switch {
	case err != nil:
		return err
	case response.StatusCode != http.StatusOK:
		var said struct {
			Error struct{ Code, Message string }
		}
		_ = xml.Unmarshal(answer, &said) // where it is none, the status says what is known
		return &signed.Refusal{Code: said.Error.Code, Message: said.Error.Message, Status: response.StatusCode, Header: response.Header}
	}
	return xml.Unmarshal(answer, out)
}

// Package lambdacall calls a function of AWS Lambda and gives its answer, for the
// command: one call, signed by hand, as the clients of AWS would double the binary.
package lambdacall

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
	"strings"
	"time"

	"leeway/core/fault"
)

// Credentials are what calls are signed with.
type Credentials struct{ KeyID, Secret, Token string }

// Client calls functions of one region.
type Client struct {
	Region      string
	Endpoint    string // "" for that of the region
	Credentials Credentials
	HTTP        *http.Client // nil: one that waits for as long as a function may take
}

// A function may take 15 minutes.
const patience = 16 * time.Minute

// most bounds what is read of an answer: Lambda gives 6 MB at most.
const most = 8 << 20

// Call invokes a function, by its name or ARN, and gives what it answers. What the
// function itself calls an error is one of kind Invalid.
func (c *Client) Call(ctx context.Context, function string, payload []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address(function), bytes.NewReader(payload))
	if err != nil {
		return nil, &fault.Error{Kind: fault.Invalid, Op: "invoke", Object: function, Err: err, Hint: "give the name or ARN of the function"}
	}
	request.Header.Set("Content-Type", "application/json")
	Sign(request, payload, "lambda", c.Region, c.Credentials, time.Now())
	client := c.HTTP
	if client == nil {
		client = &http.Client{Timeout: patience}
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Op: "invoke", Object: function, Err: err, Hint: "check the region and the network"}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, most))
	switch {
	case err != nil:
		return nil, &fault.Error{Kind: fault.Unavailable, Op: "invoke", Object: function, Err: err}
	case response.StatusCode != http.StatusOK:
		return nil, refused(function, c.Region, response, body)
	case response.Header.Get("X-Amz-Function-Error") != "":
		var said struct {
			Message string `json:"errorMessage"`
		}
		if json.Unmarshal(body, &said) != nil || said.Message == "" {
			said.Message = string(body)
		}
		return nil, &fault.Error{Kind: fault.Invalid, Object: function, Err: errors.New(strings.ReplaceAll(said.Message, "\n", "; "))}
	}
	return body, nil
}

func (c *Client) address(function string) string {
	base := strings.TrimSuffix(c.Endpoint, "/")
	if base == "" {
		base = "https://lambda." + c.Region + ".amazonaws.com"
		if strings.HasPrefix(c.Region, "cn-") {
			base += ".cn"
		}
	}
	return base + "/2015-03-31/functions/" + strings.ReplaceAll(url.PathEscape(function), ":", "%3A") + "/invocations"
}

// refused is an answer of Lambda itself.
func refused(function, region string, response *http.Response, body []byte) error {
	var said struct{ Message string }
	if json.Unmarshal(body, &said) != nil {
		said.Message = ""
	}
	code, _, _ := strings.Cut(response.Header.Get("X-Amzn-Errortype"), ":")
	text := cmp.Or(said.Message, http.StatusText(response.StatusCode))
	if code != "" {
		text = code + ": " + text
	}
	f := &fault.Error{Kind: fault.Unavailable, Op: "invoke", Object: function, Err: errors.New(text)}
	switch response.StatusCode {
	case http.StatusForbidden, http.StatusUnauthorized:
		f.Kind, f.Hint = fault.Denied, "check the credentials, and allow them lambda:InvokeFunction on it"
	case http.StatusNotFound:
		f.Kind, f.Hint = fault.NotFound, fmt.Sprintf("there is no such function in %s: check --function and --region", region)
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		f.Kind = fault.Invalid
	}
	return f
}

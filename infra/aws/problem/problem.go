// Package problem gives errors of AWS's services their kind and a hint. Buckets have
// their own words for theirs, see s3store.
package problem

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"leeway/core/fault"
	"leeway/infra/aws/signed"
)

// Call is what was being done, for the hint.
type Call struct {
	Action string // that a role must be allowed: "sns:Publish"
	Object string // on what
	Refuse bool   // what the service finds wrong with the request is for good: it will not take it later either
}

// Of is an error of a service as a fault, nil for nil. What the service says is in it,
// without the client's account of the call.
func Of(ctx context.Context, c Call, err error) error {
	if err == nil {
		return nil
	}
	f := &fault.Error{Kind: fault.Unavailable, Op: c.Action, Object: c.Object, Err: err}
	if ended := ctx.Err(); ended != nil {
		f.Err = ended
		return f
	}
	var refused *signed.Refusal
	if errors.As(err, &refused) {
		f.Err = errors.New(refused.Error())
		c.judge(f, refused.Code, refused.Status)
	}
	return f
}

func (c *Call) judge(f *fault.Error, code string, status int) {
	has := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(code, part) {
				return true
			}
		}
		return false
	}
	switch {
	case has("Throttl", "TooManyRequests", "LimitExceeded", "RequestLimit", "ServiceUnavailable", "InternalFailure", "InternalError", "InternalService") || status >= 500 || status == http.StatusTooManyRequests:
	case has("AccessDenied", "Unauthorized", "NotAuthorized", "AuthorizationError"):
		f.Kind, f.Hint = fault.Denied, fmt.Sprintf("allow %s on %s", c.Action, c.Object)
	case has("InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken", "UnrecognizedClient", "InvalidSignature", "MissingAuthentication"):
		f.Kind, f.Hint = fault.Denied, "check the credentials"
	case has("NotFound", "DoesNotExist", "NoSuch"):
		f.Kind, f.Hint = fault.NotFound, "create it, or correct the configuration"
	case status >= 400 && c.Refuse:
		f.Kind = fault.Invalid
	case status >= 400:
		f.Kind, f.Hint = fault.Denied, "correct the configuration"
	}
}

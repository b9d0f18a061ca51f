package s3store

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"leeway/core/fault"
)

// answer is what a server said: the status and the error's code, 0 and "" where
// it said nothing.
type answer struct {
	status int
	code   string
	header http.Header
}

func answered(err error) (a answer) {
	var response *awshttp.ResponseError
	if errors.As(err, &response) && response.Response != nil {
		a.status, a.header = response.HTTPStatusCode(), response.Response.Header
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		a.code = api.ErrorCode()
	}
	return a
}

// problem gives an error of S3 its kind and what to do about it. A bucket that
// is not there is no object that is not there: it must not look like an empty
// one.
func (s *Store) problem(ctx context.Context, op, key string, err error) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil {
		return &fault.Error{Kind: fault.Unavailable, Op: op, Object: key, Err: ended}
	}
	f := &fault.Error{Kind: fault.Unavailable, Op: op, Object: key, Err: said(err)}
	a := answered(err)
	switch a.code {
	case "NoSuchKey", "NoSuchVersion":
		f.Kind, f.Err = fault.NotFound, errors.New("no such object")
	case "NoSuchBucket":
		f.Err, f.Hint = fmt.Errorf("there is no bucket %s", s.bucket), "create it, or correct LEEWAY_BUCKET or LEEWAY_STATE_BUCKET"
	case "AccessDenied", "AllAccessDisabled":
		f.Kind, f.Hint = fault.Denied, s.permission(op)
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken":
		f.Kind, f.Hint = fault.Denied, "check the credentials"
	case "RequestTimeTooSkewed":
		f.Kind, f.Hint = fault.Denied, "set this machine's clock: it differs from the server's by more than S3 allows"
	case "InvalidObjectState":
		f.Kind, f.Err, f.Hint = fault.Denied, errors.New("is archived"), "restore it to a class that can be read at once"
	case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "MovedPermanently":
		s.elsewhere(f, a)
	case "NoSuchUpload":
		f.Err = errors.New("the upload was given up by somebody else")
	case "EntityTooLarge":
		f.Kind = fault.Exhausted
	default:
		s.byStatus(f, a, op)
	}
	return f
}

// byStatus is for answers without a body, such as those to HEAD, and for codes
// that are not known.
func (s *Store) byStatus(f *fault.Error, a answer, op string) {
	switch {
	case strings.HasPrefix(a.code, "KMS."):
		f.Kind, f.Hint = fault.Denied, "let the function's role use the key (kms:Decrypt, kms:GenerateDataKey), and see that it is enabled"
	case a.status == http.StatusNotFound:
		f.Kind, f.Err = fault.NotFound, errors.New("no such object")
	case a.status == http.StatusForbidden:
		f.Kind, f.Hint = fault.Denied, s.permission(op)
	case a.status == http.StatusMovedPermanently:
		s.elsewhere(f, a)
	case a.status == http.StatusPreconditionFailed:
		f.Kind, f.Err = fault.Conflict, errors.New("the object has changed")
	case a.code == "SlowDown" || a.status == http.StatusServiceUnavailable || a.status == http.StatusTooManyRequests:
		f.Hint = "the bucket is asked too much at once: it is tried again later; fewer functions at a time help"
	}
}

// actions are the permissions that calls need.
var actions = map[string]string{
	"open": "s3:GetObject", "read": "s3:GetObject", "stat": "s3:GetObject",
	"put": "s3:PutObject", "delete": "s3:DeleteObject", "list": "s3:ListBucket",
}

func (s *Store) permission(op string) string {
	hint := fmt.Sprintf("allow %s on bucket %s", actions[op], s.bucket)
	switch op {
	case "open", "stat":
		hint += ", and s3:ListBucket, without which an object that is not there looks forbidden"
	case "put":
		hint += ", and kms:GenerateDataKey if it is encrypted with a key of KMS"
	case "read":
		hint += ", and kms:Decrypt if it is encrypted with a key of KMS"
	}
	return hint
}

// elsewhere is said of a bucket of another region.
func (s *Store) elsewhere(f *fault.Error, a answer) {
	if region := a.header.Get("X-Amz-Bucket-Region"); region != "" {
		f.Err, f.Hint = fmt.Errorf("bucket %s is in region %s", s.bucket, region), "set AWS_REGION="+region+", or deploy the function there"
		return
	}
	f.Err, f.Hint = fmt.Errorf("bucket %s is in another region", s.bucket), "set AWS_REGION to the bucket's region, or deploy the function there"
}

// said is what a server said, in one line without the client's own account of
// the call.
func said(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorMessage() != "" {
		return fmt.Errorf("%s: %s", api.ErrorCode(), api.ErrorMessage())
	}
	if errors.As(err, &api) {
		return errors.New(api.ErrorCode())
	}
	return err
}

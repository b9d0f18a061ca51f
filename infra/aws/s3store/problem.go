package s3store

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"leeway/core/fault"
	"leeway/infra/aws/signed"
)

// answered is what a server said; nothing of all where it said nothing.
func answered(err error) *signed.Refusal {
	var refused *signed.Refusal
	if errors.As(err, &refused) {
		return refused
	}
	return &signed.Refusal{}
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
	f := &fault.Error{Kind: fault.Unavailable, Op: op, Object: key, Err: err}
	a := answered(err)
	switch a.Code {
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
func (s *Store) byStatus(f *fault.Error, a *signed.Refusal, op string) {
	switch {
	case strings.HasPrefix(a.Code, "KMS."):
		f.Kind, f.Hint = fault.Denied, "let the function's role use the key (kms:Decrypt, kms:GenerateDataKey), and see that it is enabled"
	case a.Status == http.StatusNotFound:
		f.Kind, f.Err = fault.NotFound, errors.New("no such object")
	case a.Status == http.StatusForbidden:
		f.Kind, f.Hint = fault.Denied, s.permission(op)
	case a.Status == http.StatusMovedPermanently:
		s.elsewhere(f, a)
	case a.Status == http.StatusPreconditionFailed:
		f.Kind, f.Err = fault.Conflict, errors.New("the object has changed")
	case a.Code == "SlowDown" || a.Status == http.StatusServiceUnavailable || a.Status == http.StatusTooManyRequests:
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
func (s *Store) elsewhere(f *fault.Error, a *signed.Refusal) {
	if region := a.Header.Get("X-Amz-Bucket-Region"); region != "" {
		f.Err, f.Hint = fmt.Errorf("bucket %s is in region %s", s.bucket, region), "set AWS_REGION="+region+", or deploy the function there"
		return
	}
	f.Err, f.Hint = fmt.Errorf("bucket %s is in another region", s.bucket), "set AWS_REGION to the bucket's region, or deploy the function there"
}

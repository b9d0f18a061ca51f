package s3store

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// once makes a call try no second time by itself: whether the first one was
// heard has to be known.
func once(c *s3.Options) { c.Retryer = aws.NopRetryer{} }

// transient tells whether the same call may work a moment later: throttling,
// faults of the server, connections that broke.
func transient(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary ||
		retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err) == aws.TrueTernary
}

// retryer makes calls that may simply be repeated try again by themselves.
func retryer(tries int) aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = tries
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) { return delay(attempt - 1), nil })
	})
}

// delay is how long to wait before the next try: longer each time, and never
// as long as others that began at the same moment.
func delay(try int) time.Duration {
	longest := min(50*time.Millisecond<<min(try, 10), 4*time.Second)
	return longest/2 + rand.N(longest/2)
}

func pause(ctx context.Context, try int) error {
	timer := time.NewTimer(delay(try))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

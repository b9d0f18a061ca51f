package s3store

import (
	"context"
	"math/rand/v2"
	"time"

	"leeway/infra/aws/signed"
)

// transient tells whether the same call may work a moment later.
func transient(ctx context.Context, err error) bool {
	return ctx.Err() == nil && signed.Passing(err)
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

package signed

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net"
	"time"
)

// Passing tells whether an error may be gone a moment later: throttling, faults of the
// server, connections that broke; not names and certificates that are wrong.
func Passing(err error) bool {
	var refused *Refusal
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &refused):
		return refused.Slow()
	case errors.As(err, &name):
		return !name.IsNotFound
	}
	return !errors.As(err, &certificate)
}

// attempts is how often a call is made in all, and wait the longest time before the
// second.
const (
	attempts = 3
	wait     = 500 * time.Millisecond
)

// Repeat makes a call, again where that may help.
func Repeat(ctx context.Context, call func() error) error {
	for attempt := 1; ; attempt++ {
		err := call()
		if err == nil || attempt == attempts || !Passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(float64(wait<<(attempt-1)) * rand.Float64())):
		}
	}
}

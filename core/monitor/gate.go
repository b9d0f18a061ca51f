package monitor

import "context"

// gate lets one through at a time where what is done there may wait for the store:
// who waits for it ends with the context.
type gate chan struct{}

func newGate() gate { return make(gate, 1) }

// pass waits until it is free. The function that it returns frees it.
func (g gate) pass(ctx context.Context) (free func(), err error) {
	select {
	case g <- struct{}{}:
		return func() { <-g }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

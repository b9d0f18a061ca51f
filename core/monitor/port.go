package monitor

import (
	"context"
	"time"

	"leeway/core/report"
)

// Sink takes reports to where metrics live. Write is idempotent on the
// report's ID and may be called again with the same report.
type Sink interface {
	Name() string
	Write(ctx context.Context, r *report.Report) error
}

// Clock tells the time. core never asks the system itself.
type Clock interface{ Now() time.Time }

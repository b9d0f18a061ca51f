// Package monitor is the pipeline from a delivered batch to a report, and the
// ports that it needs from the world beside state.Store: [Sink] and [Clock].
package monitor

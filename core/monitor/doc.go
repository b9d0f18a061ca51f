// Package monitor is the pipeline from a delivered batch to a report.
//
// [Monitor.Run] processes a model of a bucket; [Compare] makes one report from
// two collections of rows, which is all that a comparison without a bucket
// needs. What the pipeline needs from the world is a state.Store and a [Clock].
package monitor

// Package monitor is the pipeline from a delivered batch to a report.
//
// [Monitor.Run] processes a model of a bucket. How files become profiles is in core/lay,
// core/route, core/truth and core/collect, how two collections become a report in
// core/compare, which is all that a comparison without a bucket needs; what is learnt of
// the windows of a reference is in core/vary. What the pipeline needs from the world is a
// state.Store and a [Clock].
package monitor

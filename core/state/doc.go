// Package state is the bucket as a database: batches, profiles, baselines,
// reports and history, kept as objects over a [Store].
//
// Immutable objects have content-derived names, so that writing one twice
// writes the same bytes to the same name. The few documents that change are
// changed by compare-and-swap. Nothing is locked.
package state

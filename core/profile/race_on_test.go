//go:build race

package profile

// The race detector empties pools at random, so allocations cannot be counted.
const racing = true

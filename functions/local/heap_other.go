//go:build !linux

package main

// hugePages does nothing where they cannot be asked for.
func hugePages() {}

package main

import (
	"runtime"
	"runtime/debug"
	"syscall"
)

// firstHeap is about what a check of ten thousand rows allocates.
const firstHeap = 32 << 20

// hugePages asks for huge pages where the first of the heap will lie. A small
// page costs a fault when it is first touched, which takes microseconds on a
// virtual machine, and a command on a small batch touches thousands. The block
// is given back untouched, so that it is what the heap grows into. Where the
// system has no huge pages nothing changes.
func hugePages() {
	before := debug.SetGCPercent(-1) // the block alone would start a collection
	defer debug.SetGCPercent(before)
	block := make([]byte, firstHeap)
	if err := syscall.Madvise(block, syscall.MADV_HUGEPAGE); err != nil {
		return // an old or a small system: small pages do as well
	}
	// One processor while nothing is collected: a second only waits, busily.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.GC()
}

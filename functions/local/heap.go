package main

import (
	"runtime"
	"runtime/debug"
	gauges "runtime/metrics"
)

// collectLate puts garbage collection off until the heap has 32 MB instead of
// 4: a command on a small batch ends before. Once a collection leaves more than
// 4 MB it is as usual, so that the memory of large ones stays small.
func collectLate() {
	debug.SetGCPercent(800)
	runtime.AddCleanup(new([64]byte), func(usual int) {
		if live() < 4<<20 {
			collectLate()
			return
		}
		debug.SetGCPercent(usual)
	}, 100)
}

// live is how many bytes of the heap the last collection left.
func live() uint64 {
	sample := []gauges.Sample{{Name: "/gc/heap/live:bytes"}}
	gauges.Read(sample)
	return sample[0].Value.Uint64()
}

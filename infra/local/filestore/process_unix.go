//go:build linux || darwin || freebsd || netbsd

package filestore

import (
	"errors"
	"io/fs"
	"syscall"
)

// running tells whether a process of this machine exists.
func running(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// device tells file systems apart: names cannot be moved between two.
func device(info fs.FileInfo) uint64 {
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(sys.Dev)
	}
	return 0
}

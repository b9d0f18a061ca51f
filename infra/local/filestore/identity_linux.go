package filestore

import (
	"fmt"
	"io/fs"
	"syscall"
)

// identity is the version of a file: its inode, size, and the times when the
// content and the inode last changed.
func identity(info fs.FileInfo) string {
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprintf("%x-%x-%x-%x", sys.Ino, sys.Size, sys.Mtim.Nano(), sys.Ctim.Nano())
	}
	return fmt.Sprintf("%x-%x", info.Size(), info.ModTime().UnixNano())
}

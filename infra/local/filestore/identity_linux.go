package filestore

import (
	"io/fs"
	"syscall"
)

// identity is the version of a file: its inode, size, and the times when the
// content and the inode last changed.
func identity(info fs.FileInfo) string {
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		return join(uint64(sys.Ino), uint64(sys.Size), uint64(sys.Mtim.Nano()), uint64(sys.Ctim.Nano()))
	}
	return join(uint64(info.Size()), uint64(info.ModTime().UnixNano()))
}

package filestore

import (
	"context"
	"os"
	"syscall"
)

// Commands of fcntl(2) that package syscall does not name.
const setLease = 1024 // F_SETLEASE

// Busy tells whether some process holds the file open for writing. The kernel
// grants a read lease only while nobody does; it is given back at once. Leases
// are for the owner of a file and for root, and not every file system has them:
// false otherwise.
func (s *Store) Busy(ctx context.Context, key string) bool {
	path, err := s.path(key)
	if err != nil || ctx.Err() != nil {
		return false
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer file.Close() // it was only looked at; closing gives the lease back in any case
	_, _, failed := syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), setLease, syscall.F_RDLCK)
	if failed == 0 {
		_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), setLease, syscall.F_UNLCK)
	}
	return failed == syscall.EAGAIN
}

package filestore

import (
	"context"
	"os"
	"syscall"
)

// Commands of fcntl(2) that package syscall does not name.
const setLease = 1024 // F_SETLEASE

// leasing are the file systems, by their magic, whose word on leases counts. Those
// of a network refuse leases for reasons of their own, with the same error.
var leasing = map[uint32]bool{
	0xef53:     true, // ext2, ext3, ext4
	0x58465342: true, // XFS
	0x9123683e: true, // Btrfs
	0xf2f52010: true, // F2FS
	0x2fc12fc1: true, // ZFS
	0x794c7630: true, // overlayfs
	0x01021994: true, // tmpfs
}

// Busy tells whether some process holds the file open for writing. The kernel
// grants a read lease only while nobody does; it is given back at once. Leases
// are for the owner of a file and for root, and for local file systems: false
// otherwise.
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
	var system syscall.Statfs_t
	if err := syscall.Fstatfs(int(file.Fd()), &system); err != nil || !leasing[uint32(system.Type)] {
		return false
	}
	_, _, failed := syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), setLease, syscall.F_RDLCK)
	if failed == 0 {
		_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), setLease, syscall.F_UNLCK)
	}
	return failed == syscall.EAGAIN
}

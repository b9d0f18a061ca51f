// Package filestore makes a folder a bucket: a [state.Store] over a POSIX file
// system, for the laptop, for tests and for servers without a cloud. An object
// is a plain file under its key, so people drop files in with cp and look at
// the state with cat.
//
// # What is promised
//
// A Put is whole or not at all, also across a power cut: bytes go to a
// temporary file that is synced, then take their name in one step, then the
// folder is synced, and those above it that are new. Whoever waits for the same
// folder shares a sync. Of fleeting objects nothing is synced: after a power cut
// they may be gone, empty or garbage. What a reader has open stays as it is when the name gets
// another file; when a person changes the file in place, reading it ends with
// a Conflict instead of mixing two versions. Of any number of processes that
// create or swap the same version of an object exactly one wins, without
// locks: a process that is stopped or killed at any instant holds nobody up.
//
// What other programs do to the files is outside of this: an object that is
// edited by hand while it is being swapped may lose the edit.
//
// # How
//
// Creating is link(2), which fails if the name exists. Swapping version E of
// an object for a temporary file T is
//
//	symlink(T, .leeway/swap/<key and E>)   fails if another swap of E was first
//	rename(T, object)                      by whoever gets to it
//
// The symbolic link names the winner for good. Whoever finds it there with the
// object still at E does the winner's rename first: T is renamed by exactly one
// process, because it exists once and its name never comes back, so that a
// straggler cannot undo what came later. A winner that died without leaving T
// is passed over with the next number in the link's name. Overwriting without
// a precondition swaps whatever version is there.
//
// A version is known by inode, size and the times of the last change of the
// content and of the inode. Files written here have a modification time of
// their own to the nanosecond. The times that Linux gives to others' files
// stand still for up to 4 ms on kernels before 6.13, so that a file changed in
// place twice within that time without changing size may look unchanged; that
// is why nobody should read a file that changed a moment ago.
//
// Temporary files and links live in .leeway at the root, are never listed, and
// go when their process is gone, or after a day. Reading needs no permission
// to write.
package filestore

package filestore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// durable makes names in folders outlast a power cut. Waiting for the disk is
// what writing takes longest for, so that those who wait for the same folder
// share one wait: whoever comes while a sync is under way takes the next one,
// together with all others that come meanwhile.
type durable struct {
	mu    sync.Mutex
	turns map[string]*turns // by folder, while somebody waits
	fresh map[string]bool   // folders made here whose own names may not be durable yet
}

// turns are the syncs of one folder.
type turns struct {
	running sync.Mutex
	next    *turn // nobody has begun it yet
	waiting int
}

type turn struct {
	done chan struct{}
	err  error
}

// sync makes the names in a folder durable that it has now.
func (d *durable) sync(dir string) error {
	d.mu.Lock()
	if d.turns == nil {
		d.turns = map[string]*turns{}
	}
	of := d.turns[dir]
	if of == nil {
		of = &turns{}
		d.turns[dir] = of
	}
	of.waiting++
	mine := of.next
	first := mine == nil
	if first {
		mine = &turn{done: make(chan struct{})}
		of.next = mine
	}
	d.mu.Unlock()
	if first {
		of.running.Lock()
		d.mu.Lock()
		of.next = nil // who comes from here on is too late for this one
		d.mu.Unlock()
		mine.err = syncDir(dir)
		of.running.Unlock()
		close(mine.done)
	}
	<-mine.done
	d.mu.Lock()
	defer d.mu.Unlock()
	if of.waiting--; of.waiting == 0 {
		delete(d.turns, dir)
	}
	return mine.err
}

// syncNames makes the names in a folder durable, and its own if it is new.
func (d *durable) syncNames(dir string) error {
	if err := d.sync(dir); err != nil {
		return err
	}
	d.mu.Lock()
	fresh := d.fresh[dir]
	d.mu.Unlock()
	if !fresh {
		return nil
	}
	if err := d.syncNames(filepath.Dir(dir)); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.fresh, dir)
	return nil
}

// makeDirs makes a folder and those above it. They are as durable as what lies
// in them: see syncNames.
func (d *durable) makeDirs(dir string) error {
	err := d.mkdir(dir)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		if err := d.makeDirs(filepath.Dir(dir)); err != nil {
			return err
		}
		return d.makeDirs(dir)
	case errors.Is(err, fs.ErrExist):
		if info, failed := os.Stat(dir); failed != nil || !info.IsDir() {
			return err
		}
		return nil
	}
	// Where the folder is there, it does not matter why it cannot be made.
	if info, failed := os.Stat(dir); failed == nil && info.IsDir() {
		return nil
	}
	return err
}

// mkdir makes a folder. Whoever finds it there finds it among the fresh ones
// too, until it is durable.
func (d *durable) mkdir(dir string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := os.Mkdir(dir, 0o777)
	if err == nil {
		if d.fresh == nil {
			d.fresh = map[string]bool{}
		}
		d.fresh[dir] = true
	}
	return err
}

// syncDir makes the names in a folder durable. File systems that cannot sync
// a folder say EINVAL.
func syncDir(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = file.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, file.Close())
}

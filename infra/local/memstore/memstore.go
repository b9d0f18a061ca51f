// Package memstore keeps a bucket in memory: for tests, and wherever state
// need not outlive the process. It promises what every [state.Store] does and
// nothing is written anywhere.
package memstore

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"leeway/core/fault"
	"leeway/core/state"
)

// Store is a bucket in memory. The zero value is an empty one.
type Store struct {
	// Now tells when an object was written; nil means the system's clock.
	Now func() time.Time

	mu       sync.RWMutex
	objects  map[string]*object
	versions int64
}

var _ state.Store = (*Store)(nil)

// New gives an empty store.
func New() *Store { return &Store{} }

// String names the driver.
func (s *Store) String() string { return "memstore" }

// object is one version; it never changes.
type object struct {
	*bytes.Reader
	info state.Info
}

func (o *object) Info() state.Info { return o.info }
func (o *object) Close() error     { return nil }

// Open opens an object for reading.
func (s *Store) Open(ctx context.Context, key string) (state.Object, error) {
	if err := ready(ctx, "open", key); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	found, ok := s.objects[key]
	if !ok {
		return nil, &fault.Error{Kind: fault.NotFound, Op: "open", Object: key, Err: errors.New("no such object")}
	}
	return found, nil
}

// Put writes an object.
func (s *Store) Put(ctx context.Context, key string, body io.Reader, options *state.PutOptions) (state.Info, error) {
	if err := ready(ctx, "put", key); err != nil {
		return state.Info{}, err
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return state.Info{}, err
	}
	if err := ready(ctx, "put", key); err != nil {
		return state.Info{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old, exists := s.objects[key]
	if options != nil {
		if options.IfAbsent && exists {
			return state.Info{}, &fault.Error{Kind: fault.Conflict, Op: "put", Object: key, Err: errors.New("the object exists already")}
		}
		if options.IfMatch != "" && (!exists || old.info.ETag != options.IfMatch) {
			return state.Info{}, &fault.Error{Kind: fault.Conflict, Op: "put", Object: key, Err: errors.New("the object has changed")}
		}
	}
	if s.objects == nil {
		s.objects = map[string]*object{}
	}
	s.versions++
	info := state.Info{Key: key, Size: int64(len(data)), ETag: strconv.FormatInt(s.versions, 10), Modified: s.now()}
	s.objects[key] = &object{bytes.NewReader(data), info}
	return info, nil
}

func (s *Store) now() time.Time {
	if s.Now != nil {
		return s.Now().UTC()
	}
	return time.Now().UTC()
}

// List yields objects in ascending byte order of their keys: those that are
// there when it begins.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[state.Info, error] {
	return func(yield func(state.Info, error) bool) {
		for _, info := range s.below(prefix) {
			if err := ctx.Err(); err != nil {
				yield(state.Info{}, &fault.Error{Kind: fault.Unavailable, Op: "list", Object: prefix, Err: err})
				return
			}
			if !yield(info, nil) {
				return
			}
		}
	}
}

func (s *Store) below(prefix string) []state.Info {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var infos []state.Info
	for key, object := range s.objects {
		if strings.HasPrefix(key, prefix) {
			infos = append(infos, object.info)
		}
	}
	slices.SortFunc(infos, func(a, b state.Info) int { return strings.Compare(a.Key, b.Key) })
	return infos
}

// Delete removes an object.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := ready(ctx, "delete", key); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.objects, key)
	return nil
}

func ready(ctx context.Context, op, key string) error {
	if err := state.CheckKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Op: op, Object: key, Err: err}
	}
	return nil
}

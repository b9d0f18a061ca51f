// Package storetest is what every [state.Store] must pass, unchanged: a folder,
// memory, S3, Cloud Storage, Blob Storage. The test of an adapter is
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) state.Store { ... }, nil)
//	}
//
// The suite asks for what core/state relies on and for nothing else. An ETag is
// opaque; writing the bytes that are there already may keep it (S3) or change
// it (a folder). A precondition on an object that does not exist fails with
// Conflict or NotFound.
package storetest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"leeway/core/fault"
	"leeway/core/state"
)

// Options fit the suite to slow or small stores.
type Options struct {
	Writers int   // how many write at once; 0 means 20
	Rounds  int   // how many races are run; 0 means 8
	Big     int64 // bytes of the big object; 0 means 32 MiB
	Segment int   // bytes of the longest part between two slashes; 0 means 255
}

// Run runs the suite. open gives an empty store; where stores share something,
// each call must give one of its own.
func Run(t *testing.T, open func(t *testing.T) state.Store, o *Options) {
	t.Helper()
	options := Options{Writers: 20, Rounds: 8, Big: 32 << 20, Segment: 255}
	if o != nil {
		options.Writers = either(o.Writers, options.Writers)
		options.Rounds = either(o.Rounds, options.Rounds)
		options.Big = either(o.Big, options.Big)
		options.Segment = either(o.Segment, options.Segment)
	}
	var ran atomic.Int32
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ran.Add(1)
			store := open(t)
			t.Logf("driver %T", store)
			test.run(&suite{T: t, store: store, Options: options, ctx: t.Context()})
		})
	}
	t.Logf("%d of %d subtests ran", ran.Load(), len(tests))
	if ran.Load() == 0 {
		t.Error("no subtest ran: the store is not tested")
	}
}

func either[T comparable](given, usual T) T {
	var zero T
	if given == zero {
		return usual
	}
	return given
}

// tests is filled by the files of this package, by subject.
var tests = []struct {
	name string
	run  func(*suite)
}{
	{"RoundTrip", (*suite).roundTrip},
	{"Missing", (*suite).missing},
	{"Overwrite", (*suite).overwrite},
	{"Fleeting", (*suite).fleeting},
	{"Delete", (*suite).delete},
	{"ReadAt", (*suite).readAt},
	{"ReplacedWhileOpen", (*suite).replacedWhileOpen},
	{"BodyFails", (*suite).bodyFails},
	{"Big", (*suite).big},
	{"IfAbsent", (*suite).ifAbsent},
	{"IfMatch", (*suite).ifMatch},
	{"IfMatchMissing", (*suite).ifMatchMissing},
	{"WeirdKeys", (*suite).weirdKeys},
	{"UnsafeKeys", (*suite).unsafeKeys},
	{"ListOrder", (*suite).listOrder},
	{"ListPrefix", (*suite).listPrefix},
	{"ListStops", (*suite).listStops},
	{"Folders", (*suite).folders},
	{"Cancelled", (*suite).cancelled},
	{"RaceToCreate", (*suite).raceToCreate},
	{"RaceToSwap", (*suite).raceToSwap},
	{"Counter", (*suite).counter},
	{"NeverTorn", (*suite).neverTorn},
	{"ListWhilePut", (*suite).listWhilePut},
}

// suite is one subtest with a store of its own.
type suite struct {
	*testing.T
	Options
	store state.Store
	ctx   context.Context
}

func (s *suite) put(key, text string, options *state.PutOptions) (state.Info, error) {
	return s.store.Put(s.ctx, key, strings.NewReader(text), options)
}

func (s *suite) mustPut(key, text string) state.Info {
	s.Helper()
	info, err := s.put(key, text, nil)
	if err != nil {
		s.Fatalf("put %q: %v", key, err)
	}
	return info
}

// read opens an object and reads it whole; "" with an error.
func (s *suite) read(key string) (string, state.Info, error) {
	object, err := s.store.Open(s.ctx, key)
	if err != nil {
		return "", state.Info{}, err
	}
	defer object.Close()
	data, err := io.ReadAll(io.NewSectionReader(object, 0, object.Info().Size))
	return string(data), object.Info(), err
}

func (s *suite) mustRead(key, want string) state.Info {
	s.Helper()
	got, info, err := s.read(key)
	if err != nil {
		s.Fatalf("read %q: %v", key, err)
	}
	if got != want {
		s.Fatalf("read %q: got %s, want %s", key, cut(got), cut(want))
	}
	if info.Key != key || info.Size != int64(len(want)) || info.ETag == "" || info.Modified.IsZero() {
		s.Fatalf("read %q: incomplete info %+v", key, info)
	}
	return info
}

func cut(text string) string {
	if len(text) > 60 {
		return fmt.Sprintf("%q... (%d bytes)", text[:60], len(text))
	}
	return fmt.Sprintf("%q", text)
}

func (s *suite) keys(prefix string) []string {
	s.Helper()
	keys := []string{}
	for info, err := range s.store.List(s.ctx, prefix) {
		if err != nil {
			s.Fatalf("list %q: %v", prefix, err)
		}
		keys = append(keys, info.Key)
	}
	return keys
}

// wantKind checks that an error is of one of the kinds, and says so plainly.
func (s *suite) wantKind(what string, err error, kinds ...fault.Kind) {
	s.Helper()
	got := fault.KindOf(err)
	for _, kind := range kinds {
		if got == kind {
			return
		}
	}
	s.Errorf("%s: got error %v of kind %q, want kind %q", what, err, got, kinds)
}

// pattern is n bytes that differ by seed and place.
func pattern(n int64, seed byte) []byte {
	block := make([]byte, 64<<10)
	for i := range block {
		block[i] = byte(i*31>>3) ^ byte(i) ^ seed
	}
	return bytes.Repeat(block, int(n/int64(len(block)))+1)[:n]
}

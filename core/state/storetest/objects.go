package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"leeway/core/fault"
	"leeway/core/state"
)

func (s *suite) roundTrip() {
	for _, text := range []string{"", "x", "a,b\n1,2\n", strings.Repeat("long ", 10_000)} {
		put := s.mustPut("logs/m/day.csv", text)
		read := s.mustRead("logs/m/day.csv", text)
		if put.ETag != read.ETag || put.Size != read.Size || put.Key != read.Key {
			s.Errorf("put said %+v, open says %+v", put, read)
		}
		for info, err := range s.store.List(s.ctx, "logs/") {
			if err != nil {
				s.Fatal(err)
			}
			if info.Key != read.Key || info.Size != read.Size || info.ETag != read.ETag || !info.Modified.Equal(read.Modified) {
				s.Errorf("list says %+v, open says %+v", info, read)
			}
		}
	}
}

func (s *suite) missing() {
	_, err := s.store.Open(s.ctx, "no/such")
	s.wantKind("open of a missing object", err, fault.NotFound)
	s.mustPut("folder/object", "x")
	_, err = s.store.Open(s.ctx, "folder")
	s.wantKind("open of a prefix", err, fault.NotFound)
	_, err = s.store.Open(s.ctx, "folder/object/below")
	s.wantKind("open below an object", err, fault.NotFound)
	if keys := s.keys("nothing/"); len(keys) != 0 {
		s.Errorf("list of nothing gives %q", keys)
	}
}

// fleeting objects are like all others as long as the machine runs.
func (s *suite) fleeting() {
	first, err := s.put("a/b/k", "one", &state.PutOptions{IfAbsent: true, Fleeting: true})
	if err != nil {
		s.Fatal(err)
	}
	_, err = s.put("a/b/k", "two", &state.PutOptions{IfAbsent: true, Fleeting: true})
	s.wantKind("a second fleeting create", err, fault.Conflict)
	second, err := s.put("a/b/k", "three", &state.PutOptions{IfMatch: first.ETag, Fleeting: true})
	if err != nil || second.ETag == first.ETag {
		s.Fatalf("a fleeting swap: %+v after %+v, %v", second, first, err)
	}
	_, err = s.put("a/b/k", "four", &state.PutOptions{IfMatch: first.ETag, Fleeting: true})
	s.wantKind("a stale fleeting swap", err, fault.Conflict)
	s.mustRead("a/b/k", "three")
	s.mustPut("a/b/k", "for good")
	s.mustPut("a/b/other", "x")
	s.mustRead("a/b/k", "for good")
	if _, err := s.put("a/b/k", "and again", &state.PutOptions{Fleeting: true}); err != nil {
		s.Fatal(err)
	}
	s.mustRead("a/b/k", "and again")
}

func (s *suite) overwrite() {
	first := s.mustPut("k", "one")
	second := s.mustPut("k", "two")
	if first.ETag == second.ETag {
		s.Error("the ETag did not change with the content")
	}
	s.mustRead("k", "two")
	// Same size, at once: the hardest for stores that go by times.
	seen := map[string]string{second.ETag: "two"}
	for _, text := range []string{"aaa", "bbb", "ccc", "ddd", "eee", "fff"} {
		info := s.mustPut("k", text)
		if other, known := seen[info.ETag]; known {
			s.Fatalf("%q and %q have the same ETag", other, text)
		}
		seen[info.ETag] = text
	}
	s.mustRead("k", "fff")
}

func (s *suite) delete() {
	s.mustPut("a/k", "x")
	s.mustPut("a/k2", "y")
	if err := s.store.Delete(s.ctx, "a/k"); err != nil {
		s.Fatal(err)
	}
	_, err := s.store.Open(s.ctx, "a/k")
	s.wantKind("open after delete", err, fault.NotFound)
	if keys := s.keys("a/"); len(keys) != 1 || keys[0] != "a/k2" {
		s.Errorf("after delete the list is %q", keys)
	}
	for _, key := range []string{"a/k", "never/was", "a", "a/k2/below"} {
		if err := s.store.Delete(s.ctx, key); err != nil {
			s.Errorf("delete of the missing %q: %v", key, err)
		}
	}
	s.mustRead("a/k2", "y")
	if _, err := s.put("a/k", "again", &state.PutOptions{IfAbsent: true}); err != nil {
		s.Errorf("create after delete: %v", err)
	}
}

func (s *suite) readAt() {
	s.mustPut("k", "0123456789")
	object, err := s.store.Open(s.ctx, "k")
	if err != nil {
		s.Fatal(err)
	}
	defer object.Close()
	for _, c := range []struct {
		off  int64
		n    int
		want string
		eof  bool
	}{{0, 4, "0123", false}, {6, 4, "6789", false}, {3, 0, "", false}, {8, 4, "89", true}, {10, 1, "", true}, {99, 1, "", true}} {
		p := make([]byte, c.n)
		n, err := object.ReadAt(p, c.off)
		if string(p[:n]) != c.want || c.eof && err != io.EOF || !c.eof && err != nil && err != io.EOF {
			s.Errorf("ReadAt(%d bytes, %d) = %q, %v; want %q", c.n, c.off, p[:n], err, c.want)
		}
	}
}

func (s *suite) replacedWhileOpen() {
	old := pattern(1<<20, 1)
	if _, err := s.store.Put(s.ctx, "k", bytes.NewReader(old), nil); err != nil {
		s.Fatal(err)
	}
	object, err := s.store.Open(s.ctx, "k")
	if err != nil {
		s.Fatal(err)
	}
	defer object.Close()
	half := make([]byte, len(old)/2)
	if _, err := object.ReadAt(half, 0); err != nil {
		s.Fatal(err)
	}
	s.mustPut("k", "quite something else")
	rest := make([]byte, len(old)-len(half))
	_, err = object.ReadAt(rest, int64(len(half)))
	if err != nil && err != io.EOF {
		// A bucket without versions may give up, but it must say so.
		s.wantKind("reading a replaced object", err, fault.Conflict, fault.NotFound)
	} else if !bytes.Equal(append(half, rest...), old) {
		s.Error("two versions were mixed")
	}
	s.mustRead("k", "quite something else")
}

var errBody = errors.New("the line went dead")

func (s *suite) bodyFails() {
	for _, options := range []*state.PutOptions{nil, {IfAbsent: true}} {
		body := io.MultiReader(bytes.NewReader(pattern(1<<20, 2)), failing{})
		if _, err := s.store.Put(s.ctx, "new", body, options); !errors.Is(err, errBody) {
			s.Errorf("put of a failing body: got %v, want its error", err)
		}
		_, err := s.store.Open(s.ctx, "new")
		s.wantKind("open after a failed put", err, fault.NotFound)
	}
	s.mustPut("old", "as it was")
	if _, err := s.store.Put(s.ctx, "old", failing{}, nil); !errors.Is(err, errBody) {
		s.Errorf("put of a failing body: got %v, want its error", err)
	}
	s.mustRead("old", "as it was")
	if keys := s.keys(""); len(keys) != 1 {
		s.Errorf("failed puts left something behind: %q", keys)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBody }

func (s *suite) big() {
	data := pattern(s.Options.Big, 3)
	// Without Len and Seek, as a body comes from a pipe or the network.
	info, err := s.store.Put(s.ctx, "big", io.MultiReader(bytes.NewReader(data)), nil)
	if err != nil {
		s.Fatal(err)
	}
	if info.Size != int64(len(data)) {
		s.Fatalf("size %d, want %d", info.Size, len(data))
	}
	got, _, err := s.read("big")
	if err != nil || got != string(data) {
		s.Fatalf("the big object came back different, error %v", err)
	}
}

func (s *suite) cancelled() {
	s.mustPut("k", "x")
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	_, err := s.store.Open(ctx, "k")
	s.wantCancelled("open", err)
	_, err = s.store.Put(ctx, "new", strings.NewReader("x"), nil)
	s.wantCancelled("put", err)
	for _, listed := range s.store.List(ctx, "") {
		err = listed
	}
	s.wantCancelled("list", err)
	s.wantCancelled("delete", s.store.Delete(ctx, "k"))

	ctx, cancel = context.WithCancel(s.ctx)
	body := io.MultiReader(strings.NewReader("the beginning"), &cancelling{cancel}, strings.NewReader("the end"))
	if _, err = s.store.Put(ctx, "new", body, nil); err == nil {
		s.Error("a put whose context ended in the middle of the body went through")
	}
	if keys := s.keys(""); len(keys) != 1 || keys[0] != "k" {
		s.Errorf("after cancelled calls the list is %q", keys)
	}
}

func (s *suite) wantCancelled(what string, err error) {
	s.Helper()
	if !errors.Is(err, context.Canceled) {
		s.Errorf("%s with an ended context: got %v", what, err)
	}
}

type cancelling struct{ cancel context.CancelFunc }

func (c *cancelling) Read([]byte) (int, error) {
	c.cancel()
	return 0, io.EOF
}

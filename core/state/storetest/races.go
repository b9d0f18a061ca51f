package storetest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"leeway/core/fault"
	"leeway/core/state"
)

func (s *suite) ifAbsent() {
	only := &state.PutOptions{IfAbsent: true}
	first, err := s.put("k", "first", only)
	if err != nil {
		s.Fatal(err)
	}
	_, err = s.put("k", "second", only)
	s.wantKind("create of what exists", err, fault.Conflict)
	_, err = s.put("k", "first", only)
	s.wantKind("create of what exists, with the same bytes", err, fault.Conflict)
	if info := s.mustRead("k", "first"); info.ETag != first.ETag {
		s.Error("a create that failed changed the ETag")
	}
}

func (s *suite) ifMatch() {
	first := s.mustPut("k", "one")
	second, err := s.put("k", "two", &state.PutOptions{IfMatch: first.ETag})
	if err != nil {
		s.Fatal(err)
	}
	_, err = s.put("k", "three", &state.PutOptions{IfMatch: first.ETag})
	s.wantKind("swap of an earlier version", err, fault.Conflict)
	_, err = s.put("k", "three", &state.PutOptions{IfMatch: "never an ETag"})
	s.wantKind("swap of a version that never was", err, fault.Conflict)
	if info := s.mustRead("k", "two"); info.ETag != second.ETag {
		s.Error("a swap that failed changed the ETag")
	}
	s.mustPut("k", "overwritten")
	_, err = s.put("k", "three", &state.PutOptions{IfMatch: second.ETag})
	s.wantKind("swap after an overwrite", err, fault.Conflict)
	s.mustRead("k", "overwritten")
}

func (s *suite) ifMatchMissing() {
	_, err := s.put("k", "x", &state.PutOptions{IfMatch: "some"})
	s.wantKind("swap of nothing", err, fault.Conflict, fault.NotFound)
	info := s.mustPut("k", "x")
	if err := s.store.Delete(s.ctx, "k"); err != nil {
		s.Fatal(err)
	}
	_, err = s.put("k", "y", &state.PutOptions{IfMatch: info.ETag})
	s.wantKind("swap of what was deleted", err, fault.Conflict, fault.NotFound)
	_, err = s.store.Open(s.ctx, "k")
	s.wantKind("open after failed swaps", err, fault.NotFound)
}

// race lets all writers go at once and gives the texts of those that won. Nobody
// writes what was there before: equal bytes may have equal ETags.
func (s *suite) race(key string, round int, options *state.PutOptions) []string {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		won   []string
		start = make(chan struct{})
	)
	for writer := range s.Writers {
		wg.Go(func() {
			<-start
			text := fmt.Sprintf("%s by writer %d in round %d", key, writer, round)
			info, err := s.put(key, text, options)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won = append(won, text)
				if info.Size != int64(len(text)) {
					s.Errorf("the winner was told %+v", info)
				}
			case fault.KindOf(err) != fault.Conflict:
				s.Errorf("writer %d lost with %v, want Conflict", writer, err)
			}
		})
	}
	close(start)
	wg.Wait()
	return won
}

func (s *suite) raceToCreate() {
	for round := range s.Rounds {
		key := fmt.Sprintf("round/%d", round)
		won := s.race(key, round, &state.PutOptions{IfAbsent: true})
		if len(won) != 1 {
			s.Fatalf("%d of %d writers created %s", len(won), s.Writers, key)
		}
		s.mustRead(key, won[0])
	}
}

func (s *suite) raceToSwap() {
	etag := s.mustPut("k", "start").ETag
	for round := range s.Rounds {
		won := s.race("k", round, &state.PutOptions{IfMatch: etag})
		if len(won) != 1 {
			s.Fatalf("%d of %d writers swapped in round %d", len(won), s.Writers, round)
		}
		etag = s.mustRead("k", won[0]).ETag
	}
}

// counter counts up by compare-and-swap: every increment must be there, and
// the writers must not wait for each other for ever.
func (s *suite) counter() {
	s.mustPut("n", "0")
	var wg sync.WaitGroup
	for range s.Writers {
		wg.Go(func() {
			for range s.Rounds {
				if !s.increment("n") {
					return
				}
			}
		})
	}
	wg.Wait()
	s.mustRead("n", strconv.Itoa(s.Writers*s.Rounds))
}

func (s *suite) increment(key string) bool {
	for {
		text, info, err := s.read(key)
		if err != nil {
			s.Errorf("read: %v", err)
			return false
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			s.Errorf("read %q", text)
			return false
		}
		_, err = s.put(key, strconv.Itoa(n+1), &state.PutOptions{IfMatch: info.ETag})
		if err == nil {
			return true
		}
		if fault.KindOf(err) != fault.Conflict {
			s.Errorf("swap: %v", err)
			return false
		}
	}
}

// neverTorn overwrites, deletes and creates while others read: what they see
// is always one writer's bytes, whole.
func (s *suite) neverTorn() {
	const size = 200 << 10
	whole := func(seed byte) []byte { return bytes.Repeat([]byte{seed}, size+int(seed)*100) }
	if _, err := s.store.Put(s.ctx, "k", bytes.NewReader(whole(0)), nil); err != nil {
		s.Fatal(err)
	}
	var writers, readers sync.WaitGroup
	var over atomic.Bool
	for writer := range 4 {
		writers.Go(func() {
			for round := range s.Rounds * 4 {
				data := whole(byte(1 + (writer*7+round)%50))
				if _, err := s.store.Put(s.ctx, "k", bytes.NewReader(data), nil); err != nil {
					s.Errorf("put: %v", err)
				}
			}
		})
	}
	for range 4 {
		readers.Go(func() {
			for !over.Load() {
				text, info, err := s.read("k")
				if kind := fault.KindOf(err); kind == fault.Conflict || kind == fault.NotFound {
					continue // a store without versions gives up
				}
				if err != nil || text != string(whole(text[0])) || info.Size != int64(len(text)) {
					s.Errorf("torn: %s, info %+v, error %v", cut(text), info, err)
					return
				}
			}
		})
	}
	writers.Wait()
	over.Store(true)
	readers.Wait()
}

// listWhilePut lists while objects come and go: those that stay are always
// there, once, in order.
func (s *suite) listWhilePut() {
	var stay []string
	for i := range 30 {
		stay = append(stay, fmt.Sprintf("x/%02d/stays", i))
		s.mustPut(stay[i], "x")
	}
	var wg sync.WaitGroup
	var over atomic.Bool
	for writer := range 3 {
		wg.Go(func() {
			for i := 0; !over.Load(); i++ {
				key := fmt.Sprintf("x/%02d/comes-%d", i%30, writer)
				if _, err := s.put(key, "y", nil); err != nil {
					s.Errorf("put: %v", err)
					return
				}
				if err := s.store.Delete(s.ctx, key); err != nil {
					s.Errorf("delete: %v", err)
					return
				}
			}
		})
	}
	for range s.Rounds {
		keys := s.keys("x/")
		if !slices.IsSorted(keys) {
			s.Errorf("not in order: %q", keys)
		}
		kept := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !strings.HasSuffix(key, "stays") })
		if !slices.Equal(kept, stay) {
			s.Errorf("objects that stay: got %q", kept)
		}
		if len(slices.Compact(keys)) != len(keys) {
			s.Errorf("listed twice: %q", keys)
		}
	}
	over.Store(true)
	wg.Wait()
}

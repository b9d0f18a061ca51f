package storetest

import (
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"leeway/core/fault"
	"leeway/core/state"
)

func (s *suite) weird() []string {
	long := strings.Repeat("n", s.Segment)
	return []string{
		"in/n+1 ü.csv", "in/50% off.csv", "in/%2e%2e", "in/%2F", "in/a%00b", "in/ lead and trail ",
		"in/a&b=c?d#e.csv", "in/quote\"'`.csv", "in/(x)[y]{z}<w>|v.csv", "in/semi;colon:at@sign!*.csv",
		"in/日本語/ファイル.csv", "in/e\u0301 and é.csv", "in/😀.csv", "in/\u202eright to left",
		"in/tab\there", "in/back\\slash", "in/~user", "in/$HOME", "in/-rf", "in/..hidden", "in/...", "in/a..b",
		"in/.hidden", "in/trailing.", "in/date=2026-01-03/hour=07/part-0000.parquet", "in/CON", "in/nul.csv",
		"in/" + long, "in/" + strings.Repeat("d/", 400) + "deep",
		longest("in/n/"+long+"/", s.Segment),
	}
}

// longest fills a key up to the longest that is allowed.
func longest(key string, segment int) string {
	for len(key) < state.MaxKey {
		n := min(segment, state.MaxKey-len(key))
		key += strings.Repeat("l", n)
		if state.MaxKey-len(key) > 1 {
			key += "/"
		} else if len(key) < state.MaxKey {
			break // one byte is left: no room for a slash and a name
		}
	}
	return key
}

func (s *suite) weirdKeys() {
	keys := s.weird()
	for _, key := range keys {
		if _, err := s.put(key, key, &state.PutOptions{IfAbsent: true}); err != nil {
			s.Errorf("put %q: %v", key, err)
		}
	}
	for _, key := range keys {
		got, _, err := s.read(key)
		if err != nil || got != key {
			s.Errorf("read %q: got %s, %v", key, cut(got), err)
		}
	}
	slices.Sort(keys)
	if diff := cmp.Diff(keys, s.keys("")); diff != "" {
		s.Errorf("list (-want +got):\n%s", diff)
	}
	for _, key := range keys {
		if err := s.store.Delete(s.ctx, key); err != nil {
			s.Errorf("delete %q: %v", key, err)
		}
	}
	if left := s.keys(""); len(left) > 0 {
		s.Errorf("left after delete: %q", left)
	}
}

func (s *suite) unsafeKeys() {
	s.mustPut("safe", "x")
	for _, key := range []string{
		"", "/", "/etc/passwd", "..", "../up", "a/..", "a/../b", "a/../../b", ".", "./a", "a/.", "a/./b",
		"a//b", "a/", "//a", "a\x00b", "\x00", strings.Repeat("x", state.MaxKey+1),
	} {
		_, err := s.store.Open(s.ctx, key)
		s.wantKind("open "+cut(key), err, fault.Invalid)
		for _, options := range []*state.PutOptions{nil, {IfAbsent: true}, {IfMatch: "x"}} {
			_, err = s.put(key, "x", options)
			s.wantKind("put "+cut(key), err, fault.Invalid)
		}
		s.wantKind("delete "+cut(key), s.store.Delete(s.ctx, key), fault.Invalid)
	}
	for _, prefix := range []string{"../", "/", "a/../", "./", "//", "..", "\x00"} {
		if keys := s.keys(prefix); len(keys) > 0 {
			s.Errorf("list %q gives %q", prefix, keys)
		}
	}
	if keys := s.keys(""); len(keys) != 1 {
		s.Errorf("unsafe keys left something behind: %q", keys)
	}
}

func (s *suite) listOrder() {
	// In byte order a dash and a dot come before the slash, a digit after it:
	// walking folders by name gives another order.
	keys := []string{"a", "a-b", "a-b/c", "a.b", "a0", "aa", "b/a", "b/a-/x", "b/a/x", "b/a0", "B", "é", "z/z/z/z", "Z"}
	keys = slices.DeleteFunc(keys, func(key string) bool { return key == "a-b" || key == "b/a" }) // a key below an object needs a bucket without folders
	for _, at := range []int{3, 0, 7, 1, 9, 5, 2, 8, 4, 6, 11, 10} {
		s.mustPut(keys[at], "x")
	}
	slices.Sort(keys)
	if diff := cmp.Diff(keys, s.keys("")); diff != "" {
		s.Errorf("list (-want +got):\n%s", diff)
	}
}

func (s *suite) listPrefix() {
	all := []string{"logs/m/2026-01-01.csv", "logs/m/2026-01-02.csv", "logs/m/2026-02/x.csv", "logs/m2/y.csv", "logs/mm.csv", "state/m/z"}
	for _, key := range all {
		s.mustPut(key, "x")
	}
	for _, prefix := range []string{
		"", "l", "logs", "logs/", "logs/m", "logs/m/", "logs/m/2026-01", "logs/m/2026-01-02.csv", "logs/m/2026-01-02.csv/",
		"logs/m/2026-02", "logs/m/2026-02/", "logs/m/2026-02/x", "logs/mm", "logs/mmm", "LOGS", "s", "t", "logs/m2/y.csvx",
	} {
		want := []string{}
		for _, key := range all {
			if strings.HasPrefix(key, prefix) {
				want = append(want, key)
			}
		}
		if diff := cmp.Diff(want, s.keys(prefix)); diff != "" {
			s.Errorf("list %q (-want +got):\n%s", prefix, diff)
		}
	}
}

func (s *suite) listStops() {
	for _, key := range []string{"a/1", "a/2", "b/1", "c"} {
		s.mustPut(key, "x")
	}
	count := 0
	for _, err := range s.store.List(s.ctx, "") {
		if err != nil {
			s.Fatal(err)
		}
		if count++; count == 2 {
			break
		}
	}
	list := s.store.List(s.ctx, "a/")
	for range 2 { // an iterator may be used again
		n := 0
		for range list {
			n++
		}
		if n != 2 {
			s.Errorf("%d objects, want 2", n)
		}
	}
}

func (s *suite) folders() {
	able, ok := s.store.(state.Folders)
	if !ok {
		s.Log("the store offers no Folders; names are found by listing")
		return
	}
	for _, key := range []string{"logs/b/x", "logs/a/1/2/3", "logs/a b/+", "logs/file", "top"} {
		s.mustPut(key, "x")
	}
	for prefix, want := range map[string][]string{"logs/": {"a", "a b", "b"}, "": {"logs"}, "logs/a/1/": {"2"}, "none/": nil, "logs/b/": nil} {
		got, err := able.Folders(s.ctx, prefix)
		if err != nil {
			s.Errorf("folders of %q: %v", prefix, err)
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			s.Errorf("folders of %q: got %q, want %q", prefix, got, want)
		}
	}
}

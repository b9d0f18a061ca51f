package state_test

import (
	"path"
	"strings"
	"testing"

	"leeway/core/fault"
	"leeway/core/state"
)

func FuzzCheckKey(f *testing.F) {
	for _, key := range []string{"logs/m/a.csv", "", "..", "a/../b", "a//b", "a/", "/a", "a\x00", strings.Repeat("x", 1025), "..a", "a..", "\xff"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		err := state.CheckKey(key)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: kind %s", key, fault.KindOf(err))
			}
			return
		}
		joined := path.Join("/root", key)
		if joined != "/root/"+key || strings.Contains(key, "\x00") || len(key) > state.MaxKey {
			t.Errorf("%q was let through", key)
		}
	})
}

func TestCheckModel(t *testing.T) {
	for _, name := range []string{"m", "hotel-cancellation", "v1.2_x", "A", "0", strings.Repeat("m", 128)} {
		if err := state.CheckModel(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"", ".", "..", ".hidden", "a/b", "a b", "ü", "a\\b", "a\x00", "%2e", strings.Repeat("m", 129)} {
		if err := state.CheckModel(name); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: got %v, want Invalid", name, err)
		}
	}
}

func TestIsData(t *testing.T) {
	for _, key := range []string{"a.csv", "2026/01/part-0000.snappy.parquet", "noending", "date=2026-01-03/x.jsonl", "_batch.csv", "temporary.csv", "README.md"} {
		if !state.IsData(key) {
			t.Errorf("%q is data", key)
		}
	}
	for _, key := range []string{
		"", "folder/", ".hidden", "x/.ipynb_checkpoints/a.csv", "._a.csv", "a.csv.tmp", "a.csv.PART", "a.csv~", "x/.a.csv.swp",
		"_SUCCESS", "_temporary/0/part-0", "t/_delta_log/0.json", "_committed_123", "part-0.crc", ".DS_Store", "Thumbs.db",
	} {
		if state.IsData(key) {
			t.Errorf("%q is no data", key)
		}
	}
}

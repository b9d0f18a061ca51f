package monitor_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestBundles: a window of many files, which come in portions and of which one is
// rewritten, is what one file with all their rows is, whether bundles of them are there,
// were deleted or are damaged.
func TestBundles(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", day(1, 2000, 1))
	file := func(i int) string { return fmt.Sprintf("logs/m/%03d.csv", i) }
	seeds := make([]uint64, 150)
	for i := range seeds {
		seeds[i] = uint64(10 + i)
		w.put(file(i), day(10, 20, seeds[i]))
		if i == 80 || i == 90 {
			w.run()
		}
	}
	seeds[3] = 999 // in the first bundle
	w.put(file(3), day(10, 20, seeds[3]))
	w.run()
	bundles := func() []string { return keys(w.bytes("seen/.bundles/")) }
	if len(bundles()) == 0 {
		t.Fatal("nothing is bundled: this test holds nothing")
	}

	var all strings.Builder
	all.WriteString(header)
	for _, seed := range seeds {
		all.WriteString(strings.TrimPrefix(day(10, 20, seed), header))
	}
	one := newWorld(t)
	one.put("reference/m/r.csv", day(1, 2000, 1))
	one.put(file(0), all.String())
	one.run()
	want := one.newest("2026-03-10").Samples

	same := func(what string) {
		t.Helper()
		got := w.newest("2026-03-10")
		if got.Current.Rows != 3000 {
			t.Errorf("%s: %d rows", what, got.Current.Rows)
		}
		if diff := cmp.Diff(want, got.Samples, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: other than of one file (-one +many):\n%s", what, diff)
		}
	}
	same("in portions, one rewritten")
	for what, spoil := range map[string]func(key string){
		"damaged": func(key string) { w.put(key, "nothing of the kind") },
		"deleted": func(key string) {
			if err := w.store.Delete(t.Context(), key); err != nil {
				t.Fatal(err)
			}
		},
	} {
		for _, key := range bundles() {
			spoil(key)
		}
		seeds[5]++ // the window is judged again
		w.put(file(5), day(10, 20, seeds[5]))
		w.run()
		seeds[5]--
		w.put(file(5), day(10, 20, seeds[5]))
		w.run()
		same(what)
	}
}

package cause

import "testing"

// TestRecoded: a number for another is a new name unless all may be other numbers.
func TestRecoded(t *testing.T) {
	for name, one := range map[string]struct {
		names []string
		a, b  []int64
		named bool
	}{
		"codes from 1 on":  {[]string{"0", "1", "2"}, []int64{560, 440, 0}, []int64{0, 580, 420}, false},
		"another number":   {[]string{"0", "1", "2"}, []int64{560, 440, 0}, []int64{0, 440, 560}, true},
		"in their order":   {[]string{"0", "1", "-1"}, []int64{560, 440, 0}, []int64{0, 430, 570}, true},
		"words":            {[]string{"no", "yes", "nope"}, []int64{560, 440, 0}, []int64{0, 440, 560}, true},
		"three, from 1 on": {[]string{"0", "1", "2", "3"}, []int64{340, 330, 330, 0}, []int64{0, 340, 330, 330}, false},
	} {
		c := &column{name: "x", table: &table{}}
		for i := range one.names {
			c.table.add(one.names[i], one.a[i], one.b[i])
		}
		if got := renamed(c) != nil; got != one.named {
			t.Errorf("%s: named %v", name, got)
		}
	}
}

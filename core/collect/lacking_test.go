package collect_test

import (
	"slices"
	"strings"
	"testing"

	"leeway/core/collect"
	"leeway/core/config"
	"leeway/core/format"
	"leeway/core/report"
)

// sourceOf is a file that can be read again.
func sourceOf(name, text string) format.Source {
	return format.Source{Name: name, Stream: strings.NewReader(text), At: strings.NewReader(text), Size: int64(len(text))}
}

// add gives what is collected once a file is, too.
func add(t *testing.T, c *collect.Collector, key, text string) *collect.Collection {
	t.Helper()
	if err := c.Add(sourceOf(key, text), report.Object{Key: key}); err != nil {
		t.Fatal(err)
	}
	return c.Collection()
}

// knowing is a collector of a model whose files have an id, an amount and a channel.
func knowing(t *testing.T) *collect.Collector {
	reference := &collect.Collector{Config: config.Default()}
	add(t, reference, "r", shopped("id,amount,channel", 0))
	return &collect.Collector{Config: config.Default(), Contract: reference.Contract}
}

// TestTheOrderOfFilesThatLackColumns changes nothing of their profile.
func TestTheOrderOfFilesThatLackColumns(t *testing.T) {
	files := []string{shopped("id,amount", 100), shopped("id,amount,channel", 200), shopped("id,amount", 300)}
	all := func(order ...int) (whole *collect.Collection) {
		c := knowing(t)
		for _, i := range order {
			whole = add(t, c, string(rune('a'+i)), files[i])
		}
		return whole
	}
	want := all(0, 1, 2)
	if c := want.Profile.Column("channel"); c.Rows != 150 || c.Missing != 100 || len(want.Missing) > 0 || len(want.Notes) != 1 {
		t.Errorf("%+v %v %v", c, want.Missing, want.Notes)
	}
	for _, order := range [][]int{{0, 2, 1}, {1, 0, 2}, {2, 1, 0}} {
		if got := all(order...); string(got.Profile.Encode()) != string(want.Profile.Encode()) || !slices.Equal(got.Notes, want.Notes) {
			t.Errorf("%v gives other bytes or notes: %q", order, got.Notes)
		}
	}
	none := all(0, 2)
	if none.Profile.Column("channel") != nil || !slices.Equal(none.Missing, []string{"channel"}) || len(none.Notes) > 0 {
		t.Errorf("%v %v", none.Missing, none.Notes)
	}
}

// TestCollectionTwice: to look at what was collected changes nothing of it, and
// more files may come.
func TestCollectionTwice(t *testing.T) {
	c := knowing(t)
	for range 2 {
		add(t, c, "a", shopped("id,amount", 100))
		again := c.Collection()
		if !slices.Equal(again.Missing, []string{"channel"}) || again.Profile.Column("channel") != nil {
			t.Errorf("no file has it: %q", again.Missing)
		}
	}
	if got := add(t, c, "b", shopped("id,amount,channel", 200)); len(got.Missing) > 0 || got.Profile.Column("channel").Missing != 2*50 || len(got.Notes) != 1 {
		t.Errorf("one file has it: %q %q", got.Missing, got.Notes)
	}
}

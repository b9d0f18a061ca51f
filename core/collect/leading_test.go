package collect_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"leeway/core/collect"
	"leeway/core/config"
	"leeway/core/format"
	"leeway/core/report"
)

// shopped are rows of n, n+1 ... under such a header; each name says what is in its cells.
func shopped(header string, n int) string {
	text := header + "\n"
	for i := range 50 {
		var cells []string
		for name := range strings.SplitSeq(header, ",") {
			switch name {
			case "id":
				cells = append(cells, fmt.Sprintf("r%d", n+i))
			case "amount", "price":
				cells = append(cells, fmt.Sprintf("%d.5", i%17))
			default:
				cells = append(cells, fmt.Sprint(i%2))
			}
		}
		text += strings.Join(cells, ",") + "\n"
	}
	return text
}

// TestLabelsAmongTheReference: which of several files holds labels alone is told by what is
// in them, whichever is read first.
func TestLabelsAmongTheReference(t *testing.T) {
	for _, c := range []struct {
		config string
		files  map[string]string // by what becomes of them: data, or out
		want   int64
	}{
		{"", map[string]string{"data": "id,amount,price,prediction", "out": "id,y_true"}, 50},
		{"", map[string]string{"data": "id,amount,price,prediction", "out": "id,churned"}, 50}, // no usual name
		{"", map[string]string{"data": "id,amount,price", "out": "id,y_true"}, 50},
		{"", map[string]string{"data": "id,amount", "out": "id,y_true"}, 50},
		{"", map[string]string{"data": "id,amount,prediction", "data2": "id,amount,prediction", "out": "id,y_true", "out2": "id,churned"}, 100},
		{"version: 1\ncolumns: {went: {role: label}, amount: {kind: numeric}}\n", map[string]string{"data": "id,amount", "out": "id,went"}, 50},
		{"", map[string]string{"data": "id,amount", "data2": "id,amount,price"}, 100},
	} {
		names := slices.Sorted(maps.Keys(c.files))
		for range names { // each comes first once
			names = append(names[1:], names[0])
			settings := config.Default()
			if c.config != "" {
				var err error
				if settings, err = config.Parse([]byte(c.config), "m.yaml"); err != nil {
					t.Fatal(err)
				}
			}
			collector := &collect.Collector{Config: settings}
			read := func(name string, take func(format.Source) error) error {
				text := shopped(c.files[name], 100*slices.Index(slices.Sorted(maps.Keys(c.files)), name))
				return take(sourceOf(name, text))
			}
			for _, name := range collect.Leading(collector, names, read) {
				err := read(name, func(src format.Source) error { return collector.Add(src, report.Object{Key: name}) })
				if left := strings.HasPrefix(name, "out"); left != (err != nil) || left && !strings.Contains(err.Error(), "does it hold labels?") {
					t.Errorf("%v, %s first: %s: %v", c.files, names[0], name, err)
				}
			}
			if got := collector.Collection(); got.Profile.Rows != c.want {
				t.Errorf("%v, %s first: %d rows", c.files, names[0], got.Profile.Rows)
			}
		}
	}
}

// TestWhatLeads: files that cannot be read are told of when they are; and where all hold
// labels alone they stay as they are.
func TestWhatLeads(t *testing.T) {
	files := map[string]string{"a": "", "b": shopped("id,y_true", 0), "c": "", "d": shopped("id,amount,prediction", 0), "e": shopped("id,y_true", 50)}
	for given, want := range map[string]string{"abcd": "dabc", "bd": "db", "db": "db", "be": "be", "eb": "eb", "ac": "ac", "b": "b"} {
		order := collect.Leading(&collect.Collector{Config: config.Default()}, strings.Split(given, ""), func(name string, take func(format.Source) error) error {
			if name == "a" {
				return errors.ErrUnsupported
			}
			return take(sourceOf(name, files[name]))
		})
		if strings.Join(order, "") != want {
			t.Errorf("%s: %s", given, order)
		}
	}
}

package format_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/format"
	"leeway/core/format/formattest"
)

// cities is a table with other names of cities in it, each in some rows.
func cities(rows int, names ...string) (csv, jsonl []byte) {
	var c, j bytes.Buffer
	c.WriteString("n,city\n")
	for i := range rows {
		city := "Rome"
		if i > 0 {
			city = names[i%len(names)]
		}
		fmt.Fprintf(&c, "%d.5,%s\n", i%7, city)
		fmt.Fprintf(&j, "{\"n\":%d.5,\"city\":\"%s\"}\n", i%7, city)
	}
	return c.Bytes(), j.Bytes()
}

// TestWindows1252: a file in the encoding of Western Europe is read as the same in UTF-8
// is, and a note says where it is not UTF-8, and what to do.
func TestWindows1252(t *testing.T) {
	there := []string{"M\xfcnchen", "K\xf6ln", "Saint-\xc9tienne", "C\x92te d\x92Or", "12 \x80", "\x84Rom\x93", "S\xe3o Paulo", "\x8aibenik\x9e", "Na\xefve \x96 \x9cuvre", "Bern"}
	here := []string{"München", "Köln", "Saint-Étienne", "C’te d’Or", "12 €", "„Rom“", "São Paulo", "Šibenikž", "Naïve – œuvre", "Bern"}
	for _, rows := range []int{40, 300_000} { // 300,000: more than is looked at first
		csv, jsonl := cities(rows, there...)
		wantCSV, wantJSONL := cities(rows, here...)
		for _, test := range []struct {
			name      string
			data      []byte
			same      []byte
			streaming bool
		}{{"csv", csv, wantCSV, false}, {"a stream", csv, wantCSV, true}, {"gzip", formattest.Gzip(csv), wantCSV, false}, {"jsonl", jsonl, wantJSONL, false}} {
			source := file(test.data)
			if test.streaming {
				source = stream(test.data)
			}
			got := readAll(t, source)
			want := readAll(t, file(test.same))
			if diff := cmp.Diff(want.cells, got.cells); diff != "" {
				t.Fatalf("%s of %d rows (-want +got):\n%.2000s", test.name, rows, diff)
			}
			if notes := strings.Join(got.notes, "\n"); !strings.Contains(notes, "not UTF-8 (first in row 2, column city) and is read as windows-1252") || !strings.Contains(notes, "iconv -f WINDOWS-1252 -t UTF-8") || len(want.notes) > 0 {
				t.Errorf("%s: notes %q, and of UTF-8 %q", test.name, got.notes, want.notes)
			}
			if got.faults != "[]" {
				t.Errorf("%s: %s", test.name, got.faults)
			}
		}
	}
	if got := readAll(t, file([]byte("n,stra\xdfe\n1,a\n2,b\n"))); !strings.Contains(strings.Join(got.notes, ""), "(first in its header)") || got.names != "[n straße]" {
		t.Errorf("%+v", got)
	}
}

// TestOtherEncodings: what nobody can tell to be Western is refused with the place, and is
// no table of strange categories.
func TestOtherEncodings(t *testing.T) {
	for name, names := range map[string][]string{
		"windows-1250": {"\xa3\xf3d\x9f", "Gda\xf1sk", "Wroc\xb3aw"},
		"windows-1251": {"\xcc\xee\xf1\xea\xe2\xe0"},
		"KOI8-R":       {"\xeb\xc1\xda\xc1\xce\xd8"},
		"Shift-JIS":    {"\x93\x8c\x8b\x9e\x93"},
		"GB18030":      {"\xc3\xfb\xb9\xc5\xce\xdd"},
		"CP850":        {"M\x81nchen"},
	} {
		csv, jsonl := cities(40, names...)
		for _, data := range [][]byte{csv, jsonl, formattest.Gzip(csv)} {
			_, err := format.Open(file(data), nil)
			refused(t, err)
			if text := fmt.Sprint(err); !strings.Contains(text, "is not UTF-8 (first in row 2, column city)") || !strings.Contains(text, "iconv -f ENCODING -t UTF-8 FILE") {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}

// TestBrokenLetters: of a file in UTF-8, and of one where a few cells are damaged, single
// cells have faults.
func TestBrokenLetters(t *testing.T) {
	for name, names := range map[string][]string{
		"cut off":       {"M\xc3\xbcnchen", "M\xc3nchen", "K\xc3\xb6ln"},
		"bytes alone":   {"\xff", "Bern"},
		"few of a sort": {"Bern", "Bern", "Bern", "Bern", "Bern", "\xcc\xee\xf1\xea\xe2\xe0"},
	} {
		csv, _ := cities(40, names...)
		if got := readAll(t, file(csv)); !strings.Contains(got.faults, "not UTF-8, replaced by \uFFFD") || len(got.notes) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// content is all that is read of a file.
type content struct {
	cells         flat
	names, faults string
	notes         []string
}

func readAll(t *testing.T, source format.Source) content {
	t.Helper()
	f, err := format.Open(source, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var names []string
	for _, head := range f.Heads() {
		names = append(names, head.Name)
	}
	cells, faults, err := drain(f, contract(f))
	if err != nil {
		t.Fatal(err)
	}
	return content{cells, fmt.Sprint(names), fmt.Sprint(faults), f.Notes()}
}

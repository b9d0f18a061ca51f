package csv_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/format/csv"
)

func TestNamesAreMadeUnique(t *testing.T) {
	d, notes, err := csv.Detect([]byte("a,a_2,a,a, a ,,b,a\nx,x,x,x,x,x,x,x\ny,y,y,y,y,y,y,y\n"), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "a_2", "a_3", "a_4", "a_5", "column_6", "b", "a_6"}, d.Names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"empty or repeated column names became a_3, a_4, a_5, column_6, a_6"}, notes); diff != "" {
		t.Error(diff)
	}
	many := strings.Repeat("x,", csv.MaxColumns-1) + "x\n" // quick, although all are alike
	if d, _, err = csv.Detect([]byte(many), true, nil); err != nil || d.Names[csv.MaxColumns-1] != "x_10000" {
		t.Errorf("the last is %q, %v", d.Names[len(d.Names)-1], err)
	}
}

// TestDecimalCommas: the header tells the delimiter from the comma in numbers,
// and the numbers are said to be texts.
func TestDecimalCommas(t *testing.T) {
	rows := func(header, row string) []byte { return []byte(header + "\n" + strings.Repeat(row+"\n", 300)) }
	for _, test := range []struct {
		data  []byte
		comma byte
		names []string
		notes string
	}{
		{rows("a;b", "1,5;-2,25"), ';', []string{"a", "b"}, "semicolon separated|numbers with a decimal comma are taken as text (write them with a point): a, b"},
		{rows("a\tb\tc", "1,5\t2\tx,y"), '\t', []string{"a", "b", "c"}, "tab separated|numbers with a decimal comma are taken as text (write them with a point): a"},
		{rows("a,b", "1;5,2;25"), ',', []string{"a", "b"}, ""},
		{rows("a|b", "x, y, z|1"), '|', []string{"a", "b"}, "pipe separated"},
		{rows("a,b,c", "1,2,3"), ',', []string{"a", "b", "c"}, ""},
	} {
		d, notes, err := csv.Detect(test.data, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.names, d.Names); diff != "" || d.Comma != test.comma || strings.Join(notes, "|") != test.notes {
			t.Errorf("%.12q: %q %q %q", test.data, d.Comma, d.Names, notes)
		}
	}
}

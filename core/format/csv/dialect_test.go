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

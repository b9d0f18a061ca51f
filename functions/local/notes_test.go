package main

import (
	"slices"
	"testing"
)

func TestAlike(t *testing.T) {
	notes := []string{"id: id; time: ts", "a/1.csv: is odd: mend it", "semicolon separated", "a/2.csv: is odd: mend it", "a/3.csv: is strange", "a/4.csv: is odd: mend it"}
	want := []string{"id: id; time: ts", "a/1.csv and 2 more: is odd: mend it", "semicolon separated", "a/3.csv: is strange"}
	if got := alike(notes); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

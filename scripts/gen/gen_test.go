package main

import (
	"os"
	"testing"
)

func TestGeneratedDocsAreUpToDate(t *testing.T) {
	if err := os.Chdir("../.."); err != nil {
		t.Fatal(err)
	}
	if err := run(true); err != nil {
		t.Fatal(err)
	}
}

package format_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/format"
	"leeway/core/schema"
)

// TestHeadsOutliveTheFile reads a file after another one that is closed: the
// memory is the same, what was given out of it is not.
func TestHeadsOutliveTheFile(t *testing.T) {
	for name, text := range map[string]string{
		"csv":   "id,name\n1,alpha\n2,\"be\"\"ta\"\n",
		"jsonl": "{\"id\": 1, \"name\": \"alpha\"}\n{\"id\": 2, \"name\": \"be\\\"ta\"}\n",
	} {
		file := open(t, text)
		heads := file.Heads()
		want := append([]schema.Cell(nil), heads[1].Cells...)
		if want[0].Text != "alpha" || want[1].Text != `be"ta` {
			t.Fatalf("%s: read as %v", name, want)
		}
		skim(t, file)
		file.Close()
		file.Close() // twice does no harm
		for range 3 {
			other := open(t, strings.ToUpper(strings.Repeat(text, 3)))
			skim(t, other)
			other.Close()
		}
		if diff := cmp.Diff(want, heads[1].Cells); diff != "" || heads[0].Name != "id" {
			t.Errorf("%s: %s %s", name, heads[0].Name, diff)
		}
	}
}

func open(t *testing.T, text string) *format.File {
	t.Helper()
	file, err := format.Open(format.Source{Stream: strings.NewReader(text)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// skim reads all blocks.
func skim(t *testing.T, file *format.File) {
	t.Helper()
	if _, _, err := drain(file, contract(file)); err != nil {
		t.Fatal(err)
	}
}

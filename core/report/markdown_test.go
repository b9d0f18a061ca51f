package report

import (
	"bytes"
	"testing"
)

func markdown(t *testing.T, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Markdown(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestMarkdownGolden(t *testing.T) {
	golden(t, "report.md", []byte(markdown(t, fixture())))
}

func TestMarkdownFitsAComment(t *testing.T) {
	for _, n := range []int{1, 100, 2000} {
		if size := len(markdown(t, wideReport(n, feature))); size > 65_536 {
			t.Errorf("%d columns: %d bytes do not fit a comment", n, size)
		}
	}
}

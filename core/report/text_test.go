package report

import (
	"bytes"
	"strings"
	"testing"

	"leeway/core/report/plain"
)

func text(t *testing.T, r *Report, o *TextOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextGolden(t *testing.T) {
	golden(t, "report.txt", []byte(text(t, fixture(), nil)))
	golden(t, "narrow.txt", []byte(text(t, fixture(), &TextOptions{Width: 44})))
	golden(t, "color.txt", []byte(text(t, fixture(), &TextOptions{Width: 100, Color: true})))
}

func TestTextFits(t *testing.T) {
	for _, width := range []int{40, 41, 57, 72, 80, 100, 120} {
		for _, line := range strings.Split(text(t, fixture(), &TextOptions{Width: width}), "\n") {
			if plain.Width(line) > width {
				t.Errorf("width %d: %d cells: %q", width, plain.Width(line), line)
			}
		}
	}
}

package report

import (
	"bytes"
	"testing"
)

func render(t *testing.T, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHTMLGolden(t *testing.T) {
	golden(t, "report.html", []byte(render(t, fixture())))
}

func TestHTMLSize(t *testing.T) {
	for _, n := range []int{1, 20, 50, 100, 1000} {
		page := render(t, wideReport(n, feature))
		t.Logf("%d columns: %d bytes", n, len(page))
		if len(page) >= HTMLLimit {
			t.Errorf("%d columns: %d bytes", n, len(page))
		}
	}
}

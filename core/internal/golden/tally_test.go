package golden

import (
	"fmt"
	"strings"
	"testing"
)

// recorder is a test that keeps what is said instead of failing.
type recorder struct {
	testing.TB
	lines []string
	wrong int
}

func (r *recorder) Helper()                   {}
func (r *recorder) Logf(f string, a ...any)   { r.lines = append(r.lines, fmt.Sprintf(f, a...)) }
func (r *recorder) Errorf(f string, a ...any) { r.wrong++ }
func (r *recorder) said(t *testing.T, w string) {
	t.Helper()
	if all := strings.Join(r.lines, "\n"); !strings.Contains(all, w) {
		t.Errorf("nothing says %q in\n%s", w, all)
	}
}

// TestTally: the worst relative errors are told, of numbers and of p-values apart, with
// where they are, whichever is closer to its limit; absolute ones are none of them.
func TestTally(t *testing.T) {
	var r recorder
	tally := Tally{Cases: 5}
	tally.Value(&r, "mean", 2*(1+1e-13), 2, 1e-9, At("a"))
	tally.Value(&r, "median", 3*(1-4e-12), 3, 1e-6, At("b"))
	tally.Relative(&r, "tail", 1e-200*(1+2e-12), 1e-200, 1e-9, At("c"))
	tally.Near(&r, "bin", 1.004, 1, 0.005, At("d"))
	tally.P(&r, "ks", 0.5*(1+7e-9), 0.5, At("e"))
	tally.P(&r, "chi2", 0, 1e-310, At("f"))
	tally.Log(&r, "few")
	r.said(t, "golden: few: 6 values of 5 cases")
	r.said(t, "golden: few: worst relative error of numbers 4.0e-12: median (b)")
	r.said(t, "golden: few: worst relative error of p-values 7.0e-09: ks (e)")
	if r.wrong != 0 {
		t.Errorf("%d are wrong", r.wrong)
	}
	tally.Relative(&r, "tail", 1e-200*(1+2e-8), 1e-200, 1e-9, At("g"))
	tally.Log(&r, "few")
	if r.wrong != 1 {
		t.Errorf("%d are wrong, not 1", r.wrong)
	}
	r.said(t, "golden: few: worst relative error of numbers 2.0e-08: tail (g)")
	var exact Tally
	exact.Value(&r, "mean", 2, 2, 1e-9, At("h"))
	exact.Log(&r, "exact")
	r.said(t, "golden: exact: worst relative error of numbers 0: mean (h)")
}

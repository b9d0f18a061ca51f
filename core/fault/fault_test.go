package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"leeway/core/fault"
)

func TestErrorReadsAsOneLine(t *testing.T) {
	err := &fault.Error{Kind: fault.Invalid, Object: "logs/a.csv", Row: 17, Column: "age", Err: errors.New("not a number"), Hint: "mend it upstream"}
	if got, want := err.Error(), "logs/a.csv:17:age: not a number: mend it upstream"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := fault.New(fault.Denied, "not allowed", "").Error(), "not allowed"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestKindSurvivesWrapping(t *testing.T) {
	inner := fault.New(fault.NotFound, "gone", "")
	wrapped := fmt.Errorf("open batch: %w", inner)
	for _, test := range []struct {
		err  error
		want fault.Kind
	}{{nil, ""}, {inner, fault.NotFound}, {wrapped, fault.NotFound}, {errors.New("plain"), fault.Internal}} {
		if got := fault.KindOf(test.err); got != test.want {
			t.Errorf("KindOf(%v) = %q, want %q", test.err, got, test.want)
		}
	}
	if fault.Retryable(inner) || !fault.Retryable(fault.New(fault.Unavailable, "later", "")) {
		t.Error("only what may pass is worth a retry")
	}
}

func TestInNamesTheObjectOnce(t *testing.T) {
	placed := fault.In("a.csv", fault.New(fault.Invalid, "broken", "look at it"))
	if got, want := placed.Error(), "a.csv: broken: look at it"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if again := fault.In("b.csv", placed); again.Error() != placed.Error() {
		t.Errorf("the object changed: %q", again)
	}
	if fault.In("a.csv", nil) != nil {
		t.Error("no error became one")
	}
	both := fault.In("b.csv", errors.Join(placed, errors.Join(fault.New(fault.Denied, "refused", ""), errors.New("lost"))))
	if got, want := both.Error(), "a.csv: broken: look at it\nb.csv: refused\nb.csv: lost"; got != want {
		t.Errorf("joined errors: got %q, want %q", got, want)
	}
}

func TestNearest(t *testing.T) {
	commands := []string{"check", "init", "lint", "baseline"}
	for _, test := range []struct{ name, want string }{
		{"chek", "check"}, {"hceck", "check"}, {"Baseline", "baseline"}, {"base-line", "baseline"}, {"frobnicate", ""}, {"lnit", "init"},
	} {
		if got := fault.Nearest(test.name, commands); got != test.want {
			t.Errorf("Nearest(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestSplit(t *testing.T) {
	a, b, c := errors.New("a"), fault.New(fault.Invalid, "b", "hint"), errors.New("c")
	var got []string
	for _, err := range fault.Split(errors.Join(a, nil, errors.Join(b, c))) {
		got = append(got, err.Error())
	}
	if fmt.Sprint(got) != "[a b: hint c]" || fault.Split(nil) != nil || len(fault.Split(a)) != 1 {
		t.Errorf("%q", got)
	}
}

func TestCut(t *testing.T) {
	err := fmt.Errorf("open: %w", &fault.Error{Kind: fault.Invalid, Err: fault.Cut("ends too early")})
	if !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || err.Error() != "open: ends too early" {
		t.Error(err)
	}
}

package archtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// multiplyAdd is a fused operation in a listing of arm64, and where it stands.
var multiplyAdd = regexp.MustCompile(`\(([^()]+\.go:\d+)\)\s+FN?M(?:ADD|SUB)[SD]`)

// TestNothingIsFused: on arm64 and others the compiler makes a*b + c one
// operation that rounds once, on amd64 it does not. Both sides of a comparison
// would be rounded differently on different machines, and so would the ID of
// the report, which is a hash of the numbers. Where a product is added the
// source says float64(a*b), which forbids that; what is left to differ is what
// package math itself computes differently (Exp and Log have assembly of their
// own on some machines).
func TestNothingIsFused(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the core for arm64")
	}
	build := []string{"build", "-gcflags=-S"}
	for _, p := range list(t, "./core/...") {
		// Pictures round to pixels, costs to cents; test data are made on the machine that uses them.
		if !strings.HasPrefix(p.ImportPath, "leeway/core/internal/") && p.ImportPath != "leeway/core/report/chart" && p.ImportPath != "leeway/core/cost" && len(p.GoFiles) > 0 {
			build = append(build, p.ImportPath)
		}
	}
	cmd := exec.Command("go", build...)
	cmd.Dir, cmd.Env = "../../..", append(os.Environ(), "GOARCH=arm64", "GOOS=linux", "CGO_ENABLED=0")
	listing, err := cmd.CombinedOutput() // the listing goes to stderr
	if err != nil {
		t.Fatalf("go build for arm64: %v", err)
	}
	if !strings.Contains(string(listing), "FMULD") {
		t.Fatal("no multiplication in the listing: what -gcflags=-S prints has changed")
	}
	seen := map[string]bool{}
	for _, found := range multiplyAdd.FindAllStringSubmatch(string(listing), -1) {
		if at := filepath.Base(filepath.Dir(found[1])) + "/" + filepath.Base(found[1]); !seen[at] {
			seen[at] = true
			t.Errorf("%s: a product is fused with a sum: write float64(a*b) + c", at)
		}
	}
}

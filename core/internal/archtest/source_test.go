package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestNothingByChance: the same input gives the same bytes, so the core knows
// neither what time it is nor random numbers. Clocks are ports (monitor.Clock);
// what looks random is a hash of the data.
func TestNothingByChance(t *testing.T) {
	for _, p := range list(t, "./core/...") {
		if slices.Contains(testSupport, p.ImportPath) {
			continue
		}
		for _, name := range p.GoFiles {
			path := filepath.Join("../../..", strings.TrimPrefix(p.ImportPath, "leeway/"), name)
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range byChance(file) {
				t.Errorf("%s: the core neither reads the clock nor draws random numbers", set.Position(at))
			}
		}
	}
}

// clock is what package time says about now. To wait is allowed: it changes
// when something is done, not what comes of it.
var clock = []string{"Now", "Since", "Until"}

// byChance lists imports of random numbers and uses of the clock.
func byChance(file *ast.File) (found []token.Pos) {
	times := ""
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		switch {
		case err != nil || path == "math/rand" || path == "math/rand/v2" || path == "crypto/rand":
			found = append(found, spec.Pos())
		case path == "time" && spec.Name != nil:
			times = spec.Name.Name
		case path == "time":
			times = "time"
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if use, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := use.X.(*ast.Ident); ok && times != "" && of.Name == times && slices.Contains(clock, use.Sel.Name) {
				found = append(found, use.Pos())
			}
		}
		return true
	})
	return found
}

// TestByChance: the test above sees what it is to see.
func TestByChance(t *testing.T) {
	for source, want := range map[string]int{
		`package p; import "time"; var _ = time.Unix(0, 0)`:       0,
		`package p; import "time"; var _ = time.Now()`:            1,
		`package p; import clock "time"; var _ = clock.Now`:       1,
		`package p; import "math/rand/v2"; var _ = rand.Uint64()`: 1,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(byChance(file)); got != want {
			t.Errorf("%s: %d found instead of %d", source, got, want)
		}
	}
}

// TestScripts: what the Makefile calls is there and can be run.
func TestScripts(t *testing.T) {
	makefile, err := os.ReadFile("../../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	scripts := regexp.MustCompile(`scripts/[\w./-]+\.sh`).FindAllString(string(makefile), -1)
	if len(scripts) == 0 {
		t.Error("the Makefile names no script")
	}
	for _, script := range scripts {
		info, err := os.Stat(filepath.Join("../../..", script))
		switch {
		case err != nil:
			t.Errorf("the Makefile names %s: %v", script, err)
		case info.Mode()&0o111 == 0:
			t.Errorf("%s is not executable", script)
		}
	}
}

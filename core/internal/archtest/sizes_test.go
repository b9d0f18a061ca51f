package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What fits a screen. Longer is reported, and past the hard limit it fails:
// somebody who opens the file should see one idea.
const (
	fileLines     = 400
	hardFileLines = 600
	funcLines     = 40
	hardFuncLines = 80
)

// TestSizes reports what outgrows a screen (LEEWAY_SIZES=1 prints it) and
// fails past the hard limits.
func TestSizes(t *testing.T) {
	report := os.Getenv("LEEWAY_SIZES") != ""
	set := token.NewFileSet()
	err := filepath.WalkDir("../../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".." && entry.Name() != "." && !strings.HasPrefix(entry.Name(), "..") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		judge(t, report, set.Position(file.End()).Line, fileLines, hardFileLines, path, "")
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				lines := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1
				judge(t, report, lines, funcLines, hardFuncLines, path, f.Name.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func judge(t *testing.T, report bool, lines, soft, hard int, path, function string) {
	path = strings.TrimPrefix(filepath.ToSlash(path), "../../../")
	switch {
	case lines > hard:
		t.Errorf("%s %s has %d lines, more than %d: split it", path, function, lines, hard)
	case lines > soft && report:
		t.Logf("%s %s: %d lines", path, function, lines)
	}
}

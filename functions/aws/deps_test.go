package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestDeps: what is linked into the function, beside the core and the standard
// library, is what deps.txt says. LEEWAY_UPDATE=1 writes it anew.
func TestDeps(t *testing.T) {
	list := exec.Command("go", "list", "-tags", "lambda.norpc,nethttpomithttp2", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".")
	list.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := strings.Fields(string(out))
	found = slices.DeleteFunc(found, func(name string) bool { return strings.HasPrefix(name, "leeway/core/") })
	slices.Sort(found)
	got := strings.Join(found, "\n") + "\n"
	if os.Getenv("LEEWAY_UPDATE") != "" {
		if err := os.WriteFile("deps.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("deps.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		if !strings.Contains("\n"+string(want), "\n"+name+"\n") {
			t.Errorf("%s is linked and not in deps.txt: is it needed? LEEWAY_UPDATE=1 go test -run Deps ./functions/aws adds it", name)
		}
	}
	for name := range strings.FieldsSeq(string(want)) {
		if !slices.Contains(found, name) {
			t.Errorf("%s is in deps.txt and not linked: LEEWAY_UPDATE=1 go test -run Deps ./functions/aws removes it", name)
		}
	}
}

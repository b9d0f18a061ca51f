package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPack packs the binary of this test twice.
func TestPack(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	var bundles [2][]byte
	for i := range bundles {
		out := filepath.Join(t.TempDir(), "leeway-aws-arm64.zip")
		if err := run(binary, "v1", out); err != nil {
			t.Fatal(err)
		}
		if bundles[i], err = os.ReadFile(out); err != nil {
			t.Fatal(err)
		}
		bill(t, strings.TrimSuffix(out, ".zip")+".sbom.json")
	}
	if !bytes.Equal(bundles[0], bundles[1]) {
		t.Error("the same binary gave two bundles")
	}
	archive, err := zip.NewReader(bytes.NewReader(bundles[0]), int64(len(bundles[0])))
	if err != nil || len(archive.File) != 1 || archive.File[0].Mode().Perm() != 0o755 || archive.File[0].Name != filepath.Base(binary) {
		t.Fatalf("%v, %+v", err, archive)
	}
	file, err := archive.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, want) {
		t.Errorf("what is packed came out different, %v", err)
	}
}

func bill(t *testing.T, name string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var b bom
	if err := json.Unmarshal(data, &b); err != nil || b.Format != "CycloneDX" || b.Metadata.Component.Name != "leeway-aws-arm64" || b.Metadata.Component.Version != "v1" {
		t.Errorf("%v: %+v", err, b.Metadata)
	}
	if len(b.Components) == 0 || b.Components[0].Name != "std" || len(b.Dependencies) != 1 || len(b.Dependencies[0].DependsOn) != len(b.Components) {
		t.Errorf("components %+v", b.Components)
	}
}

func TestUsage(t *testing.T) {
	for _, out := range []string{"", "x.tar"} {
		if err := run("nothing", "v1", out); err == nil {
			t.Errorf("%q was taken", out)
		}
	}
}

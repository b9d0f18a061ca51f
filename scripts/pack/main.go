// Command pack makes the bundle of a function: a zip with the binary, the same
// bytes whenever and wherever it is made, and a bill of materials beside it
// (CycloneDX, JSON), of the modules that the binary itself says it holds.
//
//	go run ./scripts/pack -binary dist/arm64/bootstrap -version v1.2.3 dist/leeway-aws-arm64.zip
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	binary := flag.String("binary", "", "the `FILE` to pack")
	version := flag.String("version", "dev", "what the bundle is called")
	flag.Parse()
	if err := run(*binary, *version, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

// run writes OUT.zip, OUT.sbom.json and a line on both.
func run(binary, version, out string) error {
	name, isZip := strings.CutSuffix(filepath.Base(out), ".zip")
	if binary == "" || !isZip {
		return fmt.Errorf("usage: pack -binary FILE [-version V] OUT.zip")
	}
	data, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	bundle, err := zipped(filepath.Base(binary), data)
	if err != nil {
		return err
	}
	info, err := buildinfo.Read(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s: %w", binary, err)
	}
	bill, err := materials(name, version, data, info)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, bundle, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(strings.TrimSuffix(out, ".zip")+".sbom.json", bill, 0o644); err != nil {
		return err
	}
	sum := sha256.Sum256(bundle)
	fmt.Printf("%s  %s  %.2f MB, binary %.2f MB\n", hex.EncodeToString(sum[:]), filepath.Base(out), float64(len(bundle))/1e6, float64(len(data))/1e6)
	return nil
}

// zipped is an archive of one executable file, of the first day that a zip can
// tell: its bytes are a function of the file's.
func zipped(name string, data []byte) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	header.SetMode(0o755)
	file, err := archive.CreateHeader(header)
	if err != nil {
		return nil, err
	}
	if _, err := file.Write(data); err != nil {
		return nil, err
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// The parts of CycloneDX 1.6 that are used.
type bom struct {
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	Hashes     []hash     `json:"hashes,omitempty"`
	PURL       string     `json:"purl,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

// materials lists the modules in a binary, as its build recorded them.
func materials(name, version string, data []byte, info *buildinfo.BuildInfo) ([]byte, error) {
	sum := sha256.Sum256(data)
	b := bom{Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: metadata{component{
		Type: "application", Ref: name, Name: name, Version: version, Hashes: []hash{{"SHA-256", hex.EncodeToString(sum[:])}},
	}}}
	std := "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go")
	b.Components = append(b.Components, component{Type: "library", Ref: std, Name: "std", Version: info.GoVersion, PURL: std})
	refs := []string{std}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		purl := "pkg:golang/" + module.Path + "@" + module.Version
		b.Components = append(b.Components, component{
			Type: "library", Ref: purl, Name: module.Path, Version: module.Version, PURL: purl,
			Properties: []property{{"golang:sum", module.Sum}},
		})
		refs = append(refs, purl)
	}
	b.Dependencies = []dependency{{name, refs}}
	out, err := json.MarshalIndent(&b, "", "  ")
	return append(out, '\n'), err
}

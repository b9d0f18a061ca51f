package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
)

// TestExpand: a folder stands for its data files, a file for itself.
func TestExpand(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{
		"logs/b.csv", "logs/a.csv", "logs/part-0.parquet", "logs/deep/c.jsonl", "logs/_SUCCESS", "logs/x.csv.tmp", "logs/.part-0.parquet.crc",
		"logs/y.csv.part", "logs/part-1.crc", "logs/.hidden/d.csv", "logs/_temporary/e.csv", "backup~/g.csv", "logs/_delta_log/0.json", ".dots/f.csv", "empty.tmp/_SUCCESS",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("a\n1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	folder := []string{"logs/a.csv", "logs/b.csv", "logs/deep/c.jsonl", "logs/part-0.parquet"}
	for name, try := range map[string]struct{ paths, want []string }{
		"folder":          {[]string{"logs"}, folder},
		"folder twice":    {[]string{"logs", "logs"}, folder},
		"hidden folder":   {[]string{".dots"}, []string{".dots/f.csv"}},
		"unusual folder":  {[]string{"backup~"}, []string{"backup~/g.csv"}},
		"named itself":    {[]string{"logs/x.csv.tmp", "logs/_SUCCESS"}, []string{"logs/x.csv.tmp", "logs/_SUCCESS"}},
		"glob":            {[]string{"logs/*.csv"}, folder[:2]},
		"file and folder": {[]string{"logs/b.csv", "logs"}, []string{"logs/b.csv", "logs/a.csv", "logs/deep/c.jsonl", "logs/part-0.parquet"}},
	} {
		got, err := expand(try.paths)
		for i := range got {
			got[i] = filepath.ToSlash(got[i])
		}
		if diff := cmp.Diff(try.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
	if names, err := expand([]string{"empty.tmp"}); err == nil {
		t.Errorf("a folder without data: %v", names)
	}
}

// TestStandardInput: Parquet can be piped in as well, and leaves nothing behind.
func TestStandardInput(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	type row struct {
		A int64  `parquet:"a"`
		B string `parquet:"b"`
	}
	var data bytes.Buffer
	if err := parquet.Write(&data, []row{{1, "x"}, {2, "y"}, {3, "x"}}); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"profile", "-"}, &data, &stdout, &stderr); code != 0 || !strings.HasPrefix(stdout.String(), "3 rows, 2 columns") {
		t.Errorf("%d: %s%s", code, &stdout, &stderr)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("%v %v", left, err)
	}
}

// TestInterrupted: a command that waits for its input ends with Ctrl-C.
func TestInterrupted(t *testing.T) {
	for _, args := range [][]string{{"profile", "-"}, {"init", "--reference", "-"}, {"check", "--reference", "-", "--current", "x.csv"}} {
		ctx, interrupt := context.WithCancel(t.Context())
		input, writer := io.Pipe()
		defer writer.Close()
		go func() {
			_, _ = writer.Write([]byte("a,b\n1,2\n")) // it is being read
			interrupt()
		}()
		var stdout, stderr bytes.Buffer
		if code := run(ctx, args, input, &stdout, &stderr); code != exitError || stderr.String() != "leeway: interrupted\n" {
			t.Errorf("%q: %d %s", args, code, &stderr)
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
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

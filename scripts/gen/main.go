// Command gen regenerates the documentation that is made from tables:
// docs/metrics.md from the catalogue of metrics and docs/config.md from the
// configuration's fields. With -check it changes nothing and fails when a file
// is not what it would write.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"leeway/core/check/all"
	"leeway/core/config"
	"leeway/core/metric"
)

func main() {
	check := flag.Bool("check", false, "fail when a file is out of date instead of writing it")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	files := []struct {
		name string
		data []byte
	}{
		{"docs/metrics.md", metrics(all.Metrics())},
		{"docs/config.md", config.Docs()},
	}
	for _, file := range files {
		if check {
			have, err := os.ReadFile(file.name)
			if err != nil {
				return err
			}
			if !bytes.Equal(have, file.data) {
				return fmt.Errorf("%s is out of date: run make generate", file.name)
			}
			continue
		}
		if err := os.WriteFile(file.name, file.data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func metrics(descs []metric.Desc) []byte {
	var b bytes.Buffer
	b.WriteString("# Metrics\n\nEvery metric that Leeway knows, made from the table beside the function that computes it\n(`make generate`). `leeway explain NAME` prints the same. In a sink a metric is called\n`leeway_<check>_<name>`.\n")
	check := ""
	for _, d := range descs {
		if d.Check != check {
			check = d.Check
			fmt.Fprintf(&b, "\n## %s\n", strings.ToUpper(check[:1])+check[1:])
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n", d.Name, d.Help)
		line := func(label, text string) {
			if text != "" {
				fmt.Fprintf(&b, "- **%s**: %s\n", label, strings.ReplaceAll(text, "\n", " "))
			}
		}
		line("formula", d.Formula)
		line("range", bound(d.Low)+" to "+bound(d.High))
		line("unit", d.Unit)
		line("better", d.Better)
		line("labels", strings.Join(d.Labels, ", "))
		line("use", d.Use)
		line("source", d.Cite)
	}
	return b.Bytes()
}

func bound(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "−∞"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

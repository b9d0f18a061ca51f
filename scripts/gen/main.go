// Command gen regenerates the documentation that is made from tables:
// docs/metrics.md from the catalogue of metrics, docs/causes.md from the table of
// faults, docs/glossary.md from the glossary, docs/config.md from the
// configuration's fields, docs/cost.md from the prices; alarms and dashboard of terraform/aws from the rules and
// panels in core/metric, and the tables of its README from its variables. With
// -check it changes nothing and fails when a file is not what it would write.
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
	"leeway/core/check/cause"
	"leeway/core/config"
	"leeway/core/cost"
	"leeway/core/glossary"
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

// file is something that is made, by its path in the repository.
type file struct {
	name string
	data []byte
}

func run(check bool) error {
	files := []file{
		{"docs/metrics.md", metrics(all.Metrics(), all.Events())},
		{"docs/causes.md", causes(cause.Table)},
		{"docs/config.md", config.Docs()},
		{"docs/glossary.md", glossary.Markdown()},
		{"docs/cost.md", cost.Markdown(all.Metrics())},
	}
	module, err := terraformAWS("terraform/aws")
	if err != nil {
		return err
	}
	for _, file := range append(files, module...) {
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

func metrics(descs, events []metric.Desc) []byte {
	var b bytes.Buffer
	b.WriteString("# Metrics\n\nEvery metric that Leeway knows, made from the table beside the function that computes it\n(`make generate`). `leeway explain NAME` prints the same. In a sink a metric is called\n`leeway_<check>_<name>`. Metrics of quality, drift and performance carry the label `segment` as well where\nsegments are declared: see [Segments](segments.md).\n")
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
		line("needs", d.Needs)
		line("laws", strings.Join(d.Laws, "; "))
		line("use", d.Use)
		line("source", d.Cite)
	}
	b.WriteString("\n## Findings that are no metric\n\nThey have no sample and are in no sink, but for the number of findings.\n")
	for _, d := range events {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n", d.Name, d.Help)
		line := func(label, text string) { fmt.Fprintf(&b, "- **%s**: %s\n", label, text) }
		line("check", d.Check)
		line("formula", d.Formula)
		if d.Low < d.High {
			line("range", bound(d.Low)+" to "+bound(d.High))
		}
		line("use", d.Use)
		line("source", d.Cite)
	}
	return b.Bytes()
}

func causes(table []cause.Fault) []byte {
	var b bytes.Buffer
	b.WriteString("# Causes\n\nFaults upstream that Leeway tells from drift and names in a finding (`cause` in the JSON report),\nmade from the table beside the functions that find them (`make generate`). `leeway explain NAME`\nprints the same.\n\nA cause explains an alarm and never makes one. It is named only if undoing it explains the change: the\ntwo sides then agree within what noise alone leaves between samples of these sizes, or what is left, as\nthe data drifted besides, is less than what the fault did; only where the fault left a mark that no\nordinary change leaves; and only in data that can show it. Most drift has no cause here. `explains` is\nthe share of the change that is gone, and the evidence says what remains.\n")
	for _, f := range table {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n- **needs**: %s\n- **told by**: %s\n- **do**: %s\n", f.Name, f.Help, f.Needs, f.How, f.Use)
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

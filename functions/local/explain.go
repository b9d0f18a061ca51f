package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"leeway/core/check/all"
	"leeway/core/check/cause"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/glossary"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/infra/prometheus"
)

func (s *shell) explainCommand() *cobra.Command {
	var bucket string
	command := &cobra.Command{
		Use:   "explain NAME",
		Short: "Explain a metric, a finding, a field of a report or a key of the configuration",
		Long: "explain says what a name in a report, an event, an answer of serve, on /metrics or in\n" +
			"a configuration means: formula, range, when to use it, its source, and what to do\n" +
			"about it. A finding is named by its id; with --bucket its latest evidence is shown too.",
		Example: "  leeway explain psi\n  leeway explain verdict\n  leeway explain noise_floor\n  leeway explain performance.moved\n  leeway explain policy.false_alarms\n  leeway explain drift.js_distance.lead_time --bucket ./bucket",
		Args:    arguments(1, 1, "a NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.explain(cmd.Context(), args[0], bucket)
		},
	}
	command.Flags().StringVar(&bucket, "bucket", "", "`DIR` to look a finding up in")
	return command
}

func (s *shell) explain(ctx context.Context, name, bucket string) error {
	if strings.Trim(name, ". ") == "" {
		return usage{"explain needs a NAME: leeway explain --help shows how"}
	}
	if config.Explain(name) == "" && field(name) == "" && inDocuments(name) == "" { // these may have points in their names
		if check, rest, _ := strings.Cut(name, "."); rest != "" {
			return s.explainFinding(ctx, name, check, rest, bucket)
		}
	}
	text := meaning(name)
	if text == "" {
		return &fault.Error{Kind: fault.NotFound, Object: name, Err: errors.New("no metric, verdict, finding, cause, field of a report or key of the configuration has this name"), Hint: meant(name, slices.Concat(report.Fields(), config.Keys(), terms(), metrics(), causes()))}
	}
	_, err := io.WriteString(s.stdout, text)
	return err
}

// meaning is all that there is to say of a name, "" if it is unknown. What it
// names is looked for where people meet names first.
func meaning(name string) string {
	key := strings.ToLower(strings.ReplaceAll(name, "-", "_"))
	bare := strings.TrimPrefix(key, "leeway_")
	for _, look := range []func() string{
		func() string { return word(name) },
		func() string { return word(bare) },
		func() string { return exposed(key) },
		func() string { return standing(key) },
		func() string { return catalogued(bare) },
		func() string { return named(bare) },
		func() string { return field(bare) },
		func() string { return setting(name) },
		func() string { return inDocuments(name) },
		func() string { return inDocuments(bare) },
	} {
		if text := look(); text != "" {
			return text + also(bare, text) + answered(bare, text)
		}
	}
	return ""
}

// also is the key of the configuration that is called like what a text is about, for
// a word may be both; "" for none.
func also(key, text string) string {
	own := setting(key)
	if own == "" || own == text || strings.Contains(text, "(in the configuration;") {
		return ""
	}
	return "\n" + own
}

// answered is what a word that a text is about means as a key of answers of the API.
func answered(key, text string) string {
	var lines string
	for _, one := range uses()[key] {
		if one.api && !strings.Contains(text, one.at) {
			lines += one.line("")
		}
	}
	if lines != "" {
		lines = "\nIn answers of leeway serve:\n" + lines
	}
	return lines
}

// word is a word of the glossary.
func word(key string) string {
	t := glossary.Find(key)
	if t == nil {
		return ""
	}
	text := fmt.Sprintf("%s: %s.\n", strings.Join(t.Names, ", "), strings.ReplaceAll(t.Meaning, "`", ""))
	if t.More != "" {
		text += "\n" + indented(t.More)
	}
	return text
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n"
}

// standing is a series that is there for every model, or of the function itself.
func standing(name string) string {
	for _, one := range slices.Concat(metric.StandingSeries, metric.FunctionSeries, []metric.Standing{metric.Doctor}) {
		if one.Name == name {
			return fmt.Sprintf("%s (a series of sinks, whatever the checks find)\n\n  %s\n", name, one.Help)
		}
	}
	return ""
}

// exposed is the help of a metric that /metrics always has.
func exposed(name string) string {
	var page bytes.Buffer
	if err := prometheus.Write(&page, nil, nil, prometheus.Text); err != nil {
		return "" // a buffer takes everything
	}
	for line := range strings.Lines(page.String()) {
		if text, found := strings.CutPrefix(line, "# HELP "+name+" "); found {
			return fmt.Sprintf("%s (on /metrics)\n\n  %s\n", name, strings.TrimSpace(text))
		}
	}
	return ""
}

// catalogued is a metric, or a finding that is none.
func catalogued(key string) string {
	called := func(d *metric.Desc) bool { return d.Name == key || d.Check+"_"+d.Name == key }
	for _, desc := range all.Metrics() {
		if called(&desc) {
			return describe(&desc, "in sinks", desc.FullName())
		}
	}
	for _, desc := range all.Events() {
		if called(&desc) {
			return describe(&desc, "", "")
		}
	}
	return ""
}

func describe(d *metric.Desc, label, more string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (check %s)\n\n  %s\n\n", d.Name, d.Check, d.Help)
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-8s  %s\n", label, strings.ReplaceAll(text, "\n", "\n            "))
		}
	}
	line("formula", d.Formula)
	if d.Low < d.High {
		line("range", fmt.Sprintf("%v to %v%s", number(d.Low), number(d.High), unit(d.Unit)))
	} else {
		line("range", "none: it is there or it is not")
	}
	line("better", d.Better)
	line("needs", d.Needs)
	line("laws", strings.Join(d.Laws, "; "))
	line("use", d.Use)
	line("source", d.Cite)
	line(label, more)
	return b.String()
}

// named is a cause.
func named(key string) string {
	for i := range cause.Table {
		if f := &cause.Table[i]; f.Name == key {
			return fmt.Sprintf("%s (a cause: a fault upstream that explains a finding)\n\n  %s\n\n  needs     %s\n  told by   %s\n  do        %s\n", f.Name, f.Help, f.Needs, f.How, f.Use)
		}
	}
	return ""
}

// field is a field of a report that no other table explains.
func field(key string) string {
	places := report.Explain(key)
	if len(places) == 0 {
		return ""
	}
	text := fmt.Sprintf("%s (in a report; leeway schema report has them all)\n\n", key)
	for _, place := range places {
		text += fmt.Sprintf("  in %s: %s\n", place.In, place.Help)
	}
	return text
}

// setting is a key of the configuration, alone or with those that it is in.
func setting(name string) string {
	help := config.Explain(name)
	if help == "" {
		return ""
	}
	return fmt.Sprintf("%s (in the configuration; docs/config.md has all keys)\n\n%s", name, indented(help))
}

// meant names the nearest name that there is.
func meant(name string, names []string) string {
	slices.Sort(names)
	if nearest := fault.Nearest(strings.ToLower(name), names); nearest != "" {
		return "did you mean " + nearest + "?"
	}
	return "docs/metrics.md, docs/causes.md, docs/glossary.md and docs/config.md list them all"
}

// metrics are the names of metrics, and of findings that are none.
func metrics() (names []string) {
	for _, desc := range append(all.Metrics(), all.Events()...) {
		names = append(names, desc.Name)
	}
	return names
}

func causes() (names []string) {
	for i := range cause.Table {
		names = append(names, cause.Table[i].Name)
	}
	return names
}

func terms() (names []string) {
	for i := range glossary.Terms {
		names = append(names, strings.ToLower(glossary.Terms[i].Names[0]))
	}
	return names
}

func unit(name string) string {
	if name == "" {
		return ""
	}
	return " (" + name + ")"
}

func number(x float64) string {
	switch fmt.Sprint(x) {
	case "+Inf":
		return "no upper bound"
	case "-Inf":
		return "no lower bound"
	}
	return fmt.Sprint(x)
}

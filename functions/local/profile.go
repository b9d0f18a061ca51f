package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"leeway/core/collect"
	"leeway/core/fault"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

type profileFlags struct{ out, config string }

func (s *shell) profileCommand() *cobra.Command {
	var f profileFlags
	command := &cobra.Command{
		Use:   "profile PATH...",
		Short: "Make, merge and show profiles",
		Long: "profile reads data once and writes a profile: a small summary that merges, subtracts\n" +
			"and stands in for the data from then on. Without -o the profile is shown as text.",
		Example: "  leeway profile logs/*.csv -o today.profile\n" +
			"  leeway profile merge mon.profile tue.profile -o week.profile\n" +
			"  leeway profile show week.profile",
		Args: arguments(1, -1, "a PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return abandoned(cmd.Context(), func() error { return s.profile(args, &f) })
		},
	}
	command.Flags().StringVar(&f.config, "config", "", "`FILE` with the configuration")
	command.AddCommand(s.profileMergeCommand(), s.profileShowCommand())
	command.Flags().StringVarP(&f.out, "out", "o", "", "`FILE` to write the profile to (- for stdout)")
	return command
}

func (s *shell) profileMergeCommand() *cobra.Command {
	var out string
	command := &cobra.Command{
		Use:     "merge FILE...",
		Short:   "Merge profiles into one",
		Example: "  leeway profile merge mon.profile tue.profile -o week.profile",
		Args:    arguments(1, -1, "the FILEs to merge"),
		RunE: func(_ *cobra.Command, args []string) error {
			merged, err := loadProfiles(args)
			if err != nil {
				return err
			}
			return s.deliver(merged, out)
		},
	}
	command.Flags().StringVarP(&out, "out", "o", "", "`FILE` to write the profile to (- for stdout)")
	return command
}

func (s *shell) profileShowCommand() *cobra.Command {
	var output string
	command := &cobra.Command{
		Use:     "show FILE",
		Short:   "Show what a profile holds",
		Example: "  leeway profile show week.profile --output json",
		Args:    arguments(1, 1, "a FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := oneOf("--output", output, []string{"text", "json"}); err != nil {
				return err
			}
			p, err := loadProfiles(args)
			if err != nil {
				return err
			}
			if output == "json" {
				return s.showJSON(p)
			}
			return s.showText(p)
		},
	}
	command.Flags().StringVar(&output, "output", "text", "form: text, json")
	return command
}

func (s *shell) profile(paths []string, f *profileFlags) error {
	settings, err := s.settings(f.config)
	if err != nil {
		return err
	}
	names, err := expand(paths)
	if err == nil {
		err = spare(f.out, names)
	}
	if err != nil {
		return err
	}
	bar := s.progress("profiling")
	defer bar.done()
	collector := &collect.Collector{Config: settings, Options: &profile.Stored, Progress: bar.add}
	for _, name := range leading(collector, names) {
		if err := s.addOne(collector.Add, name); err != nil {
			return fault.In(name, err)
		}
	}
	collection := collector.Collection()
	s.tell(collection.Notes)
	return s.deliver(collection.Profile, f.out)
}

// deliver writes a profile to a file, or shows it where none is named.
func (s *shell) deliver(p *profile.Dataset, out string) error {
	if out == "" {
		return s.showText(p)
	}
	return s.emit(out, func(w io.Writer) error {
		_, err := w.Write(p.Encode())
		return err
	})
}

func loadProfiles(names []string) (*profile.Dataset, error) {
	var all []*profile.Dataset
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, pathError(name, err)
		}
		one, err := profile.Decode(data)
		if err != nil {
			return nil, fault.In(name, err)
		}
		all = append(all, one)
	}
	return profile.Merge(all...)
}

// describeProfile sums a profile up in the report's terms, columns in profile order.
func describeProfile(p *profile.Dataset) []report.Column {
	contract := &schema.Schema{}
	for _, column := range p.Columns {
		contract.Columns = append(contract.Columns, schema.Column{Name: column.Name, Kind: column.Kind, Role: column.Role})
	}
	return report.Describe(contract, p, p)
}

func (s *shell) showJSON(p *profile.Dataset) error {
	type column struct {
		Name string      `json:"name"`
		Kind schema.Kind `json:"kind"`
		Role schema.Role `json:"role"`
		*report.Description
	}
	document := struct {
		Rows    int64    `json:"rows"`
		Columns []column `json:"columns"`
	}{Rows: p.Rows}
	for _, c := range describeProfile(p) {
		document.Columns = append(document.Columns, column{c.Name, c.Kind, c.Role, c.Current})
	}
	encoder := json.NewEncoder(s.stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}

func (s *shell) showText(p *profile.Dataset) error {
	columns := describeProfile(p)
	longest := len("column")
	for _, c := range columns {
		longest = min(max(longest, len(c.Name)), 32)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows, %d columns\n\n%-*s  %-11s  %-10s  %8s  %10s  %s\n", p.Rows, len(columns), longest, "column", "kind", "role", "missing", "distinct", "values")
	for _, c := range columns {
		d := c.Current
		fmt.Fprintf(&b, "%-*s  %-11s  %-10s  %7.2f%%  %10.0f  %s\n", longest, cut(c.Name, longest), c.Kind, c.Role, 100*d.MissingRatio, d.Distinct, values(d))
	}
	_, err := io.WriteString(s.stdout, b.String())
	return err
}

func cut(text string, width int) string {
	if runes := []rune(text); len(runes) > width {
		return string(runes[:width-1]) + "…"
	}
	return text
}

// values says in a few words what a column holds.
func values(d *report.Description) string {
	switch {
	case d.Mean != nil && d.Quantiles != nil && d.Min != nil && d.Max != nil:
		return fmt.Sprintf("%.4g … %.4g, median %.4g, mean %.4g", *d.Min, *d.Max, d.Quantiles.Q50, *d.Mean)
	case d.First != "":
		return d.First + " … " + d.Last
	}
	var parts []string
	for i, category := range d.Top {
		if i == 3 {
			parts = append(parts, "…")
			break
		}
		share := float64(category.Count) / float64(max(d.Rows-d.Missing-d.Mistyped, 1))
		parts = append(parts, fmt.Sprintf("%s %.0f%%", cut(fmt.Sprintf("%q", category.Name), 24), 100*share))
	}
	return strings.Join(parts, ", ")
}

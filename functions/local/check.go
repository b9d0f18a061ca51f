package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leeway/core/check"
	"leeway/core/collect"
	"leeway/core/compare"
	"leeway/core/compat/evidently"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/segment"
	"leeway/core/truth"
)

// outputs are the forms that a report can take.
var outputs = []string{"text", "json", "html", "markdown"}

type checkFlags struct {
	reference, current []string
	labels             []string
	referenceLabels    []string
	config, methods    string
	compat             string
	output, out        string
	export             string
	failOn             string
}

func (s *shell) checkCommand() *cobra.Command {
	var f checkFlags
	command := &cobra.Command{
		Use:   "check --reference PATH --current PATH [--labels PATH]",
		Short: "Compare two data sets once",
		Long: "check compares current data with a reference and says what changed. It needs no\n" +
			"configuration: kinds are inferred, roles are guessed from usual names, and what\n" +
			"was assumed is said on stderr. A PATH is a file, a folder, a glob or - (standard\n" +
			"input) and may be repeated; CSV, JSON Lines and Parquet are found by content. The\n" +
			"reference may be one profile (leeway profile -o, leeway import) instead.\n\n" +
			"Labels say how good the predictions were: of a column of role label in the data, or\n" +
			"of --labels, files with the id of each row and what came true, in any order and\n" +
			"number, of rows of either side. --reference-labels are of rows of the reference alone,\n" +
			"and --labels then of current ones. Whether the model got worse than on the reference\n" +
			"is tested with the rest.\n" +
			"Before labels come, performance is estimated from the scores, by how often such scores\n" +
			"came true in a labelled reference (docs/estimates.md).\n\n" +
			"--compat evidently adds what Evidently " + evidently.Version + " would say by default: method,\n" +
			"score and decision of each column. The verdict stays Leeway's.\n\n" +
			"Exit code: 0 ok or warn, 1 error or unreadable input, 2 usage, 3 alert, 4 too few\n" +
			"rows to tell.",
		Example: "  leeway check --reference train.csv --current today.parquet\n" +
			"  leeway check --reference ref/ --current 'logs/2026-11-*.csv.gz' --output html --out report.html\n" +
			"  leeway check --reference train.csv --current october.csv --labels outcomes.csv\n" +
			"  leeway check --reference train.csv --reference-labels y_train.csv --current october.csv\n" +
			"  leeway check --reference train.csv --current today.csv --compat evidently",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if f.output, err = form(f.output, f.out, outputs); err != nil {
				return err
			}
			hugePages()
			return abandoned(cmd.Context(), func() error { return s.check(&f) })
		},
	}
	flags := command.Flags()
	flags.StringArrayVarP(&f.reference, "reference", "r", nil, "`PATH` of the data to compare with (repeatable)")
	flags.StringArrayVarP(&f.current, "current", "c", nil, "`PATH` of the data to judge (repeatable)")
	flags.StringArrayVarP(&f.labels, "labels", "l", nil, "`PATH` of labels that came later, by id (repeatable)")
	flags.StringArrayVar(&f.referenceLabels, "reference-labels", nil, "`PATH` of labels of the reference alone, by id (repeatable)")
	flags.StringVar(&f.config, "config", "", "`FILE` with the configuration (see leeway init)")
	flags.StringVar(&f.methods, "methods", "default", "drift methods: default, all, or `a,b`")
	flags.StringVar(&f.compat, "compat", "", "show what another `TOOL` would say too: evidently")
	flags.StringVarP(&f.output, "output", "o", "", formHelp("form of the report", outputs))
	flags.StringVar(&f.out, "out", "", "`FILE` to write the report to instead of stdout")
	flags.StringVar(&f.export, "export", "", "`DIR` to write the documents of SageMaker Model Monitor to as well")
	flags.StringVar(&f.failOn, "fail-on", "alert", "exit with 3 on: warn, alert, never")
	return command
}

func (s *shell) check(f *checkFlags) error {
	methods, err := f.validate()
	if err != nil {
		return err
	}
	if err := f.spare(); err != nil {
		return err
	}
	settings, err := s.settings(f.config)
	if err != nil {
		return err
	}
	if settings.Policy.Persistence > 1 {
		s.say("policy.persistence is taken as 1: one comparison has no windows in a row")
		settings.Policy.Persistence = 1
	}
	r, err := s.compare(f, settings, methods)
	if err != nil {
		return err
	}
	s.tell(r.Notes)
	if err := s.emit(f.out, func(w io.Writer) error { return render(w, r, f.output, f.out == "") }); err != nil {
		return err
	}
	return failOn(f.failOn).code(r.Verdict)
}

// spare sees to it that the report does not take the place of data.
func (f *checkFlags) spare() error {
	if f.out == "" || f.out == "-" {
		return nil
	}
	names, err := expand(slices.Concat(f.inputs()...))
	if err != nil {
		return err
	}
	return spare(f.out, names)
}

func (f *checkFlags) validate() (check.Methods, error) {
	switch {
	case len(f.reference) == 0:
		return check.Methods{}, usage{"check needs --reference PATH: the data that the model knew when it was good"}
	case len(f.current) == 0:
		return check.Methods{}, usage{"check needs --current PATH: the data to judge"}
	case f.standard() > 1:
		return check.Methods{}, usage{"standard input can be read once: give all but one of --reference, --current and labels another PATH than -"}
	}
	if err := failOn(f.failOn).check(); err != nil {
		return check.Methods{}, err
	}
	if err := f.validateCompat(); err != nil {
		return check.Methods{}, err
	}
	return selectMethods(f.methods)
}

// inputs are the PATHs that are read.
func (f *checkFlags) inputs() [][]string {
	return [][]string{f.reference, f.current, f.labels, f.referenceLabels}
}

// standard is how many of the inputs are standard input.
func (f *checkFlags) standard() (n int) {
	for _, paths := range f.inputs() {
		if slices.Contains(paths, "-") {
			n++
		}
	}
	return n
}

// selectMethods reads --methods.
func selectMethods(text string) (check.Methods, error) {
	switch text {
	case "", "default":
		return check.Methods{}, nil
	case "all":
		return check.Methods{All: true}, nil
	}
	var chosen check.Methods
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimSpace(name)
		if err := oneOf("--methods", name, monitor.Names().Methods); err != nil {
			return check.Methods{}, err
		}
		chosen.Names = append(chosen.Names, name)
	}
	return chosen, nil
}

// settings reads the configuration, or gives the defaults where none is named.
func (s *shell) settings(name string) (*config.Config, error) {
	if name == "" {
		return config.Default(), nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, pathError(name, err)
	}
	return monitor.Names().Parse(data, name)
}

func (s *shell) compare(f *checkFlags, settings *config.Config, methods check.Methods) (*report.Report, error) {
	bar := s.progress("reading")
	defer bar.done()
	if p, err := s.profiled(f); p != nil || err != nil {
		return s.compareProfile(f, p, err, settings, methods, bar)
	}
	outcomes, err := s.outcomes(slices.Concat(f.labels, f.referenceLabels))
	if err != nil {
		return nil, err
	}
	reference, collector, err := s.collect(f.reference, settings, nil, nil, outcomes[0], bar)
	if err != nil {
		return nil, err
	}
	contract := collector.Contract
	outcomes[1].Shape = outcomes[0].Shape
	current, _, err := s.collect(f.current, settings, contract, collector.Divisions, outcomes[1], bar)
	if err != nil {
		return nil, err
	}
	if reference.Profile.Rows == 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Object: f.reference[0], Err: errors.New("the reference has no rows"), Hint: "give data that the model saw when it was good"}
	}
	s.ahead("the reference", reference)
	s.ahead("the current data", current)
	j, err := s.judge(f, settings, contract, reference, current, outcomes, bar)
	if err != nil {
		return nil, err
	}
	other, err := s.compat(f)
	if err != nil {
		return nil, err
	}
	return f.exported(&compare.Comparison{
		Config: settings, Contract: contract, Reference: reference, Current: current,
		Labelled: j.labelled, LabelFiles: j.files, Said: truth.Said(outcomes[0], outcomes[1], j.labelled, j.labels), Groups: j.groups,
		Methods: methods, Compat: other, Created: time.Now(),
	})
}

// ahead says that rows are dated in the future. What a report says depends on the
// data alone, so it is said beside it. A day is for time zones.
func (s *shell) ahead(side string, c *collect.Collection) {
	if last := time.Unix(0, c.Profile.End).UTC(); last.After(time.Now().Add(24 * time.Hour)) {
		s.say("%s: rows are dated up to %s, which is in the future: check the time column, or say which one it is (role: time)", side, last.Format(time.RFC3339))
	}
}

// collect profiles everything that the paths stand for.
func (s *shell) collect(paths []string, settings *config.Config, contract *schema.Schema, divisions []segment.Division, outcomes *truth.Outcomes, bar *progress) (*collect.Collection, *collect.Collector, error) {
	collector := &collect.Collector{Config: settings, Contract: contract, Outcomes: outcomes, Progress: bar.add, Divisions: divisions}
	names, err := expand(paths)
	if err != nil {
		return nil, collector, err
	}
	names = leading(collector, names)
	if contract == nil {
		if err := s.survey(names, collector); err != nil {
			return nil, collector, err
		}
	}
	if err := s.each(names, len(paths), collector.Add); err != nil {
		return nil, collector, err
	}
	return collector.Collection(), collector, nil
}

// survey looks at the reference for segments, if any are declared. What is wrong
// with single files is told when they are read.
func (s *shell) survey(names []string, collector *collect.Collector) error {
	if !collector.Divides() {
		return nil
	}
	for _, name := range names {
		err := s.addOne(func(source format.Source, _ report.Object) error {
			if source.At == nil {
				return usage{fmt.Sprintf("segments take two readings of the reference, which %s does not allow: give a file", source.Name)}
			}
			return collector.Survey(source)
		}, name)
		if errors.As(err, &usage{}) {
			return err
		}
		if err != nil && fault.KindOf(err) != fault.Invalid {
			return fault.In(name, err)
		}
	}
	return collector.Divide()
}

// leading puts the file to the front that the contract has to come from.
func leading(collector *collect.Collector, names []string) []string {
	return collect.Leading(collector, names, func(name string, read func(format.Source) error) error {
		if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
			return cmp.Or(err, errors.ErrUnsupported) // a pipe
		}
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		in, err := fileInput(name, file)
		if err != nil {
			return err
		}
		return read(in.source)
	})
}

// each adds every file of so many paths. In a folder or a glob an
// unreadable file does not stop the others; it is said.
func (s *shell) each(names []string, paths int, add func(format.Source, report.Object) error) error {
	var failed []error
	for _, name := range names {
		if err := s.addOne(add, name); err != nil {
			failed = append(failed, fault.In(name, err))
		}
	}
	if len(failed) == len(names) || len(failed) > 0 && len(names) == paths {
		return errors.Join(failed...)
	}
	for _, err := range failed {
		s.say("skipped %v", err)
	}
	return nil
}

func (s *shell) addOne(add func(format.Source, report.Object) error, name string) error {
	in, err := s.open(name)
	if err != nil {
		return err
	}
	defer in.closer.Close()
	return add(in.source, in.object())
}

// render writes a report in one of the outputs.
func render(w io.Writer, r *report.Report, output string, screen bool) error {
	switch output {
	case "json":
		data, err := r.JSON()
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	case "html":
		return report.HTML(w, r)
	case "markdown":
		return report.Markdown(w, r)
	}
	return report.Text(w, r, &report.TextOptions{Color: screen && colourful(w), Width: width(w)})
}

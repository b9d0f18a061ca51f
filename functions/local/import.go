package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leeway/core/compat/sagemaker"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/state"
)

type importFlags struct {
	statistics, constraints string
	task, label             string
	table, force            bool
	out, profile            string
	bucket, model           string
}

func (s *shell) importCommand() *cobra.Command {
	command := &cobra.Command{
		Use:     "import sagemaker",
		Short:   "Take over what another tool knows of a model",
		Example: "  leeway import sagemaker --statistics statistics.json --constraints constraints.json --out monitor.yaml",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return oneOf("import", args[0], []string{"sagemaker"})
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	command.AddCommand(s.importSageMaker())
	return command
}

func (s *shell) importSageMaker() *cobra.Command {
	var f importFlags
	command := &cobra.Command{
		Use:   "sagemaker --statistics FILE --constraints FILE",
		Short: "Make a configuration and a baseline from those of SageMaker Model Monitor",
		Long: "import sagemaker reads the statistics.json and constraints.json of a data quality\n" +
			"baseline. Constraints become a commented configuration. Sketches and counts become a\n" +
			"baseline: distributions without the training data. What has no counterpart, and\n" +
			"which columns have no distribution, is said on stderr and in the configuration.\n\n" +
			"With --bucket and --model both are put where leeway run finds them; --profile writes\n" +
			"the baseline for leeway check --reference. See docs/from-sagemaker.md.",
		Example: "  leeway import sagemaker --statistics statistics.json --constraints constraints.json --task binary --label churn --bucket ./bucket --model churn\n" +
			"  leeway import sagemaker --statistics statistics.json --profile churn.profile --out monitor.yaml",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.importFrom(cmd, &f) },
	}
	flags := command.Flags()
	flags.StringVar(&f.statistics, "statistics", "", "`FILE` with statistics of the baseline")
	flags.StringVar(&f.constraints, "constraints", "", "`FILE` with constraints (default: none but the types of the statistics)")
	flags.StringVar(&f.task, "task", "", "what the endpoint answers: binary (a probability), multiclass (a class) or regression (a number)")
	flags.StringVar(&f.label, "label", "", "`COLUMN` of the baseline with what came true, which requests do not have")
	flags.BoolVar(&f.table, "table", false, "logs are tables of their own, not data capture")
	flags.StringVar(&f.out, "out", "", "`FILE` to write the configuration to instead of stdout")
	flags.StringVar(&f.profile, "profile", "", "`FILE` to write the baseline to")
	flags.StringVar(&f.bucket, "bucket", "", "`DIR` of the bucket to put configuration and baseline into")
	flags.StringVar(&f.model, "model", "", "`NAME` of the model")
	flags.BoolVar(&f.force, "force", false, "overwrite an existing configuration")
	return command
}

func (f *importFlags) validate() error {
	switch {
	case f.statistics == "" && f.constraints == "":
		return usage{"import sagemaker needs --statistics FILE, --constraints FILE or both"}
	case (f.bucket == "") != (f.model == ""):
		return usage{"--bucket DIR and --model NAME belong together"}
	case f.bucket != "" && f.out != "":
		return usage{"--out and --bucket are two places for the configuration: give one"}
	case f.statistics == "" && f.profile != "":
		return usage{"--profile needs --statistics FILE: constraints hold no distributions"}
	}
	if f.model != "" {
		if err := state.CheckModel(f.model); err != nil {
			return err
		}
	}
	if f.task == "" {
		return nil
	}
	return oneOf("--task", f.task, []string{"binary", "multiclass", "regression"})
}

// imported is what was read.
type imported struct {
	settings *config.Config
	baseline *profile.Dataset // nil: there are no statistics
	created  time.Time
	notes    []string
	text     []byte // the configuration
}

func (s *shell) importFrom(cmd *cobra.Command, f *importFlags) error {
	if err := f.validate(); err != nil {
		return err
	}
	if _, err := os.Stat(f.out); err == nil && f.out != "" && !f.force {
		return &fault.Error{Kind: fault.Conflict, Object: f.out, Err: errors.New("exists already"), Hint: "choose another --out, or overwrite it with --force"}
	}
	made, err := f.read()
	if err != nil {
		return err
	}
	s.tell(made.notes)
	if f.profile != "" {
		if err := create(f.profile, func(w io.Writer) error { return wholly(w, made.baseline.Encode()) }); err != nil {
			return err
		}
	}
	if f.bucket != "" {
		return s.importInto(cmd, f, made)
	}
	return s.emit(f.out, func(w io.Writer) error { return wholly(w, made.text) })
}

func wholly(w io.Writer, data []byte) error {
	_, err := w.Write(data)
	return err
}

// read reads the documents.
func (f *importFlags) read() (*imported, error) {
	made := &imported{}
	constraints := &sagemaker.Constraints{}
	var columns []profile.Given
	if f.statistics != "" {
		info, err := os.Stat(f.statistics)
		if err != nil {
			return nil, pathError(f.statistics, err)
		}
		made.created = info.ModTime()
		if columns, err = f.given(made); err != nil {
			return nil, fault.In(f.statistics, err)
		}
	}
	if f.constraints != "" {
		data, err := os.ReadFile(f.constraints)
		if err != nil {
			return nil, pathError(f.constraints, err)
		}
		if constraints, err = sagemaker.ParseConstraints(data); err != nil {
			return nil, fault.In(f.constraints, err)
		}
	} else {
		constraints = sagemaker.Typed(columns)
	}
	settings, notes, err := sagemaker.Configuration(constraints, columns, &sagemaker.Options{Task: schema.Task(f.task), Label: f.label, Table: f.table})
	if err != nil {
		return nil, err
	}
	settings.Model = f.model
	made.settings, made.notes = settings, append(made.notes, notes...)
	return made, made.finish()
}

// given reads the statistics.
func (f *importFlags) given(made *imported) ([]profile.Given, error) {
	data, err := os.ReadFile(f.statistics)
	if err != nil {
		return nil, pathError(f.statistics, err)
	}
	statistics, err := sagemaker.ParseStatistics(data)
	if err != nil {
		return nil, err
	}
	rows, columns, notes, err := statistics.Columns()
	if err != nil {
		return nil, err
	}
	made.notes = append(notes, sagemaker.Sketched(columns)...)
	kept := slices.Clone(columns)
	if at := slices.IndexFunc(kept, func(g profile.Given) bool { return g.Name == f.label }); at >= 0 {
		kept[at].Role = schema.Label
		if f.task != string(schema.Regression) && !sagemaker.Classes(&kept[at]) {
			kept = slices.Delete(kept, at, at+1) // it comes with the labels
		}
	}
	made.baseline, err = profile.OfGiven(rows, kept, &profile.Baseline)
	return columns, err
}

// finish writes the configuration, and sees to it that it is one.
func (i *imported) finish() error {
	base := i.baseline
	if base == nil {
		base = &profile.Dataset{}
		for _, c := range i.settings.Columns {
			base.Columns = append(base.Columns, &profile.Column{Name: c.Name, Kind: c.Kind, Role: c.Role})
		}
	}
	contract, err := monitor.ContractOf(base, i.settings)
	if err != nil {
		return err
	}
	place := func(c schema.Column) int {
		return slices.IndexFunc(i.settings.Columns, func(d config.Column) bool { return d.Name == c.Name })
	}
	slices.SortStableFunc(contract.Columns, func(a, b schema.Column) int { return cmp.Compare(place(a), place(b)) })
	i.text = config.WriteImported(i.settings, contract, "SageMaker Model Monitor", i.notes)
	_, err = monitor.Names().Parse(i.text, "configuration")
	return err
}

// importInto puts the configuration and the baseline into a bucket.
func (s *shell) importInto(cmd *cobra.Command, f *importFlags, made *imported) error {
	m, err := s.openBucket(f.bucket)
	if err != nil {
		return err
	}
	key := monitor.ConfigKey(f.model)
	_, err = m.Data.Put(cmd.Context(), key, bytes.NewReader(made.text), &state.PutOptions{IfAbsent: !f.force})
	if fault.KindOf(err) == fault.Conflict {
		return &fault.Error{Kind: fault.Conflict, Object: key, Err: errors.New("exists already"), Hint: "overwrite it with --force, or write the new one elsewhere with --out and compare"}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.stdout, "%s is written\n", key)
	if made.baseline == nil {
		s.say("without --statistics there is no baseline: put data into reference/%s/", f.model)
		return nil
	}
	version, err := m.ImportBaseline(cmd.Context(), f.model, &monitor.Import{
		Profile: made.baseline, Config: made.settings, Created: made.created, Notes: made.notes,
		Reason: "imported from SageMaker's " + strings.TrimPrefix(f.statistics, "./"),
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "baseline %s is approved: batches from now on are compared with it\n", version)
	return err
}

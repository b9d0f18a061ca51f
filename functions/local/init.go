package main

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/schema"
	"leeway/core/state"
)

func (s *shell) initCommand() *cobra.Command {
	var reference []string
	var out, model string
	var force bool
	command := &cobra.Command{
		Use:   "init --reference PATH",
		Short: "Write a commented configuration from data",
		Long: "init looks at the beginning of the reference data, infers each column's kind and\n" +
			"role, and writes a configuration with the reasons as comments. Edit what is wrong,\n" +
			"then check it with leeway lint.",
		Example: "  leeway init --reference train.csv --out monitor.yaml",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(reference) == 0 {
				return usage{"init needs --reference PATH: the data to learn the columns from"}
			}
			if model != "" {
				if err := state.CheckModel(model); err != nil {
					return usage{"--model " + fault.Split(err)[0].Error()}
				}
			}
			if _, err := os.Stat(out); err == nil && out != "" && !force {
				return &fault.Error{Kind: fault.Conflict, Object: out, Err: errors.New("exists already"), Hint: "edit it, choose another --out, or overwrite it with --force"}
			}
			return abandoned(cmd.Context(), func() error { return s.init(reference, model, out) })
		},
	}
	flags := command.Flags()
	flags.StringArrayVarP(&reference, "reference", "r", nil, "`PATH` of the data (repeatable)")
	flags.StringVar(&out, "out", "", "`FILE` to write to instead of stdout")
	flags.BoolVar(&force, "force", false, "overwrite an existing --out")
	flags.StringVar(&model, "model", "", "`NAME` of the model (default: from the file's name)")
	return command
}

func (s *shell) init(paths []string, model, out string) error {
	names, err := expand(paths)
	if err != nil {
		return err
	}
	heads, notes, err := s.heads(names[0])
	if err != nil {
		return fault.In(names[0], err)
	}
	contract, assumed := schema.Infer(heads)
	settings := config.Default()
	settings.Model = model
	if model == "" {
		settings.Model = config.ModelName(names[0])
	}
	s.tell(append(notes, assumed...))
	return s.emit(out, func(w io.Writer) error {
		_, err := w.Write(config.Write(settings, contract, assumed))
		return err
	})
}

// heads reads the beginning of a file.
func (s *shell) heads(name string) ([]schema.Head, []string, error) {
	in, err := s.open(name)
	if err != nil {
		return nil, nil, err
	}
	defer in.closer.Close()
	file, err := format.Open(in.source, nil)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	return file.Heads(), file.Notes(), nil
}

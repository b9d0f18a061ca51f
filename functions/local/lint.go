package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"leeway/core/monitor"
)

func (s *shell) lintCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "lint FILE",
		Short:   "Check a configuration",
		Long:    "lint reports every error of a configuration with its line, its column and the\nnearest valid name.",
		Example: "  leeway lint monitor.yaml",
		Args:    arguments(1, -1, "a FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, name := range args {
				if err := s.lint(name); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (s *shell) lint(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return pathError(name, err)
	}
	if _, err := monitor.Names().Parse(data, name); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "%s: ok\n", name)
	return err
}

package main

import (
	"github.com/spf13/cobra"

	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/events"
)

func (s *shell) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "schema config|report|event",
		Short:     "Print a JSON Schema",
		Long:      "schema prints the JSON Schema (2020-12) of the configuration, of the report or of\nthe events that Leeway receives and sends.",
		Example:   "  leeway schema report > report.schema.json",
		ValidArgs: []string{"config", "report", "event"},
		Args:      arguments(1, 1, "one of config, report, event"),
		RunE: func(_ *cobra.Command, args []string) error {
			schemas := map[string]func() []byte{"config": monitor.Names().JSONSchema, "report": report.JSONSchema, "event": events.JSONSchema}
			document, ok := schemas[args[0]]
			if !ok {
				return oneOf("schema", args[0], []string{"config", "report", "event"})
			}
			_, err := s.stdout.Write(document())
			return err
		},
	}
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/retrain"
	"leeway/events"
)

// answersOf are the subcommands that answer a request.
var answersOf = []struct{ name, outcome, short string }{
	{"approve", "approved", "Approve a proposal: the next run starts it"},
	{"decline", "declined", "Decline a proposal"},
	{"succeeded", "succeeded", "Say that a better model came of a request"},
	{"rejected", "rejected", "Say that the model that came of a request is no better"},
	{"failed", "failed", "Say that no model came of a request"},
}

func (s *shell) retrainCommand() *cobra.Command {
	names := []string{"show"}
	for _, one := range answersOf {
		names = append(names, one.name)
	}
	command := &cobra.Command{
		Use:   "retrain show|approve|decline|succeeded|rejected|failed",
		Short: "See and answer requests for training",
		Long: "With retrain: in its configuration, run and serve ask for a training where a model is\n" +
			"worth it. This shows what was asked for, and answers it where nothing else does.",
		Example: "  leeway retrain show --bucket ./bucket --model churn\n" +
			"  leeway retrain approve --bucket ./bucket --model churn",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return oneOf("retrain", args[0], names)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var f baselineFlags
	command.PersistentFlags().StringVar(&f.bucket, "bucket", "", "`DIR` of the bucket")
	command.PersistentFlags().StringVar(&f.model, "model", "", "`NAME` of the model")
	command.AddCommand(s.retrainShow(&f))
	for _, one := range answersOf {
		command.AddCommand(s.retrainAnswer(&f, one.name, one.outcome, one.short))
	}
	return command
}

func (s *shell) retrainShow(f *baselineFlags) *cobra.Command {
	command := &cobra.Command{
		Use: "show", Short: "Show the request that is under way, and earlier ones", Args: noArguments,
		Example: "  leeway retrain show --bucket ./bucket --model churn",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("--output", f.output, []string{"text", "json"}); err != nil {
				return err
			}
			m, err := s.known(cmd.Context(), f)
			if err != nil {
				return err
			}
			state, _, err := m.DB.Retraining(cmd.Context(), f.model)
			if err != nil {
				return err
			}
			if f.output == "json" {
				data, err := json.MarshalIndent(&state, "", "  ")
				if err == nil {
					_, err = fmt.Fprintln(s.stdout, string(data))
				}
				return err
			}
			held, err := s.showHeld(cmd.Context(), m, f.model)
			if err != nil {
				return err
			}
			return s.showRequests(&state, held)
		},
	}
	command.Flags().StringVarP(&f.output, "output", "o", "text", "form of the list: text, json")
	return command
}

// showHeld prints what speaks against a request that there is reason for, if anything does
// by the newest window.
func (s *shell) showHeld(ctx context.Context, m *monitor.Monitor, model string) (held bool, err error) {
	all, err := m.DB.Deliveries(ctx, model)
	if err != nil {
		return false, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		r := all[i].Retrain
		if r == nil {
			continue
		}
		if held = r.Decision == report.RetrainHeld; held {
			_, err = fmt.Fprintf(s.stdout, "%-9s %s  %s\n", r.Decision, all[i].Window.Start.UTC().Format(time.DateOnly), r.Message)
		}
		return held, err
	}
	return false, nil
}

// showRequests prints a line for each request, the newest first. Where one is held back
// that was said.
func (s *shell) showRequests(state *retrain.State, held bool) error {
	all := state.Past
	if state.Request != nil {
		all = append(all[:len(all):len(all)], *state.Request)
	}
	if len(all) == 0 && !held {
		s.say("no training was asked for so far, and by the newest window there is no reason to")
	}
	for i := len(all) - 1; i >= 0; i-- {
		r := &all[i]
		line := fmt.Sprintf("%-9s %s  %s  %s", r.Phase, r.At.UTC().Format(time.DateOnly), r.ID, r.Summary())
		for _, more := range []string{r.Run, r.Message, r.Error} {
			if more != "" {
				line += "; " + more
			}
		}
		if _, err := fmt.Fprintln(s.stdout, strings.ReplaceAll(line, "\n", " ")); err != nil {
			return err
		}
	}
	return nil
}

func (s *shell) retrainAnswer(f *baselineFlags, name, outcome, short string) *cobra.Command {
	var why string
	command := &cobra.Command{
		Use: name + " [REQUEST]", Short: short,
		Long:    short + ". Without its id the request that is under way is meant.",
		Example: "  leeway retrain " + name + " --bucket ./bucket --model churn",
		Args:    arguments(0, 1, "at most one request"),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := s.known(cmd.Context(), f)
			if err != nil {
				return err
			}
			state, _, err := m.DB.Retraining(cmd.Context(), f.model)
			if err != nil {
				return err
			}
			if state.Request == nil || len(args) > 0 && args[0] != state.Request.ID {
				return fault.New(fault.NotFound, "there is no such request under way", "look at leeway retrain show --bucket DIR --model "+f.model)
			}
			proposed := state.Request.Phase == retrain.Proposed
			if (outcome == "approved" || outcome == "declined") && !proposed {
				return fault.New(fault.Conflict, fmt.Sprintf("request %s is %s and no proposal any more", state.Request.ID, state.Request.Phase), "")
			}
			return m.Answer(cmd.Context(), &events.RetrainFinished{Model: f.model, Request: state.Request.ID, Outcome: outcome, Error: why})
		},
	}
	command.Flags().StringVar(&why, "message", "", "`TEXT` to keep with the answer")
	return command
}

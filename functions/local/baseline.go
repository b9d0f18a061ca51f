package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/profile"
	"leeway/core/state"
)

type baselineFlags struct {
	bucket, model string
	from          []string
	approve       bool
	output        string
}

func (s *shell) baselineCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "baseline build|list|show|approve|diff",
		Short: "Manage a model's baselines",
		Long: "A baseline is the stored, versioned, approved profile that batches are compared with.\n" +
			"The first one is built from reference/<model>/; without that, the first batch is\n" +
			"proposed until it is approved, or until there are reference data, which take its\n" +
			"place.",
		Example: "  leeway baseline list --bucket ./bucket --model churn\n" +
			"  leeway baseline approve --bucket ./bucket --model churn 3f2a9c81d0be",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return oneOf("baseline", args[0], []string{"build", "list", "show", "approve", "diff"})
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var f baselineFlags
	command.PersistentFlags().StringVar(&f.bucket, "bucket", "", "`DIR` of the bucket")
	command.PersistentFlags().StringVar(&f.model, "model", "", "`NAME` of the model")
	command.AddCommand(s.baselineBuild(&f), s.baselineList(&f), s.baselineShow(&f), s.baselineApprove(&f), s.baselineDiff(&f))
	return command
}

// model opens the bucket and checks that a model is named.
func (s *shell) model(f *baselineFlags) (*monitor.Monitor, error) {
	switch {
	case f.model == "" && f.bucket == "":
		return nil, usage{"needs --bucket DIR and --model NAME: the folder that holds logs/, and a folder in that"}
	case f.model == "":
		return nil, usage{"needs --model NAME: a folder in logs/"}
	}
	if err := state.CheckModel(f.model); err != nil {
		return nil, err
	}
	return s.openBucket(f.bucket)
}

// known is model for what needs one that is there.
func (s *shell) known(ctx context.Context, f *baselineFlags) (*monitor.Monitor, error) {
	m, err := s.model(f)
	if err != nil {
		return nil, err
	}
	names, err := m.DB.Models(ctx)
	if err != nil || slices.Contains(names, f.model) {
		return m, err
	}
	hint := "the bucket has " + strings.Join(names, ", ")
	if nearest := fault.Nearest(f.model, names); nearest != "" {
		hint = "did you mean " + nearest + "?"
	} else if len(names) == 0 {
		hint = "the bucket has no models: put files into logs/<model>/"
	}
	return nil, fault.New(fault.NotFound, fmt.Sprintf("there is no model %q in %s", f.model, f.bucket), hint)
}

func (s *shell) baselineBuild(f *baselineFlags) *cobra.Command {
	command := &cobra.Command{
		Use: "build", Short: "Build a new version from data in the bucket",
		Example: "  leeway baseline build --bucket ./bucket --model churn --from logs/churn/2026-10 --approve",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := s.model(f)
			if err != nil {
				return err
			}
			version, err := m.BuildBaseline(cmd.Context(), f.model, f.from, f.approve)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(s.stdout, version)
			return err
		},
	}
	command.Flags().StringArrayVar(&f.from, "from", nil, "`PREFIX` of objects in the bucket (default reference/<model>/; repeatable)")
	command.Flags().BoolVar(&f.approve, "approve", false, "approve it and use it from now on")
	return command
}

func (s *shell) baselineList(f *baselineFlags) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the versions", Args: noArguments,
		Example: "  leeway baseline list --bucket ./bucket --model churn",
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := s.known(cmd.Context(), f)
			if err != nil {
				return err
			}
			return s.listBaselines(cmd.Context(), m, f.model)
		},
	}
}

func (s *shell) listBaselines(ctx context.Context, m *monitor.Monitor, model string) error {
	current, damaged := m.DB.Current(ctx, model)
	if damaged != nil && fault.KindOf(damaged) != fault.Invalid {
		return damaged
	}
	all, err := m.DB.Baselines(ctx, model) // those that are sound
	if err != nil {
		return err
	}
	for _, b := range all {
		mark, status := " ", "proposed"
		if b.Version == current {
			mark = "*"
		}
		if b.Approved {
			status = "approved"
		}
		if _, err := fmt.Fprintf(s.stdout, "%s %s  %-8s  %s  %8d rows  %s\n", mark, b.Version, status, b.Created.Format(time.DateOnly), b.Rows, b.Reason); err != nil {
			return err
		}
	}
	return damaged
}

// version is the version named by the arguments, or the current one.
func (s *shell) version(ctx context.Context, m *monitor.Monitor, model string, args []string) (string, error) {
	if len(args) > 0 {
		return args[0], nil
	}
	current, err := m.DB.Current(ctx, model)
	if err == nil && current == "" {
		err = fault.New(fault.NotFound, fmt.Sprintf("model %s has no baseline yet", model), "leeway run makes the first one")
	}
	return current, err
}

func (s *shell) baselineShow(f *baselineFlags) *cobra.Command {
	return &cobra.Command{
		Use: "show [VERSION]", Short: "Show what a baseline holds", Args: arguments(0, 1, "at most one VERSION"),
		Example: "  leeway baseline show --bucket ./bucket --model churn",
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := s.known(cmd.Context(), f)
			if err != nil {
				return err
			}
			version, err := s.version(cmd.Context(), m, f.model, args)
			if err != nil {
				return err
			}
			p, err := baselineProfile(cmd.Context(), m, f.model, version)
			if err != nil {
				return err
			}
			if err := s.showText(p); err != nil {
				return err
			}
			return s.showSeasons(cmd.Context(), m, f.model, version)
		},
	}
}

// showSeasons says what a baseline knows by the hour, the day or the month.
func (s *shell) showSeasons(ctx context.Context, m *monitor.Monitor, model, version string) error {
	b, err := m.DB.Baseline(ctx, model, version)
	if err != nil {
		return err
	}
	for _, season := range b.Seasons {
		differ := "no column differs for certain"
		if len(season.Differ) > 0 {
			differ = "they differ in " + strings.Join(season.Differ, ", ")
		}
		if _, err := fmt.Fprintf(s.stdout, "season %s: %d parts; %s\n", season.Name, len(season.Slots), differ); err != nil {
			return err
		}
	}
	return nil
}

func baselineProfile(ctx context.Context, m *monitor.Monitor, model, version string) (*profile.Dataset, error) {
	if _, err := m.DB.Baseline(ctx, model, version); err != nil {
		return nil, err
	}
	data, err := m.DB.BaselineProfile(ctx, model, version)
	if err != nil {
		return nil, err
	}
	return profile.Decode(data)
}

func (s *shell) baselineApprove(f *baselineFlags) *cobra.Command {
	return &cobra.Command{
		Use: "approve [VERSION]", Short: "Make a version the one that batches are compared with", Args: arguments(0, 1, "at most one VERSION"),
		Example: "  leeway baseline approve --bucket ./bucket --model churn 3f2a9c81d0be",
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := s.known(cmd.Context(), f)
			if err != nil {
				return err
			}
			version, err := s.version(cmd.Context(), m, f.model, args)
			if err != nil {
				return err
			}
			if err := m.DB.Approve(cmd.Context(), f.model, version); err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.stdout, "%s is approved: batches from now on are compared with it\n", version)
			return err
		},
	}
}

func (s *shell) baselineDiff(f *baselineFlags) *cobra.Command {
	command := &cobra.Command{
		Use: "diff OLD [NEW]", Short: "Compare two versions", Args: arguments(1, 2, "one or two VERSIONs"),
		Example: "  leeway baseline diff --bucket ./bucket --model churn 3f2a9c81d0be 77aa01c2d3e4",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("--output", f.output, outputs); err != nil {
				return err
			}
			m, err := s.known(cmd.Context(), f)
			if err != nil {
				return err
			}
			newer, err := s.version(cmd.Context(), m, f.model, args[1:])
			if err != nil {
				return err
			}
			r, err := m.DiffBaselines(cmd.Context(), f.model, args[0], newer)
			if err != nil {
				return err
			}
			return s.emit("", func(w io.Writer) error { return render(w, r, f.output, true) })
		},
	}
	command.Flags().StringVarP(&f.output, "output", "o", "text", "form of the report: "+strings.Join(outputs, ", "))
	return command
}

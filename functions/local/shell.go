package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"leeway/core/fault"
	"leeway/core/report"
)

// Exit codes, as promised to scripts.
const (
	exitOK      = 0
	exitError   = 1 // an error, or verdict invalid
	exitUsage   = 2
	exitAlert   = 3
	exitUnknown = 4
)

// shell is what a command needs from the outside: three streams. Data goes to
// stdout; progress, assumptions and errors go to stderr.
type shell struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// outcome is an exit code that is no error: a verdict.
type outcome int

func (o outcome) Error() string { return fmt.Sprintf("exit %d", int(o)) }

// usage is an error in how the command was called.
type usage struct{ text string }

func (u usage) Error() string { return u.text }

func (s *shell) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "leeway",
		Short: "Model monitoring whose alarms are true",
		Long: "leeway watches machine-learning models through their prediction logs: it profiles\n" +
			"each batch, compares it with the model's baseline and says what changed.",
		Example: "  leeway check --reference train.csv --current today.csv\n" +
			"  leeway demo",
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetIn(s.stdin)
	root.SetOut(s.stdout)
	root.SetErr(s.stderr)
	root.SetFlagErrorFunc(flagError)
	root.SetVersionTemplate("leeway {{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(
		s.checkCommand(), s.initCommand(), s.importCommand(), s.lintCommand(), s.profileCommand(),
		s.runCommand(), s.serveCommand(), s.baselineCommand(), s.backtestCommand(), s.retrainCommand(), s.explainCommand(),
		s.doctorCommand(), s.costCommand(), s.demoCommand(), s.schemaCommand(), s.versionCommand(),
	)
	strict(root)
	return root
}

// strict makes cobra's own commands refuse what they do not know, as ours do.
func strict(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, command := range root.Commands() {
		switch command.Name() {
		case "completion":
			var shells []string
			for _, one := range command.Commands() {
				shells = append(shells, one.Name())
				one.Args = noArguments
			}
			command.Args = func(_ *cobra.Command, args []string) error {
				if len(args) > 0 {
					return oneOf("completion", args[0], shells)
				}
				return nil
			}
			command.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		case "help":
			command.Args = func(cmd *cobra.Command, args []string) error {
				if found, _, err := root.Find(args); err != nil || found == root && len(args) > 0 {
					return unknownCommand(root, args[0])
				}
				return nil
			}
		}
	}
}

// exit prints what is to be said of err and turns it into an exit code.
func (s *shell) exit(err error) int {
	var verdict outcome
	var wrong usage
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &verdict):
		return int(verdict)
	case errors.As(err, &wrong):
		s.say("%s", wrong.text)
		return exitUsage
	case errors.Is(err, context.Canceled):
		s.say("interrupted")
		return exitError
	}
	for _, one := range fault.Split(err) {
		s.say("%v", one)
	}
	return exitError
}

// abandoned does work that does not look at the context, and leaves it where it
// is when the context ends: it only reads, and the process ends with it.
func abandoned(ctx context.Context, work func() error) error {
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// say prints one line on stderr in the command's name.
func (s *shell) say(format string, args ...any) {
	line := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " ")
	fmt.Fprintf(s.stderr, "leeway: %s\n", line)
}

func unknownCommand(root *cobra.Command, name string) error {
	var names []string
	for _, command := range root.Commands() {
		names = append(names, command.Name())
	}
	return usage{fmt.Sprintf("unknown command %q%s", name, didYouMean(fault.Nearest(name, names), "leeway --help lists the commands"))}
}

// helpOnNothing refuses to show the help of a command that there is not: cobra
// shows that of leeway.
func helpOnNothing(root *cobra.Command, args []string) error {
	if !slices.Contains(args, "--help") && !slices.Contains(args, "-h") {
		return nil
	}
	found, rest, err := root.Find(args)
	if err != nil || found != root {
		return nil // cobra tells, or there is help
	}
	if at := slices.IndexFunc(rest, func(arg string) bool { return !strings.HasPrefix(arg, "-") }); at >= 0 {
		return unknownCommand(root, rest[at])
	}
	return nil
}

var unknownFlag = regexp.MustCompile(`^unknown (?:shorthand )?flag: (?:'.' in )?-*([\w-]+)`)

func flagError(cmd *cobra.Command, err error) error {
	found := unknownFlag.FindStringSubmatch(err.Error())
	if found == nil {
		return usage{fmt.Sprintf("%v: %s --help shows how", err, cmd.CommandPath())}
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	nearest := fault.Nearest(found[1], names)
	if nearest != "" {
		nearest = "--" + nearest
	}
	dashes := "--"
	if len(found[1]) == 1 {
		dashes = "-"
	}
	return usage{fmt.Sprintf("unknown flag %s%s%s", dashes, found[1], didYouMean(nearest, cmd.CommandPath()+" --help lists the flags"))}
}

func didYouMean(nearest, otherwise string) string {
	if nearest == "" {
		return ": " + otherwise
	}
	return fmt.Sprintf(": did you mean %s?", nearest)
}

// noArguments refuses arguments where a command takes none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage{fmt.Sprintf("%s takes no argument %q: %s --help shows how", cmd.Name(), args[0], cmd.CommandPath())}
	}
	return nil
}

// arguments asks for between low and high arguments (high < 0: any number).
func arguments(low, high int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < low || high >= 0 && len(args) > high {
			return usage{fmt.Sprintf("%s needs %s: %s --help shows how", cmd.Name(), what, cmd.CommandPath())}
		}
		return nil
	}
}

// colourful tells whether w is a terminal that wants colour.
func colourful(w io.Writer) bool { return terminal(w) && os.Getenv("NO_COLOR") == "" }

// failOn is the --fail-on flag: which verdicts make the exit code non-zero.
type failOn string

func (f failOn) check() error {
	switch f {
	case "warn", "alert", "never":
		return nil
	}
	return usage{fmt.Sprintf("--fail-on %s: choose warn, alert or never", string(f))}
}

// code turns a verdict into an exit code under the flag.
func (f failOn) code(v report.Verdict) error {
	switch {
	case v == report.Invalid:
		return outcome(exitError)
	case f == "never":
		return nil
	case v == report.Alert, v == report.Warn && f == "warn":
		return outcome(exitAlert)
	case v == report.Unknown:
		return outcome(exitUnknown)
	}
	return nil
}

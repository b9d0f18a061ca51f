package main

import (
	"context"
	"errors"
	"net"
	"os"

	"github.com/spf13/cobra"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/functions/internal/demo"
	"leeway/infra/local/filestore"
)

type demoFlags struct {
	once           bool
	bucket, listen string
}

func (s *shell) demoCommand() *cobra.Command {
	var f demoFlags
	command := &cobra.Command{
		Use:   "demo",
		Short: "Process a generated month with known incidents, then serve it",
		Long: "demo fills a folder with a month of generated logs of a fraud model, with incidents\n" +
			"as models meet them and labels that come five days late, processes it and serves\n" +
			"the result until Ctrl-C.",
		Example: "  leeway demo\n  leeway demo --once --bucket ./demo-bucket",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := s.demo(cmd.Context(), &f)
			if cmd.Context().Err() != nil { // Ctrl-C is how a demo ends
				return nil
			}
			return err
		},
	}
	flags := command.Flags()
	flags.BoolVar(&f.once, "once", false, "exit after processing")
	flags.StringVar(&f.bucket, "bucket", "", "`DIR` to fill and process (default: a temporary one, removed at the end)")
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8080", "`ADDRESS` to serve on; if it is taken, a free port")
	return command
}

func (s *shell) demo(ctx context.Context, f *demoFlags) error {
	if f.bucket == "" {
		folder, err := os.MkdirTemp("", "leeway-demo-")
		if err != nil {
			return pathError(os.TempDir(), err)
		}
		defer os.RemoveAll(folder)
		f.bucket = folder
	}
	if err := os.MkdirAll(f.bucket, 0o755); err != nil {
		return pathError(f.bucket, err)
	}
	store, err := filestore.Open(f.bucket)
	if err != nil {
		return fault.In(f.bucket, err)
	}
	s.say("generating a month of logs in %s", f.bucket)
	if err := demo.Write(ctx, store); err != nil {
		return err
	}
	pipeline, err := s.openBucket(f.bucket)
	if err != nil {
		return err
	}
	pipeline.Observe = nil
	var unlisted error
	err = pipeline.RunAll(ctx, func(r *monitor.Result) { unlisted = errors.Join(unlisted, s.list(r, "text")) })
	if err = errors.Join(err, unlisted); err != nil {
		return err
	}
	s.tellStory()
	if f.once {
		return nil
	}
	return s.serveDemo(ctx, pipeline, f)
}

// tellStory says what really happened, to hold against what was found.
func (s *shell) tellStory() {
	s.say("what was put into the month of %s:", demo.First.Format("January 2006"))
	for _, incident := range demo.Incidents {
		s.say("  day %2d to %2d: %s", incident.From, incident.To, incident.What)
	}
}

func (s *shell) serveDemo(ctx context.Context, pipeline *monitor.Monitor, f *demoFlags) error {
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return &fault.Error{Kind: fault.Unavailable, Object: f.listen, Err: err, Hint: "choose another --listen address"}
		}
	}
	s.say("Ctrl-C ends it")
	return s.serveOn(ctx, pipeline, listener, f.bucket, "")
}

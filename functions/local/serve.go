package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"leeway/core/check/all"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/functions/internal/httpapi"
	"leeway/infra/prometheus"
)

type serveFlags struct{ bucket, listen, tokenFile string }

func (s *shell) serveCommand() *cobra.Command {
	var f serveFlags
	command := &cobra.Command{
		Use:   "serve --bucket DIR",
		Short: "Watch a bucket, with dashboard, API and /metrics",
		Long: "serve does what run does, continuously: a file copied under logs/<model>/ is processed\n" +
			"at once. It serves a dashboard, an HTTP API and Prometheus metrics. Writing through\n" +
			"the API needs a token (--token-file) unless the listener is on loopback.",
		Example: "  leeway serve --bucket ./bucket --listen 127.0.0.1:8080",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return s.serve(cmd.Context(), &f) },
	}
	flags := command.Flags()
	flags.StringVar(&f.bucket, "bucket", "", "`DIR` that holds logs/, reference/, config/ and state/")
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8080", "`ADDRESS` to listen on; port 0 picks one")
	flags.StringVar(&f.tokenFile, "token-file", "", "`FILE` with the bearer token that writing needs")
	return command
}

// settle is for how long a file must have been left alone before it is read.
// The first report on a file is promised within two seconds, and a baseline
// waits twice as long.
const settle = 600 * time.Millisecond

// sweep is how often the bucket is looked through without a notification: for
// file systems that have none, and for what a notification missed.
const sweep = time.Second

func (s *shell) serve(ctx context.Context, f *serveFlags) error {
	pipeline, err := s.openBucket(f.bucket)
	if err != nil {
		return err
	}
	token, err := readToken(f.tokenFile)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Object: f.listen, Err: why(err), Hint: "choose another --listen address; port 0 picks a free one"}
	}
	if err := s.tellStrays(ctx, pipeline, f.bucket); err != nil {
		return err
	}
	return s.serveOn(ctx, pipeline, listener, f.bucket, token)
}

// why is what is wrong with an address, which the error names already.
func why(err error) error {
	var known *net.OpError
	var address *net.AddrError
	var system *os.SyscallError
	switch {
	case errors.As(err, &address):
		return errors.New(address.Err)
	case errors.As(err, &system):
		return system.Err
	case errors.As(err, &known):
		return known.Err
	}
	return err
}

// serveOn watches and answers until the context ends; that is a clean end.
func (s *shell) serveOn(ctx context.Context, pipeline *monitor.Monitor, listener net.Listener, bucket, token string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	wake := make(chan struct{}, 1)
	notify := func() {
		select {
		case wake <- struct{}{}:
		default: // one is waiting already
		}
	}
	pipeline.Settle = settle
	runs := record(pipeline)
	handler := httpapi.New(&httpapi.Options{
		DB: pipeline.DB, Data: pipeline.Data, Notify: notify, Token: token, Version: version,
		Loopback: loopback(listener.Addr()), Metrics: all.Metrics(), Runs: runs, Now: time.Now, Trouble: pipeline.Trouble,
		Labels: pipeline.CheckLabels,
	})
	server := httpapi.Server(handler)
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(listener) }()
	go func() { failed <- watch(ctx, bucket, notify) }()
	go func() { failed <- pipeline.Serve(ctx, wake, sweep) }()
	s.say("listening on http://%s", listener.Addr())
	var err error
	for range 3 {
		if one := <-failed; err == nil && ctx.Err() == nil {
			err = one
		}
		stop()
		shutdown(server)
	}
	return err
}

// record notes for /metrics what each model's last batch took.
func record(pipeline *monitor.Monitor) *prometheus.Runs {
	runs, observe := &prometheus.Runs{}, pipeline.Observe
	pipeline.Observe = func(e monitor.Event) {
		if e.Object != "" {
			runs.Record(e.Model, prometheus.Run{Seconds: e.Duration.Seconds(), Bytes: e.Bytes})
		}
		if observe != nil {
			observe(e)
		}
	}
	return runs
}

// shutdown lets answers under way finish, for a moment.
func shutdown(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		server.Close()
	}
}

func loopback(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

func readToken(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return "", pathError(name, err)
	}
	token := string(bytes.TrimSpace(data))
	if len(token) < 16 {
		return "", &fault.Error{Kind: fault.Invalid, Object: name, Err: errors.New("the token is shorter than 16 characters"), Hint: "write a long random one, for example from openssl rand -hex 32"}
	}
	return token, nil
}

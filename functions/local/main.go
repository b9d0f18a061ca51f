// Command leeway monitors machine-learning models from their prediction logs:
// it profiles batches, compares them with a baseline and says what changed.
//
// This is the shell for a laptop or a server: a folder is the bucket. The
// files beside this one are the commands, one each.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	collectLate()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends what does not end by itself
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole command: everything that it reads and writes comes in, and
// the exit code goes out.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	shell := &shell{stdin: stdin, stdout: stdout, stderr: stderr}
	root := shell.root()
	root.SetArgs(args)
	if err := helpOnNothing(root, args); err != nil {
		return shell.exit(err)
	}
	return shell.exit(root.ExecuteContext(ctx))
}

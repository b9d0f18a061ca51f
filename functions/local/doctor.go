package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"leeway/core/fault"
	"leeway/functions/internal/doctor"
)

func (s *shell) doctorCommand() *cobra.Command {
	var bucket string
	var at deployed
	command := &cobra.Command{
		Use:   "doctor [--bucket DIR | --cloud aws]",
		Short: "Check versions, permissions, clocks and configurations",
		Long: "doctor looks for what would go wrong later and says what to do about each thing. It\n" +
			"reads all of the state: what is damaged is noted, and the next run makes it again.\n\n" +
			"With --cloud aws the function that is deployed there examines itself, with the\n" +
			"permissions that it has, and what it finds is printed. Who calls needs\n" +
			"lambda:InvokeFunction; credentials and region come from the environment, else from\n" +
			"AWS's own command line.",
		Example: "  leeway doctor --bucket ./bucket\n" +
			"  leeway doctor --cloud aws --function leeway --region eu-west-1",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if at.cloud == "" {
				for _, name := range []string{"function", "region"} {
					if cmd.Flags().Changed(name) {
						return usage{"--" + name + " is of a function in a cloud: give --cloud aws as well"}
					}
				}
				return s.doctor(cmd.Context(), bucket)
			}
			if err := oneOf("--cloud", at.cloud, []string{"aws"}); err != nil {
				return err
			}
			if bucket != "" {
				return usage{"--bucket is a folder here, and --cloud asks a function: give one of them"}
			}
			return s.remote(cmd.Context(), &at)
		},
	}
	command.Flags().StringVar(&bucket, "bucket", "", "`DIR` of the bucket to look at")
	command.Flags().StringVar(&at.cloud, "cloud", "", "have a function examine itself: aws")
	command.Flags().StringVar(&at.function, "function", "leeway", "`NAME` or ARN of the function")
	command.Flags().StringVar(&at.region, "region", "", "`REGION` that it is in; else AWS_REGION")
	return command
}

// examination collects what doctor finds.
type examination struct {
	*shell
	troubled bool
}

func (e *examination) fine(what, detail string) {
	fmt.Fprintf(e.stdout, "ok    %-14s %s\n", what, detail)
}

func (e *examination) trouble(what string, err error) {
	e.troubled = true
	text := "wrong"
	for _, one := range fault.Split(err) {
		fmt.Fprintf(e.stdout, "%-5s %-14s %v\n", text, what, one)
	}
}

func (e *examination) check(what, detail string, err error) bool {
	if err != nil {
		e.trouble(what, err)
		return false
	}
	e.fine(what, detail)
	return true
}

func (s *shell) doctor(ctx context.Context, bucket string) error {
	e := &examination{shell: s}
	e.fine("leeway", fmt.Sprintf("%s, %s %s/%s, %d cores", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU()))
	if bucket != "" {
		e.bucket(ctx, bucket)
	}
	if e.troubled {
		return outcome(exitError)
	}
	return nil
}

func (e *examination) bucket(ctx context.Context, dir string) {
	pipeline, err := e.openBucket(dir)
	if !e.check("bucket", dir, err) {
		return
	}
	d := &doctor.Doctor{
		Monitor: pipeline, State: pipeline.Data, Tell: func(what, detail string, err error) { e.check(what, detail, err) },
		Store: "use a local POSIX file system for the bucket", Approve: "leeway baseline approve --bucket DIR --model %s",
	}
	d.Reading(ctx)
	d.Writing(ctx)
	e.check("space", "free space on the file system", space(dir))
	left, err := strays(ctx, pipeline, dir)
	e.check("placement", "everything under logs/, labels/ and reference/ belongs to a model", errors.Join(append(left, err)...))
	d.Models(ctx)
}

// space makes sure that a mebibyte can really be written.
func space(dir string) error {
	file, err := os.CreateTemp(filepath.Join(dir), ".leeway-doctor-*")
	if err != nil {
		return pathError(dir, err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(make([]byte, 1<<20))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return &fault.Error{Kind: fault.Exhausted, Object: dir, Err: err, Hint: "free some space"}
	}
	return nil
}

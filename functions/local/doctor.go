package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report/plain"
	"leeway/core/state"
)

func (s *shell) doctorCommand() *cobra.Command {
	var bucket string
	command := &cobra.Command{
		Use:   "doctor [--bucket DIR]",
		Short: "Check versions, permissions, clocks and configurations",
		Long: "doctor looks for what would go wrong later and says what to do about each thing. It\n" +
			"reads all of the state: what is damaged is noted, and the next run makes it again.",
		Example: "  leeway doctor --bucket ./bucket",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return s.doctor(cmd.Context(), bucket) },
	}
	command.Flags().StringVar(&bucket, "bucket", "", "`DIR` of the bucket to look at")
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
	e.check("reading", "logs/, reference/ and config/ can be listed", readable(ctx, pipeline.Data))
	written, err := e.writable(ctx, pipeline.Data)
	if e.check("writing", "state/ takes create-if-absent and compare-and-swap", err) {
		e.check("clock", "the file system's clock agrees with the system's", skew(written, time.Now()))
	}
	e.check("space", "free space on the file system", space(dir))
	left, err := strays(ctx, pipeline, dir)
	e.check("placement", "everything under logs/, labels/ and reference/ belongs to a model", errors.Join(append(left, err)...))
	names, err := pipeline.DB.Models(ctx)
	if !e.check("models", fmt.Sprintf("%d: %s", len(names), strings.Join(names, ", ")), err) {
		return
	}
	for _, name := range names {
		e.model(ctx, pipeline, name)
		e.state(ctx, pipeline, name)
	}
}

// state reads all that is stored of a model. What is damaged is noted, so that
// the next run makes it again; what was noted stays until somebody has seen it.
func (e *examination) state(ctx context.Context, m *monitor.Monitor, name string) {
	found, err := m.DB.Inspect(ctx, name, "")
	for _, damage := range found {
		_, failed := m.DB.SetAside(ctx, name, damage)
		err = errors.Join(err, failed)
	}
	noted, failed := m.DB.Quarantines(ctx, name)
	err = errors.Join(err, failed)
	for _, one := range noted {
		if one.Reason == state.ReasonDamaged {
			err = errors.Join(err, &fault.Error{Kind: fault.Invalid, Object: one.Key, Err: errors.New(one.Error), Hint: one.Hint})
		}
	}
	if e.check(name, "all of its state can be read", err) {
		e.dropped(ctx, m, name)
	}
}

// dropped says what is not there on purpose.
func (e *examination) dropped(ctx context.Context, m *monitor.Monitor, name string) {
	gone, err := m.DB.Dropped(ctx, name)
	if err != nil {
		e.trouble(name, err)
		return
	}
	var lines []string
	windows, files := gone.Count()
	if windows > 0 {
		lines = append(lines, "the predictions of "+plain.Plural(int64(windows), "window", "windows"))
	}
	if files > 0 {
		lines = append(lines, "the labels of "+plain.Plural(int64(files), "file", "files"))
	}
	if len(lines) > 0 {
		e.fine(name, "deleted since they were old (retain): "+strings.Join(lines, ", ")+"; that is no damage")
	}
}

func readable(ctx context.Context, store state.Store) error {
	for _, prefix := range []string{"logs/", "reference/", "config/"} {
		for _, err := range store.List(ctx, prefix) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// probe is an object that doctor writes and removes.
const probe = "state/.doctor"

// writable tries the operations that the state relies on, for real.
func (e *examination) writable(ctx context.Context, store state.Store) (time.Time, error) {
	if err := store.Delete(ctx, probe); err != nil {
		return time.Time{}, err
	}
	info, err := store.Put(ctx, probe, strings.NewReader("one"), &state.PutOptions{IfAbsent: true})
	if err != nil {
		return time.Time{}, err
	}
	defer func() { _ = store.Delete(ctx, probe) }() // the next doctor removes it if this one could not
	if _, err := store.Put(ctx, probe, strings.NewReader("two"), &state.PutOptions{IfAbsent: true}); fault.KindOf(err) != fault.Conflict {
		return info.Modified, fault.New(fault.Internal, "a second create-if-absent was accepted", "use a local POSIX file system for the bucket")
	}
	if _, err := store.Put(ctx, probe, strings.NewReader("three"), &state.PutOptions{IfMatch: info.ETag}); err != nil {
		return info.Modified, err
	}
	if _, err := store.Put(ctx, probe, strings.NewReader("four"), &state.PutOptions{IfMatch: info.ETag}); fault.KindOf(err) != fault.Conflict {
		return info.Modified, fault.New(fault.Internal, "a stale compare-and-swap was accepted", "use a local POSIX file system for the bucket")
	}
	return info.Modified, nil
}

func skew(written, now time.Time) error {
	if off := now.Sub(written).Abs(); off > time.Minute {
		return fault.New(fault.Invalid, fmt.Sprintf("the file system's clock is off by %v", off.Round(time.Second)), "synchronise the clocks: windows and claims go by them")
	}
	return nil
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

func (e *examination) model(ctx context.Context, m *monitor.Monitor, name string) {
	key := monitor.ConfigKey(name)
	object, err := m.Data.Open(ctx, key)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		e.fine(name, "no "+key+": defaults and inference (leeway init writes one)")
	case err != nil:
		e.trouble(name, err)
		return
	default:
		defer object.Close()
		data, err := io.ReadAll(io.NewSectionReader(object, 0, object.Info().Size))
		if err == nil {
			_, err = monitor.Names().Parse(data, key)
		}
		e.check(name, key, err)
	}
	version, err := m.DB.Current(ctx, name)
	switch {
	case err != nil:
		e.trouble(name, err)
	case version == "":
		e.fine(name, "no baseline yet: leeway run makes the first one")
	default:
		stored, err := m.DB.Baseline(ctx, name, version)
		if err == nil && !stored.Approved {
			err = fault.New(fault.Invalid, "the baseline "+version+" is only proposed", "leeway baseline approve --bucket DIR --model "+name)
		}
		e.check(name, "baseline "+version+", approved", err)
	}
}

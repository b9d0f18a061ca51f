package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/state"
)

// These tests do to the real command what happens to it in the field: it is
// killed at any instant, run twice at once, given a file twice, a file that is
// rewritten, a full disk, no permission, a clock that was set back. No batch
// may be lost, none counted twice, and the next run heals.

const batchDays = 6

// batchRows is how many rows a day has: fewer where the race detector runs.
func batchRows() int {
	if testing.Short() {
		return 600
	}
	return 3000
}

// table is a day of prediction logs; seed makes it another day's.
func table(day, rows int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 7))
	var b strings.Builder
	b.WriteString("id,timestamp,amount,channel,prediction\n")
	for i := range rows {
		fmt.Fprintf(&b, "u%d-%d,2026-10-%02dT%02d:%02d:00Z,%.2f,%s,%d\n", seed, i, day, i%24, i%60,
			80+20*r.NormFloat64(), []string{"web", "shop", "app"}[r.IntN(3)], r.IntN(2))
	}
	return b.String()
}

// drop writes a file of the bucket as if it had been written at a fixed time,
// so that two buckets are the same to the byte.
func drop(t *testing.T, bucket, key, text string) {
	t.Helper()
	path := filepath.Join(bucket, filepath.FromSlash(key))
	written := time.Date(2026, 10, 20, 0, 0, len(text)%60, 0, time.UTC)
	err := errors.Join(
		os.MkdirAll(filepath.Dir(path), 0o755),
		os.WriteFile(path, []byte(text), 0o644),
		os.Chtimes(path, written, written),
	)
	if err != nil {
		t.Fatal(err)
	}
}

func fill(t *testing.T, bucket string) string {
	t.Helper()
	drop(t, bucket, "reference/m/reference.csv", table(1, batchRows(), 100))
	for day := 1; day <= batchDays; day++ {
		drop(t, bucket, fmt.Sprintf("logs/m/day-%d.csv", day), table(day, batchRows(), uint64(day)))
	}
	drop(t, bucket, "logs/m/broken.parquet", "PAR1 and then nothing of the kind PAR1")
	return bucket
}

// leeway is the command as a process of its own.
func leeway(arguments ...string) (*exec.Cmd, *bytes.Buffer) {
	command := exec.Command("leeway", arguments...)
	said := &bytes.Buffer{}
	command.Stderr = said
	return command, said
}

// mustRun runs the command to its end: 0, or 1 for the broken file, or 3 for
// an alert.
func mustRun(t *testing.T, bucket string) {
	t.Helper()
	command, said := leeway("run", "--bucket", bucket)
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1 && exit.ExitCode() != 3) {
		t.Fatalf("%v: %s", err, said)
	}
	if text := said.String(); strings.Contains(text, "panic") || strings.Contains(text, "goroutine ") {
		t.Fatalf("a panic: %s", text)
	}
}

// stored is every file that the command keeps for good, and its bytes.
func stored(t *testing.T, bucket string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, folder := range []string{"state", "quarantine"} {
		root := filepath.Join(bucket, folder)
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			all[strings.TrimPrefix(path, bucket+string(filepath.Separator))] = string(data)
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return all
}

// counted is the number of rows in the newest report of each window.
func counted(t *testing.T, bucket string) map[string]int64 {
	t.Helper()
	rows := map[string]int64{}
	paths, err := filepath.Glob(filepath.Join(bucket, "state/m/history/*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		var summary state.Summary
		if err == nil {
			err = json.Unmarshal(data, &summary)
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if summary.Rows > 0 {
			rows[summary.Window.Start.Format("02")] = summary.Rows
		}
	}
	return rows
}

func wantSame(t *testing.T, what string, want, got map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s: the state is another (-want +got):\n%.4000s", what, diff)
	}
}

func wantRows(t *testing.T, bucket string, want map[string]int64) {
	t.Helper()
	if diff := cmp.Diff(want, counted(t, bucket)); diff != "" {
		t.Errorf("rows by day (-want +got):\n%s", diff)
	}
}

func everyDay() map[string]int64 {
	rows := map[string]int64{}
	for day := 1; day <= batchDays; day++ {
		rows[fmt.Sprintf("%02d", day)] = int64(batchRows())
	}
	return rows
}

func TestKilledAtAnyInstant(t *testing.T) {
	undisturbed := fill(t, t.TempDir())
	begun := time.Now()
	mustRun(t, undisturbed)
	usual := time.Since(begun)
	want := stored(t, undisturbed)
	wantRows(t, undisturbed, everyDay())
	mustRun(t, undisturbed)
	wantSame(t, "a second run", want, stored(t, undisturbed))

	tries, random := 5, rand.New(rand.NewPCG(3, 5))
	if testing.Short() {
		tries = 1
	}
	for range tries {
		bucket := fill(t, t.TempDir())
		for range 5 {
			killed(t, bucket, time.Duration(random.Float64()*float64(usual)))
		}
		mustRun(t, bucket)
		wantSame(t, "after five kills", want, stored(t, bucket))
	}
}

// killed runs the command and kills it after a time, wherever it has come to.
func killed(t *testing.T, bucket string, after time.Duration) {
	t.Helper()
	command, _ := leeway("run", "--bucket", bucket)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	if err := command.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	_ = command.Wait() // it was killed
}

func TestSeveralAtOnce(t *testing.T) {
	alone, together := fill(t, t.TempDir()), fill(t, t.TempDir())
	mustRun(t, alone)
	var commands []*exec.Cmd
	var said []*bytes.Buffer
	for range 3 {
		command, text := leeway("run", "--bucket", together)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		commands, said = append(commands, command), append(said, text)
	}
	for i, command := range commands {
		err := command.Wait()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1 && exit.ExitCode() != 3) {
			t.Errorf("%v: %s", err, said[i])
		}
	}
	wantSame(t, "three at once", stored(t, alone), stored(t, together))
}

func TestDeliveredTwiceAndRewritten(t *testing.T) {
	bucket := fill(t, t.TempDir())
	drop(t, bucket, "logs/m/again/day-2.csv", table(2, batchRows(), 2))
	mustRun(t, bucket)
	want := everyDay()
	wantRows(t, bucket, want)

	drop(t, bucket, "logs/m/day-3.csv", table(3, 1000, 33)) // rewritten, shorter
	drop(t, bucket, "logs/m/day-4.csv", table(9, 500, 44))  // rewritten, all rows of another day
	drop(t, bucket, "logs/m/late.csv", table(5, 700, 55))   // late rows of a day that has a report
	mustRun(t, bucket)
	want["03"], want["09"], want["05"] = 1000, 500, int64(batchRows())+700
	delete(want, "04")
	wantRows(t, bucket, want)

	before := stored(t, bucket)
	for _, key := range []string{"logs/m/day-1.csv", "logs/m/day-2.csv"} { // old logs are deleted to save space
		if err := os.Remove(filepath.Join(bucket, key)); err != nil {
			t.Fatal(err)
		}
	}
	mustRun(t, bucket)
	wantSame(t, "after logs were deleted", before, stored(t, bucket))
}

// TestClockSetBack leaves claims of a process whose clock was ten years ahead,
// and files from the future: the work is done all the same.
func TestClockSetBack(t *testing.T) {
	usual, bucket := fill(t, t.TempDir()), fill(t, t.TempDir())
	mustRun(t, usual)
	command, _ := leeway("run", "--bucket", bucket)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait() // it is killed
		close(ended)
	}()
	for looking := true; looking; { // as soon as it holds a claim
		select {
		case <-ended:
			looking = false
		case <-time.After(time.Millisecond):
			held, err := filepath.Glob(filepath.Join(bucket, "claims/m/*"))
			looking = err == nil && len(held) == 0
		}
	}
	_ = command.Process.Kill() // it may have ended already
	<-ended
	held, err := filepath.Glob(filepath.Join(bucket, "claims/m/*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range held {
		if err := os.WriteFile(path, []byte(`{"expires":"2099-01-01T00:00:00Z"}`), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d claims until 2099", len(held))
	mustRun(t, bucket)
	wantSame(t, "with claims from the future", stored(t, usual), stored(t, bucket))
}

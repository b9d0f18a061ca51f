// Command bench times leeway as whole processes on a generated table of a
// million rows and 20 columns, beside whatever peers the Python interpreter in
// $PYTHON has (DuckDB, polars, Evidently). All take turns, the minimum of the
// turns counts, and the ratios are what to read: absolute figures belong to
// the machine.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"
)

func main() {
	rows := flag.Int("rows", 1_000_000, "rows of the generated table")
	turns := flag.Int("turns", 3, "how often each command runs; the fastest counts")
	folder := flag.String("dir", ".cache/bench", "where the inputs are kept")
	binary := flag.String("leeway", "bin/leeway", "the binary to time")
	flag.Parse()
	if err := run(*binary, *folder, *rows, *turns); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// task is a command to time. Ratios are taken within a group, to its first task.
type task struct {
	group, name string
	input       string // the file whose bytes count, "" for none
	command     []string
}

// timing is the best turn of a task.
type timing struct {
	cpu, wall time.Duration
	peak      int64 // bytes
}

func run(binary, folder string, rows, turns int) error {
	files, err := generate(folder, rows)
	if err != nil {
		return err
	}
	tasks := append(ours(binary, folder, files), peers(files)...)
	best := make([]timing, len(tasks))
	for turn := range turns {
		for i, t := range tasks {
			got, err := measure(t.command)
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			if turn == 0 || got.cpu < best[i].cpu {
				best[i] = got
			}
		}
	}
	return show(tasks, best)
}

func ours(binary, folder string, files inputs) []task {
	profile := func(name, path string) task {
		return task{"profile", "leeway profile " + name, path, []string{binary, "profile", path, "-o", filepath.Join(folder, "out.profile")}}
	}
	return []task{
		{"start", "leeway version", "", []string{binary, "version"}},
		{"small", "leeway check, 10,000 rows", files.small, []string{binary, "check", "--fail-on", "never", "--reference", files.smallReference, "--current", files.small, "--output", "json"}},
		profile("csv", files.csv), profile("csv.gz", files.gzip), profile("jsonl", files.jsonl), profile("parquet", files.parquet),
		{"check", "leeway check, two files", files.csv, []string{binary, "check", "--fail-on", "never", "--reference", files.reference, "--current", files.csv, "--output", "json"}},
	}
}

// peers lists a task for each peer whose module the interpreter finds.
func peers(files inputs) []task {
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	var found []task
	add := func(module, group, script string, arguments ...string) {
		if exec.Command(python, "-c", "import "+module).Run() != nil {
			fmt.Fprintf(os.Stderr, "bench: %s is not installed for %s: left out\n", module, python)
			return
		}
		found = append(found, task{group, script, arguments[len(arguments)-1], append([]string{python, filepath.Join("scripts/bench/peers", script)}, arguments...)})
	}
	add("duckdb", "profile", "duckdb_aggregates.py", files.csv)
	add("duckdb", "profile", "duckdb_summarize.py", files.csv)
	add("polars", "profile", "polars_describe.py", files.csv)
	add("evidently", "check", "evidently_preset.py", files.reference, files.csv)
	return found
}

func measure(command []string) (timing, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "OMP_NUM_THREADS=1", "POLARS_MAX_THREADS=1")
	var errors strings.Builder
	cmd.Stderr = &errors
	start := time.Now()
	if err := cmd.Run(); err != nil && !verdict(err) {
		return timing{}, fmt.Errorf("%w: %s", err, lastLine(errors.String()))
	}
	state := cmd.ProcessState
	return timing{state.UserTime() + state.SystemTime(), time.Since(start), peakOf(state)}, nil
}

// verdict tells whether an error is only leeway's exit code for unknown.
func verdict(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == 4
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func show(tasks []task, best []timing) error {
	fmt.Printf("%s/%s, %d cores, one thread each; CPU is user + system\n\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "task\tCPU s\twall s\tMB/s\tpeak MiB\tCPU, ratio to leeway\t")
	first := map[string]time.Duration{}
	for i, t := range tasks {
		if _, known := first[t.group]; !known {
			first[t.group] = best[i].cpu
		}
		rate := "-"
		if info, err := os.Stat(t.input); err == nil {
			rate = fmt.Sprintf("%.0f", float64(info.Size())/1e6/best[i].cpu.Seconds())
		}
		fmt.Fprintf(w, "%s\t%.3f\t%.3f\t%s\t%.0f\t%.2f\t\n", t.name, best[i].cpu.Seconds(), best[i].wall.Seconds(), rate,
			float64(best[i].peak)/(1<<20), best[i].cpu.Seconds()/first[t.group].Seconds())
	}
	return w.Flush()
}

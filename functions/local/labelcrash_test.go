package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/state"
)

// scored is a day of scores and, by id, what came true.
func scored(day, rows int, labelled bool) (log string, labels []string) {
	r := rand.New(rand.NewPCG(uint64(day), 70))
	var b strings.Builder
	b.WriteString("id,timestamp,score" + map[bool]string{true: ",label"}[labelled] + "\n")
	for i := range rows {
		score, label := r.Float64(), 0
		if r.Float64() < score {
			label = 1
		}
		fmt.Fprintf(&b, "s%d-%d,2026-10-%02dT%02d:00:00Z,%.3f", day, i, day, i%24, score)
		if labelled {
			fmt.Fprintf(&b, ",%d", label)
		}
		b.WriteByte('\n')
		labels = append(labels, fmt.Sprintf("s%d-%d,%d", day, i, label))
	}
	return b.String(), labels
}

const scoredRows = 400

// fillScored is a bucket of a model with scores, and the label files to come: those
// of three days in three files, some twice, some corrected by the last.
func fillScored(t *testing.T) (bucket string, files map[string]string) {
	t.Helper()
	bucket = t.TempDir()
	reference, _ := scored(1, 2000, true)
	drop(t, bucket, "reference/m/reference.csv", reference)
	drop(t, bucket, "config/m.yaml", "task: binary\npositive: \"1\"\nlabels: {version: n, horizon: 90d}\nretain: {ledger: 200d, labels: 400d}\n")
	files = map[string]string{}
	var all []string
	for day := 2; day <= 4; day++ {
		log, labels := scored(day, scoredRows, false)
		drop(t, bucket, fmt.Sprintf("logs/m/day-%d.csv", day), log)
		all = append(all, labels...)
	}
	write := func(name string, version int, lines []string, wrong bool) {
		var b strings.Builder
		b.WriteString("id,label,n\n")
		for _, line := range lines {
			if wrong {
				line = strings.NewReplacer(",0", ",1", ",1", ",0").Replace(line)
			}
			fmt.Fprintf(&b, "%s,%d\n", line, version)
		}
		files[name] = b.String()
	}
	write("labels/m/a.csv", 1, all[:700], true)
	write("labels/m/b.csv", 2, all[:800], false)
	write("labels/m/c.csv", 2, all[600:], false)
	return bucket, files
}

// realized is the newest report of each window, how many labels it has and what
// became of its accuracy.
func realized(t *testing.T, bucket string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(bucket, "state/m/history/*.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		var s state.Summary
		if err == nil {
			err = json.Unmarshal(data, &s)
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		day := s.Window.Start.Format("02")
		all[day] = s.Report
		if s.Performance == nil || s.Performance.Labelled != scoredRows {
			t.Errorf("%s has %+v", day, s.Performance)
			continue
		}
		for _, m := range s.Performance.Metrics {
			if m.Metric == "accuracy" && !(*m.Value > 0.68) {
				t.Errorf("accuracy of %s is %v: labels of an old version count", day, *m.Value)
			}
		}
	}
	return all
}

// TestLabelsCountOnce: killed between label files and in the middle of them, run
// twice, run by two at once, labels count once.
func TestLabelsCountOnce(t *testing.T) {
	plain, files := fillScored(t)
	mustRun(t, plain)
	for name, text := range files {
		drop(t, plain, name, text)
	}
	begun := time.Now()
	mustRun(t, plain)
	usual := time.Since(begun)
	want, everything := realized(t, plain), stored(t, plain)
	if len(want) != 3 {
		t.Fatalf("%d windows", len(want))
	}
	mustRun(t, plain)
	wantSame(t, "run twice", everything, stored(t, plain))

	shaken, files := fillScored(t)
	mustRun(t, shaken)
	for name, text := range files {
		drop(t, shaken, name, text)
	}
	random := rand.New(rand.NewPCG(3, 7))
	instant := func() time.Duration { return time.Duration(random.Float64() * float64(usual)) }
	for range 3 {
		killed(t, shaken, instant())
	}
	mustRun(t, shaken)
	wantSame(t, "after kills among label files", everything, stored(t, shaken))

	between, files := fillScored(t)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		drop(t, between, name, files[name])
		killed(t, between, instant())
	}
	mustRun(t, between)
	if diff := cmp.Diff(want, realized(t, between)); diff != "" {
		t.Errorf("killed between label files: %s", diff)
	}

	two, files := fillScored(t)
	mustRun(t, two)
	for name, text := range files {
		drop(t, two, name, text)
	}
	var commands []*exec.Cmd
	for range 2 {
		command, _ := leeway("run", "--bucket", two)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		commands = append(commands, command)
	}
	for _, command := range commands {
		_ = command.Wait() // 3 for an alert; what it did is looked at
	}
	wantSame(t, "two at once", everything, stored(t, two))
}

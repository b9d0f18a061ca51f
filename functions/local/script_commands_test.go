package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// generateCSV is the script command `gencsv FILE ROWS SEED [SHIFT]`: prediction
// logs with an id, a time, three features, a score and a prediction. SHIFT
// moves the feature amount by so many standard deviations.
func generateCSV(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: gencsv FILE ROWS SEED [SHIFT]")
	}
	rows, err := strconv.Atoi(args[1])
	ts.Check(err)
	seed, err := strconv.ParseUint(args[2], 10, 64)
	ts.Check(err)
	shift := 0.0
	if len(args) > 3 {
		shift, err = strconv.ParseFloat(args[3], 64)
		ts.Check(err)
	}
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString("id,timestamp,amount,age,country,y_pred_proba,y_pred\n")
	for i := range rows {
		score := r.Float64()
		fmt.Fprintf(&b, "c%d-%d,2026-10-%02dT%02d:00:00Z,%.3f,%d,%s,%.5f,%d\n", seed, i, 1+i*28/rows, i%24,
			50+10*(r.NormFloat64()+shift), 18+r.IntN(60), []string{"DE", "FR", "NL"}[r.IntN(3)], score, int(score+0.5))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o644))
}

// exitCode is the script command `code N COMMAND...`: the command must end with
// exactly this exit code. Its output can be looked at with stdout and stderr.
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"leeway/core/report"
)

// pieces is how a slow writer delivers: so many pieces, with a pause between
// two of them.
const pieces = 4

// patient is how long a pause may be that every kind of file is waited through.
const patient = 2500 * time.Millisecond

// slowly writes data to path in pieces. A writer that does not hold the file
// opens it anew for each piece. It tells how long the longest pause can have been,
// from before one piece until after the next: on a busy machine a process may not get
// on for seconds.
func slowly(path string, data []byte, pause time.Duration, holds bool) (longest time.Duration, err error) {
	last := time.Now()
	file, err := os.Create(path)
	for i := range pieces {
		if i > 0 {
			time.Sleep(pause)
		}
		if i > 0 && !holds && err == nil {
			file, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		}
		if err != nil {
			return longest, err
		}
		begun := time.Now()
		_, err = file.Write(data[len(data)*i/pieces : len(data)*(i+1)/pieces])
		longest, last = max(longest, time.Since(last)), begun
		if !holds || i == pieces-1 {
			err = errors.Join(err, file.Close())
		}
	}
	return longest, err
}

// forms is a table as CSV, gzip and Parquet, by the ending of the name.
func forms(t *testing.T, table string) map[string][]byte {
	t.Helper()
	var packed, columns bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write([]byte(table)); err != nil {
		t.Fatal(err)
	}
	type row struct {
		ID         string  `parquet:"id"`
		Timestamp  string  `parquet:"timestamp"`
		Amount     float64 `parquet:"amount"`
		Channel    string  `parquet:"channel"`
		Prediction int64   `parquet:"prediction"`
	}
	var rows []row
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), ",")
		if cells[0] == "id" {
			continue
		}
		amount, err := strconv.ParseFloat(cells[2], 64)
		prediction, err2 := strconv.ParseInt(cells[4], 10, 64)
		if err = errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row{cells[0], cells[1], amount, cells[3], prediction})
	}
	if err := errors.Join(zip.Close(), parquet.Write(&columns, rows)); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"csv": []byte(table), "csv.gz": packed.Bytes(), "parquet": columns.Bytes()}
}

// TestWrittenSlowly: a file that comes in pieces is judged when it is whole. A
// writer that holds it open is waited for through all of its pauses. Of one
// that does not, an archive or Parquet that ends too early tells; delimited
// text looks whole at the end of every piece, and is judged again after it.
//
// A day may well have several reports: what comes late for the days before is a
// part of what it is judged by. None of them may count a part of a file.
func TestWrittenSlowly(t *testing.T) {
	const rows = 400
	bucket := t.TempDir()
	drop(t, bucket, "reference/m/reference.csv", table(1, batchRows(), 100))
	if err := os.MkdirAll(filepath.Join(bucket, "logs/m"), 0o755); err != nil {
		t.Fatal(err)
	}
	server, said := leeway("serve", "--bucket", bucket, "--listen", "127.0.0.1:0")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	var mu sync.Mutex // guards again
	day, want, again, stalled := 0, map[string]int64{}, map[string]bool{}, false
	write := func(ending string, pause time.Duration, holds bool) {
		day++
		path := filepath.Join(bucket, "logs/m", fmt.Sprintf("%02d.%s", day, ending))
		data := forms(t, table(day, rows, uint64(day)))[ending]
		name := fmt.Sprintf("%02d", day)
		want[name] = rows
		writers.Go(func() {
			longest, err := slowly(path, data, pause*time.Millisecond, holds)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case ending == "csv" && !holds: // nothing tells that there is more of this one to come
				again[name] = true
			case longest > patient: // nor can anybody wait for ever
				t.Logf("the writer of day %s did not get on for %s", name, longest)
				again[name], stalled = true, true
			}
		})
	}
	for _, ending := range []string{"csv", "csv.gz", "parquet"} {
		for _, pause := range []time.Duration{300, 600, 1500} {
			write(ending, pause, true)
			write(ending, pause, false)
		}
	}
	writers.Wait()
	for begun := time.Now(); !maps.Equal(counted(t, bucket), want) && time.Since(begun) < 5*time.Minute; {
		time.Sleep(50 * time.Millisecond)
	}
	if err := server.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = server.Wait() // it was killed
	wantRows(t, bucket, want)
	for day := range want {
		counts := reported(t, bucket, day)
		part := func(n int64) bool { return n != rows }
		if len(counts) == 0 || slices.ContainsFunc(counts, part) && !again[day] {
			t.Errorf("day %s: reports of %d rows", day, counts)
		}
	}
	if strings.Contains(said.String(), "too early") && !stalled {
		t.Errorf("a file was given up before it was whole: %s", said)
	}
}

// reported lists how many rows the reports of a day count.
func reported(t *testing.T, bucket, day string) (rows []int64) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(bucket, "state/m/reports", "202610"+day+"T*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		var r report.Report
		if err == nil {
			err = json.Unmarshal(data, &r)
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		rows = append(rows, r.Current.Rows)
	}
	return rows
}

// TestRunWhileAFileIsWritten: run reads what was copied a moment ago, waits a
// moment for what is still being written, and says what it leaves.
func TestRunWhileAFileIsWritten(t *testing.T) {
	bucket := t.TempDir()
	drop(t, bucket, "reference/m/reference.csv", table(1, batchRows(), 100))
	path := filepath.Join(bucket, "logs/m/2.csv")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	data := []byte(table(2, batchRows(), 2))
	if err := os.WriteFile(filepath.Join(bucket, "logs/m/1.csv"), []byte(table(1, batchRows(), 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(data[:len(data)/2]); err != nil {
		t.Fatal(err)
	}
	command, said := leeway("run", "--bucket", bucket)
	err = command.Run()
	if ending := ended(err); ending != 1 || !strings.Contains(said.String(), "leeway: logs/m/2.csv: is still being written: run again once it is whole\n") {
		t.Errorf("exit code %d, %s", ending, said)
	}
	wantRows(t, bucket, map[string]int64{"01": int64(batchRows())})
	if _, err := file.Write(data[len(data)/2:]); err != nil {
		t.Fatal(err)
	}
	command, said = leeway("run", "--bucket", bucket)
	begun := time.Now()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(begun)
	if err := command.Wait(); err != nil && took < patience {
		t.Errorf("%v: %s", err, said)
	}
	if took >= patience { // this test was kept waiting: the command may have given up by then
		mustRun(t, bucket)
	}
	wantRows(t, bucket, map[string]int64{"01": int64(batchRows()), "02": int64(batchRows())})
}

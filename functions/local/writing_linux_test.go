package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

// pieces is how a slow writer delivers: so many pieces, with a pause between
// two of them.
const pieces = 4

// slowly writes data to path in pieces. A writer that does not hold the file
// opens it anew for each piece.
func slowly(path string, data []byte, pause time.Duration, holds bool) error {
	file, err := os.Create(path)
	for i := range pieces {
		if i > 0 {
			time.Sleep(pause)
		}
		if i > 0 && !holds && err == nil {
			file, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		}
		if err != nil {
			return err
		}
		_, err = file.Write(data[len(data)*i/pieces : len(data)*(i+1)/pieces])
		if !holds || i == pieces-1 {
			err = errors.Join(err, file.Close())
		}
	}
	return err
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
func TestWrittenSlowly(t *testing.T) {
	const rows = 400
	bucket := t.TempDir()
	drop(t, bucket, "reference/m/reference.csv", table(1, batchRows, 100))
	if err := os.MkdirAll(filepath.Join(bucket, "logs/m"), 0o755); err != nil {
		t.Fatal(err)
	}
	server, said := leeway("serve", "--bucket", bucket, "--listen", "127.0.0.1:0")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	day, want, again := 0, map[string]int64{}, map[string]bool{}
	write := func(ending string, pause time.Duration, holds bool) {
		day++
		path := filepath.Join(bucket, "logs/m", fmt.Sprintf("%02d.%s", day, ending))
		data := forms(t, table(day, rows, uint64(day)))[ending]
		want[fmt.Sprintf("%02d", day)] = rows
		writers.Go(func() {
			if err := slowly(path, data, pause*time.Millisecond, holds); err != nil {
				t.Error(err)
			}
		})
	}
	for _, ending := range []string{"csv", "csv.gz", "parquet"} {
		for _, pause := range []time.Duration{300, 600, 1500} {
			write(ending, pause, true)
			write(ending, pause, false)
			if ending == "csv" { // nothing tells that there is more of this one to come
				again[fmt.Sprintf("%02d", day)] = true
			}
		}
	}
	writers.Wait()
	for range 600 {
		if maps.Equal(counted(t, bucket), want) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err := server.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = server.Wait() // it was killed
	wantRows(t, bucket, want)
	for day := range want {
		reports, err := filepath.Glob(filepath.Join(bucket, "state/m/reports", "202610"+day+"T*", "*"))
		if err != nil || len(reports) != 1 && !again[day] {
			t.Errorf("day %s: %d reports (%v)", day, len(reports), err)
		}
	}
	if strings.Contains(said.String(), "too early") {
		t.Errorf("a file was given up before it was whole: %s", said)
	}
}

// TestRunWhileAFileIsWritten: run reads what was copied a moment ago, waits a
// moment for what is still being written, and says what it leaves.
func TestRunWhileAFileIsWritten(t *testing.T) {
	bucket := t.TempDir()
	drop(t, bucket, "reference/m/reference.csv", table(1, batchRows, 100))
	path := filepath.Join(bucket, "logs/m/2.csv")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	data := []byte(table(2, batchRows, 2))
	if err := os.WriteFile(filepath.Join(bucket, "logs/m/1.csv"), []byte(table(1, batchRows, 1)), 0o644); err != nil {
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
	wantRows(t, bucket, map[string]int64{"01": batchRows})
	if _, err := file.Write(data[len(data)/2:]); err != nil {
		t.Fatal(err)
	}
	command, said = leeway("run", "--bucket", bucket)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	wantRows(t, bucket, map[string]int64{"01": batchRows, "02": batchRows})
}

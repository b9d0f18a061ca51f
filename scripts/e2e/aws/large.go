package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"leeway/infra/aws/s3store"
)

// large drops one file of so many megabytes beside reference data, and tells how much memory
// and processor the function took, in calls of so long: what one has no time for another goes on with.
func large(ctx context.Context, c *cloud, t tools, megabytes int, call time.Duration) error {
	const bucket = "leeway-large"
	q, dead, err := c.setUp(ctx, bucket, false, 3)
	if err != nil {
		return err
	}
	f, err := newFunction(t, c.url, bucket, call)
	if err != nil {
		return err
	}
	defer f.stop()
	f.env = append(f.env, "LEEWAY_QUEUE_URL="+q.url)
	store := s3store.Open(c.config, bucket, nil)
	if _, err := store.Put(ctx, "reference/large/2026-09.csv", rows(20e6, 10*time.Second), nil); err != nil {
		return err
	}
	if err := q.drain(ctx, []*function{f}); err != nil {
		return err
	}
	gone := f.gone
	f.kill() // what it takes to learn a baseline is another matter
	<-gone
	info, err := store.Put(ctx, "logs/large/2026-10-01.csv", rows(int64(megabytes)*1e6, time.Millisecond), nil)
	if err != nil {
		return err
	}
	began, calls := time.Now(), f.count
	if err := q.drain(ctx, []*function{f}); err != nil {
		return err
	}
	took := time.Since(began)
	failed, err := dead.length(ctx)
	if err != nil {
		return err
	}
	memory, processor, err := f.used()
	fmt.Printf("%.0f MB of CSV took %.1f s in %d calls, %s of processor and at most %s of memory; %d dead letters\n",
		float64(info.Size)/1e6, took.Seconds(), f.count-calls, processor, memory, failed)
	return err
}

// used is what the process took since it began: the most memory, and seconds of a processor.
func (f *function) used() (memory, processor string, err error) {
	process := fmt.Sprintf("/proc/%d/", f.cmd.Process.Pid)
	status, err := os.ReadFile(process + "status")
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(string(status)) {
		if text, is := strings.CutPrefix(line, "VmHWM:"); is {
			memory = strings.TrimSpace(text)
		}
	}
	stat, err := os.ReadFile(process + "stat")
	if err != nil {
		return "", "", err
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const user, system, hertz = 11, 12, 100
	ticks := 0.0
	for _, field := range []string{fields[user], fields[system]} {
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return "", "", err
		}
		ticks += n
	}
	return memory, fmt.Sprintf("%.1f s", ticks/hertz), nil
}

// rows is a CSV of about so many bytes, with a row at each step of time.
func rows(size int64, step time.Duration) io.Reader {
	r, w := io.Pipe()
	go func() {
		out := bufio.NewWriter(w)
		random := rand.New(rand.NewPCG(1, 2))
		n, _ := fmt.Fprintln(out, "id,timestamp,amount,age,country,channel,score") // Flush has the error
		at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
		for i := 0; int64(n) < size; i++ {
			wrote, _ := fmt.Fprintf(out, "order-%09d,%s,%.2f,%d,%s,%s,%.4f\n", i, at.Add(time.Duration(i)*step).Format(time.RFC3339Nano),
				random.ExpFloat64()*100, 18+random.IntN(70), []string{"PT", "GB", "FR", "DE", "ES"}[random.IntN(5)], []string{"web", "app"}[random.IntN(2)], random.Float64())
			n += wrote
		}
		_ = w.CloseWithError(out.Flush()) // nil ends the file
	}()
	return r
}

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"leeway/infra/aws/s3store"
)

// large drops one file of so many megabytes and tells how much memory the
// function took at most, and for how long.
func large(ctx context.Context, c *cloud, t tools, megabytes int) error {
	const bucket = "leeway-large"
	q, _, err := c.setUp(ctx, bucket, false, 3)
	if err != nil {
		return err
	}
	f, err := newFunction(t, c.url, bucket, 15*time.Minute)
	if err != nil {
		return err
	}
	defer f.stop()
	store := s3store.Open(c.config, bucket, nil)
	info, err := store.Put(ctx, "logs/large/2026-10-01.csv", rows(int64(megabytes)*1e6), nil)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := q.drain(ctx, []*function{f}); err != nil {
		return err
	}
	took := time.Since(began)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", f.cmd.Process.Pid))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmHWM") {
			fmt.Printf("%.0f MB of CSV took %.1f s and at most %s of memory\n", float64(info.Size)/1e6, took.Seconds(), strings.TrimSpace(strings.TrimPrefix(line, "VmHWM:")))
		}
	}
	return nil
}

// rows is a CSV of about so many bytes.
func rows(size int64) io.Reader {
	r, w := io.Pipe()
	go func() {
		out := bufio.NewWriter(w)
		random := rand.New(rand.NewPCG(1, 2))
		n, _ := fmt.Fprintln(out, "id,timestamp,amount,age,country,channel,score") // Flush has the error
		at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
		for i := 0; int64(n) < size; i++ {
			wrote, _ := fmt.Fprintf(out, "order-%09d,%s,%.2f,%d,%s,%s,%.4f\n", i, at.Add(time.Duration(i)*time.Millisecond).Format(time.RFC3339Nano),
				random.ExpFloat64()*100, 18+random.IntN(70), []string{"PT", "GB", "FR", "DE", "ES"}[random.IntN(5)], []string{"web", "app"}[random.IntN(2)], random.Float64())
			n += wrote
		}
		_ = w.CloseWithError(out.Flush()) // nil ends the file
	}()
	return r
}

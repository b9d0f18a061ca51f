// Command aws drives the function for AWS end to end: the real bootstrap behind
// the protocols of Lambda and of its poller of queues, with S3, SQS and
// EventBridge from moto. What comes out is held against what `leeway run` makes
// of a folder with the same files. scripts/e2e/aws.sh starts it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// tools are the programs that are driven.
type tools struct{ moto, leeway, bootstrap, dir string }

func main() {
	var t tools
	flag.StringVar(&t.moto, "moto", "", "the `FILE` of moto_server")
	flag.StringVar(&t.leeway, "leeway", "bin/leeway", "the `FILE` of leeway")
	flag.StringVar(&t.bootstrap, "bootstrap", "", "the `FILE` of the function")
	only := flag.String("run", "", "run only the cases whose name contains this `TEXT`")
	big := flag.Int("large", 0, "only process a file of so many `MEGABYTES`, and tell what it took")
	call := flag.Duration("call", 15*time.Minute, "with -large: the `TIME` that a call has")
	server := flag.String("s3", "", "only process the files in a bucket of the S3 server at this `URL`, whose key and secret are test")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, t, *only, *big, *call, *server))
}

func run(ctx context.Context, t tools, only string, big int, call time.Duration, server string) int {
	dir, err := os.MkdirTemp("", "leeway-e2e-aws-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	t.dir = dir
	cloud, err := startMoto(ctx, t)
	if err != nil {
		fmt.Fprintln(os.Stderr, "moto:", err)
		return 1
	}
	defer cloud.stop()
	if big > 0 {
		if err := large(ctx, cloud, t, big, call); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	files, err := demoFiles(ctx, t)
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		return 1
	}
	if server != "" {
		return other(ctx, cloud, t, server, files)
	}
	return all(ctx, cloud, t, files, only)
}

// all runs the cases whose names have only in them.
func all(ctx context.Context, c *cloud, t tools, files []file, only string) int {
	failed := 0
	if only == "" {
		if problem := storetest(ctx, c.url, "moto"); problem != "" {
			failed++
			fmt.Println("FAIL  " + problem)
		}
	}
	for _, one := range cases(t, files) {
		if !strings.Contains(one.name, only) {
			continue
		}
		began := time.Now()
		if problems := one.run(ctx, c, t); len(problems) > 0 {
			failed++
			fmt.Printf("FAIL  %s (%.1fs)\n", one.name, time.Since(began).Seconds())
			for _, problem := range problems[:min(len(problems), 20)] {
				fmt.Println("      " + problem)
			}
			continue
		}
		fmt.Printf("ok    %s (%.1fs)\n", one.name, time.Since(began).Seconds())
	}
	if failed > 0 {
		return 1
	}
	return 0
}

// other is the same with another server's bucket.
func other(ctx context.Context, c *cloud, t tools, server string, files []file) (failed int) {
	if problem := storetest(ctx, server, "that server"); problem != "" {
		failed = 1
		fmt.Println("FAIL  " + problem)
	}
	began := time.Now()
	problems := selfHosted(ctx, c, t, server, files)
	for _, problem := range problems {
		failed = 1
		fmt.Println("FAIL  " + problem)
	}
	if len(problems) == 0 {
		fmt.Printf("ok    the function on a bucket of that server (%.1fs)\n", time.Since(began).Seconds())
	}
	return failed
}

// storetest holds the store against a server.
func storetest(ctx context.Context, server, name string) (problem string) {
	began := time.Now()
	p, err := newProxy(server, trouble{}, 0)
	if err != nil {
		return err.Error()
	}
	defer p.stop()
	test := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout", "60m", "-run", "TestServer", "./infra/aws/s3store")
	test.Env = append(os.Environ(), "LEEWAY_TEST_S3="+p.url, "AWS_REGION="+region)
	if out, err := test.CombinedOutput(); err != nil {
		return fmt.Sprintf("storetest: %v\n%s", err, out)
	}
	fmt.Printf("ok    a bucket of %s passes storetest (%.1fs)\n", name, time.Since(began).Seconds())
	return ""
}

// file is what somebody drops.
type file struct {
	key  string
	data []byte
}

// demoFiles are the beginning of the demo's month, of each format some, with
// labels and one file that cannot be read.
func demoFiles(ctx context.Context, t tools) ([]file, error) {
	bucket := t.dir + "/demo"
	if out, err := command(ctx, t.leeway, "demo", "--once", "--bucket", bucket); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	all, err := readTree(bucket)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, key := range []string{
		"config/order-fraud.yaml", "reference/order-fraud/september.csv.gz",
		"logs/order-fraud/2026-10-01.csv", "logs/order-fraud/2026-10-02.csv", "logs/order-fraud/2026-10-08.csv.gz",
		"logs/order-fraud/2026-10-15.jsonl", "labels/order-fraud/2026-10-06.csv", "logs/order-fraud/2026-10-22.parquet",
		"logs/order-fraud/2026-10-30.csv.zst", "labels/order-fraud/2026-10-07.csv",
	} {
		data, ok := all[key]
		if !ok {
			return nil, fmt.Errorf("the demo has no %s among %q", key, slices.Collect(keysOf(all)))
		}
		files = append(files, file{key, data})
	}
	return files, nil
}

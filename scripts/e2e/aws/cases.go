package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"leeway/infra/aws/s3store"
)

// scenario is one way in which files reach the function.
type scenario struct {
	name      string
	files     []file
	bridged   bool // through EventBridge
	together  bool // all files at once, instead of one after the other
	twice     bool // every event comes twice, in another order
	functions int
	timeout   time.Duration // 0: that is not what is asked
	share     float64       // of requests to S3 that go wrong
	kills     int           // how often a function is killed at a write
	strange   int           // messages that are none of ours
	dead      int           // messages that must be among the dead letters
	receives  int           // how often a message may be tried; 0: 40 times
	halfway   int           // how many calls must have gone on with an object of the one before

	model     string // of which CloudWatch is to hold each verdict, and the bus hear of trainings; "": none
	inFolder  []file // what leeway run is given instead: it has no bus; nil: the same
	trainings int    // how many must have been asked for
}

func cases(t tools, files []file) []scenario {
	all := []scenario{
		{name: "one file after the other, through EventBridge: the state is that of leeway run to the byte", files: files, bridged: true},
		{name: "all files at once, two functions, every event twice and in another order", files: files, together: true, twice: true, functions: 2},
		{name: "a fifth of the requests throttled, refused or broken off", files: files, together: true, functions: 2, share: 0.2},
		{name: "killed at a dozen writes", files: files, together: true, functions: 2, kills: 12},
		{name: "too little time, but each time some more", files: files, together: true, timeout: time.Second / 2},
		{name: "messages that are none of ours end among the dead letters, and the others do not", files: files[:4], together: true, strange: 3, dead: 3},
	}
	return append(append(all, longer()...), hotel()...)
}

// longer are files of which each takes several calls, in different formats.
func longer() []scenario {
	table := func(megabytes float64) []byte {
		data, err := io.ReadAll(rows(int64(megabytes*(1<<20)), time.Millisecond))
		if err != nil { // it is written into memory
			panic(err)
		}
		return data
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(table(60)) // a buffer does not fail
	_ = w.Close()
	files := []file{{"reference/large/reference.csv", table(3)}, {"logs/large/2026-10-01.csv", table(160)}, {"logs/large/2026-10-02.csv.gz", packed.Bytes()}}
	small := []file{{"reference/small/reference.csv", table(1)}}
	for day := 3; day < 10; day++ {
		data := table(1 + float64(day)/100)
		small = append(small, file{fmt.Sprintf("logs/large/2026-10-%02d.csv", day), data}, file{fmt.Sprintf("logs/small/2026-10-%02d.csv", day), data})
	}
	return []scenario{
		{name: "files that take several calls each", files: files, timeout: 2 * time.Second, halfway: 3},
		{name: "small files together with one that takes several calls: none of their messages is a dead letter", files: slices.Concat(files[:2], small), together: true, timeout: 2 * time.Second, halfway: 2, receives: 3},
	}
}

// made numbers the buckets.
var made atomic.Int32

// run gives what is wrong. Where calls are to be cut off it depends on the machine which
// time does that and yet is enough for each of the smallest steps: where nothing was cut
// off it begins anew with half of the time, and with twice as much where messages died,
// of which a busy machine may have tried each too often.
func (s *scenario) run(ctx context.Context, c *cloud, t tools) []string {
	for try := 1; ; try++ {
		problems, died, enough := s.try(ctx, c, t)
		switch {
		case s.timeout > 0 && died && try < 10:
			s.timeout *= 2
		case s.timeout > 0 && len(problems) == 0 && enough && try < 10:
			s.timeout /= 2
		case s.timeout > 0 && len(problems) == 0 && enough:
			return []string{"the time was enough: nothing was tested"}
		default:
			return problems
		}
		fmt.Printf("      another try, with %v for a call\n", s.timeout)
	}
}

// try gives what is wrong, whether that is so for messages that were tried too often, and
// whether all was done in fewer calls than are to be.
func (s *scenario) try(ctx context.Context, c *cloud, t tools) (problems []string, died, enough bool) {
	bucket := fmt.Sprintf("leeway-%d", made.Add(1))
	main, dead, err := c.setUp(ctx, bucket, s.bridged, cmp.Or(s.receives, 40))
	if err != nil {
		return []string{err.Error()}, false, false
	}
	functions, stop, err := s.start(c, t, bucket)
	if err != nil {
		return []string{err.Error()}, false, false
	}
	defer stop()
	for _, f := range functions {
		f.env = append(f.env, "LEEWAY_QUEUE_URL="+main.url)
	}
	var heard *queue
	if s.model != "" {
		if heard, err = c.listener(ctx, s.model); err != nil {
			return []string{err.Error()}, false, false
		}
	}
	folder := filepath.Join(t.dir, bucket)
	got, want, err := s.both(ctx, t, s3store.Open(c.config, bucket, nil), folder, main, functions)
	if err != nil {
		return append([]string{err.Error()}, logs(functions)...), false, false
	}
	problems = differences(want, got)
	if s.model != "" {
		problems = append(problems, s.told(ctx, c, heard, folder)...)
	}
	if s.bridged && s.model == "" {
		problems = append(problems, published(ctx, c, "order-fraud")...)
		problems = append(problems, examined(ctx, t, functions[0])...)
	}
	n, err := dead.length(ctx)
	if err != nil || n != s.dead {
		problems = append(problems, fmt.Sprintf("%d dead letters instead of %d, %v", n, s.dead, err))
	}
	if len(problems) > 0 {
		problems = append(problems, logs(functions)...)
	}
	return problems, n > s.dead, functions[0].count < 3 || functions[0].halfway() < s.halfway
}

// start starts the functions, each behind a proxy of its own.
func (s *scenario) start(c *cloud, t tools, bucket string) (functions []*function, stop func(), err error) {
	var stops []func()
	stop = func() {
		for _, one := range stops {
			one()
		}
	}
	timeout := s.timeout
	if timeout == 0 {
		timeout = 15 * time.Minute // the most that Lambda gives
	}
	var writes, kills atomic.Int32
	for i := range max(s.functions, 1) {
		var f *function
		strike := func(every int32) func(*http.Request) {
			return func(*http.Request) {
				if writes.Add(1)%every == 0 && int(kills.Add(1)) <= s.kills {
					f.kill()
				}
			}
		}
		what := trouble{share: s.share}
		if s.kills > 0 { // before some writes and after others
			what.before, what.after = strike(17), strike(23)
		}
		p, err := newProxy(c.url, what, uint64(i))
		if err != nil {
			return nil, stop, err
		}
		stops = append(stops, p.stop)
		if f, err = newFunction(t, p.url, bucket, timeout); err != nil {
			return nil, stop, err
		}
		f.patient = s.timeout > 0
		stops = append(stops, f.stop)
		functions = append(functions, f)
	}
	return functions, stop, nil
}

// both puts the files into the bucket and into a folder, has them processed, and
// gives what has to be the same.
func (s *scenario) both(ctx context.Context, t tools, store *s3store.Store, folder string, q *queue, functions []*function) (got, want tree, err error) {
	for i, f := range s.files {
		info, err := store.Put(ctx, f.key, bytes.NewReader(f.data), nil)
		if err != nil {
			return nil, nil, err
		}
		if info, err = store.Stat(ctx, f.key); err != nil {
			return nil, nil, err
		}
		if s.inFolder != nil {
			f = s.inFolder[i]
		}
		if err := drop(folder, f, info.Modified); err != nil {
			return nil, nil, err
		}
		if s.together {
			continue
		}
		if err := q.drain(ctx, functions); err != nil {
			return nil, nil, err
		}
		if err := process(ctx, t, folder); err != nil {
			return nil, nil, err
		}
		if err := s.seen(ctx, q.cloud, f.key, store); err != nil {
			return nil, nil, err
		}
	}
	if err := s.stir(ctx, q); err != nil {
		return nil, nil, err
	}
	if err := q.drain(ctx, functions); err != nil {
		return nil, nil, err
	}
	if err := process(ctx, t, folder); err != nil {
		return nil, nil, err
	}
	if got, err = readBucket(ctx, store); err != nil {
		return nil, nil, err
	}
	if want, err = readTree(folder); err != nil {
		return nil, nil, err
	}
	if !s.together {
		return got.kept(), want.kept(), nil
	}
	if got, err = got.newest(); err == nil {
		want, err = want.newest()
	}
	return got, want, err
}

// stir puts the messages of the queue into another order, twice each if that is
// wanted, with strange ones among them.
func (s *scenario) stir(ctx context.Context, q *queue) error {
	if !s.twice && s.strange == 0 {
		return nil
	}
	var bodies []string
	for {
		messages, err := q.receive(ctx, 10)
		if err != nil {
			return err
		}
		if len(messages) == 0 {
			break
		}
		for _, m := range messages {
			bodies = append(bodies, m.Body)
			if err := q.remove(ctx, m); err != nil {
				return err
			}
		}
	}
	if s.twice {
		bodies = append(bodies, bodies...)
	}
	for i := range s.strange {
		bodies = append(bodies, fmt.Sprintf(`{"hello": %d}`, i))
	}
	rand.New(rand.NewPCG(7, 7)).Shuffle(len(bodies), func(i, j int) { bodies[i], bodies[j] = bodies[j], bodies[i] })
	for _, body := range bodies {
		if err := q.send(ctx, body); err != nil {
			return err
		}
	}
	return nil
}

// drop puts a file into the folder, as old as the bucket says it is.
func drop(folder string, f file, modified time.Time) error {
	path := filepath.Join(folder, filepath.FromSlash(f.key))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, f.data, 0o644); err != nil {
		return err
	}
	return os.Chtimes(path, modified, modified)
}

func process(ctx context.Context, t tools, folder string) error {
	if out, err := command(ctx, t.leeway, "run", "--bucket", folder, "--fail-on", "never"); err != nil && !strings.Contains(out, "quarantine") {
		return fmt.Errorf("leeway run: %w: %s", err, out)
	}
	return nil
}

// logs is the end of what the functions wrote.
func logs(functions []*function) (lines []string) {
	for _, f := range functions {
		data, err := os.ReadFile(f.log.Name())
		if err != nil {
			lines = append(lines, err.Error())
			continue
		}
		all := strings.Split(strings.TrimSpace(string(data)), "\n")
		lines = append(lines, fmt.Sprintf("a function with %d starts and %d invocations says in the end:", f.starts, f.count))
		wrong := slices.DeleteFunc(slices.Clone(all), func(line string) bool { return !strings.Contains(line, `"level":"ERROR"`) })
		lines = append(append(lines, wrong[max(0, len(wrong)-6):]...), all[max(0, len(all)-6):]...)
	}
	return lines
}

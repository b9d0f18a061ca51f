//go:build unix

// Command work measures what one batch costs the pipeline: seconds of a
// processor, requests to the store, bytes kept. core/cost multiplies prices with
// what it prints (see Measured there). Each batch is taken by a monitor that was
// just built, as by a function that has just started; one processor is used.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"leeway/core/monitor"
	"leeway/core/state"
	"leeway/infra/local/memstore"
)

func main() {
	batches := flag.Int("batches", 8, "batches of each layout that are measured")
	most := flag.Int("rows", 100_000, "rows of the largest batch")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	if err := run(*batches, *most); err != nil {
		fmt.Fprintln(os.Stderr, "work:", err)
		os.Exit(1)
	}
}

// layout is how batches come.
type layout struct {
	rows, columns int
	every         time.Duration // from one batch to the next; windows are days
	before        int           // batches that came before those that are measured
	warm          bool          // one monitor for all, as while a function stays up; else a new one for each batch
	idle          bool          // nothing comes: what a heartbeat costs
	labels        bool          // the reference has labels, so predictions are kept until those of the batches come
}

func run(batches, most int) error {
	const hour, day = time.Hour, 24 * time.Hour
	const cold, warm, busy, idle, labelled, unlabelled = false, true, false, true, true, false
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "rows\tcolumns\tevery\tbefore\thow\tCPU s\tGET\tPUT\tLIST\tDELETE\tkB written\tkB kept\t")
	for _, l := range []layout{
		{100, 20, day, 4, cold, busy, unlabelled}, {1000, 20, day, 4, cold, busy, unlabelled}, {10_000, 20, day, 4, cold, busy, unlabelled}, {100_000, 20, day, 4, cold, busy, unlabelled},
		{1000, 50, day, 4, cold, busy, unlabelled}, {10_000, 50, day, 4, cold, busy, unlabelled}, {100_000, 50, day, 4, cold, busy, unlabelled},
		{1000, 20, hour, 24, cold, busy, unlabelled}, {1000, 20, day, 60, cold, busy, unlabelled}, {1000, 20, hour, 24, warm, busy, unlabelled}, {1000, 20, day, 60, warm, busy, unlabelled}, {1000, 20, day, 60, warm, idle, unlabelled}, {1000, 20, day, 60, cold, idle, unlabelled},
		{1000, 20, day, 4, cold, busy, labelled}, {10_000, 20, day, 4, cold, busy, labelled}, {100_000, 20, day, 4, cold, busy, labelled},
	} {
		if l.rows > most {
			continue
		}
		w, err := l.measure(batches)
		if err != nil {
			return err
		}
		n := float64(batches)
		fmt.Fprintf(table, "%d\t%d\t%s\t%d\t%s\t%.4f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t\n", l.rows, l.columns, l.every, l.before, l.how(),
			w.cpu.Seconds()/n, float64(w.gets)/n, float64(w.puts)/n, float64(w.lists)/n, float64(w.deletes)/n, float64(w.written)/n/1000, float64(w.kept)/n/1000)
		if err := table.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// spent is what was used.
type spent struct {
	cpu                        time.Duration
	gets, puts, lists, deletes int64
	written, kept              int64 // bytes put, and more bytes of state than before
}

func (l layout) how() string {
	how := "cold"
	if l.warm {
		how = "warm"
	}
	if l.idle {
		how += ", idle"
	}
	if l.labels {
		how += ", labels to come"
	}
	return how
}

const model = "m"

func (l layout) measure(batches int) (spent, error) {
	ctx := context.Background()
	store := &counting{Store: memstore.New()}
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	// Thirty days, so that the baseline knows how windows differ.
	if err := put(ctx, store, "reference/"+model+"/reference.csv", l.csv(30*2000, first, 30*24*time.Hour, 1, l.labels)); err != nil {
		return spent{}, err
	}
	at := first.Add(31 * 24 * time.Hour)
	var before spent
	var began time.Duration
	var m *monitor.Monitor
	var now clock
	for i := range l.before + batches {
		if i == l.before {
			before, began = store.spent, cpu()
			before.kept = store.size(ctx)
		}
		var came []state.Info
		ask := state.AskAll // as reminders do
		if i < l.before || !l.idle {
			key := fmt.Sprintf("logs/%s/%s.csv", model, at.Format("2006-01-02T15"))
			info, err := store.Store.Put(ctx, key, strings.NewReader(l.csv(l.rows, at, l.every, uint64(i)+2, false)), nil)
			if err != nil {
				return spent{}, err
			}
			came, ask = append(came, info), state.AskJudge
		}
		if m == nil || !l.warm {
			m = &monitor.Monitor{DB: state.Open(store, store), Data: store, Clock: &now, Workers: 1}
			m.DB.Holder = strconv.Itoa(i)
		}
		now.at = at
		if _, err := m.RunLeased(ctx, model, came, state.Wanted{Ask: ask}); err != nil {
			return spent{}, err
		}
		at = at.Add(l.every)
	}
	w := store.spent
	return spent{
		cpu: cpu() - began, gets: w.gets - before.gets, puts: w.puts - before.puts, lists: w.lists - before.lists, deletes: w.deletes - before.deletes,
		written: w.written - before.written, kept: store.size(ctx) - before.kept,
	}, nil
}

func put(ctx context.Context, store state.Store, key, body string) error {
	_, err := store.Put(ctx, key, strings.NewReader(body), nil)
	return err
}

// clock is at the time at which a batch comes.
type clock struct{ at time.Time }

func (c *clock) Now() time.Time { return c.at }

// cpu is the time that this process has used so far.
func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // the call has no reason to fail on itself
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// csv draws a table: an id, a time, a score, a prediction and features, four
// numbers for each category.
func (l layout) csv(rows int, from time.Time, length time.Duration, seed uint64, label bool) string {
	random := rand.New(rand.NewPCG(seed, 0))
	var b strings.Builder
	b.WriteString("id,timestamp,score,prediction")
	for c := 4; c < l.columns; c++ {
		fmt.Fprintf(&b, ",f%d", c)
	}
	if label {
		b.WriteString(",label")
	}
	b.WriteString("\n")
	for i := range rows {
		at := from.Add(length / time.Duration(rows) * time.Duration(i))
		score := random.Float64()
		fmt.Fprintf(&b, "%d-%d,%s,%.4f,%d", seed, i, at.Format(time.RFC3339), score, int(score+0.5))
		for c := 4; c < l.columns; c++ {
			if c%5 == 4 {
				b.WriteString(",c" + strconv.Itoa(random.IntN(12)))
			} else {
				b.WriteString("," + strconv.FormatFloat(random.NormFloat64()*float64(c), 'f', 4, 64))
			}
		}
		if label {
			b.WriteString("," + strconv.Itoa(random.IntN(2)))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// counting counts requests as an object store would bill them.
type counting struct {
	state.Store
	spent spent
}

func (s *counting) Open(ctx context.Context, key string) (state.Object, error) {
	s.spent.gets++
	return s.Store.Open(ctx, key)
}

func (s *counting) Put(ctx context.Context, key string, body io.Reader, options *state.PutOptions) (state.Info, error) {
	s.spent.puts++
	info, err := s.Store.Put(ctx, key, body, options)
	s.spent.written += info.Size
	return info, err
}

func (s *counting) Delete(ctx context.Context, key string) error {
	s.spent.deletes++
	return s.Store.Delete(ctx, key)
}

// List counts a request for each page of a thousand keys.
func (s *counting) List(ctx context.Context, prefix string) iter.Seq2[state.Info, error] {
	return func(yield func(state.Info, error) bool) {
		s.spent.lists++
		n := 0
		for info, err := range s.Store.List(ctx, prefix) {
			if n++; n%1000 == 0 {
				s.spent.lists++
			}
			if !yield(info, err) {
				return
			}
		}
	}
}

func (s *counting) size(ctx context.Context) int64 {
	var total int64
	for _, prefix := range []string{"state/", "seen/", "claims/", "quarantine/"} {
		for info, err := range s.Store.List(ctx, prefix) {
			if err != nil {
				panic(err) // a store in memory
			}
			total += info.Size
		}
	}
	return total
}

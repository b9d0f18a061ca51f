package filestore_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/state"
	"leeway/infra/local/filestore"
)

// The tests of this file kill real processes: the test binary runs itself as a
// child that does nothing but write, until somebody ends it.

const childJob = "LEEWAY_TEST_CHILD"

func TestMain(m *testing.M) {
	if job := os.Getenv(childJob); job != "" {
		if err := child(job, os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(job, root, name string) error {
	store, err := filestore.Open(root)
	if err != nil {
		return err
	}
	switch job {
	case "put":
		for round := 0; ; round++ {
			if _, err := store.Put(context.Background(), "k", bytes.NewReader(page(name, round)), nil); err != nil {
				return err
			}
			fmt.Println("put")
		}
	case "count":
		for {
			if err := countUp(store); err != nil {
				return err
			}
			fmt.Println("counted")
		}
	case "create":
		for round := range 400 {
			key := fmt.Sprintf("round/%d", round)
			_, err := store.Put(context.Background(), key, strings.NewReader(name), &state.PutOptions{IfAbsent: true})
			if err == nil {
				fmt.Println(key)
			} else if fault.KindOf(err) != fault.Conflict {
				return err
			}
		}
		return nil
	}
	return errors.New("unknown job " + job)
}

// page is a body that shows when it is torn: lines that all say the same and a
// last one that counts them.
func page(name string, round int) []byte {
	line := fmt.Sprintf("%s %d\n", name, round)
	n := 2000 + round%500
	return append(bytes.Repeat([]byte(line), n), fmt.Sprintf("end %d\n", n)...)
}

func whole(data []byte) error {
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	last := lines[len(lines)-1]
	if last != fmt.Sprintf("end %d", len(lines)-1) {
		return fmt.Errorf("%d lines, the last is %q", len(lines), last)
	}
	for _, line := range lines[:len(lines)-1] {
		if line != lines[0] {
			return fmt.Errorf("%q and %q in one object", lines[0], line)
		}
	}
	return nil
}

// wholeObject is what the children put, which is never torn.
func wholeObject(t *testing.T, store state.Store) []byte {
	t.Helper()
	data, _, err := slurp(store, "k")
	if err == nil {
		err = whole(data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func countUp(store state.Store) error {
	for {
		data, etag, err := slurp(store, "n")
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(string(data))
		if err != nil {
			return err
		}
		_, err = store.Put(context.Background(), "n", strings.NewReader(strconv.Itoa(n+1)), &state.PutOptions{IfMatch: etag})
		if fault.KindOf(err) != fault.Conflict {
			return err
		}
	}
}

func slurp(store state.Store, key string) ([]byte, string, error) {
	object, err := store.Open(context.Background(), key)
	if err != nil {
		return nil, "", err
	}
	defer object.Close()
	data, err := io.ReadAll(io.NewSectionReader(object, 0, object.Info().Size))
	return data, object.Info().ETag, err
}

// process is a running child.
type process struct {
	*exec.Cmd
	lines []string
	said  chan struct{} // has something in it after a line, is closed after the last
	done  sync.WaitGroup
	trace bytes.Buffer
}

func start(t *testing.T, job, root, name string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], root, name), said: make(chan struct{}, 1)}
	p.Env = append(os.Environ(), childJob+"="+job)
	p.Stderr = &p.trace
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() }) // a test that failed leaves none behind
	p.done.Go(func() {
		defer close(p.said)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			p.lines = append(p.lines, scanner.Text())
			select {
			case p.said <- struct{}{}:
			default:
			}
		}
	})
	return p
}

// works waits until the child has done something more, however long a busy machine
// takes to start it.
func (p *process) works(t *testing.T) {
	t.Helper()
	if _, lives := <-p.said; !lives {
		p.done.Wait()
		t.Fatalf("the child ended: %s", p.trace.String())
	}
}

// kill ends the child without any warning.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	p.done.Wait()
	_ = p.Wait() // it was killed: that is no news
	if p.trace.Len() > 0 {
		t.Fatalf("the child said: %s", p.trace.String())
	}
}

// instants are short times, always the same ones. What they cut off is another thing
// each time, and nothing that is asserted hangs on it.
func instants() func() time.Duration {
	random := rand.New(rand.NewPCG(1, 2))
	return func() time.Duration { return time.Duration(random.IntN(20_000)) * time.Microsecond }
}

func rounds(n int) int {
	if testing.Short() {
		return n / 5
	}
	return n
}

// TestKilledWhilePutting kills writers at any instant: the object is always a
// whole one, and nobody's last one is lost.
func TestKilledWhilePutting(t *testing.T) {
	root := t.TempDir()
	store := open(t, root)
	if _, err := store.Put(t.Context(), "k", bytes.NewReader(page("first", 0)), nil); err != nil {
		t.Fatal(err)
	}
	someTime := instants()
	for round := range rounds(25) {
		a, b := start(t, "put", root, fmt.Sprintf("a%d", round)), start(t, "put", root, fmt.Sprintf("b%d", round))
		a.works(t)
		for range 20 { // while they write, too
			wholeObject(t, store)
		}
		time.Sleep(someTime())
		a.kill(t)
		time.Sleep(someTime() / 4)
		b.kill(t)
		data := wholeObject(t, store)
		if first, _, _ := strings.Cut(string(data), " "); first != fmt.Sprintf("a%d", round) && first != fmt.Sprintf("b%d", round) {
			t.Fatalf("in round %d it is of %s: what was written is gone", round, first)
		}
	}
	noLeftovers(t, root)
}

// TestKilledWhileCounting kills processes that count up by compare-and-swap.
// Each may have died between the swap and saying so; beyond that every count
// is there, once, and nobody is ever stuck.
func TestKilledWhileCounting(t *testing.T) {
	root := t.TempDir()
	store := open(t, root)
	if _, err := store.Put(t.Context(), "n", strings.NewReader("0"), nil); err != nil {
		t.Fatal(err)
	}
	said, killed, someTime := 0, 0, instants()
	for round := range rounds(25) {
		children := []*process{}
		for i := range 3 {
			children = append(children, start(t, "count", root, fmt.Sprint(round, i)))
		}
		children[round%3].works(t)
		time.Sleep(someTime())
		for _, child := range children {
			time.Sleep(someTime() / 8)
			child.kill(t)
			killed++
			said += len(child.lines)
		}
		if err := countUp(store); err != nil { // must not hang on the dead
			t.Fatal(err)
		}
		said++
	}
	data, _, err := slurp(store, "n")
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(string(data))
	if err != nil {
		t.Fatal(err)
	}
	if n < said || n > said+killed {
		t.Errorf("counted to %d; %d were confirmed and %d processes killed", n, said, killed)
	}
	t.Logf("counted to %d, %d confirmed, %d killed", n, said, killed)
	noLeftovers(t, root)
}

// TestStoppedInTheMiddle stops a process with SIGSTOP: others go on (or this never
// ends), and when it wakes up it spoils nothing.
func TestStoppedInTheMiddle(t *testing.T) {
	root := t.TempDir()
	store := open(t, root)
	if _, err := store.Put(t.Context(), "n", strings.NewReader("0"), nil); err != nil {
		t.Fatal(err)
	}
	sleeper, said, someTime := start(t, "count", root, "sleeper"), 0, instants()
	for range rounds(25) {
		sleeper.works(t)
		time.Sleep(someTime() / 2)
		if err := sleeper.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if err := countUp(store); err != nil {
				t.Fatal(err)
			}
			said++
		}
		if err := sleeper.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
	}
	sleeper.kill(t)
	said += len(sleeper.lines)
	data, _, err := slurp(store, "n")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := strconv.Atoi(string(data)); err != nil || n < said || n > said+1 {
		t.Errorf("counted to %q (%v), %d were confirmed", data, err, said)
	}
}

// TestProcessesRaceToCreate lets processes create the same objects: each has
// one winner, which is the one whose bytes are there.
func TestProcessesRaceToCreate(t *testing.T) {
	root := t.TempDir()
	store := open(t, root)
	var children []*process
	for i := range 4 {
		children = append(children, start(t, "create", root, fmt.Sprintf("child %d", i)))
	}
	winner := map[string]string{}
	for i, child := range children {
		child.done.Wait()
		if err := child.Wait(); err != nil {
			t.Fatalf("%v: %s", err, child.trace.String())
		}
		for _, key := range child.lines {
			if other, taken := winner[key]; taken {
				t.Errorf("%s was created by %s and by child %d", key, other, i)
			}
			winner[key] = fmt.Sprintf("child %d", i)
		}
	}
	if len(winner) != 400 {
		t.Errorf("%d of 400 objects have a winner", len(winner))
	}
	for key, name := range winner {
		if data, _, err := slurp(store, key); err != nil || string(data) != name {
			t.Errorf("%s: %q, %v; want %q", key, data, err, name)
		}
	}
}

// noLeftovers checks that what the dead left behind goes with the first write
// of a new process, and is never listed.
func noLeftovers(t *testing.T, root string) {
	t.Helper()
	fresh := open(t, root)
	if _, err := fresh.Put(t.Context(), "fresh", strings.NewReader("x"), nil); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(filepath.Join(root, ".leeway", "tmp"))
	if err != nil || len(left) > 0 {
		t.Errorf("left in tmp: %v, %v", left, err)
	}
	for info, err := range fresh.List(t.Context(), "") {
		if err != nil || info.Key != "k" && info.Key != "n" && info.Key != "fresh" {
			t.Errorf("listed: %q, %v", info.Key, err)
		}
	}
}

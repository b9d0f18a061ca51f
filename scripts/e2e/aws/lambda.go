package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// function is one environment of Lambda: a process at a time that asks for
// invocations over the runtime's protocol. A killed one is started anew.
type function struct {
	binary  string
	env     []string
	timeout time.Duration
	patient bool // whoever is cut off gets half as much time again
	log     *os.File
	api     string
	server  *http.Server

	next    chan *invocation
	mu      sync.Mutex
	cmd     *exec.Cmd
	gone    chan struct{} // closed when the process is
	current *invocation
	starts  int
	count   int
}

type invocation struct {
	id       string
	payload  []byte
	deadline time.Time
	answer   chan reply
}

type reply struct {
	data []byte
	err  error
}

// newFunction makes an environment whose S3 is at an endpoint.
func newFunction(t tools, endpoint, bucket string, timeout time.Duration) (*function, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &function{binary: t.bootstrap, timeout: timeout, next: make(chan *invocation), api: listener.Addr().String()}
	if f.log, err = os.CreateTemp(t.dir, bucket+"-*.log"); err != nil {
		return nil, err
	}
	f.env = []string{
		"AWS_LAMBDA_RUNTIME_API=" + f.api, "_HANDLER=bootstrap", "AWS_LAMBDA_FUNCTION_NAME=leeway", "AWS_REGION=" + region,
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_ENDPOINT_URL=" + endpoint, "LEEWAY_BUCKET=" + bucket,
	}
	f.server = &http.Server{Handler: f}
	go func() { _ = f.server.Serve(listener) }() // ends with stop
	return f, nil
}

func (f *function) stop() {
	f.kill()
	_ = f.server.Close() // nobody is left to hear
	_ = f.log.Close()    // it was for people
}

// halfway is how many calls went on with what another had begun.
func (f *function) halfway() int {
	log, _ := os.ReadFile(f.log.Name()) // one that cannot be read has none
	return bytes.Count(log, []byte(`"msg":"halfway"`))
}

// kill ends the process at once, as the platform would.
func (f *function) kill() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.cmd != nil {
		_ = f.cmd.Process.Kill() // or it is gone already
	}
}

// run sees to it that there is a process.
func (f *function) run() (gone chan struct{}, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.cmd != nil {
		return f.gone, nil
	}
	cmd := exec.Command(f.binary)
	cmd.Env, cmd.Stdout, cmd.Stderr = f.env, f.log, f.log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	f.starts++
	f.cmd, f.gone = cmd, make(chan struct{})
	gone = f.gone
	go func() {
		_ = cmd.Wait() // how it ended does not matter, only that it did
		f.mu.Lock()
		f.cmd = nil
		f.mu.Unlock()
		close(gone)
	}()
	return gone, nil
}

// invoke makes the function handle an event in its time. A process that takes
// longer, or dies, is an error.
func (f *function) invoke(ctx context.Context, payload []byte) ([]byte, error) {
	gone, err := f.run()
	if err != nil {
		return nil, err
	}
	f.count++
	one := &invocation{id: fmt.Sprintf("request-%d", f.count), payload: payload, deadline: time.Now().Add(f.timeout), answer: make(chan reply, 1)}
	timer := time.NewTimer(f.timeout)
	defer timer.Stop()
	select {
	case f.next <- one:
	case <-gone:
		return nil, errors.New("the process ended before it asked for work")
	case <-timer.C:
		return nil, errors.New("the process asks for no work")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case r := <-one.answer:
		return r.data, r.err
	case <-gone:
		return nil, errors.New("the process ended")
	case <-timer.C:
		f.kill()
		<-gone
		return nil, errors.New("the time is up")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ServeHTTP is the runtime's protocol.
func (f *function) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/2018-06-01/runtime/")
	if path == "invocation/next" {
		select {
		case one := <-f.next:
			f.mu.Lock()
			f.current = one
			f.mu.Unlock()
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", one.id)
			w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(one.deadline.UnixMilli()))
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:"+region+":123456789012:function:leeway")
			_, _ = w.Write(one.payload) // it is gone if that fails, and found to be
		case <-r.Context().Done():
		}
		return
	}
	data, err := io.ReadAll(r.Body)
	f.mu.Lock()
	one := f.current
	f.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
	if err != nil || one == nil {
		return
	}
	if strings.HasSuffix(path, one.id+"/response") {
		one.answer <- reply{data: data}
	} else {
		one.answer <- reply{err: errors.New(string(data))}
	}
}

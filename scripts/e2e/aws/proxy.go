package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
)

// proxy stands between a function and S3, and makes trouble.
type proxy struct {
	url    string
	server *http.Server
	trouble
}

// trouble is what goes wrong; nil functions make none.
type trouble struct {
	// share of requests that are throttled, refused or broken off.
	share float64
	// before and after are told of each request that writes, before it is passed
	// on and when it was carried out.
	before, after func(r *http.Request)
}

func newProxy(target string, what trouble, seed uint64) (*proxy, error) {
	to, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{url: "http://" + listener.Addr().String(), trouble: what}
	forward := httputil.NewSingleHostReverseProxy(to)
	forward.ErrorLog = quiet
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 1))
	p.server = &http.Server{ErrorLog: quiet, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		x, kind := random.Float64(), random.IntN(5)
		mu.Unlock()
		if x < p.share && p.disturb(w, r, forward, kind) {
			return
		}
		writes := r.Method == http.MethodPut || r.Method == http.MethodPost || r.Method == http.MethodDelete
		if writes && p.before != nil {
			p.before(r)
		}
		func() { // forward may panic when the function is gone
			if writes {
				writing.Lock()
				defer writing.Unlock()
			}
			forward.ServeHTTP(w, r)
		}()
		if writes && p.after != nil {
			p.after(r)
		}
	})}
	go func() { _ = p.server.Serve(listener) }() // ends with stop
	return p, nil
}

// writing is held while something is written: moto looks whether a precondition
// holds and writes after that, and two threads of it may do so at once, as S3 does
// not.
var writing sync.Mutex

// disturb answers a request in the place of S3; false if this kind of trouble is
// not for such a request.
func (p *proxy) disturb(w http.ResponseWriter, r *http.Request, forward http.Handler, kind int) bool {
	conditional := r.Header.Get("If-None-Match") != "" || r.Method == http.MethodPut && r.Header.Get("If-Match") != ""
	switch {
	case kind == 0:
		refuse(w, http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate.")
	case kind == 1 && conditional:
		refuse(w, http.StatusConflict, "ConditionalRequestConflict", "A conflicting operation occurred.")
	case kind == 2 && conditional:
		refuse(w, http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	case kind == 3: // it never arrives
		panic(http.ErrAbortHandler)
	case kind == 4: // it is carried out, and nobody hears of it
		writing.Lock()
		func() {
			defer writing.Unlock()
			forward.ServeHTTP(&deaf{header: http.Header{}}, r)
		}()
		panic(http.ErrAbortHandler)
	default:
		return false
	}
	return true
}

func (p *proxy) stop() { _ = p.server.Close() } // nobody is left to hear

// deaf takes an answer and passes it to nobody.
type deaf struct{ header http.Header }

func (d *deaf) Header() http.Header         { return d.header }
func (d *deaf) Write(p []byte) (int, error) { return len(p), nil }
func (d *deaf) WriteHeader(int)             {}

// refuse answers with an error in S3's words.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, message)
}

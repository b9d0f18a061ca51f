package s3fake

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Server is an S3 of any number of buckets, which have to be made first.
type Server struct {
	URL string

	// Before is asked about each request, if set, and may answer it itself: it
	// returns true then. It may be called by several goroutines.
	Before func(w http.ResponseWriter, r *http.Request) (answered bool)

	// Lose tells, if set, for which requests the connection breaks when they
	// have been carried out, so that nobody hears the answer.
	Lose func(r *http.Request) bool

	// Cut tells, if set, after how many bytes of the body of an answer the
	// connection breaks; a negative number is never.
	Cut func(r *http.Request) int

	mu      sync.Mutex
	buckets map[string]*bucket
	now     time.Time
	uploads map[string]*upload
	ids     int
}

type bucket struct {
	versioned bool
	objects   map[string]*object
	versions  map[string]*object // by key and id
}

type object struct {
	data     []byte
	etag, id string
	modified time.Time
	headers  http.Header // what was asked for when it was written
}

type upload struct {
	key     string
	parts   map[int][]byte
	headers http.Header
}

// Start runs a server with one bucket until the test ends.
func Start(t testing.TB, name string, versioned bool) *Server {
	s := &Server{buckets: map[string]*bucket{}, uploads: map[string]*upload{}}
	s.Make(name, versioned)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Make makes a bucket.
func (s *Server) Make(name string, versioned bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buckets[name] = &bucket{versioned: versioned, objects: map[string]*object{}, versions: map[string]*object{}}
}

// Config is a configuration of the SDK that leads here.
func (s *Server) Config() aws.Config {
	return aws.Config{Region: "eu-west-1", BaseEndpoint: &s.URL, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
}

// Header is what an object was written with.
func (s *Server) Header(bucket, key string) http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.buckets[bucket].objects[key]; o != nil {
		return o.headers
	}
	return nil
}

// Uploads is how many multipart uploads were begun and neither ended nor given up.
func (s *Server) Uploads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.uploads)
}

// ServeHTTP carries out a call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.Before != nil && s.Before(w, r) {
		return
	}
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	body, err := payload(r)
	if err != nil {
		Refuse(w, r, http.StatusBadRequest, "IncompleteBody", err.Error())
		return
	}
	lost := s.Lose != nil && s.Lose(r)
	answer := httptest.NewRecorder()
	s.mu.Lock()
	if b := s.buckets[name]; b == nil {
		Refuse(answer, r, http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
	} else {
		s.carryOut(answer, r, b, key, body)
	}
	s.mu.Unlock()
	if lost {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), answer.Header())
	data := answer.Body.Bytes()
	cut := -1
	if s.Cut != nil {
		cut = s.Cut(r)
	}
	if r.Method != http.MethodHead {
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	}
	w.WriteHeader(answer.Code)
	if cut >= 0 && cut < len(data) {
		_, _ = w.Write(data[:cut]) // the caller is to be left without the rest
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(data) // the client may be gone: that is its own business
}

func (s *Server) carryOut(w http.ResponseWriter, r *http.Request, b *bucket, key string, body []byte) {
	query := r.URL.Query()
	switch {
	case r.Method == http.MethodGet && key == "":
		s.list(w, r, b)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		s.read(w, r, b, key)
	case r.Method == http.MethodPost && query.Has("uploads"):
		s.begin(w, r, key)
	case r.Method == http.MethodPut && query.Has("partNumber"):
		s.part(w, r, body)
	case r.Method == http.MethodPost && query.Has("uploadId"):
		s.complete(w, r, b, key, body)
	case r.Method == http.MethodDelete && query.Has("uploadId"):
		delete(s.uploads, query.Get("uploadId"))
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPut:
		s.write(w, r, b, key, body, etag(body), r.Header.Clone())
	case r.Method == http.MethodDelete:
		delete(b.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		Refuse(w, r, http.StatusNotImplemented, "NotImplemented", r.Method+" "+r.URL.String())
	}
}

// write stores an object if its preconditions hold.
func (s *Server) write(w http.ResponseWriter, r *http.Request, b *bucket, key string, body []byte, etag string, headers http.Header) bool {
	old := b.objects[key]
	match := r.Header.Get("If-Match")
	switch {
	case r.Header.Get("If-None-Match") == "*" && old != nil, match != "" && old != nil && old.etag != match:
		Refuse(w, r, http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
		return false
	case match != "" && old == nil:
		Refuse(w, r, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return false
	}
	s.now = s.now.Add(time.Millisecond)
	if now := time.Now().UTC(); now.After(s.now) {
		s.now = now
	}
	made := &object{data: body, etag: etag, modified: s.now, headers: headers}
	if b.versioned {
		s.ids++
		made.id = fmt.Sprintf("v%d", s.ids)
		b.versions[key+"\x00"+made.id] = made
		w.Header().Set("X-Amz-Version-Id", made.id)
	}
	b.objects[key] = made
	w.Header().Set("Etag", etag)
	return true
}

func (s *Server) read(w http.ResponseWriter, r *http.Request, b *bucket, key string) {
	o := b.objects[key]
	if id := r.URL.Query().Get("versionId"); id != "" {
		o = b.versions[key+"\x00"+id]
	}
	match := r.Header.Get("If-Match")
	switch {
	case o == nil:
		Refuse(w, r, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	case match != "" && match != o.etag:
		Refuse(w, r, http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
		return
	}
	w.Header().Set("Etag", o.etag)
	w.Header().Set("Last-Modified", o.modified.Format(http.TimeFormat))
	if o.id != "" {
		w.Header().Set("X-Amz-Version-Id", o.id)
	}
	for name, values := range o.headers {
		if strings.HasPrefix(name, "X-Amz-Meta-") {
			w.Header()[name] = values
		}
	}
	from, to, ranged := span(r.Header.Get("Range"), len(o.data))
	switch {
	case r.Method == http.MethodHead:
		w.Header().Set("Content-Length", strconv.Itoa(len(o.data)))
	case ranged && from >= len(o.data):
		Refuse(w, r, http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable")
	case ranged:
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(o.data)))
		w.WriteHeader(http.StatusPartialContent)
		_, _ = w.Write(o.data[from:to]) // into memory
	default:
		_, _ = w.Write(o.data) // into memory
	}
}

// span is the range of a header as a half-open interval.
func span(header string, size int) (from, to int, ok bool) {
	low, high, ok := strings.Cut(strings.TrimPrefix(header, "bytes="), "-")
	if header == "" || !ok {
		return 0, 0, false
	}
	from, err := strconv.Atoi(low)
	last, failed := strconv.Atoi(high)
	if err != nil || failed != nil {
		return 0, 0, false
	}
	return from, min(last+1, size), true
}

func etag(data []byte) string {
	sum := md5.Sum(data)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// Refuse answers with an error in S3's words.
func Refuse(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	_ = xml.NewEncoder(w).Encode(struct {
		XMLName       xml.Name `xml:"Error"`
		Code, Message string
	}{Code: code, Message: message}) // the client may be gone
}

// Keys lists the keys of a bucket in order.
func (s *Server) Keys(bucket string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.buckets[bucket].objects))
}

// payload is the body of a request, without the frames that a checksum at its
// end comes in.
func payload(r *http.Request) ([]byte, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil || !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return data, err
	}
	var plain []byte
	for {
		line, rest, ok := strings.Cut(string(data), "\r\n")
		length, err := strconv.ParseInt(strings.SplitN(line, ";", 2)[0], 16, 64)
		if !ok || err != nil || int(length) > len(rest) {
			return nil, fmt.Errorf("a chunk of length %q", line)
		}
		if length == 0 {
			return plain, nil
		}
		plain = append(plain, rest[:length]...)
		data = []byte(rest[length+2:])
	}
}

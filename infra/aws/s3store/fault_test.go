package s3store_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"leeway/core/fault"
	"leeway/core/state"
	"leeway/infra/aws/s3fake"
	"leeway/infra/aws/s3store"
)

func open(s *s3fake.Server) *s3store.Store {
	return s3store.Open(s.Config(), "bucket", &s3store.Options{BlockSize: 4 << 10, PartSize: 64 << 10, Tries: 4})
}

// times answers the first n requests that a test picks, and counts all of them.
type times struct{ left, seen atomic.Int32 }

func (n *times) next() bool {
	n.seen.Add(1)
	return n.left.Add(-1) >= 0
}

func TestThrottled(t *testing.T) {
	for _, answer := range []struct {
		status int
		code   string
	}{{503, "SlowDown"}, {500, "InternalError"}, {503, "ServiceUnavailable"}, {409, "ConditionalRequestConflict"}} {
		t.Run(answer.code, func(t *testing.T) {
			var n times
			server := s3fake.Start(t, "bucket", false)
			server.Before = func(w http.ResponseWriter, r *http.Request) bool {
				if answer.status == 409 && r.Method != http.MethodPut || !n.next() {
					return false
				}
				s3fake.Refuse(w, r, answer.status, answer.code, "Please try again")
				return true
			}
			store := open(server)
			n.left.Store(2)
			first, err := store.Put(t.Context(), "k", strings.NewReader("one"), &state.PutOptions{IfAbsent: true})
			if err != nil {
				t.Fatalf("create: %v", err)
			}
			n.left.Store(2)
			if _, err := store.Put(t.Context(), "k", strings.NewReader("two"), &state.PutOptions{IfMatch: first.ETag}); err != nil {
				t.Fatalf("swap: %v", err)
			}
			n.left.Store(2)
			if got := read(t, store, "k"); got != "two" {
				t.Errorf("read %q", got)
			}
			n.left.Store(99)
			_, err = store.Put(t.Context(), "k", strings.NewReader("three"), &state.PutOptions{IfMatch: first.ETag})
			if fault.KindOf(err) != fault.Unavailable {
				t.Errorf("a call that never works: %v", err)
			}
		})
	}
}

// TestLost: a writer whose answer got lost must not lose to itself, and must not
// take another's object for its own.
func TestLost(t *testing.T) {
	for name, body := range map[string]string{"small": "mine", "in parts": strings.Repeat("mine ", 40_000)} {
		t.Run(name, func(t *testing.T) {
			var n times
			server := s3fake.Start(t, "bucket", false)
			server.Lose = func(r *http.Request) bool {
				last := r.Method == http.MethodPut && !r.URL.Query().Has("partNumber") || r.Method == http.MethodPost && r.URL.Query().Has("uploadId")
				return last && n.next()
			}
			store := open(server)
			n.left.Store(1)
			info, err := store.Put(t.Context(), "k", strings.NewReader(body), &state.PutOptions{IfAbsent: true})
			if err != nil || n.seen.Load() != 2 || info.Size != int64(len(body)) {
				t.Fatalf("after %d calls: %+v, %v", n.seen.Load(), info, err)
			}
			if got := read(t, store, "k"); got != body {
				t.Error("the object came back different")
			}
			n.left.Store(1)
			if info, err = store.Put(t.Context(), "k", strings.NewReader(body+"!"), &state.PutOptions{IfMatch: info.ETag}); err != nil {
				t.Fatalf("swap: %v", err)
			}
			n.left.Store(0)
			if _, err = store.Put(t.Context(), "k", strings.NewReader(body), &state.PutOptions{IfMatch: info.ETag}); err != nil {
				t.Fatalf("the ETag that was found is not the object's: %v", err)
			}
			if server.Uploads() != 0 {
				t.Errorf("%d uploads are left", server.Uploads())
			}
		})
	}
}

func TestLostToAnother(t *testing.T) {
	server := s3fake.Start(t, "bucket", false)
	var n times
	other := open(server) // it wants the same
	server.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPut || r.Header.Get("If-None-Match") == "" || !n.next() {
			return false
		}
		n.left.Store(0)
		if _, err := other.Put(r.Context(), "k", strings.NewReader("mine"), nil); err != nil {
			t.Error(err)
		}
		panic(http.ErrAbortHandler) // not carried out: the other one was first
	}
	n.left.Store(1)
	_, err := open(server).Put(t.Context(), "k", strings.NewReader("mine"), &state.PutOptions{IfAbsent: true})
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("got %v", err)
	}
}

// TestReplacedWhileOpened: the first answer breaks off, and what it was of is gone
// when it is asked for again.
func TestReplacedWhileOpened(t *testing.T) {
	var cut, asked times
	server := s3fake.Start(t, "bucket", false)
	store, other := open(server), open(server)
	if _, err := store.Put(t.Context(), "k", strings.NewReader("the first"), nil); err != nil {
		t.Fatal(err)
	}
	server.Cut = func(r *http.Request) int {
		if r.Method == http.MethodGet && cut.next() {
			return 3
		}
		return -1
	}
	server.Before = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet && r.Header.Get("If-Match") != "" && asked.next() {
			if _, err := other.Put(r.Context(), "k", strings.NewReader("the second"), nil); err != nil {
				t.Error(err)
			}
		}
		return false
	}
	cut.left.Store(1)
	asked.left.Store(1)
	if got := read(t, store, "k"); got != "the second" {
		t.Errorf("read %q", got)
	}
}

func TestCutBody(t *testing.T) {
	var n times
	server := s3fake.Start(t, "bucket", false)
	server.Cut = func(r *http.Request) int {
		if r.Method == http.MethodGet && n.next() {
			return 100
		}
		return -1
	}
	store, data := open(server), strings.Repeat("0123456789", 5_000)
	if _, err := store.Put(t.Context(), "k", strings.NewReader(data), nil); err != nil {
		t.Fatal(err)
	}
	n.left.Store(3)
	if got := read(t, store, "k"); got != data {
		t.Errorf("%d bytes of %d came back, or others", len(got), len(data))
	}
	n.left.Store(1 << 20)
	if _, err := store.Open(t.Context(), "k"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a body that never comes whole: %v", err)
	}
}

func TestReplaced(t *testing.T) {
	for _, versioned := range []bool{false, true} {
		server := s3fake.Start(t, "bucket", versioned)
		store := open(server)
		old := bytes.Repeat([]byte("old!"), 20_000)
		if _, err := store.Put(t.Context(), "k", bytes.NewReader(old), nil); err != nil {
			t.Fatal(err)
		}
		object, err := store.Open(t.Context(), "k")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Put(t.Context(), "k", strings.NewReader("new"), nil); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(old))
		_, err = object.ReadAt(got, 0)
		switch {
		case versioned && (err != nil || !bytes.Equal(got, old)):
			t.Errorf("with versions the old one is there still: %v", err)
		case !versioned && fault.KindOf(err) != fault.Conflict:
			t.Errorf("without versions: %v", err)
		}
		if err := object.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestHints(t *testing.T) {
	for _, c := range []struct {
		status       int
		code, header string
		kind         fault.Kind
		hint         string
	}{
		{403, "AccessDenied", "", fault.Denied, "allow s3:GetObject on bucket bucket"},
		{404, "NoSuchBucket", "", fault.Unavailable, "correct LEEWAY_BUCKET"},
		{404, "NoSuchKey", "", fault.NotFound, ""},
		{301, "PermanentRedirect", "eu-north-1", fault.Unavailable, "set AWS_REGION=eu-north-1"},
		{400, "AuthorizationHeaderMalformed", "", fault.Unavailable, "set AWS_REGION to the bucket's region"},
		{403, "RequestTimeTooSkewed", "", fault.Denied, "clock"},
		{403, "InvalidObjectState", "", fault.Denied, "restore it"},
		{400, "KMS.DisabledException", "", fault.Denied, "kms:Decrypt"},
		{403, "ExpiredToken", "", fault.Denied, "credentials"},
	} {
		server := s3fake.Start(t, "bucket", false)
		server.Before = func(w http.ResponseWriter, r *http.Request) bool {
			if c.header != "" {
				w.Header().Set("X-Amz-Bucket-Region", c.header)
			}
			s3fake.Refuse(w, r, c.status, c.code, "said so")
			return true
		}
		_, err := open(server).Open(t.Context(), "logs/m/a.csv")
		if fault.KindOf(err) != c.kind || !strings.Contains(fmt.Sprint(err), c.hint) || !strings.HasPrefix(fmt.Sprint(err), "logs/m/a.csv: ") {
			t.Errorf("%s: kind %q, %v", c.code, fault.KindOf(err), err)
		}
		if strings.ContainsAny(fmt.Sprint(err), "\n{}") {
			t.Errorf("%s is not one plain line: %v", c.code, err)
		}
	}
}

func TestEncrypted(t *testing.T) {
	server := s3fake.Start(t, "bucket", false)
	store := s3store.Open(server.Config(), "bucket", &s3store.Options{KMSKey: "alias/leeway", PartSize: 1 << 10})
	for _, size := range []int{10, 3 << 10} {
		if _, err := store.Put(t.Context(), "k", strings.NewReader(strings.Repeat("x", size)), nil); err != nil {
			t.Fatal(err)
		}
		h := server.Header("bucket", "k")
		if h.Get("X-Amz-Server-Side-Encryption") != "aws:kms" || h.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id") != "alias/leeway" {
			t.Errorf("%d bytes are written with %v", size, h)
		}
	}
}

// TestFewCalls: a small object is read with one call, and a large one without a
// call for what is not asked for.
func TestFewCalls(t *testing.T) {
	var n times
	server := s3fake.Start(t, "bucket", false)
	server.Before = func(http.ResponseWriter, *http.Request) bool { n.next(); return false }
	store := open(server)
	if _, err := store.Put(t.Context(), "small", strings.NewReader("small"), nil); err != nil {
		t.Fatal(err)
	}
	n.seen.Store(0)
	if read(t, store, "small"); n.seen.Load() != 1 {
		t.Errorf("%d calls for a small object", n.seen.Load())
	}
	large := strings.Repeat("0123456789", 10_000) // 25 blocks
	if _, err := store.Put(t.Context(), "large", strings.NewReader(large), nil); err != nil {
		t.Fatal(err)
	}
	n.seen.Store(0)
	if read(t, store, "large"); n.seen.Load() != 25 {
		t.Errorf("%d calls for 25 blocks", n.seen.Load())
	}
}

func read(t *testing.T, store *s3store.Store, key string) string {
	t.Helper()
	object, err := store.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer object.Close()
	data, err := io.ReadAll(io.NewSectionReader(object, 0, object.Info().Size))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestCutList: a page that breaks off is asked for again, and no key of it comes twice.
func TestCutList(t *testing.T) {
	var n times
	server := s3fake.Start(t, "bucket", false)
	store := open(server)
	for _, key := range []string{"a/1", "a/2", "a/3"} {
		if _, err := store.Put(t.Context(), key, strings.NewReader("x"), nil); err != nil {
			t.Fatal(err)
		}
	}
	server.Cut = func(r *http.Request) int {
		if r.URL.Query().Has("list-type") && n.next() {
			return 300
		}
		return -1
	}
	n.left.Store(2)
	keys, err := listed(t, store)
	if err != nil || strings.Join(keys, " ") != "a/1 a/2 a/3" || n.seen.Load() != 3 {
		t.Errorf("%v after %d calls, %v", keys, n.seen.Load(), err)
	}
	n.left.Store(99)
	if _, err := listed(t, store); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a page that never comes whole: %v", err)
	}
}

// TestEndlessList: a server that does not say where a list goes on.
func TestEndlessList(t *testing.T) {
	server := s3fake.Start(t, "bucket", false)
	server.Before = func(w http.ResponseWriter, _ *http.Request) bool {
		_, _ = io.WriteString(w, "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents></ListBucketResult>")
		return true
	}
	if keys, err := listed(t, open(server)); fault.KindOf(err) != fault.Internal || len(keys) != 1 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}

func listed(t *testing.T, store *s3store.Store) (keys []string, failed error) {
	for info, err := range store.List(t.Context(), "") {
		if err != nil {
			return keys, err
		}
		keys = append(keys, info.Key)
	}
	return keys, nil
}

// TestLostAndUnknown: where it cannot be found out whose object it is, nobody is told
// that somebody else was first.
func TestLostAndUnknown(t *testing.T) {
	var n times
	server := s3fake.Start(t, "bucket", false)
	server.Lose = func(r *http.Request) bool { return r.Method == http.MethodPut && n.next() }
	server.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodHead {
			s3fake.Refuse(w, r, http.StatusInternalServerError, "InternalError", "")
		}
		return r.Method == http.MethodHead
	}
	n.left.Store(1)
	if _, err := open(server).Put(t.Context(), "k", strings.NewReader("mine"), &state.PutOptions{IfAbsent: true}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v", err)
	}
}

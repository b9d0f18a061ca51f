package s3store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"leeway/core/fault"
	"leeway/core/state"
	"leeway/infra/aws/s3fake"
	"leeway/infra/aws/s3store"
)

// caught is an HTTP client that only notes where it was sent.
type caught struct{ address string }

func (c *caught) Do(r *http.Request) (*http.Response, error) {
	c.address = r.URL.Scheme + "://" + r.URL.Host + r.URL.EscapedPath()
	return nil, errors.New("caught")
}

// TestAddress: requests go where AWS's own client sends them, whatever the region, the
// endpoint, the bucket and the key.
func TestAddress(t *testing.T) {
	for _, region := range []string{"us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1", "us-isob-east-1", "us-isof-south-1", "eu-isoe-west-1"} {
		for _, bucket := range []string{"bucket", "my-bucket-1", "with.dots", "under_score"} {
			same(t, aws.Config{Region: region}, bucket, "logs/m/a.csv", false)
		}
	}
	for _, endpoint := range []string{"http://127.0.0.1:9000", "http://[::1]:9000", "https://objects.example.com", "https://objects.example.com/base", "https://objects.example.com/base/"} {
		for _, path := range []bool{false, true} {
			same(t, aws.Config{Region: "eu-west-1", BaseEndpoint: &endpoint}, "bucket", "logs/m/a.csv", path)
		}
	}
	for _, key := range []string{"a b+c", "ü/日本", "a%20b", "a=1/b&c;d?e#f", "~!$'()*,:@[]^`{|}\"<>", "-._~", "\x01\x7f"} {
		same(t, aws.Config{Region: "eu-west-1"}, "bucket", key, false)
	}
}

func same(t *testing.T, c aws.Config, bucket, key string, path bool) {
	t.Helper()
	ours, theirs := &caught{}, &caught{}
	c.Credentials = credentials.NewStaticCredentialsProvider("id", "secret", "")
	c.HTTPClient = ours
	_, _ = s3store.Open(c, bucket, &s3store.Options{PathStyle: path, Tries: 1}).Stat(t.Context(), key) // fails
	c.HTTPClient, c.Retryer = theirs, func() aws.Retryer { return aws.NopRetryer{} }
	client := s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = path })
	_, _ = client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: &key}) // fails
	if ours.address != theirs.address || ours.address == "" {
		t.Errorf("%s, bucket %s: %s instead of %s", c.Region, bucket, ours.address, theirs.address)
	}
}

// TestSigned: what arrives is what was signed.
func TestSigned(t *testing.T) {
	inner := s3fake.Start(t, "bucket", false)
	seen := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		seen++
		if got, want := r.Header.Get("Authorization"), signature(t, r, body); got != want {
			t.Errorf("%s %s\n%s instead of\n%s", r.Method, r.RequestURI, got, want)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		inner.ServeHTTP(w, r)
	}))
	defer server.Close()
	c := aws.Config{Region: "eu-west-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", "token")}
	store := s3store.Open(c, "bucket", &s3store.Options{PartSize: 1 << 10, KMSKey: "alias/a b"})
	for _, key := range []string{"a b+c/ü&d=1;2", "large"} {
		body := strings.Repeat("x", 100)
		if key == "large" {
			body = strings.Repeat("x", 3000)
		}
		info, err := store.Put(t.Context(), key, strings.NewReader(body), &state.PutOptions{IfAbsent: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Put(t.Context(), key, strings.NewReader(body), &state.PutOptions{IfMatch: info.ETag}); err != nil {
			t.Fatal(err)
		}
		if read(t, store, key) != body {
			t.Errorf("%s came back different", key)
		}
		for _, err := range store.List(t.Context(), key[:3]) {
			if err != nil {
				t.Error(err)
			}
		}
		if err := store.Delete(t.Context(), key); err != nil {
			t.Error(err)
		}
	}
	if seen < 15 {
		t.Errorf("%d requests", seen)
	}
}

// signature is what AWS's signer signs of a request that arrived.
func signature(t *testing.T, r *http.Request, body []byte) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "SignedHeaders=")
	names, _, _ := strings.Cut(rest, ",")
	again, err := http.NewRequestWithContext(context.Background(), r.Method, "http://"+r.Host+r.RequestURI, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(names, ";") {
		again.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
	}
	again.Header.Del("Host")
	again.ContentLength = r.ContentLength
	again.Header.Del("Content-Length")
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err := signer.SignHTTP(t.Context(), aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret", SessionToken: "token"}, again, hex.EncodeToString(sum[:]), "s3", "eu-west-1", at); err != nil {
		t.Fatal(err)
	}
	return again.Header.Get("Authorization")
}

// TestLateRefusal: S3 may say 200 and then, in the body, that it failed.
func TestLateRefusal(t *testing.T) {
	var n times
	server, code := s3fake.Start(t, "bucket", false), "InternalError"
	server.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !r.URL.Query().Has("uploadId") || !n.next() {
			return false
		}
		_, _ = io.WriteString(w, "<?xml version=\"1.0\"?>\n  <Error><Code>"+code+"</Code><Message>Please try again</Message></Error>")
		return true
	}
	store, body := open(server), strings.Repeat("0123456789", 10_000)
	n.left.Store(2)
	if _, err := store.Put(t.Context(), "k", strings.NewReader(body), &state.PutOptions{IfAbsent: true}); err != nil || read(t, store, "k") != body {
		t.Errorf("after %d calls: %v", n.seen.Load(), err)
	}
	n.left.Store(99)
	if _, err := store.Put(t.Context(), "l", strings.NewReader(body), nil); fault.KindOf(err) != fault.Unavailable || server.Uploads() != 0 {
		t.Errorf("%v, %d uploads are left", err, server.Uploads())
	}
	for said, kind := range map[string]fault.Kind{"PreconditionFailed": fault.Conflict, "AccessDenied": fault.Denied} {
		code = said
		if _, err := store.Put(t.Context(), "m", strings.NewReader(body), &state.PutOptions{IfAbsent: true}); fault.KindOf(err) != kind {
			t.Errorf("%s: %v", said, err)
		}
	}
}

// TestDamaged: an object whose checksum is not the one that it was written with is
// read again.
func TestDamaged(t *testing.T) {
	var n times
	server := s3fake.Start(t, "bucket", false)
	server.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet {
			return false
		}
		w.Header().Set("X-Amz-Checksum-Crc32", "DUoRhQ==") // of "hello world"
		w.Header().Set("Etag", `"e"`)
		w.Header().Set("Content-Range", "bytes 0-10/11")
		w.WriteHeader(http.StatusPartialContent)
		body := "hello world"
		if n.next() {
			body = "hellO world"
		}
		_, _ = io.WriteString(w, body)
		return true
	}
	n.left.Store(2)
	if got := read(t, open(server), "k"); got != "hello world" || n.seen.Load() != 3 {
		t.Errorf("%q after %d calls", got, n.seen.Load())
	}
	n.left.Store(99)
	if _, err := open(server).Open(t.Context(), "k"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("an object that is always damaged: %v", err)
	}
}

package s3store

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"leeway/core/fault"
	"leeway/core/state"
	"leeway/infra/aws/signed"
)

// Options say how a bucket is used; the zero value is right for S3 itself.
type Options struct {
	// PathStyle puts the bucket's name into the path instead of the host's name,
	// as servers other than S3 mostly want it. For an endpoint whose host is an
	// IP address it is always so.
	PathStyle bool

	// KMSKey is the id or ARN of the key that what is written is encrypted with
	// (SSE-KMS); "" leaves that to the bucket.
	KMSKey string

	PartSize  int64 // bytes of a part of a multipart upload, and what is sent as one; 0 means 8 MiB, S3 allows 5 MiB and more
	BlockSize int64 // bytes that are read at a time; 0 means 2 MiB
	PageSize  int   // objects asked for per page of a list; 0 means 1000
	Tries     int   // of a call that may work later; 0 means 8
}

// Store is a bucket.
type Store struct {
	client    *signed.Client
	endpoint  string
	bucket    string
	checksums bool // are sent with what is written
	options   Options
}

var (
	_ state.Store   = (*Store)(nil)
	_ state.Folders = (*Store)(nil)
)

// Open gives a bucket as a store. It asks nothing of the bucket. Region,
// credentials and endpoint are those of the configuration.
func Open(config aws.Config, bucket string, o *Options) *Store {
	s := &Store{
		client: signed.New(config, "s3"), endpoint: signed.Address(config, "s3"), bucket: bucket,
		checksums: config.RequestChecksumCalculation != aws.RequestChecksumCalculationWhenRequired,
	}
	if o != nil {
		s.options = *o
	}
	s.options.PartSize = cmp.Or(s.options.PartSize, 8<<20)
	s.options.BlockSize = cmp.Or(s.options.BlockSize, 2<<20)
	s.options.PageSize = cmp.Or(s.options.PageSize, 1000)
	s.options.Tries = cmp.Or(s.options.Tries, 8)
	return s
}

// String names the driver and the bucket.
func (s *Store) String() string { return "s3store s3://" + s.bucket }

// Stat describes an object without reading it.
func (s *Store) Stat(ctx context.Context, key string) (state.Info, error) {
	if err := ready(ctx, "stat", key); err != nil {
		return state.Info{}, err
	}
	header, err := s.ask(ctx, &call{method: http.MethodHead, key: key}, nil)
	if err != nil {
		return state.Info{}, s.problem(ctx, "stat", key, err)
	}
	return headed(key, header), nil
}

// Delete removes an object.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := ready(ctx, "delete", key); err != nil {
		return err
	}
	_, err := s.ask(ctx, &call{method: http.MethodDelete, key: key}, nil)
	if err = s.problem(ctx, "delete", key, err); fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// describe gives what is known of an object. A list tells fractions of a second
// where others do not: what is compared must be one and the same.
func describe(key string, size int64, etag string, modified time.Time) state.Info {
	return state.Info{Key: key, Size: size, ETag: bare(etag), Modified: modified.UTC().Truncate(time.Second)}
}

// headed is what the answer to HEAD tells.
func headed(key string, header http.Header) state.Info {
	size, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
	if err != nil {
		size = 0 // as of a server that leaves it out for nothing
	}
	return describe(key, size, header.Get("Etag"), instant(header, "Last-Modified"))
}

// bare is an ETag without its quotes: who lists, reads and sends events do not
// agree on them.
func bare(etag string) string {
	if n := len(etag); n >= 2 && etag[0] == '"' && etag[n-1] == '"' {
		return etag[1 : n-1]
	}
	return etag
}

func quoted(etag string) string { return `"` + etag + `"` }

// ready refuses unsafe keys and contexts that have ended.
func ready(ctx context.Context, op, key string) error {
	if err := state.CheckKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Op: op, Object: key, Err: err}
	}
	return nil
}

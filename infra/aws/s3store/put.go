package s3store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"

	"leeway/core/fault"
	"leeway/core/state"
)

// Put writes an object: in one call, or in parts if it is larger than one.
func (s *Store) Put(ctx context.Context, key string, body io.Reader, options *state.PutOptions) (state.Info, error) {
	if err := ready(ctx, "put", key); err != nil {
		return state.Info{}, err
	}
	w := &write{Store: s, key: key}
	if options != nil && options.IfAbsent {
		w.ifNoneMatch = aws.String("*")
	}
	if options != nil && options.IfMatch != "" {
		w.ifMatch = quoted(options.IfMatch)
	}
	if w.ifMatch != nil || w.ifNoneMatch != nil {
		w.mark = rand.Text()
		w.metadata = map[string]string{writeMark: w.mark}
	}
	if s.options.KMSKey != "" {
		w.encryption, w.kmsKey = types.ServerSideEncryptionAwsKms, &s.options.KMSKey
	}
	var head bytes.Buffer
	_, err := io.CopyN(&head, body, s.options.PartSize)
	switch {
	case err == io.EOF:
		if err := ready(ctx, "put", key); err != nil {
			return state.Info{}, err
		}
		return w.whole(ctx, head.Bytes())
	case err != nil:
		return state.Info{}, err // of the body: the caller's own
	}
	return w.inParts(ctx, head.Bytes(), body)
}

// write is one object on its way.
type write struct {
	*Store
	key                  string
	ifMatch, ifNoneMatch *string
	encryption           types.ServerSideEncryption
	kmsKey               *string
	mark                 string            // unlike that of any other write, "" without a precondition
	metadata             map[string]string // holds it
}

// writeMark is the name of the metadata that tells the objects of two writes apart.
const writeMark = "leeway-write"

// whole writes an object in one call.
func (w *write) whole(ctx context.Context, body []byte) (state.Info, error) {
	return w.decided(ctx, int64(len(body)), func(try ...func(*s3.Options)) (*string, middleware.Metadata, error) {
		out, err := w.client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: &w.bucket, Key: &w.key, Body: bytes.NewReader(body), ContentLength: aws.Int64(int64(len(body))),
			IfMatch: w.ifMatch, IfNoneMatch: w.ifNoneMatch, ServerSideEncryption: w.encryption, SSEKMSKeyId: w.kmsKey, Metadata: w.metadata,
		}, try...)
		if err != nil {
			return nil, middleware.Metadata{}, err
		}
		return out.ETag, out.ResultMetadata, nil
	})
}

// decided makes a call that writes the object under the write's precondition,
// until it is known whether that held. A call whose answer got lost may have
// been heard: if the precondition fails then, the object may be ours.
func (w *write) decided(ctx context.Context, size int64, call func(...func(*s3.Options)) (*string, middleware.Metadata, error)) (state.Info, error) {
	lost := false
	for try := 0; ; try++ {
		etag, metadata, err := call(once)
		if err == nil {
			now, _ := awsmiddleware.GetServerTime(metadata)
			return describe(w.key, size, etag, &now), nil
		}
		a := answered(err)
		failed := a.status == http.StatusPreconditionFailed || w.ifMatch != nil && a.code == "NoSuchKey"
		if lost && (failed || a.code == "NoSuchUpload") {
			if info, ours := w.ours(ctx); ours {
				return info, nil
			}
		}
		switch {
		case failed:
			return state.Info{}, &fault.Error{Kind: fault.Conflict, Op: "put", Object: w.key, Err: w.unmet()}
		case a.status == http.StatusConflict: // somebody else writes it at this moment
		case transient(err):
			lost = true
		default:
			return state.Info{}, w.problem(ctx, "put", w.key, err)
		}
		if try+1 >= w.options.Tries || pause(ctx, try) != nil {
			return state.Info{}, w.problem(ctx, "put", w.key, err)
		}
	}
}

func (w *write) unmet() error {
	if w.ifNoneMatch != nil {
		return errors.New("the object exists already")
	}
	return errors.New("the object has changed")
}

// ours tells whether the object is the one that this write wrote. Its content does
// not tell: somebody else may have wanted the same.
func (w *write) ours(ctx context.Context) (state.Info, bool) {
	out, err := w.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &w.bucket, Key: &w.key})
	if err != nil || out.Metadata[writeMark] != w.mark {
		return state.Info{}, false
	}
	return describe(w.key, aws.ToInt64(out.ContentLength), out.ETag, out.LastModified), true
}

package s3store

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"

	"leeway/core/state"
)

// inParts writes a large object part by part, with one of them in memory. The
// precondition is looked at when the last one is there. What was begun and does
// not come to an end is given up, so that no parts stay behind.
func (w *write) inParts(ctx context.Context, head []byte, rest io.Reader) (info state.Info, err error) {
	begun, err := w.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &w.bucket, Key: &w.key, ServerSideEncryption: w.encryption, SSEKMSKeyId: w.kmsKey, Metadata: w.metadata,
	})
	if err != nil {
		return state.Info{}, w.problem(ctx, "put", w.key, err)
	}
	defer func() {
		if err != nil {
			_, failed := w.client.AbortMultipartUpload(context.WithoutCancel(ctx), &s3.AbortMultipartUploadInput{Bucket: &w.bucket, Key: &w.key, UploadId: begun.UploadId})
			if answered(failed).code != "NoSuchUpload" { // it came to an end after all
				err = errors.Join(err, w.problem(context.WithoutCancel(ctx), "put", w.key, failed))
			}
		}
	}()
	parts, size, err := w.sendParts(ctx, begun.UploadId, head, rest)
	if err != nil {
		return state.Info{}, err
	}
	return w.decided(ctx, size, func(try ...func(*s3.Options)) (*string, middleware.Metadata, error) {
		out, err := w.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
			Bucket: &w.bucket, Key: &w.key, UploadId: begun.UploadId, IfMatch: w.ifMatch, IfNoneMatch: w.ifNoneMatch,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		}, try...)
		if err != nil {
			return nil, middleware.Metadata{}, err
		}
		return out.ETag, out.ResultMetadata, nil
	})
}

func (w *write) sendParts(ctx context.Context, upload *string, part []byte, rest io.Reader) (parts []types.CompletedPart, size int64, err error) {
	next := bytes.NewBuffer(part)
	for number := int32(1); next.Len() > 0; number++ {
		out, err := w.client.UploadPart(ctx, &s3.UploadPartInput{
			Bucket: &w.bucket, Key: &w.key, UploadId: upload, PartNumber: &number,
			Body: bytes.NewReader(next.Bytes()), ContentLength: aws.Int64(int64(next.Len())),
		})
		if err != nil {
			return nil, 0, w.problem(ctx, "put", w.key, err)
		}
		size += int64(next.Len())
		parts = append(parts, types.CompletedPart{ETag: out.ETag, PartNumber: aws.Int32(number), ChecksumCRC32: out.ChecksumCRC32})
		next.Reset()
		if _, err := io.CopyN(next, rest, w.options.PartSize); err != nil && err != io.EOF {
			return nil, 0, err // of the body: the caller's own
		}
		if err := ready(ctx, "put", w.key); err != nil {
			return nil, 0, err
		}
	}
	return parts, size, nil
}

package s3store

import (
	"context"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"leeway/core/fault"
	"leeway/core/state"
)

// List yields objects in ascending byte order of their keys, page by page.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[state.Info, error] {
	return func(yield func(state.Info, error) bool) {
		for page, err := range s.pages(ctx, prefix, nil) {
			if err != nil {
				yield(state.Info{}, err)
				return
			}
			for _, one := range page.Contents {
				key := plain(page, aws.ToString(one.Key))
				if state.CheckKey(key) != nil {
					continue
				}
				if !yield(describe(key, aws.ToInt64(one.Size), one.ETag, one.LastModified), nil) {
					return
				}
			}
		}
	}
}

// Folders names what is directly below prefix and has something below itself.
func (s *Store) Folders(ctx context.Context, prefix string) ([]string, error) {
	var names []string
	for page, err := range s.pages(ctx, prefix, aws.String("/")) {
		if err != nil {
			return nil, err
		}
		for _, one := range page.CommonPrefixes {
			folder := plain(page, aws.ToString(one.Prefix))
			if name := strings.TrimSuffix(strings.TrimPrefix(folder, prefix), "/"); state.CheckKey(prefix+name) == nil {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names) // they came in the order of what ends in a slash
	return names, nil
}

// pages asks for one page after the other. Keys are asked for in an encoded
// form: XML cannot hold all characters that a key may have.
func (s *Store) pages(ctx context.Context, prefix string, delimiter *string) iter.Seq2[*s3.ListObjectsV2Output, error] {
	return func(yield func(*s3.ListObjectsV2Output, error) bool) {
		if strings.ContainsRune(prefix, 0) || len(prefix) > state.MaxKey {
			return // no object has such a key
		}
		input := &s3.ListObjectsV2Input{
			Bucket: &s.bucket, Prefix: &prefix, Delimiter: delimiter, MaxKeys: &s.options.PageSize, EncodingType: types.EncodingTypeUrl,
		}
		for {
			if err := ctx.Err(); err != nil {
				yield(nil, &fault.Error{Kind: fault.Unavailable, Op: "list", Object: prefix, Err: err})
				return
			}
			page, err := s.client.ListObjectsV2(ctx, input)
			if err != nil {
				yield(nil, s.problem(ctx, "list", prefix, err))
				return
			}
			if !yield(page, nil) || !aws.ToBool(page.IsTruncated) {
				return
			}
			input.ContinuationToken = page.NextContinuationToken
		}
	}
}

// plain decodes a key of a page, if the server encoded it as it was asked to.
func plain(page *s3.ListObjectsV2Output, key string) string {
	if page.EncodingType != types.EncodingTypeUrl {
		return key
	}
	if decoded, err := url.QueryUnescape(key); err == nil {
		return decoded
	}
	return key
}

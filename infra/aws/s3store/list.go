package s3store

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/state"
)

// page is a part of a list.
type page struct {
	EncodingType          string
	IsTruncated           bool
	NextContinuationToken string
	Contents              []struct {
		Key, ETag    string
		Size         int64
		LastModified time.Time
	}
	CommonPrefixes []struct{ Prefix string }
}

// List yields objects in ascending byte order of their keys, page by page.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[state.Info, error] {
	return func(yield func(state.Info, error) bool) {
		for page, err := range s.pages(ctx, prefix, "") {
			if err != nil {
				yield(state.Info{}, err)
				return
			}
			for i := range page.Contents {
				one := &page.Contents[i]
				key := page.plain(one.Key)
				if state.CheckKey(key) != nil {
					continue
				}
				if !yield(describe(key, one.Size, one.ETag, one.LastModified), nil) {
					return
				}
			}
		}
	}
}

// Folders names what is directly below prefix and has something below itself.
func (s *Store) Folders(ctx context.Context, prefix string) ([]string, error) {
	var names []string
	for page, err := range s.pages(ctx, prefix, "/") {
		if err != nil {
			return nil, err
		}
		for _, one := range page.CommonPrefixes {
			folder := page.plain(one.Prefix)
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
func (s *Store) pages(ctx context.Context, prefix, delimiter string) iter.Seq2[*page, error] {
	return func(yield func(*page, error) bool) {
		if strings.ContainsRune(prefix, 0) || len(prefix) > state.MaxKey {
			return // no object has such a key
		}
		query := url.Values{"list-type": {"2"}, "prefix": {prefix}, "max-keys": {strconv.Itoa(s.options.PageSize)}, "encoding-type": {"url"}}
		if delimiter != "" {
			query.Set("delimiter", delimiter)
		}
		for {
			if err := ctx.Err(); err != nil {
				yield(nil, &fault.Error{Kind: fault.Unavailable, Op: "list", Object: prefix, Err: err})
				return
			}
			var next page
			if _, err := s.ask(ctx, &call{method: http.MethodGet, query: query}, &next); err != nil {
				yield(nil, s.problem(ctx, "list", prefix, err))
				return
			}
			if !yield(&next, nil) || !next.IsTruncated {
				return
			}
			if next.NextContinuationToken == "" { // the first page again, for ever
				yield(nil, &fault.Error{Kind: fault.Internal, Op: "list", Object: prefix, Err: errors.New("the server says that there is more, and not where"), Hint: "use a server that knows ListObjectsV2"})
				return
			}
			query.Set("continuation-token", next.NextContinuationToken)
		}
	}
}

// plain decodes a key of a page, if the server encoded it as it was asked to.
func (p *page) plain(key string) string {
	if p.EncodingType != "url" {
		return key
	}
	if decoded, err := url.QueryUnescape(key); err == nil {
		return decoded
	}
	return key
}

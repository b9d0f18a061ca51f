package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"leeway/infra/aws/s3store"
)

const ownBucket = "leeway-self-hosted"

// selfHosted has the function work on a bucket of another server than AWS's, which
// tells nobody of objects: the function is called for each, with the notification that
// S3 would send. What else it calls is at moto.
func selfHosted(ctx context.Context, c *cloud, t tools, endpoint string, files []file) []string {
	config := c.config
	config.BaseEndpoint = &endpoint
	admin := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := admin.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: new(ownBucket), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: region},
	}); err != nil {
		return []string{err.Error()}
	}
	f, err := newFunction(t, c.url, ownBucket, 15*time.Minute)
	if err != nil {
		return []string{err.Error()}
	}
	defer f.stop()
	f.env = append(f.env, "AWS_ENDPOINT_URL_S3="+endpoint, "LEEWAY_S3_PATH_STYLE=true")
	store, folder := s3store.Open(config, ownBucket, &s3store.Options{PathStyle: true}), filepath.Join(t.dir, ownBucket)
	for _, one := range files {
		if err := both(ctx, t, store, folder, f, one); err != nil {
			return append([]string{err.Error()}, logs([]*function{f})...)
		}
	}
	got, err := readBucket(ctx, store)
	if err != nil {
		return []string{err.Error()}
	}
	want, err := readTree(folder)
	if err != nil {
		return []string{err.Error()}
	}
	problems := differences(want.kept(), got.kept())
	if len(problems) > 0 {
		problems = append(problems, logs([]*function{f})...)
	}
	return problems
}

// both puts a file into the bucket and into a folder and has it processed in each.
func both(ctx context.Context, t tools, store *s3store.Store, folder string, f *function, one file) error {
	if _, err := store.Put(ctx, one.key, bytes.NewReader(one.data), nil); err != nil {
		return err
	}
	info, err := store.Stat(ctx, one.key)
	if err != nil {
		return err
	}
	if err := drop(folder, one, info.Modified); err != nil {
		return err
	}
	object := map[string]any{"key": one.key, "size": info.Size, "eTag": info.ETag}
	record := map[string]any{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": map[string]any{"bucket": map[string]any{"name": ownBucket}, "object": object}}
	event, err := json.Marshal(map[string]any{"Records": []any{record}})
	if err != nil {
		return err
	}
	if answer, err := f.invoke(ctx, event); err != nil {
		return fmt.Errorf("%s: %w: %s", one.key, err, answer)
	}
	return process(ctx, t, folder)
}

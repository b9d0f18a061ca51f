package s3store_test

import (
	"cmp"
	"fmt"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"leeway/core/state"
	"leeway/core/state/storetest"
	"leeway/infra/aws/s3fake"
	"leeway/infra/aws/s3store"
)

func TestStore(t *testing.T) {
	for name, versioned := range map[string]bool{"plain": false, "versioned": true} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) state.Store {
				return s3store.Open(s3fake.Start(t, "bucket", versioned).Config(), "bucket", &s3store.Options{PageSize: 7, BlockSize: 128 << 10})
			}, &storetest.Options{Writers: 8, Rounds: 4, Big: 20 << 20})
		})
	}
}

// TestServer holds the store against a server that others wrote: scripts/e2e/aws
// starts one.
func TestServer(t *testing.T) {
	endpoint := os.Getenv("LEEWAY_TEST_S3")
	if endpoint == "" {
		t.Skip("LEEWAY_TEST_S3 names no server; make e2e-aws starts one")
	}
	config := aws.Config{Region: cmp.Or(os.Getenv("AWS_REGION"), "us-east-1"), BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	admin := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	// us-east-1 alone may not be named as where a bucket is to be.
	var place *types.CreateBucketConfiguration
	if config.Region != "us-east-1" {
		place = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(config.Region)}
	}
	buckets := 0
	storetest.Run(t, func(t *testing.T) state.Store {
		buckets++
		name := fmt.Sprintf("storetest-%d-%d", os.Getpid(), buckets)
		if _, err := admin.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: place}); err != nil {
			t.Fatal(err)
		}
		return s3store.Open(config, name, &s3store.Options{PathStyle: true})
	}, &storetest.Options{Writers: 8, Rounds: 4, Big: 20 << 20})
}

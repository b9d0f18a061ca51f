package environ_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"leeway/infra/aws/environ"
)

func TestConfig(t *testing.T) {
	full := map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
		"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_S3": "http://s3", "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
	}
	with := func(change map[string]string) func(string) string {
		return func(name string) string {
			if value, ok := change[name]; ok {
				return value
			}
			return full[name]
		}
	}
	c, err := environ.Config(with(nil), "S3")
	if err != nil {
		t.Fatal(err)
	}
	found, err := c.Credentials.Retrieve(t.Context())
	if err != nil || found.AccessKeyID != "id" || found.SecretAccessKey != "secret" || found.SessionToken != "token" {
		t.Errorf("credentials %+v, %v", found, err)
	}
	if c.Region != "eu-west-1" || *c.BaseEndpoint != "http://s3" || c.RequestChecksumCalculation != aws.RequestChecksumCalculationWhenRequired {
		t.Errorf("got %+v", c)
	}
	if other, err := environ.Config(with(map[string]string{"AWS_REGION": "", "AWS_DEFAULT_REGION": "us-east-1"}), "SNS"); err != nil || *other.BaseEndpoint != "http://all" || other.Region != "us-east-1" {
		t.Errorf("got %+v, %v", other, err)
	}
	if other, err := environ.ConfigIn("eu-north-1", with(nil), "S3"); err != nil || other.Region != "eu-north-1" {
		t.Errorf("in a region of its own: %+v, %v", other, err)
	}
	if same, err := environ.ConfigIn("", with(nil), "S3"); err != nil || same.Region != "eu-west-1" {
		t.Errorf("in none of its own: %+v, %v", same, err)
	}
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if _, err := environ.Config(with(map[string]string{name: ""}), "S3"); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

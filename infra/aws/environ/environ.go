// Package environ makes the configuration of AWS's clients from the environment
// of a function: region, credentials and, for servers that speak AWS's protocols,
// an endpoint. AWS's own package for that also knows files, sign-on and metadata
// services, none of which a function has, and makes the binary an eighth larger.
package environ

import (
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"leeway/core/fault"
)

// Config is the configuration of the client of a service, such as "S3". What is
// read are the variables that AWS's tools read: AWS_REGION, AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL_<SERVICE>,
// AWS_ENDPOINT_URL and AWS_REQUEST_CHECKSUM_CALCULATION.
func Config(getenv func(string) string, service string) (aws.Config, error) {
	c := aws.Config{Region: getenv("AWS_REGION")}
	if c.Region == "" {
		c.Region = getenv("AWS_DEFAULT_REGION")
	}
	key, secret := getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY")
	switch {
	case c.Region == "":
		return c, missing("AWS_REGION", "set it to the region of the bucket; Lambda does so itself")
	case key == "" || secret == "":
		return c, missing("AWS_ACCESS_KEY_ID", "set it and AWS_SECRET_ACCESS_KEY; Lambda does so itself")
	}
	c.Credentials = credentials.NewStaticCredentialsProvider(key, secret, getenv("AWS_SESSION_TOKEN"))
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_" + service} {
		if url := getenv(name); url != "" {
			c.BaseEndpoint = &url
		}
	}
	if strings.EqualFold(getenv("AWS_REQUEST_CHECKSUM_CALCULATION"), "when_required") {
		c.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	} else {
		c.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported
	}
	return c, nil
}

// ConfigIn is [Config] for a region of its own; "" leaves that to the environment.
func ConfigIn(region string, getenv func(string) string, service string) (aws.Config, error) {
	c, err := Config(getenv, service)
	if region != "" {
		c.Region = region
	}
	return c, err
}

func missing(variable, hint string) error {
	return &fault.Error{Kind: fault.Invalid, Op: "read the environment", Object: variable, Err: errors.New("is not set"), Hint: hint}
}

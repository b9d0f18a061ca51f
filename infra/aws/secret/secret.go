// Package secret reads secrets from AWS Secrets Manager.
package secret

import (
	"context"
	"errors"

	"leeway/core/fault"
	"leeway/infra/aws/environ"
	"leeway/infra/aws/jsoncall"
	"leeway/infra/aws/problem"
)

// Read gives the present value of a secret, by its name or ARN, as text or bytes,
// whichever it has. An empty one is an error of kind Invalid.
func Read(ctx context.Context, getenv func(string) string, name string) ([]byte, error) {
	c, err := environ.Config(getenv, "SECRETS_MANAGER")
	if err != nil {
		return nil, err
	}
	client := jsoncall.New(c, jsoncall.Service{Host: "secretsmanager", Signs: "secretsmanager", Target: "secretsmanager", Version: "1.1"})
	var got struct {
		SecretString string
		SecretBinary []byte
	}
	err = client.Call(ctx, "GetSecretValue", map[string]string{"SecretId": name}, &got)
	switch {
	case err != nil:
		return nil, problem.Of(ctx, problem.Call{Action: "secretsmanager:GetSecretValue", Object: name}, err)
	case got.SecretString != "":
		return []byte(got.SecretString), nil
	case len(got.SecretBinary) > 0:
		return got.SecretBinary, nil
	}
	return nil, &fault.Error{Kind: fault.Invalid, Op: "read secret", Object: name, Err: errors.New("the secret is empty"), Hint: "give it a value"}
}

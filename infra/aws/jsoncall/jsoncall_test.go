package jsoncall_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"leeway/infra/aws/jsoncall"
	"leeway/infra/aws/signed"
	"leeway/infra/lambdacall"
)

var service = jsoncall.Service{Host: "states", Signs: "states", Target: "AWSStepFunctions", Version: "1.0"}

// TestCall: what is sent, what is tried again, and what refusals say.
func TestCall(t *testing.T) {
	for _, test := range []struct {
		status      int
		header      string
		body        string
		tries       int
		code, says  string
		wantSuccess bool
	}{
		{200, "", `{"executionArn": "a"}`, 1, "", "", true},
		{400, "", `{"__type": "com.amazonaws.states#ExecutionAlreadyExists", "message": "there"}`, 1, "ExecutionAlreadyExists", "there", false},
		{400, "InvalidName:http://internal/", `{"Message": "no"}`, 1, "InvalidName", "no", false},
		{400, "", `{"__type": "ThrottlingException"}`, 3, "ThrottlingException", "", false},
		{503, "", ``, 3, "", "", false},
	} {
		tries := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tries++
			sent := r.Header.Get("X-Amz-Target") + " " + r.Header.Get("Content-Type")
			if sent != "AWSStepFunctions.StartExecution application/x-amz-json-1.0" || !strings.Contains(r.Header.Get("Authorization"), "/eu-west-1/states/aws4_request") {
				t.Errorf("sent %q, %s", sent, r.Header.Get("Authorization"))
			}
			if test.header != "" {
				w.Header().Set("X-Amzn-Errortype", test.header)
			}
			w.WriteHeader(test.status)
			_, _ = w.Write([]byte(test.body))
		}))
		c := jsoncall.New(aws.Config{Region: "eu-west-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", "")}, service)
		var out struct{ ExecutionArn string }
		err := c.Call(t.Context(), "StartExecution", map[string]string{"name": "x"}, &out)
		var refused *signed.Refusal
		if errors.As(err, &refused) == test.wantSuccess || tries != test.tries || test.wantSuccess && out.ExecutionArn != "a" {
			t.Errorf("status %d %s: %v after %d tries", test.status, test.body, err, tries)
		}
		if refused != nil && (refused.Code != test.code || refused.Message != test.says || refused.Status != test.status) {
			t.Errorf("status %d %s: %+v", test.status, test.body, refused)
		}
		server.Close()
	}
}

// TestSignature: what the command signs by hand is what AWS's own signer signs.
func TestSignature(t *testing.T) {
	body := []byte(`{"leeway":"doctor"}`)
	sum := sha256.Sum256(body)
	now := time.Date(2026, 11, 29, 14, 30, 5, 0, time.UTC)
	for _, address := range []string{"https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/leeway/invocations", "http://127.0.0.1:4566/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Aleeway/invocations"} {
		for _, token := range []string{"", "token"} {
			ours, theirs := httptest.NewRequest("POST", address, nil), httptest.NewRequest("POST", address, nil)
			for _, r := range []*http.Request{ours, theirs} {
				r.Header.Set("Content-Type", "application/json")
			}
			lambdacall.Sign(ours, body, "lambda", "eu-west-1", lambdacall.Credentials{KeyID: "id", Secret: "secret", Token: token}, now)
			theirs.ContentLength = 0 // it is not among what we sign
			if err := v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret", SessionToken: token}, theirs, hex.EncodeToString(sum[:]), "lambda", "eu-west-1", now); err != nil {
				t.Fatal(err)
			}
			if a, b := ours.Header.Get("Authorization"), theirs.Header.Get("Authorization"); a != b {
				t.Errorf("%s\n%s\n%s", address, a, b)
			}
		}
	}
}

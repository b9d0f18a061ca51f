package jsoncall_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"leeway/infra/aws/jsoncall"
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
		var refused *jsoncall.Refusal
		if errors.As(err, &refused) == test.wantSuccess || tries != test.tries || test.wantSuccess && out.ExecutionArn != "a" {
			t.Errorf("status %d %s: %v after %d tries", test.status, test.body, err, tries)
		}
		if refused != nil && (refused.Code != test.code || refused.Message != test.says || refused.Status != test.status) {
			t.Errorf("status %d %s: %+v", test.status, test.body, refused)
		}
		server.Close()
	}
}

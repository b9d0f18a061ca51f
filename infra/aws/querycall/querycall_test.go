package querycall_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"leeway/infra/aws/querycall"
	"leeway/infra/aws/signed"
)

// TestCall: what is sent, what is tried again, and what refusals say.
func TestCall(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		tries  int
		code   string
		says   string
	}{
		{200, `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`, 1, "", ""},
		{404, `<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>`, 1, "NotFound", "Topic does not exist"},
		{400, `<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>`, 3, "Throttling", ""},
		{503, `<html>`, 3, "", ""},
	} {
		tries := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tries++
			if r.FormValue("Action") != "Publish" || r.FormValue("Version") != "2010-03-31" || r.FormValue("Message") != "a b&c=ü" {
				t.Errorf("sent %v", r.Form)
			}
			w.WriteHeader(test.status)
			_, _ = w.Write([]byte(test.body))
		}))
		c := querycall.New(aws.Config{Region: "eu-west-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", "")}, querycall.Service{Host: "sns", Version: "2010-03-31"})
		var out struct {
			ID string `xml:"PublishResult>MessageId"`
		}
		err := c.Call(t.Context(), "Publish", url.Values{"Message": {"a b&c=ü"}}, &out)
		var refused *signed.Refusal
		if errors.As(err, &refused) == (test.status == 200) || tries != test.tries || test.status == 200 && out.ID != "m" {
			t.Errorf("status %d: %v, %+v after %d tries", test.status, err, out, tries)
		}
		if refused != nil && (refused.Code != test.code || refused.Message != test.says || refused.Status != test.status) {
			t.Errorf("status %d: %+v", test.status, refused)
		}
		server.Close()
	}
}

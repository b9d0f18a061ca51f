package lambdacall_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"leeway/core/fault"
	"leeway/infra/lambdacall"
)

// lambda is a server that answers as Lambda does.
func lambda(t *testing.T, answer http.HandlerFunc) *lambdacall.Client {
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return &lambdacall.Client{Region: "eu-west-1", Endpoint: server.URL, Credentials: lambdacall.Credentials{KeyID: "id", Secret: "secret", Token: "token"}}
}

func TestCall(t *testing.T) {
	client := lambda(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != `{"leeway":"doctor"}` || r.URL.EscapedPath() != "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Aleeway/invocations" {
			t.Errorf("%s %s %v", r.URL.EscapedPath(), body, err)
		}
		if r.Header.Get("X-Amz-Security-Token") != "token" || !strings.Contains(r.Header.Get("Authorization"), "/eu-west-1/lambda/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=") {
			t.Errorf("%v", r.Header)
		}
		_, _ = io.WriteString(w, `{"ok":true}`)
	})
	answer, err := client.Call(t.Context(), "arn:aws:lambda:eu-west-1:1:function:leeway", []byte(`{"leeway":"doctor"}`))
	if err != nil || string(answer) != `{"ok":true}` {
		t.Errorf("%s, %v", answer, err)
	}
}

// TestRefusals: what goes wrong is said, with what to do.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		status     int
		code, body string
		function   string // of X-Amz-Function-Error
		kind       fault.Kind
		want       string
	}{
		{http.StatusForbidden, "AccessDeniedException", `{"Message":"not authorized"}`, "", fault.Denied, "AccessDeniedException: not authorized: check the credentials, and allow them lambda:InvokeFunction"},
		{http.StatusNotFound, "ResourceNotFoundException:http://x", `{"Message":"Function not found"}`, "", fault.NotFound, "no such function in eu-west-1"},
		{http.StatusTooManyRequests, "", `slow`, "", fault.Unavailable, "Too Many Requests"},
		{http.StatusOK, "", `{"errorMessage":"LEEWAY_BUCKET: is not set\nsecond","errorType":"errorString"}`, "Unhandled", fault.Invalid, "leeway: LEEWAY_BUCKET: is not set; second"},
		{http.StatusOK, "", `oops`, "Unhandled", fault.Invalid, "oops"},
	} {
		client := lambda(t, func(w http.ResponseWriter, _ *http.Request) {
			if c.code != "" {
				w.Header().Set("X-Amzn-Errortype", c.code)
			}
			if c.function != "" {
				w.Header().Set("X-Amz-Function-Error", c.function)
			}
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		_, err := client.Call(t.Context(), "leeway", []byte("{}"))
		if fault.KindOf(err) != c.kind || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d: %v, want %s", c.status, err, c.want)
		}
	}
	away := &lambdacall.Client{Region: "eu-west-1", Endpoint: "http://127.0.0.1:1"}
	if _, err := away.Call(t.Context(), "leeway", nil); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("nobody there: %v", err)
	}
}

package secret_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"leeway/core/fault"
	"leeway/infra/aws/secret"
)

func TestRead(t *testing.T) {
	var status int
	var answer, target string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target = r.Header.Get("X-Amz-Target")
		w.WriteHeader(status)
		fmt.Fprint(w, answer)
	}))
	defer server.Close()
	getenv := func(name string) string {
		return map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL_SECRETS_MANAGER": server.URL}[name]
	}
	for _, c := range []struct {
		status       int
		answer, want string
		kind         fault.Kind
	}{
		{200, `{"SecretString":"the key"}`, "the key", ""},
		{200, `{"SecretBinary":"dGhlIGtleQ=="}`, "the key", ""},
		{200, `{}`, "", fault.Invalid},
		{400, `{"__type":"ResourceNotFoundException","Message":"none"}`, "", fault.NotFound},
		{400, `{"__type":"AccessDeniedException","Message":"no"}`, "allow secretsmanager:GetSecretValue on arn:x", fault.Denied},
	} {
		status, answer = c.status, c.answer
		got, err := secret.Read(t.Context(), getenv, "arn:x")
		if fault.KindOf(err) != c.kind || err == nil && string(got) != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q, %v", c.answer, got, err)
		}
	}
	if target != "secretsmanager.GetSecretValue" {
		t.Errorf("asked for %s", target)
	}
}

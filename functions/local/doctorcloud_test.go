package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lambdaThat answers as Lambda does, and is where the environment points.
func lambdaThat(t *testing.T, answer string, header ...string) *http.Header {
	t.Helper()
	got := &http.Header{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*got = r.Header.Clone()
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ENDPOINT_URL_LAMBDA": "", "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "",
		"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "PATH": t.TempDir(),
	} {
		t.Setenv(name, value)
	}
	return got
}

func doctorOf(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := (&shell{stdin: strings.NewReader(""), stdout: &out, stderr: &out}).root()
	root.SetArgs(append([]string{"doctor", "--cloud", "aws"}, arguments...))
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func TestDoctorOfFunction(t *testing.T) {
	lambdaThat(t, `{"models":[],"doctor":[{"what":"reading","ok":true,"detail":"logs/ can be listed"},{"what":"queue","ok":false,"problem":"it hides messages for 30s: set it to 30m"}]}`)
	text, err := doctorOf(t)
	if err == nil || text != "ok    reading        logs/ can be listed\nwrong queue          it hides messages for 30s: set it to 30m\n" {
		t.Errorf("%v\n%s", err, text)
	}
	lambdaThat(t, `{"doctor":[{"what":"reading","ok":true,"detail":"fine"}]}`)
	if text, err := doctorOf(t); err != nil || !strings.HasPrefix(text, "ok    reading") {
		t.Errorf("%v\n%s", err, text)
	}
	lambdaThat(t, `{"errorMessage":"LEEWAY_BUCKET: is not set"}`, "X-Amz-Function-Error", "Unhandled")
	if text, err := doctorOf(t); err == nil || !strings.Contains(text, "wrong function       leeway: LEEWAY_BUCKET: is not set") {
		t.Errorf("%v\n%s", err, text)
	}
	lambdaThat(t, `"hello"`)
	if _, err := doctorOf(t, "--function", "other"); err == nil || !strings.Contains(err.Error(), "other: answers something else") {
		t.Errorf("another function: %v", err)
	}
}

// TestDoctorCredentials: they are the environment's, else those of who is signed in
// with AWS's command line.
func TestDoctorCredentials(t *testing.T) {
	got := lambdaThat(t, `{"doctor":[{"what":"reading","ok":true,"detail":"fine"}]}`)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	if _, err := doctorOf(t); err == nil || !strings.Contains(err.Error(), "there are no credentials") || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID") {
		t.Errorf("without any: %v", err)
	}
	t.Setenv("AWS_REGION", "")
	if _, err := doctorOf(t); err == nil || !strings.Contains(err.Error(), "give --region") {
		t.Errorf("without a region: %v", err)
	}
	script := "#!/bin/sh\ncase \"$2\" in get) echo us-east-2;; *) echo '{\"Version\":1,\"AccessKeyId\":\"signed-in\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\"}';; esac\n"
	if err := os.WriteFile(filepath.Join(os.Getenv("PATH"), "aws"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	if text, err := doctorOf(t); err != nil || !strings.Contains(got.Get("Authorization"), "Credential=signed-in/") || !strings.Contains(got.Get("Authorization"), "/us-east-2/lambda/") || got.Get("X-Amz-Security-Token") != "t" {
		t.Errorf("%v %s %v", err, text, got)
	}
	for complaint, want := range map[string]string{
		"usage: aws [options]\naws: error: argument subcommand: Invalid choice, valid choices are:\n\nadd-model | get\nset | list": "(aws is of version 1, which does not tell who is signed in; version 2 does): set AWS_ACCESS_KEY_ID",
		"\nThe config profile (x) could not be found": "(aws: The config profile (x) could not be found): set",
	} {
		script := "#!/bin/sh\ncase \"$2\" in get) echo us-east-2;; *) echo '" + complaint + "' >&2; exit 255;; esac\n"
		if err := os.WriteFile(filepath.Join(os.Getenv("PATH"), "aws"), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := doctorOf(t); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := doctorOf(t, "--bucket", "b"); err == nil || !strings.Contains(err.Error(), "give one of them") {
		t.Errorf("both: %v", err)
	}
	if _, err := doctorOf(t, "--cloud", "", "--region", "eu-west-1"); err == nil || !strings.Contains(err.Error(), "--region is of a function in a cloud") {
		t.Errorf("no cloud: %v", err)
	}
}

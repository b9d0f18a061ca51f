package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"

	"leeway/core/fault"
	"leeway/infra/lambdacall"
)

// deployed says which function of a cloud is meant.
type deployed struct{ cloud, function, region string }

// remote has a function examine itself, and prints what it says.
func (s *shell) remote(ctx context.Context, at *deployed) error {
	e := &examination{shell: s}
	client, err := at.client(ctx)
	if err != nil {
		return err
	}
	answer, err := client.Call(ctx, at.function, []byte(`{"leeway":"doctor"}`))
	if fault.KindOf(err) == fault.Invalid { // what the function says of itself
		e.trouble("function", err)
		return outcome(exitError)
	}
	if err != nil {
		return err
	}
	var said struct {
		Doctor []struct {
			What, Detail, Problem string
			OK                    bool
		}
	}
	if err := json.Unmarshal(answer, &said); err != nil || len(said.Doctor) == 0 {
		return &fault.Error{Kind: fault.Invalid, Object: at.function, Err: errors.New("answers something else than a function of Leeway"), Hint: "check --function"}
	}
	for _, one := range said.Doctor {
		e.check(one.What, one.Detail, problemOf(one.OK, one.Problem))
	}
	if e.troubled {
		return outcome(exitError)
	}
	return nil
}

func problemOf(ok bool, text string) error {
	if ok {
		return nil
	}
	return errors.New(text)
}

// client finds out where the function is, and with which credentials it is called.
func (d *deployed) client(ctx context.Context) (*lambdacall.Client, error) {
	c := &lambdacall.Client{
		Region:      cmp.Or(d.region, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")),
		Endpoint:    cmp.Or(os.Getenv("AWS_ENDPOINT_URL_LAMBDA"), os.Getenv("AWS_ENDPOINT_URL")),
		Credentials: lambdacall.Credentials{KeyID: os.Getenv("AWS_ACCESS_KEY_ID"), Secret: os.Getenv("AWS_SECRET_ACCESS_KEY"), Token: os.Getenv("AWS_SESSION_TOKEN")},
	}
	if c.Region == "" {
		c.Region, _ = tool(ctx, "configure", "get", "region") // said below if there is none
	}
	if c.Region == "" {
		return nil, fault.New(fault.Denied, "it is not known which region the function is in", "give --region, or set AWS_REGION")
	}
	if c.Credentials.KeyID != "" && c.Credentials.Secret != "" {
		return c, nil
	}
	text, err := tool(ctx, "configure", "export-credentials", "--format", "process")
	var got struct{ AccessKeyID, SecretAccessKey, SessionToken string }
	if err == nil {
		err = json.Unmarshal([]byte(text), &got)
	}
	if err != nil || got.AccessKeyID == "" {
		why := "there are no credentials"
		if err != nil {
			why += " (" + strings.TrimSpace(err.Error()) + ")"
		}
		return nil, fault.New(fault.Denied, why, "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or install AWS's command line and sign in with it (AWS_PROFILE says with which profile)")
	}
	c.Credentials = lambdacall.Credentials{KeyID: got.AccessKeyID, Secret: got.SecretAccessKey, Token: got.SessionToken}
	return c, nil
}

// tool asks AWS's command line, which knows profiles and who is signed in.
func tool(ctx context.Context, arguments ...string) (string, error) {
	var complaint bytes.Buffer
	command := exec.CommandContext(ctx, "aws", arguments...)
	command.Stderr = &complaint
	out, err := command.Output()
	if text := strings.TrimSpace(complaint.String()); err != nil && text != "" {
		err = errors.New(complained(text))
	}
	return strings.TrimSpace(string(out)), err
}

// complained is what AWS's command line has to say, in a line: version 1 answers what it
// does not know with all that it does.
func complained(text string) string {
	if strings.Contains(text, "Invalid choice") {
		return "aws is of version 1, which does not tell who is signed in; version 2 does"
	}
	lines := strings.Split(text, "\n")
	return "aws: " + strings.TrimPrefix(strings.TrimSpace(lines[len(lines)-1]), "aws: ")
}

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"leeway/infra/aws/jsoncall"
)

const region = "eu-west-1"

// cloud is an emulated AWS.
type cloud struct {
	url    string
	config aws.Config
	s3     *s3.Client
	cmd    *exec.Cmd
	gone   chan struct{} // closed when the process is
}

// freePort is a port of this machine that nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// startMoto starts the server, with another port if somebody else was quicker to take one.
func startMoto(ctx context.Context, t tools) (c *cloud, err error) {
	for range 5 {
		if c, err = tryMoto(ctx, t); err == nil || ctx.Err() != nil {
			break
		}
	}
	return c, err
}

func tryMoto(ctx context.Context, t tools) (*cloud, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(t.dir + "/moto.log")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	c := &cloud{url: fmt.Sprintf("http://127.0.0.1:%d", port), cmd: exec.CommandContext(ctx, t.moto, "-H", "127.0.0.1", "-p", fmt.Sprint(port)), gone: make(chan struct{})}
	c.cmd.Stdout, c.cmd.Stderr = log, log
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = c.cmd.Wait() // how it ended does not matter, only that it did
		close(c.gone)
	}()
	c.config = aws.Config{Region: region, BaseEndpoint: &c.url, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	c.s3 = s3.NewFromConfig(c.config, func(o *s3.Options) { o.UsePathStyle, o.DisableLogOutputChecksumValidationSkipped = true, true })
	if err := c.answers(); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// answers waits until the server does, or has ended.
func (c *cloud) answers() error {
	for deadline := time.Now().Add(10 * time.Minute); ; {
		response, err := http.Get(c.url + "/moto-api/data.json")
		if err == nil {
			return response.Body.Close()
		}
		if time.Now().After(deadline) {
			return err
		}
		select {
		case <-c.gone:
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (c *cloud) stop() {
	_ = c.cmd.Process.Kill() // it is gone, or goes now
	<-c.gone
}

// call makes a call of a service that speaks AWS's JSON protocol.
func (c *cloud) call(ctx context.Context, service, target string, in, out any) error {
	prefix, operation, _ := strings.Cut(target, ".")
	client := jsoncall.New(c.config, jsoncall.Service{Signs: service, Target: prefix, Version: "1.0"})
	if err := client.Call(ctx, operation, in, out); err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	return nil
}

// setUp makes a bucket whose events go to a queue, directly or through
// EventBridge. What was tried often enough goes to a second queue.
func (c *cloud) setUp(ctx context.Context, bucket string, bridged bool, receives int) (main, dead *queue, err error) {
	if _, err := c.s3.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: &bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: region},
	}); err != nil {
		return nil, nil, err
	}
	if dead, err = c.queue(ctx, bucket+"-dead", nil); err != nil {
		return nil, nil, err
	}
	redrive := fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, dead.arn, receives)
	if main, err = c.queue(ctx, bucket+"-queue", map[string]string{"RedrivePolicy": redrive}); err != nil {
		return nil, nil, err
	}
	notify := &types.NotificationConfiguration{}
	if bridged {
		notify.EventBridgeConfiguration = &types.EventBridgeConfiguration{}
		pattern := fmt.Sprintf(`{"source":["aws.s3"],"detail-type":["Object Created"],"detail":{"bucket":{"name":[%q]},"object":{"key":[{"prefix":"logs/"},{"prefix":"labels/"},{"prefix":"reference/"},{"prefix":"config/"}]}}}`, bucket)
		if err := c.call(ctx, "events", "AWSEvents.PutRule", map[string]string{"Name": bucket, "EventPattern": pattern, "State": "ENABLED"}, nil); err != nil {
			return nil, nil, err
		}
		targets := map[string]any{"Rule": bucket, "Targets": []map[string]string{{"Id": "queue", "Arn": main.arn}}}
		if err := c.call(ctx, "events", "AWSEvents.PutTargets", targets, nil); err != nil {
			return nil, nil, err
		}
	} else {
		notify.QueueConfigurations = []types.QueueConfiguration{{QueueArn: &main.arn, Events: []types.Event{"s3:ObjectCreated:*"}}} // all keys: ours come back too
	}
	_, err = c.s3.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: &bucket, NotificationConfiguration: notify})
	return main, dead, err
}

func command(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

package snsnotifier_test

import (
	"strconv"
	"strings"
	"testing"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor/sinktest"
	"leeway/core/report"
	"leeway/infra/aws/awsfake"
	"leeway/infra/aws/snsnotifier"
)

func open(t *testing.T, topic string) sinktest.Subject {
	server := awsfake.Start(t)
	sink, err := snsnotifier.Open(t.Context(), &config.Sink{Options: map[string]string{"topic_arn": topic}})
	if err != nil {
		t.Fatal(err)
	}
	return sinktest.Subject{Sink: sink, Arrived: server.Arrived, Break: server.Break}
}

// TestSink: a topic knows no repetitions, a fifo one does.
func TestSink(t *testing.T) {
	t.Run("standard", func(t *testing.T) {
		sinktest.Run(t, func(t *testing.T) sinktest.Subject { return open(t, "arn:aws:sns:eu-west-1:1:alerts") }, &sinktest.Options{Repeats: true})
	})
	t.Run("fifo", func(t *testing.T) {
		sinktest.Run(t, func(t *testing.T) sinktest.Subject { return open(t, "arn:aws:sns:eu-west-1:1:alerts.fifo") }, nil)
	})
}

// TestConnection: a sink that is opened for each delivery uses connections again.
func TestConnection(t *testing.T) {
	server := awsfake.Start(t)
	for i := range 20 {
		sink, err := snsnotifier.Open(t.Context(), &config.Sink{Options: map[string]string{"topic_arn": "arn:aws:sns:eu-west-1:1:alerts"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := sink.Write(t.Context(), sinktest.Report(strconv.Itoa(i))); err != nil {
			t.Fatal(err)
		}
	}
	if n := server.Connections(); n > 15 { // few: one is not always free again in time
		t.Errorf("%d connections for 20 messages", n)
	}
}

// TestText: people read what happened and what was decided.
func TestText(t *testing.T) {
	s := open(t, "arn:aws:sns:eu-west-1:1:alerts")
	r := sinktest.Report("00000000000000ff")
	r.Retrain = &report.Retrain{Decision: report.RetrainRequested, Request: "rt-1", Message: "Retraining was requested: performance fell."}
	if err := s.Sink.Write(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(s.Arrived(t), "\n")
	for _, want := range []string{"One column drifted.", "alert: `lead_time` moved.", "Retraining was requested: performance fell. Request rt-1.", "Report 00000000000000ff"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestTopic(t *testing.T) {
	awsfake.Start(t)
	if _, err := snsnotifier.Open(t.Context(), &config.Sink{}); fault.KindOf(err) != fault.Denied {
		t.Errorf("without a topic: %v", err)
	}
	t.Setenv("LEEWAY_SNS_TOPIC_ARN", "arn:aws:sns:eu-west-1:1:x")
	if _, err := snsnotifier.Open(t.Context(), &config.Sink{}); err != nil {
		t.Error(err)
	}
}

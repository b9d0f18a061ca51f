package eventbridgetrigger_test

import (
	"strings"
	"testing"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor/sinktest"
	"leeway/core/monitor/triggertest"
	"leeway/infra/aws/awsfake"
	"leeway/infra/aws/eventbridgetrigger"
)

func TestTrigger(t *testing.T) {
	triggertest.Run(t, func(t *testing.T) triggertest.Subject {
		server := awsfake.Start(t)
		trigger, err := eventbridgetrigger.Open(t.Context(), &config.Retrain{})
		if err != nil {
			t.Fatal(err)
		}
		return triggertest.Subject{Trigger: trigger, Started: server.Arrived, Break: server.Break}
	}, &triggertest.Options{Repeats: true})
}

// TestEntriesThatFail: an answer of 200 may say that nothing was taken.
func TestEntriesThatFail(t *testing.T) {
	triggertest.Run(t, func(t *testing.T) triggertest.Subject {
		server := awsfake.Start(t)
		trigger, err := eventbridgetrigger.Open(t.Context(), &config.Retrain{})
		if err != nil {
			t.Fatal(err)
		}
		return triggertest.Subject{Trigger: trigger, Started: server.Arrived, Break: server.Partial}
	}, &triggertest.Options{Repeats: true})
	server := awsfake.Start(t)
	server.Partial(true)
	trigger, err := eventbridgetrigger.Open(t.Context(), &config.Retrain{})
	if err != nil {
		t.Fatal(err)
	}
	if err := trigger.Fire(t.Context(), triggertest.Event(t, 1)); fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "InternalFailure: not taken") {
		t.Errorf("error %v", err)
	}
}

func TestSink(t *testing.T) {
	sinktest.Run(t, func(t *testing.T) sinktest.Subject {
		server := awsfake.Start(t)
		t.Setenv("LEEWAY_EVENT_BUS", "ours")
		sink, err := eventbridgetrigger.OpenSink(t.Context(), &config.Sink{})
		if err != nil {
			t.Fatal(err)
		}
		arrived := func(t *testing.T) []string {
			all := server.Arrived(t)
			for _, one := range all {
				if !strings.HasPrefix(one, "ours leeway dev.leeway.report.ready.v1 {") {
					t.Errorf("arrived %s", one)
				}
			}
			return all
		}
		return sinktest.Subject{Sink: sink, Arrived: arrived, Break: server.Break}
	}, &sinktest.Options{Repeats: true})
}

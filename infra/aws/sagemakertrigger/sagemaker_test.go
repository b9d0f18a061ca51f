package sagemakertrigger_test

import (
	"strings"
	"testing"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor/triggertest"
	"leeway/infra/aws/awsfake"
	"leeway/infra/aws/sagemakertrigger"
)

func TestTrigger(t *testing.T) {
	triggertest.Run(t, func(t *testing.T) triggertest.Subject {
		server := awsfake.Start(t)
		trigger, err := sagemakertrigger.Open(t.Context(), &config.Retrain{Options: map[string]string{"pipeline": "hotel-train", "parameters": "request=RequestId, logs=Logs,since=From"}})
		if err != nil {
			t.Fatal(err)
		}
		return triggertest.Subject{Trigger: trigger, Started: server.Arrived, Break: server.Break}
	}, nil)
}

// TestParameters: a pipeline gets those that are named; a wrong name is an error that
// says what there is.
func TestParameters(t *testing.T) {
	server := awsfake.Start(t)
	trigger, err := sagemakertrigger.Open(t.Context(), &config.Retrain{Options: map[string]string{"pipeline": "p", "parameters": "request=RequestId,logs=Logs,until=To"}})
	if err != nil {
		t.Fatal(err)
	}
	e := triggertest.Event(t, 1)
	if err := trigger.Fire(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if started := strings.Join(server.Arrived(t), "\n"); started != e.ID+" RequestId="+e.ID+" Logs=s3://bucket/logs/hotel/ To=2026-10-20T00:00:00Z" {
		t.Errorf("started %q", started)
	}
	for _, wrong := range []string{"request", "odd=X", "request=", "=X"} {
		if _, err := sagemakertrigger.Open(t.Context(), &config.Retrain{Options: map[string]string{"pipeline": "p", "parameters": wrong}}); fault.KindOf(err) != fault.Denied || !strings.Contains(err.Error(), "request, model, report") {
			t.Errorf("parameters %q: %v", wrong, err)
		}
	}
}

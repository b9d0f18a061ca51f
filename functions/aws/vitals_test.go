package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"leeway/core/metric"
	"leeway/infra/aws/cloudwatchsink"
)

// vitals has a function tell what it would publish, by series and check.
func (s *stage) vitals() *map[string]float64 {
	told := map[string]float64{}
	s.publish = func(_ context.Context, data []cloudwatchsink.Datum) error {
		clear(told)
		for _, d := range data {
			if d.Dimensions[0].Name == "function" {
				d.Dimensions[0] = cloudwatchsink.Dimension{Name: "model", Value: "churn"}
			}
			if d.Dimensions[0].Name != "model" || d.Dimensions[0].Value != "churn" || d.Unit == "" {
				s.Errorf("%+v", d)
			}
			name := d.Name
			if len(d.Dimensions) > 1 {
				name += " " + d.Dimensions[1].Value
			}
			told[name] = d.Value
		}
		return nil
	}
	return &told
}

const heartbeat = `{"leeway": "heartbeat", "schedule": "arn", "time": "2026-03-02T00:00:00Z"}`

// TestVitals: what alarms are on is told when no report is made, as well.
func TestVitals(t *testing.T) {
	s := start(t, nil)
	told := s.vitals()
	s.put("reference/churn/train.csv", day("2026-03-01", 2000, 0))
	s.invoke(heartbeat)
	if _, known := (*told)[metric.LastBatchAge]; known {
		t.Errorf("the age of the newest batch is told before there is one: %v", *told)
	}

	s.put("logs/churn/2026-03-02.csv", day("2026-03-02", 1000, 0))
	s.invoke(notification("logs/churn/2026-03-02.csv"))
	age, known := (*told)[metric.LastBatchAge]
	if _, invalid := (*told)[metric.Verdict+" all"]; !known || age < 0 || invalid || (*told)[metric.ModelErrors] != 0 {
		t.Errorf("after a batch: %v", *told)
	}
	if got := *told; got[metric.Batches+" unknown"]+got[metric.Batches+" ok"] != 1 || got[metric.Batches+" invalid"] != 0 || got[metric.LastBatch] < 1e9 {
		t.Errorf("counts of one batch: %v", got)
	}
	for _, verdict := range []string{"ok", "warn", "alert", "unknown"} {
		if _, known := (*told)[metric.Windows+" "+verdict]; !known {
			t.Errorf("no count of windows whose verdict is %s: %v", verdict, *told)
		}
	}

	s.put("config/churn.yaml", "version: 1\ntsk: binary\n")
	s.invoke(heartbeat) // which need not come again: the next one finds the same
	if (*told)[metric.ModelErrors] == 0 {
		t.Errorf("with a broken configuration: %v\n%s", *told, s.log)
	}
}

// TestVitalsOfWhatCannotBeRead: there is no report that could say so.
func TestVitalsOfWhatCannotBeRead(t *testing.T) {
	s := start(t, nil)
	told := s.vitals()
	s.put("reference/churn/train.csv", day("2026-03-01", 2000, 0))
	s.put("logs/churn/2026-03-03.csv", "\x00\x01\x02 no table \xff\xfe")
	for _, event := range []string{notification("logs/churn/2026-03-03.csv"), heartbeat} {
		s.invoke(event)
		if (*told)[metric.Verdict+" "+metric.Whole] != -2 || event != heartbeat && (*told)[metric.Batches+" invalid"] != 1 {
			t.Errorf("%s: %v\n%s", event, *told, s.log)
		}
	}
}

// TestVitalsThatCannotBeTold: the work is done all the same.
func TestVitalsThatCannotBeTold(t *testing.T) {
	s := start(t, nil)
	s.publish = func(context.Context, []cloudwatchsink.Datum) error { return errors.New("throttled") }
	s.put("reference/churn/train.csv", day("2026-03-01", 2000, 0))
	s.put("logs/churn/2026-03-02.csv", day("2026-03-02", 1000, 0))
	if answer := s.invoke(notification("logs/churn/2026-03-02.csv")); !strings.Contains(answer, `"batches":1`) {
		t.Error(answer)
	}
	if !strings.Contains(s.log.String(), "vitals: throttled") {
		t.Errorf("the log does not say so:\n%s", s.log)
	}
}

// TestOwn: how a call went is told: the first of a process, what it read, and what was
// wrong, each thing once.
func TestOwn(t *testing.T) {
	s := start(t, nil)
	told := s.vitals()
	s.put("logs/churn/2026-03-02.csv", day("2026-03-02", 1000, 0))
	s.put("logs/churn/2026-03-03.csv", "\x00\x01\x02 no table \xff\xfe")
	s.invoke(queued(notification("logs/churn/2026-03-02.csv"), notification("logs/churn/2026-03-03.csv"), "what is this"))
	got := *told
	if got[metric.FunctionCold] != 1 || got[metric.FunctionBytes] < 1000 || got[metric.FunctionSeconds] <= 0 || got[metric.FunctionFaults+" invalid"] != 2 {
		t.Errorf("the first call: %v\n%s", got, s.log)
	}
	s.invoke(heartbeat)
	got = *told
	if _, faults := got[metric.FunctionFaults+" invalid"]; got[metric.FunctionCold] != 0 || got[metric.FunctionBytes] != 0 || faults {
		t.Errorf("the second call: %v", got)
	}
}

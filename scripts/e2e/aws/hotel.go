package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"leeway/core/report"
	"leeway/core/state"
	"leeway/events"
)

const bookings = "../shared/data/hotel_bookings/"

// hotel are a hotel's bookings by month, where they are at hand: dropped one file after
// the other, and then what came true.
func hotel() []scenario {
	months, err := monthsOfBookings()
	if err != nil {
		fmt.Println("SKIPPED: the hotel bookings are not here:", err)
		return nil
	}
	monthly, daily := "hotel-month", "hotel-day"
	return []scenario{
		{
			name: "hotel bookings by month", model: monthly,
			files: months(monthly, "month", "eventbridge, confirm: 1"), inFolder: months(monthly, "month", "none, confirm: 1"),
		},
		{
			name: "hotel bookings of a month, by day: a training is asked for once", model: daily, trainings: 1, bridged: true,
			files: lastOf(months(daily, "day", "eventbridge")), inFolder: lastOf(months(daily, "day", "none")),
		},
	}
}

// lastOf leaves out all months but the last.
func lastOf(files []file) []file { return slices.Concat(files[:2], files[len(files)-2:]) }

// monthsOfBookings gives the files as a model has them whose windows are so long.
func monthsOfBookings() (func(model, every, trigger string) []file, error) {
	reference, err := os.ReadFile(bookings + "reference.csv.gz")
	if err != nil {
		return nil, err
	}
	labels, err := os.ReadFile(bookings + "production_targets.csv.gz")
	if err != nil {
		return nil, err
	}
	var months []file
	for _, name := range []string{"production_2016_10_11", "production_2016_12", "production_2017_01_02"} {
		text, err := unpacked(bookings + name + ".csv.gz")
		if err != nil {
			return nil, err
		}
		header, rows, _ := bytes.Cut(text, []byte("\n"))
		for line := range bytes.Lines(rows) {
			month := string(line[bytes.LastIndexByte(line, ',')+1:][:len("2016-10")]) // the last column is the day
			if len(months) == 0 || months[len(months)-1].key != month {
				months = append(months, file{month, append(slices.Clone(header), '\n')})
			}
			one := &months[len(months)-1]
			one.data = append(one.data, line...)
		}
	}
	return func(model, every, trigger string) []file {
		config := fmt.Sprintf("version: 1\nwindow: {every: %s}\nretrain: {trigger: %s}\n", every, trigger)
		all := []file{{"config/" + model + ".yaml", []byte(config)}, {"reference/" + model + "/reference.csv.gz", reference}}
		for _, month := range months {
			all = append(all, file{"logs/" + model + "/" + month.key + ".csv", month.data})
		}
		return append(all, file{"labels/" + model + "/targets.csv.gz", labels})
	}, nil
}

func unpacked(name string) ([]byte, error) {
	packed, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer packed.Close()
	text, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(text)
}

// listener gives a queue of what a model asks for on the bus.
func (c *cloud) listener(ctx context.Context, model string) (*queue, error) {
	heard, err := c.queue(ctx, model+"-trainings", nil)
	if err != nil {
		return nil, err
	}
	pattern := fmt.Sprintf(`{"source":["leeway"],"detail-type":[%q],"detail":{"data":{"model":[%q]}}}`, events.TypeRetrainRequested, model)
	if err := c.call(ctx, "events", "AWSEvents.PutRule", map[string]string{"Name": heard.name(), "EventPattern": pattern, "State": "ENABLED"}, nil); err != nil {
		return nil, err
	}
	targets := map[string]any{"Rule": heard.name(), "Targets": []map[string]string{{"Id": "queue", "Arn": heard.arn}}}
	return heard, c.call(ctx, "events", "AWSEvents.PutTargets", targets, nil)
}

// requests are the ids of those that were heard of, however often each.
func requests(ctx context.Context, heard *queue) (ids []string, err error) {
	for {
		messages, err := heard.receive(ctx, 10)
		if err != nil || len(messages) == 0 {
			return ids, err
		}
		for _, m := range messages {
			var bridged struct{ Detail struct{ ID string } }
			if err := json.Unmarshal([]byte(m.Body), &bridged); err != nil {
				return ids, err
			}
			ids = append(ids, bridged.Detail.ID)
		}
	}
}

// asked says what is wrong with the trainings that were asked for: each of those that
// leeway run would ask for is heard of once.
func (s *scenario) asked(ctx context.Context, heard *queue, folder tree) []string {
	got, err := requests(ctx, heard)
	if err != nil {
		return []string{err.Error()}
	}
	var known struct{ Request struct{ ID string } }
	want := []string{}
	if data, ok := folder["state/"+s.model+"/retrain.json"]; ok {
		if err := json.Unmarshal(data, &known); err != nil {
			return []string{err.Error()}
		}
	}
	if known.Request.ID != "" {
		want = append(want, known.Request.ID)
	}
	if !slices.Equal(got, want) || len(want) < s.trainings {
		return []string{fmt.Sprintf("the bus has heard of the trainings %q, and leeway run asks for %q; at least %d were to be expected", got, want, s.trainings)}
	}
	return nil
}

// crossing says what the alarm on verdicts would see after a file, if that is not the
// gravest of the verdicts that there were.
func crossing(ctx context.Context, c *cloud, model string, made tree) error {
	want, reports := -1.0, 0
	for key, data := range made {
		if !strings.HasPrefix(key, "state/"+model+"/reports/") {
			continue
		}
		var one struct{ Verdict report.Verdict }
		if err := json.Unmarshal(data, &one); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		want, reports = max(want, one.Verdict.Number()), reports+1
	}
	var got struct {
		Datapoints []struct{ Maximum, SampleCount float64 }
	}
	now := time.Now().Unix()
	err := c.call(ctx, "monitoring", "GraniteServiceVersion20100801.GetMetricStatistics", map[string]any{
		"Namespace": "Leeway", "MetricName": "leeway_verdict", "Dimensions": []dimension{{"model", model}, {"check", "all"}},
		"StartTime": now - 86400, "EndTime": now + 86400, "Period": 86400, "Statistics": []string{"Maximum", "SampleCount"},
	}, &got)
	if err != nil {
		return err
	}
	seen, values := -1.0, 0.0
	for _, one := range got.Datapoints {
		seen, values = max(seen, one.Maximum), values+one.SampleCount
	}
	if seen != want || int(values) != reports {
		return fmt.Errorf("CloudWatch has %v verdicts, the gravest %v, and there are %d reports, the gravest %v", values, seen, reports, want)
	}
	return nil
}

// seen is [crossing] of the model that is looked at.
func (s *scenario) seen(ctx context.Context, c *cloud, key string, store state.Store) error {
	if s.model == "" {
		return nil
	}
	made, err := readBucket(ctx, store)
	if err == nil {
		err = crossing(ctx, c, s.model, made)
	}
	if err != nil {
		return fmt.Errorf("after %s: %w", key, err)
	}
	return nil
}

// told says what CloudWatch and the bus lack in the end.
func (s *scenario) told(ctx context.Context, c *cloud, heard *queue, folder string) []string {
	made, err := readTree(folder)
	if err != nil {
		return []string{err.Error()}
	}
	return append(published(ctx, c, s.model), s.asked(ctx, heard, made)...)
}

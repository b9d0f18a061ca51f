package cloudwatchsink

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"sync"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
)

// mostOfLine is how many metrics a line may declare.
const mostOfLine = 100

// EMF writes lines in the embedded metric format.
type EMF struct {
	mu sync.Mutex
	to io.Writer
	settings
}

// OpenEMF is the sink of kind emf.
func OpenEMF(_ context.Context, s *config.Sink) (monitor.Sink, error) {
	return NewEMF(os.Stdout, s), nil
}

// NewEMF writes to a writer, a line at a time.
func NewEMF(to io.Writer, s *config.Sink) *EMF { return &EMF{to: to, settings: settingsOf(s)} }

// directive is how a line declares its metrics.
type directive struct {
	Timestamp         int64 // milliseconds since 1970
	CloudWatchMetrics []declared
}

type declared struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []declaredMetric
}

type declaredMetric struct{ Name, Unit string }

// Write writes a line for each set of dimensions, and one more for each hundred
// metrics of it.
func (e *EMF) Write(ctx context.Context, r *report.Report) error {
	if err := ctx.Err(); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Op: "write metrics", Err: err}
	}
	at, err := e.instant(r)
	if err != nil {
		return err
	}
	var lines bytes.Buffer
	for _, group := range byDimensions(taken(dataOf(r, e.all))) {
		for len(group) > 0 {
			n := min(len(group), mostOfLine)
			if err := e.line(&lines, at, group[:n]); err != nil {
				return err
			}
			group = group[n:]
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, err := e.to.Write(lines.Bytes()); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Op: "write metrics", Err: err}
	}
	return nil
}

// byDimensions puts together what has the same dimensions, in the order of the first
// of each.
func byDimensions(data []Datum) [][]Datum {
	var groups [][]Datum
	at := map[string]int{}
	for _, d := range data {
		key := ""
		for _, dim := range d.Dimensions {
			key += dim.Name + "\x00" + dim.Value + "\x00"
		}
		i, known := at[key]
		if !known {
			i = len(groups)
			at[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], d)
	}
	return groups
}

func (e *EMF) line(to *bytes.Buffer, at time.Time, data []Datum) error {
	one := declared{Namespace: e.namespace, Dimensions: [][]string{{}}}
	line := map[string]any{}
	for _, dim := range data[0].Dimensions {
		one.Dimensions[0] = append(one.Dimensions[0], dim.Name)
		line[dim.Name] = dim.Value
	}
	for _, d := range data {
		one.Metrics = append(one.Metrics, declaredMetric{d.Name, d.Unit})
		line[d.Name] = d.Value
	}
	line["_aws"] = directive{Timestamp: at.UnixMilli(), CloudWatchMetrics: []declared{one}}
	if err := json.NewEncoder(to).Encode(line); err != nil { // keys in ascending order
		return &fault.Error{Kind: fault.Internal, Op: "write metrics", Err: err}
	}
	return nil
}

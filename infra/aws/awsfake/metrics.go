package awsfake

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
)

type metricData struct {
	Namespace  string
	MetricData []struct {
		MetricName string
		Value      json.RawMessage
		Timestamp  float64

		StatisticValues *struct{ SampleCount, Sum, Minimum, Maximum float64 }
		Unit            string
		Dimensions      []struct{ Name, Value string }
	}
}

// putMetricData keeps the limits of PutMetricData's reference.
func (s *Server) putMetricData(body []byte) (any, *refusal) {
	in, wrong := read[metricData](body)
	if wrong != nil {
		return nil, wrong
	}
	bad := func(format string, args ...any) (any, *refusal) {
		return nil, &refusal{"InvalidParameterValue", fmt.Sprintf(format, args...)}
	}
	switch n := len(in.MetricData); {
	case n == 0 || n > 1000:
		return bad("%d metrics", n)
	case in.Namespace == "" || len(in.Namespace) > 255 || strings.HasPrefix(in.Namespace, "AWS/"):
		return bad("namespace %q", in.Namespace)
	}
	now := time.Now()
	taken := map[string]Metric{}
	var order []string
	for _, m := range in.MetricData {
		var value float64
		if set := m.StatisticValues; set != nil {
			if m.Value != nil || set.SampleCount <= 0 || set.Minimum > set.Maximum || set.Sum < set.SampleCount*set.Minimum*(1-1e-9)-1e-9 && set.Minimum > 0 {
				return bad("statistics %+v of %s", *set, m.MetricName)
			}
			value = set.Sum
		} else if err := json.Unmarshal(m.Value, &value); err != nil || math.Abs(value) > math.Ldexp(1, 360) || value != 0 && math.Abs(value) < math.Ldexp(1, -360) {
			return bad("value %s of %s", m.Value, m.MetricName)
		}
		if !named(m.MetricName, 255) || len(m.Dimensions) > 30 {
			return bad("name %q with %d dimensions", m.MetricName, len(m.Dimensions))
		}
		if at := time.Unix(0, int64(m.Timestamp*1e9)); at.Before(now.Add(-14*24*time.Hour)) || at.After(now.Add(2*time.Hour)) {
			return bad("timestamp %s", at)
		}
		if !strings.Contains(" Seconds Bytes None Count Percent ", " "+m.Unit+" ") {
			return bad("unit %q", m.Unit)
		}
		key := in.Namespace + " " + m.MetricName
		seen := map[string]bool{}
		for _, d := range m.Dimensions {
			if !named(d.Name, 255) || !named(d.Value, 1024) || seen[d.Name] {
				return bad("dimension %q=%q", d.Name, d.Value)
			}
			seen[d.Name] = true
			key += " " + d.Name + "=" + d.Value
		}
		taken[key] = Metric{value, m.Timestamp}
		order = append(order, key)
	}
	for _, key := range order {
		s.Metrics[key] = append(s.Metrics[key], taken[key])
		s.all = append(s.all, fmt.Sprint(key, " = ", taken[key].Value, " at ", taken[key].Timestamp))
	}
	return nil, nil
}

// named tells whether a text may be a name or the value of a dimension.
func named(text string, most int) bool {
	if len(text) > most || strings.TrimSpace(text) == "" || text[0] == ':' {
		return false
	}
	return strings.IndexFunc(text, func(c rune) bool { return c < ' ' || c > '~' }) < 0
}

package cloudwatchsink

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/report"
)

// What CloudWatch takes.
const (
	mostData       = 1000    // metrics of a request
	mostBytes      = 900_000 // of a request, well below its 1 MB, by a generous estimate
	mostDimensions = 30      // of a metric
	longestName    = 255     // of metric and dimension
	longestValue   = 1024    // of a dimension
	oldest         = 14 * 24 * time.Hour
)

// largest is the absolute value from which on a number is refused, smallest that below
// which it may be: both powers of two.
var largest, smallest = math.Ldexp(1, 360), math.Ldexp(1, -360)

// Datum is a value of a metric, or what is known of many.
type Datum struct {
	Name       string
	Unit       string // as CloudWatch spells it: Seconds, Bytes, None
	Dimensions []Dimension
	Value      float64
	Set        *Set // instead of Value
}

// Set sums up values.
type Set struct{ Count, Sum, Min, Max float64 }

// Dimension is a name and a value, as CloudWatch takes them.
type Dimension struct{ Name, Value string }

// Namespace is where metrics go where nothing else is configured.
const Namespace = "Leeway"

// settings are what both sinks have.
type settings struct {
	namespace string
	all       bool
	window    bool // values are of the end of the window
	now       func() time.Time
}

func settingsOf(s *config.Sink) settings {
	return settings{
		namespace: cmp.Or(s.Options["namespace"], os.Getenv("LEEWAY_METRIC_NAMESPACE"), Namespace),
		all:       s.Detail == "all", window: s.Options["timestamp"] == "window", now: time.Now,
	}
}

// instant is the time of a report's values. It is an error of kind Invalid if
// CloudWatch does not take it.
func (c *settings) instant(r *report.Report) (time.Time, error) {
	text := r.Created
	if c.window && r.Window != nil {
		text = r.Window.End
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, &fault.Error{Kind: fault.Invalid, Object: "report " + r.ID, Err: err}
	}
	now := c.now()
	if at.After(now) { // a window that is not over, or a file from a clock that is ahead
		at = now
	}
	if at.Before(now.Add(-oldest)) {
		return at, &fault.Error{Kind: fault.Invalid, Object: "report " + r.ID, Err: fmt.Errorf("its values are of %s, and CloudWatch takes none older than two weeks", at.UTC().Format(time.RFC3339)), Hint: "of a backfill that is as it should be; timestamp: arrival takes the time when files arrived"}
	}
	return at, nil
}

// dataOf are the numbers of a report: all of them, or the few by default.
func dataOf(r *report.Report, all bool) []Datum {
	points := r.Points(all)
	data := make([]Datum, 0, len(points))
	for i := range points {
		p := &points[i]
		d := Datum{Name: p.Name, Unit: UnitOf(p.Unit), Value: p.Value}
		for _, l := range p.Labels {
			d.Dimensions = append(d.Dimensions, Dimension{l.Name, l.Value})
		}
		data = append(data, d)
	}
	return data
}

// taken are the data as CloudWatch takes them: what it does not take is left out, and
// so is a second value of a series.
func taken(data []Datum) []Datum {
	kept := make([]Datum, 0, len(data))
	seen := map[string]bool{}
	for _, d := range data {
		if d.Name = plainValue(d.Name); len(d.Name) > longestName || len(d.Dimensions) > mostDimensions || !d.fit() {
			continue
		}
		key := d.Name
		for i := range d.Dimensions {
			one := &d.Dimensions[i]
			one.Value = plainValue(one.Value)
			key += "\x00" + one.Name + "\x00" + one.Value
		}
		if !seen[key] {
			seen[key] = true
			kept = append(kept, d)
		}
	}
	return kept
}

// fit tells whether the numbers are ones that CloudWatch takes; those that are all but
// 0 become 0.
func (d *Datum) fit() bool {
	numbers := []*float64{&d.Value}
	if d.Set != nil {
		set := *d.Set
		d.Set = &set
		numbers = []*float64{&set.Count, &set.Sum, &set.Min, &set.Max}
	}
	for _, x := range numbers {
		switch size := math.Abs(*x); {
		case math.IsNaN(size) || size >= largest:
			return false
		case size < smallest:
			*x = 0
		}
	}
	return true
}

// UnitOf is a unit of the table of series as CloudWatch spells it.
func UnitOf(unit string) string {
	switch unit {
	case "seconds":
		return "Seconds"
	case "bytes":
		return "Bytes"
	}
	return "None"
}

// plainValue is a text as the value of a dimension: printable ASCII that neither is
// blank nor begins with a colon. Other bytes become %XX; a text that is too long keeps
// its beginning and a name for the rest.
func plainValue(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '%' || c == ':' && i == 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	value := b.String()
	if strings.TrimSpace(value) == "" {
		return strings.Repeat("%20", max(len(value), 1))
	}
	if len(value) > longestValue {
		return value[:longestValue-17] + "~" + brief(text)
	}
	return value
}

// size estimates the bytes of a datum on the wire.
func (d *Datum) size() int {
	n := 200 + len(d.Name)
	for _, dim := range d.Dimensions {
		n += 40 + len(dim.Name) + len(dim.Value)
	}
	return n
}

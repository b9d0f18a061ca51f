package prometheus

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/state"
)

// Format is a text format that metrics are written in.
type Format string

// The formats, by their media types.
const (
	Text        Format = "text/plain; version=0.0.4; charset=utf-8"
	OpenMetrics Format = "application/openmetrics-text; version=1.0.0; charset=utf-8"
)

// Model is what is exposed of one model.
type Model struct {
	Name      string
	Report    *report.Report           // the newest one, nil where there is none yet
	Drifted   int                      // columns that drifted in it
	Tested    int                      // columns that were tested for drift in it
	Batches   map[report.Verdict]int64 // verdicts on batches so far; they only grow
	Windows   map[report.Verdict]int64 // windows by their present verdict
	LastBatch time.Time                // when the newest batch arrived; zero: none did
	Invalid   bool                     // the newest batch could not be read
	Errors    int                      // what stops the model's runs, such as a broken configuration
	Run       Run
	Labelled  *state.Summary     // of the newest window whose labels came, nil for none
	Labels    *state.LabelCounts // what the label files hold, nil for none
}

// Run is what the last pass over a model's pending batches took. The time is
// known to the process alone: it is 0 before its first pass, and the bytes are
// those of the newest batch then.
type Run struct {
	Seconds float64
	Bytes   int64
}

// Write writes all metrics of the models. The catalogue decides which of the
// reports' samples are shown, and in which order.
func Write(w io.Writer, models []Model, catalogue []metric.Desc, format Format) error {
	out := &writer{w: bufio.NewWriterSize(w, 64<<10), open: format == OpenMetrics}
	out.summary(models)
	out.estimates(models)
	out.labels(models)
	byName := gather(models)
	for i := range catalogue {
		desc := &catalogue[i]
		out.catalogued(desc, byName[desc.Check+"\x00"+desc.Name])
	}
	if out.open {
		out.text("# EOF\n")
	}
	return out.w.Flush()
}

// labelled is a sample with the model that it belongs to.
type labelled struct {
	model  string
	sample *metric.Sample
}

// gather sorts the samples of all models by metric: a family stands in one
// piece, and a scrape does not walk every report once per metric.
func gather(models []Model) map[string][]labelled {
	byName := map[string][]labelled{}
	for _, m := range models {
		if m.Report == nil {
			continue
		}
		for i := range m.Report.Samples {
			s := &m.Report.Samples[i]
			if !math.IsNaN(s.Value) {
				key := s.Check + "\x00" + s.Metric
				byName[key] = append(byName[key], labelled{m.Name, s})
			}
		}
	}
	return byName
}

// writer writes one exposition. Errors stay in the bufio.Writer until Flush.
type writer struct {
	w    *bufio.Writer
	open bool
	seen map[string]bool // label sets of the present family
	line []byte
}

// family begins a family. Its samples must follow at once.
func (o *writer) family(name, kind, unit, help string) {
	o.seen = map[string]bool{}
	if o.open && kind == "counter" { // the family's name is without _total there
		name = strings.TrimSuffix(name, "_total")
	}
	o.text("# HELP " + name + " " + o.escapeHelp(help) + "\n# TYPE " + name + " " + kind + "\n")
	if o.open && unit != "" && strings.HasSuffix(name, "_"+unit) {
		o.text("# UNIT " + name + " " + unit + "\n")
	}
}

// standing begins the family of a standing series; a name that is not in the
// table is a mistake in this package, which every test of it would meet.
func (o *writer) standing(name string) {
	s, known := metric.StandingByName(name)
	if !known {
		panic("prometheus: " + name + " is no standing series")
	}
	o.family(s.Name, s.Kind, s.Unit, s.Help)
}

// sample writes one value. Labels come in pairs; an empty value is the same as
// no label. A label set that was there already is left out: a scrape with a
// duplicate would be refused whole.
func (o *writer) sample(name string, value float64, labels ...string) {
	o.line = append(o.line[:0], '{')
	for i := 0; i < len(labels); i += 2 {
		if labels[i+1] == "" {
			continue
		}
		if len(o.line) > 1 {
			o.line = append(o.line, ',')
		}
		o.line = append(o.line, labels[i]...)
		o.line = append(o.line, `="`...)
		o.line = append(o.line, escapeLabel(labels[i+1])...)
		o.line = append(o.line, '"')
	}
	o.line = append(o.line, '}')
	if o.seen[string(o.line)] {
		return
	}
	o.seen[string(o.line)] = true
	o.text(name)
	if len(o.line) > 2 {
		_, _ = o.w.Write(o.line) // sticky error
	}
	o.text(" " + number(value) + "\n")
}

func (o *writer) text(s string) { _, _ = o.w.WriteString(s) } // the error is sticky: Flush returns it

// number is the shortest text that reads back as the very same float64.
func number(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "+Inf"
	case math.IsInf(x, -1):
		return "-Inf"
	case math.IsNaN(x):
		return "NaN"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

var (
	labelEscapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
	helpEscapes  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
)

// escapeLabel writes any bytes as a label value; what is not UTF-8 is replaced,
// as both formats allow nothing else.
func escapeLabel(s string) string { return labelEscapes.Replace(strings.ToValidUTF8(s, "\uFFFD")) }

func (o *writer) escapeHelp(s string) string {
	if o.open {
		return labelEscapes.Replace(s)
	}
	return helpEscapes.Replace(s)
}

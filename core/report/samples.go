package report

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"leeway/core/metric"
)

// Samples are most of a wide table's report, and encoding/json takes them apart,
// puts them together and indents them one after the other. So they are written
// here, the very same bytes, and put where noSamples stands.
var noSamples = []byte("\n  \"samples\": [],\n")

// withSamples puts samples into a document that was written without any. Texts
// in it cannot hold a line's end, so there is one such place.
func withSamples(document []byte, samples []metric.Sample) []byte {
	at := bytes.Index(document, noSamples)
	if at < 0 || len(samples) == 0 {
		return document
	}
	at += len(noSamples) - len("],\n")
	out := make([]byte, 0, len(document)+256*len(samples))
	out = append(out, document[:at]...)
	for i := range samples {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendSample(out, &samples[i])
	}
	out = append(out, "\n  "...)
	return append(out, document[at:]...)
}

func appendSample(b []byte, s *metric.Sample) []byte {
	b = append(b, "\n    {\n      \"check\": "...)
	b = appendText(b, s.Check)
	b = append(b, ",\n      \"metric\": "...)
	b = appendText(b, s.Metric)
	b = append(b, ",\n      \"labels\": "...)
	b = appendLabels(b, &s.Labels)
	b = append(b, ",\n      \"value\": "...)
	b = appendNumber(b, s.Value)
	if metric.Number(s.P) != nil {
		b = append(b, ",\n      \"p_value\": "...)
		b = appendNumber(b, s.P)
	}
	b = append(b, ",\n      \"exact\": "...)
	b = strconv.AppendBool(b, s.Exact)
	b = append(b, ",\n      \"n_reference\": "...)
	b = strconv.AppendInt(b, s.NReference, 10)
	b = append(b, ",\n      \"n_current\": "...)
	b = strconv.AppendInt(b, s.NCurrent, 10)
	if s.Reason != "" {
		b = append(b, ",\n      \"reason\": "...)
		b = appendText(b, s.Reason)
	}
	return append(b, "\n    }"...)
}

func appendLabels(b []byte, l *metric.Labels) []byte {
	b = append(b, '{')
	open := len(b)
	for _, label := range [...]struct{ name, text string }{
		{"column", l.Column}, {"segment", l.Segment}, {"class", l.Class}, {"group", l.Group},
		{"role", l.Role}, {"q", l.Q}, {"actual", l.Actual}, {"predicted", l.Predicted},
	} {
		if label.text == "" {
			continue
		}
		if len(b) > open {
			b = append(b, ',')
		}
		b = append(b, "\n        \""...)
		b = append(b, label.name...)
		b = append(b, "\": "...)
		b = appendText(b, label.text)
	}
	if len(b) > open {
		b = append(b, "\n      "...)
	}
	return append(b, '}')
}

// appendText writes a text as encoding/json does, by it unless it is plain.
func appendText(b []byte, text string) []byte {
	special := func(c byte) bool {
		return c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&'
	}
	if !slices.ContainsFunc([]byte(text), special) {
		b = append(b, '"')
		b = append(b, text...)
		return append(b, '"')
	}
	quoted, err := json.Marshal(text)
	if err != nil { // of a string there is no error
		panic(err)
	}
	return append(b, quoted...)
}

// appendNumber writes a number as encoding/json does; null for one that JSON
// cannot hold.
func appendNumber(b []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(b, "null"...)
	}
	size := math.Abs(x)
	if size == 0 || size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(b, x, 'f', -1, 64)
	}
	b = strconv.AppendFloat(b, x, 'e', -1, 64)
	if n := len(b); n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' { // e-09 is e-9
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}

package capture

import (
	"bytes"
	"fmt"
	"io"

	"leeway/core/fault"
	"leeway/core/format/cell"
	"leeway/core/format/jsonl"
	"leeway/core/format/window"
	"leeway/core/frame"
)

// The names of the columns that are not the endpoint's own.
const (
	ID    = "event_id"
	Time  = "inference_time"
	Said  = "prediction" // the answer, if it is one value without a name; else prediction_0, prediction_1...
	Truth = "label"      // the same of ground truth
)

// Reader reads a stream of captured events as flat JSON Lines.
type Reader struct {
	in     *window.Window
	header []string
	event  event
	input  payload
	output payload
	truth  payload
	row    int // of the event
	rows   int // of the event: 0 when the next line is due
	line   int64
	width  int // values without a name that rows have, -1 until the first
	out    []byte
	sent   int // of out
	failed error
	faults cell.Faults
}

// NewReader reads src. header are the names of values that have none, in their
// order: as many as a request has, or with those of the answer before them, as
// SageMaker orders columns; nil: they are called _c0, _c1... by their place in the
// request.
func NewReader(src io.Reader, header []string) *Reader {
	r := &Reader{in: window.New(src, jsonl.MaxLine), header: header, width: -1}
	r.event.init()
	r.input.init("_c", nil)
	r.output.init(Said+"_", []byte(Said))
	r.truth.init(Truth+"_", []byte(Truth))
	return r
}

// Is tells whether a file that begins with head holds captured events or ground
// truth.
func Is(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	line, _, whole := bytes.Cut(head, []byte("\n"))
	var e event
	e.init()
	if e.read(line) {
		return e.capture || e.labels
	}
	return !whole && (bytes.Contains(line, []byte(`"captureData"`)) || bytes.Contains(line, []byte(`"groundTruthData"`)))
}

// Faults lists what was wrong with events; rows are lines of the file.
func (r *Reader) Faults() []frame.Fault { return r.faults.List() }

// Read gives the next bytes of the flat lines.
func (r *Reader) Read(p []byte) (int, error) {
	for r.sent == len(r.out) {
		if r.failed != nil {
			return 0, r.failed
		}
		r.out, r.sent = r.out[:0], 0
		if r.row < r.rows {
			r.next()
			continue
		}
		r.failed = r.advance()
	}
	n := copy(p, r.out[r.sent:])
	r.sent += n
	return n, nil
}

// advance takes the next line that holds an event.
func (r *Reader) advance() error {
	r.row, r.rows = 0, 0
	for {
		if line, found := r.cut(); found {
			r.line++
			if line = cell.Trim(line); len(line) == 0 {
				continue
			}
			if what := r.begin(line); what != "" {
				r.faults.Add("", what, r.line, line)
				continue
			}
			return nil
		}
		if r.in.Last && r.in.Start == r.in.End {
			return io.EOF
		}
		full, err := r.in.More()
		if full {
			return &fault.Error{Kind: fault.Invalid, Row: r.line + 1, Err: fmt.Errorf("a line is longer than %d MiB", jsonl.MaxLine>>20), Hint: "SageMaker writes one event per line; was the file joined from several?"}
		}
		if err != nil {
			return err
		}
	}
}

// cut takes the next line from the buffer, if all of it is there.
func (r *Reader) cut() ([]byte, bool) {
	rest := r.in.Data[r.in.Start:r.in.End]
	size := bytes.IndexByte(rest, '\n')
	switch {
	case size >= 0:
		size++
	case r.in.Last && len(rest) > 0:
		size = len(rest)
	default:
		return nil, false
	}
	r.in.Start += size
	return rest[:size], true
}

// begin takes an event apart; what is wrong with it is why it has no rows.
func (r *Reader) begin(line []byte) string {
	r.rows = 0
	e := &r.event
	switch {
	case !e.read(line):
		return "lines that are no JSON object"
	case !e.capture && !e.labels:
		return "lines without captureData or groundTruthData"
	}
	for _, one := range []struct {
		payload *payload
		part    *part
		wrong   string
	}{{&r.input, &e.input, "input: "}, {&r.output, &e.output, "output: "}, {&r.truth, &e.truth, "ground truth: "}} {
		if what := one.payload.open(one.part); what != "" {
			return one.wrong + what
		}
	}
	return r.count()
}

// count finds the number of rows, in which all parts of an event must agree.
func (r *Reader) count() string {
	rows := r.input.rows
	if !r.input.there {
		rows = max(r.output.rows, 1)
		if !r.output.there {
			rows = max(r.truth.rows, 1)
		}
	}
	if !r.output.fit(rows) {
		return "the answer has not as many rows as the request"
	}
	if !r.truth.fit(rows) {
		return "the ground truth has not as many rows as the event"
	}
	if !r.input.there && !r.output.there && !r.truth.there {
		return "events without data"
	}
	r.rows = rows
	if at := r.event.time; len(at) > 0 && !instant(at) {
		r.faults.Add(Time, "not an instant: the row is kept without a time", r.line, at)
		r.event.time = nil
	}
	return ""
}

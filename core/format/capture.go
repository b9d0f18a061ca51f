package format

import (
	"bytes"
	"io"
	"slices"

	"leeway/core/fault"
	"leeway/core/format/capture"
	"leeway/core/format/cell"
	"leeway/core/format/jsonl"
	"leeway/core/frame"
	"leeway/core/schema"
)

// expanded bounds how much of the rows of captured events is looked at first.
const expanded = 4 << 20

// captured reads what an endpoint of SageMaker captured, and its ground truth.
func (t *text) captured(extension string) error {
	f := t.file
	f.format, f.late = "sagemaker"+extension, true
	events := t.head
	if !t.whole {
		events = events[:bytes.LastIndexByte(events, '\n')+1]
		if len(events) == 0 {
			return fault.New(fault.Invalid, "the first event is longer than 2 MiB", "the first line must fit that: begin the file with another event")
		}
	}
	look := capture.NewReader(bytes.NewReader(events), f.options.Header)
	flat, err := io.ReadAll(io.LimitReader(look, expanded))
	if err != nil {
		return err
	}
	complete := len(flat) < expanded
	if !complete {
		flat = flat[:bytes.LastIndexByte(flat, '\n')+1]
	}
	if len(flat) == 0 {
		return noEvents(look.Faults())
	}
	keys, heads, err := jsonl.Heads(flat, complete && t.whole, f.options.Head)
	if err != nil {
		return err
	}
	f.heads = heads
	f.notes = capturedNotes(heads)
	if err := t.letters(); err != nil {
		return err
	}
	f.read = func(columns []schema.Column, from *frame.Place) (frame.Reader, error) {
		r, err := t.reader()
		if err != nil {
			return nil, err
		}
		events := capture.NewReader(r, f.options.Header)
		if err := skip(events, from); err != nil {
			return nil, err
		}
		return resumed(&captured{jsonl.NewReader(events, keys, columns, f.words(cell.DefaultWords)), events}, from)
	}
	return nil
}

// noEvents says why the beginning of a file has no rows.
func noEvents(faults []frame.Fault) error {
	what := "no event in the beginning of the file has rows"
	if len(faults) > 0 {
		what += ": " + faults[0].What
	}
	e := &fault.Error{Kind: fault.Invalid, Err: fault.Cut(what), Hint: "requests and answers must be CSV or JSON: docs/from-sagemaker.md"}
	if len(faults) > 0 {
		e.Row = faults[0].Row
	}
	return e
}

// capturedNotes says what was assumed of captured events.
func capturedNotes(heads []schema.Head) []string {
	for _, head := range heads {
		if head.Name == "_c0" {
			return []string{"the values of requests have no names: they are called _c0, _c1... in their order; name them in the configuration (header: [NAME, ...])"}
		}
	}
	return nil
}

// captured adds what was wrong with events to what was wrong with their rows.
type captured struct {
	*jsonl.Reader
	events *capture.Reader
}

func (c *captured) Faults() []frame.Fault {
	return slices.Concat(c.events.Faults(), c.Reader.Faults())
}

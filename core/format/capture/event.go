package capture

import (
	"bytes"

	"leeway/core/format/jsonl"
	"leeway/core/schema"
)

// event is one line, taken apart. Its texts lie in memory that the next one uses
// again.
type event struct {
	walker *jsonl.Walker
	memory []byte

	capture, labels      bool
	input, output, truth part
	event, inference     []byte
	time                 []byte
	broken               bool // an escape is none
}

// part is a request, an answer or the truth as it was captured.
type part struct {
	there    bool
	data     []byte
	encoding []byte
	content  []byte // observedContentType
}

func (e *event) init() { e.walker = jsonl.NewWalker(e.member) }

// read takes a line apart; false: it is no JSON object.
func (e *event) read(line []byte) bool {
	*e = event{walker: e.walker, memory: e.memory[:0]}
	if cap(e.memory) < len(line) { // what is in it must not move
		e.memory = make([]byte, 0, len(line)+len(line)/4)
	}
	return e.walker.Object(line) && !e.broken
}

// id is what ground truth is found by.
func (e *event) id() []byte {
	if len(e.inference) > 0 {
		return e.inference
	}
	return e.event
}

func (e *event) member(path, key, text []byte, native schema.Native, escaped bool) {
	to := e.place(path, key)
	if to == nil || native == schema.NativeNull {
		return
	}
	start := len(e.memory)
	e.memory = append(e.memory, text...)
	*to = e.memory[start:]
	if escaped {
		var good bool
		if *to, good = jsonl.Unescape(*to); !good {
			e.broken = true
			return
		}
		e.memory = e.memory[:start+len(*to)]
	}
}

// place is where a member goes, nil for nowhere.
func (e *event) place(path, key []byte) *[]byte {
	switch string(path) {
	case "captureData.endpointInput.":
		e.capture = true
		return e.input.place(key)
	case "captureData.endpointOutput.":
		e.capture = true
		return e.output.place(key)
	case "groundTruthData.":
		e.labels = true
		return e.truth.place(key)
	case "eventMetadata.":
		switch string(key) {
		case "eventId":
			return &e.event
		case "inferenceId":
			return &e.inference
		case "inferenceTime":
			return &e.time
		}
	}
	e.capture = e.capture || bytes.HasPrefix(path, []byte("captureData."))
	return nil
}

func (p *part) place(key []byte) *[]byte {
	switch string(key) {
	case "data":
		p.there = true
		return &p.data
	case "encoding":
		return &p.encoding
	case "observedContentType":
		return &p.content
	}
	return nil
}

// instant tells whether text begins as a time of RFC 3339 does. SageMaker writes
// no other; some tools write what is no time at all.
func instant(text []byte) bool {
	const shape = "dddd-dd-ddTdd:dd:dd"
	if len(text) < len(shape) {
		return false
	}
	for i := range len(shape) {
		c := text[i]
		if digit := c >= '0' && c <= '9'; shape[i] == 'd' && !digit || shape[i] != 'd' && c != shape[i] && (shape[i] != 'T' || c != ' ') {
			return false
		}
	}
	return true
}

package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/state"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// media are the types that are taken, each with the ending of its keys.
// application/octet-stream has none: its content has to say what it is.
var media = map[string]string{
	"application/x-ndjson":           "jsonl",
	"application/ndjson":             "jsonl",
	"application/jsonl":              "jsonl",
	"application/x-jsonlines":        "jsonl",
	"application/jsonlines":          "jsonl",
	"application/json-lines":         "jsonl",
	"text/csv":                       "csv",
	"application/csv":                "csv",
	"text/tab-separated-values":      "tsv",
	"application/vnd.apache.parquet": "parquet",
	"application/x-parquet":          "parquet",
	"application/parquet":            "parquet",
	"application/octet-stream":       "",
}

const mediaHint = "send JSON Lines (application/x-ndjson), CSV (text/csv) or Parquet (application/vnd.apache.parquet)"

// delivery is a file that is posted. The body is read by the handler as a
// stream, as it may be larger than memory.
type delivery struct {
	Model    string `path:"model" doc:"Name of the model: letters, digits, dot, underscore and hyphen." example:"hotel-cancellation"`
	Type     string `header:"Content-Type" doc:"What the body is: application/x-ndjson, text/csv or application/vnd.apache.parquet."`
	Encoding string `header:"Content-Encoding" doc:"gzip or zstd where the body is compressed on its way."`

	body   io.Reader
	length int64                 // as announced, -1 for unknown
	wait   func(time.Time) error // moves the deadline of the answer
}

// Resolve takes hold of the body.
func (d *delivery) Resolve(ctx huma.Context) []error {
	r, w := humago.Unwrap(ctx)
	control := http.NewResponseController(w)
	d.body = &paced{Reader: r.Body, start: time.Now(), deadline: control.SetReadDeadline}
	d.length, d.wait = r.ContentLength, control.SetWriteDeadline
	return nil
}

// accepted answers a delivery: 202 for a new file, 200 for one that was there.
type accepted struct {
	Status int
	Body   struct {
		Key string `json:"key" doc:"Where the file lies in the bucket. It is derived from the content: the same content gives the same key and is counted once." example:"logs/hotel-cancellation/api/0f3c….jsonl"`
	}
}

func (s *server) postLogs(ctx context.Context, d *delivery) (*accepted, error) {
	return s.deliver(ctx, d, "logs")
}

// postLabels takes labels of a model that is there: those of a name that is mistyped
// would wait for ever. Logs make a model.
func (s *server) postLabels(ctx context.Context, d *delivery) (*accepted, error) {
	if err := s.known(ctx, d.Model); err != nil {
		return nil, err
	}
	return s.deliver(ctx, d, "labels")
}

// deliver puts a posted file into the bucket under the name of its content.
func (s *server) deliver(ctx context.Context, d *delivery, folder string) (*accepted, error) {
	if err := state.CheckModel(d.Model); err != nil {
		return nil, failure(err)
	}
	if d.length == 0 {
		return nil, huma.NewError(http.StatusBadRequest, "the body is empty: "+mediaHint)
	}
	ending, err := d.ending()
	if err != nil {
		return nil, err
	}
	if d.length > s.maxBody {
		return nil, unread(errTooLarge, s.maxBody)
	}
	select {
	case s.room <- struct{}{}:
		defer func() { <-s.room }()
	default:
		return nil, busy()
	}
	body, err := decoded(d.body, d.Encoding)
	if err != nil {
		return nil, err
	}
	spooled, err := spool(body, s.maxBody)
	if err != nil {
		return nil, unread(err, s.maxBody)
	}
	defer spooled.close()
	if ending, err = settle(ending, spooled.head); err != nil {
		return nil, err
	}
	if folder == "labels" {
		if err := s.labelled(ctx, d.Model, spooled, ending); err != nil {
			return nil, err
		}
	}
	key := fmt.Sprintf("%s/%s/api/%s.%s", folder, d.Model, spooled.hash, ending)
	if err := d.wait(time.Now().Add(answerTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, failure(err)
	}
	return s.put(ctx, key, spooled)
}

// labelled refuses labels that could not be joined with the model's logs, where their
// columns tell: a record in quarantine is seen later, if at all.
func (s *server) labelled(ctx context.Context, model string, body *spooled, ending string) error {
	if s.Labels == nil {
		return nil
	}
	at := io.NewSectionReader(body.at(), 0, body.size)
	err := s.Labels(ctx, model, format.Source{Name: "labels." + ending, At: at, Size: body.size, Stream: at})
	if fault.KindOf(err) == fault.Invalid {
		return huma.NewError(http.StatusUnprocessableEntity, err.Error())
	}
	if err != nil {
		return failure(err)
	}
	return nil
}

// busy asks a sender to come again. Waiting here would hold its connection, and
// the pace of its body is measured from the start.
func busy() error {
	return huma.ErrorWithHeaders(huma.NewError(http.StatusServiceUnavailable, fmt.Sprintf("%d uploads are being received already: send it again in a few seconds", Uploads)),
		http.Header{"Retry-After": {"5"}})
}

func (s *server) put(ctx context.Context, key string, body *spooled) (*accepted, error) {
	answer := &accepted{Status: http.StatusAccepted}
	answer.Body.Key = key
	_, err := s.Data.Put(ctx, key, body.reader(), &state.PutOptions{IfAbsent: true})
	if fault.KindOf(err) == fault.Conflict {
		answer.Status = http.StatusOK // the very same content is there already
		return answer, nil
	}
	if err != nil {
		return nil, failure(err)
	}
	if s.Notify != nil {
		s.Notify()
	}
	return answer, nil
}

// ending is the file ending that the media type asks for.
func (d *delivery) ending() (string, error) {
	kind, _, err := mime.ParseMediaType(d.Type)
	if err != nil && d.Type != "" {
		kind = d.Type
	}
	ending, known := media[strings.ToLower(kind)]
	if !known {
		return "", huma.NewError(http.StatusUnsupportedMediaType, fmt.Sprintf("media type %s is not taken: %s", quoted(kind), mediaHint))
	}
	return ending, nil
}

// The first bytes of what can be told by them.
var (
	parquetMagic = []byte("PAR1")
	gzipMagic    = []byte{0x1f, 0x8b}
	zstdMagic    = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// settle looks at the beginning of the content: a sender that mixes up its
// formats hears of it at once, not from a quarantine record tomorrow.
func settle(ending string, head []byte) (string, error) {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(text) == 0:
		return "", huma.NewError(http.StatusBadRequest, "the body is empty: "+mediaHint)
	case ending == "" && bytes.HasPrefix(head, parquetMagic):
		return "parquet", nil
	case ending == "":
		return "", huma.NewError(http.StatusUnsupportedMediaType, "application/octet-stream is taken for Parquet alone: "+mediaHint)
	case ending != "parquet" && bytes.HasPrefix(head, gzipMagic):
		return ending + ".gz", nil
	case ending != "parquet" && bytes.HasPrefix(head, zstdMagic):
		return ending + ".zst", nil
	case (ending == "parquet") != bytes.HasPrefix(head, parquetMagic):
		return "", huma.NewError(http.StatusUnprocessableEntity, "the content does not fit its media type: "+mediaHint)
	case ending == "jsonl" && text[0] != '{':
		return "", huma.NewError(http.StatusUnprocessableEntity, "JSON Lines are one object a line: the first one does not begin with {")
	}
	return ending, nil
}

// unread is why a body could not be taken.
func unread(err error, limit int64) error {
	var known huma.StatusError
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, errTooLarge):
		return huma.NewError(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes: split it, or put the file into the bucket", limit))
	case fault.KindOf(err) == fault.Exhausted:
		return failure(err)
	}
	return huma.NewError(http.StatusBadRequest, "the body ended early or is damaged")
}

// paced gives a client 30 seconds and then 64 kB a second: who sends its body
// byte by byte does not hold a connection for ever.
type paced struct {
	io.Reader
	start    time.Time
	deadline func(time.Time) error
	n        int64
}

func (p *paced) Read(b []byte) (int, error) {
	allowed := 30*time.Second + time.Duration(p.n/64)*time.Millisecond
	if err := p.deadline(p.start.Add(allowed)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := p.Reader.Read(b)
	p.n += int64(n)
	return n, err
}

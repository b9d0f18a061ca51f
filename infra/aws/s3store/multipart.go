package s3store

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"leeway/core/state"
)

// part is one of an object that is written in parts.
type part struct {
	ETag          string
	PartNumber    int
	ChecksumCRC32 string `xml:",omitempty"`
}

// inParts writes a large object part by part, with one of them in memory. The
// precondition is looked at when the last one is there. What was begun and does
// not come to an end is given up, so that no parts stay behind.
func (w *write) inParts(ctx context.Context, head []byte, rest io.Reader) (info state.Info, err error) {
	header := w.header.Clone()
	if w.checksums {
		header.Set("X-Amz-Checksum-Algorithm", "CRC32")
	}
	var begun struct{ UploadId string }
	if _, err := w.ask(ctx, &call{method: http.MethodPost, key: w.key, query: url.Values{"uploads": {""}}, header: header}, &begun); err != nil {
		return state.Info{}, w.problem(ctx, "put", w.key, err)
	}
	upload := url.Values{"uploadId": {begun.UploadId}}
	defer func() {
		if err != nil {
			_, failed := w.ask(context.WithoutCancel(ctx), &call{method: http.MethodDelete, key: w.key, query: upload}, nil)
			if answered(failed).Code != "NoSuchUpload" { // it came to an end after all
				err = errors.Join(err, w.problem(context.WithoutCancel(ctx), "put", w.key, failed))
			}
		}
	}()
	parts, size, err := w.sendParts(ctx, begun.UploadId, head, rest)
	if err != nil {
		return state.Info{}, err
	}
	body, err := xml.Marshal(struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUpload"`
		Part    []part
	}{Part: parts})
	if err != nil {
		return state.Info{}, w.problem(ctx, "put", w.key, err)
	}
	return w.decided(ctx, size, func() (string, http.Header, error) {
		answer, err := w.send(ctx, &call{method: http.MethodPost, key: w.key, query: upload, header: w.condition, body: bytes.NewReader(body)})
		if err != nil {
			return "", nil, err
		}
		var made struct{ ETag string }
		said, err := document(answer)
		if err == nil {
			err = xml.Unmarshal(said, &made)
		}
		return made.ETag, answer.Header, err
	})
}

func (w *write) sendParts(ctx context.Context, upload string, first []byte, rest io.Reader) (parts []part, size int64, err error) {
	next := bytes.NewBuffer(first)
	for number := 1; next.Len() > 0; number++ {
		query := url.Values{"uploadId": {upload}, "partNumber": {strconv.Itoa(number)}}
		answer, err := w.ask(ctx, &call{method: http.MethodPut, key: w.key, query: query, body: bytes.NewReader(next.Bytes())}, nil)
		if err != nil {
			return nil, 0, w.problem(ctx, "put", w.key, err)
		}
		size += int64(next.Len())
		parts = append(parts, part{ETag: answer.Get("Etag"), PartNumber: number, ChecksumCRC32: answer.Get(checksumHeader)})
		next.Reset()
		if _, err := io.CopyN(next, rest, w.options.PartSize); err != nil && err != io.EOF {
			return nil, 0, err // of the body: the caller's own
		}
		if err := ready(ctx, "put", w.key); err != nil {
			return nil, 0, err
		}
	}
	return parts, size, nil
}

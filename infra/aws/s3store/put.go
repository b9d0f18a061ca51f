package s3store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"maps"
	"net/http"

	"leeway/core/fault"
	"leeway/core/state"
)

// Put writes an object: in one call, or in parts if it is larger than one.
func (s *Store) Put(ctx context.Context, key string, body io.Reader, options *state.PutOptions) (state.Info, error) {
	if err := ready(ctx, "put", key); err != nil {
		return state.Info{}, err
	}
	w := s.newWrite(key, options)
	if known, ok := body.(*bytes.Reader); ok && known.Size() <= s.options.PartSize && int64(known.Len()) == known.Size() {
		return w.whole(ctx, known)
	}
	var head bytes.Buffer
	_, err := io.CopyN(&head, body, s.options.PartSize)
	switch {
	case err == io.EOF:
		if err := ready(ctx, "put", key); err != nil {
			return state.Info{}, err
		}
		return w.whole(ctx, bytes.NewReader(head.Bytes()))
	case err != nil:
		return state.Info{}, err // of the body: the caller's own
	}
	return w.inParts(ctx, head.Bytes(), body)
}

// write is one object on its way.
type write struct {
	*Store
	key       string
	condition http.Header // its precondition
	absent    bool        // that the object is not there
	present   bool        // that it is what it was
	mark      string      // unlike that of any other write, "" without a precondition
	header    http.Header // what the object is made with: the mark, encryption
}

// writeMark is the header of the metadata that tells the objects of two writes apart.
const writeMark = "X-Amz-Meta-Leeway-Write"

func (s *Store) newWrite(key string, options *state.PutOptions) *write {
	w := &write{Store: s, key: key, condition: http.Header{}, header: http.Header{}}
	if options != nil {
		w.absent, w.present = options.IfAbsent, options.IfMatch != ""
	}
	if w.absent {
		w.condition.Set("If-None-Match", "*")
	}
	if w.present {
		w.condition.Set("If-Match", quoted(options.IfMatch))
	}
	if w.absent || w.present {
		w.mark = rand.Text()
		w.header.Set(writeMark, w.mark)
	}
	if s.options.KMSKey != "" {
		w.header.Set("X-Amz-Server-Side-Encryption", "aws:kms")
		w.header.Set("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", s.options.KMSKey)
	}
	return w
}

// whole writes an object in one call.
func (w *write) whole(ctx context.Context, body body) (state.Info, error) {
	header := w.header.Clone()
	maps.Copy(header, w.condition)
	return w.decided(ctx, body.Size(), func() (string, http.Header, error) {
		answer, err := w.send(ctx, &call{method: http.MethodPut, key: w.key, header: header, body: body})
		if err != nil {
			return "", nil, err
		}
		_, err = document(answer)
		return answer.Header.Get("Etag"), answer.Header, err
	})
}

// decided makes a call that writes the object under the write's precondition,
// until it is known whether that held. A call whose answer got lost may have
// been heard: if the precondition fails then, the object may be ours.
func (w *write) decided(ctx context.Context, size int64, write func() (etag string, answer http.Header, err error)) (state.Info, error) {
	lost := false
	for try := 0; ; try++ {
		etag, header, err := write()
		if err == nil {
			return describe(w.key, size, etag, instant(header, "Date")), nil
		}
		a := answered(err) // of a multipart upload, in the body of a 200 maybe: then its code alone counts
		failed := a.Status == http.StatusPreconditionFailed || a.Code == "PreconditionFailed" || w.present && a.Code == "NoSuchKey"
		if lost && (failed || a.Code == "NoSuchUpload") {
			if info, ours, err := w.ours(ctx); ours || err != nil {
				return info, err
			}
		}
		switch {
		case failed:
			return state.Info{}, &fault.Error{Kind: fault.Conflict, Op: "put", Object: w.key, Err: w.unmet()}
		case a.Status == http.StatusConflict || a.Code == "ConditionalRequestConflict": // somebody else writes it at this moment
		case transient(ctx, err):
			lost = true
		default:
			return state.Info{}, w.problem(ctx, "put", w.key, err)
		}
		if try+1 >= w.options.Tries || pause(ctx, try) != nil {
			return state.Info{}, w.problem(ctx, "put", w.key, err)
		}
	}
}

func (w *write) unmet() error {
	if w.absent {
		return errors.New("the object exists already")
	}
	return errors.New("the object has changed")
}

// ours tells whether the object is the one that this write wrote. Its content does
// not tell: somebody else may have wanted the same. An error is that it is not known,
// which must not look like an object of somebody else's.
func (w *write) ours(ctx context.Context) (state.Info, bool, error) {
	header, err := w.ask(ctx, &call{method: http.MethodHead, key: w.key}, nil)
	if err = w.problem(ctx, "stat", w.key, err); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
		return state.Info{}, false, err
	}
	return headed(w.key, header), header.Get(writeMark) == w.mark, nil
}

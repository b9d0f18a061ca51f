package monitor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/lay"
	"leeway/core/partial"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/route"
	"leeway/core/state"
)

// readBatch profiles one object, window by window. What is wrong with the
// object itself is in the batch; an error is worth another try.
func (m *model) readBatch(ctx context.Context, info state.Info) (*state.Batch, error) {
	batch, parts, err := m.profiled(ctx, info)
	if err == nil && batch != nil {
		err = m.store(ctx, parts, batch)
	}
	if errors.As(err, &halfway{}) || errors.As(err, &unavailable{}) || errors.As(err, &growing{}) {
		return nil, err
	}
	switch fault.KindOf(err) {
	case "":
		return batch, nil
	case fault.Invalid:
		if again := m.unfinished(ctx, info, err); again != nil {
			return nil, again
		}
		reject(batch, err)
		return batch, nil
	case fault.Conflict: // it was written to meanwhile
		return nil, growing{fault.In(info.Key, err)}
	}
	return nil, fault.In(info.Key, err)
}

// profiled reads an object, as one of so many at a time as there are workers.
func (m *model) profiled(ctx context.Context, info state.Info) (*state.Batch, []stored, error) {
	m.reading <- struct{}{}
	defer func() { <-m.reading }()
	object, err := m.Data.Open(ctx, info.Key)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, unavailable{err}
	}
	defer object.Close()
	info = object.Info()
	batch := &state.Batch{Key: info.Key, ETag: info.ETag, Size: info.Size, Arrived: info.Modified, Contract: m.mark}
	work, err := m.ingestion(ctx, batch)
	if err != nil {
		return nil, nil, unavailable{fault.In(info.Key, err)}
	}
	batch.Hash, err = work.hash(object)
	if fault.KindOf(err) == fault.Conflict {
		return nil, nil, growing{fault.In(info.Key, err)}
	}
	if err != nil {
		return nil, nil, unavailable{fault.In(info.Key, err)}
	}
	parts, err := m.parse(ctx, object, batch, work)
	return batch, parts, err
}

func reject(batch *state.Batch, err error) {
	var f *fault.Error
	batch.Verdict, batch.Parts, batch.Error = report.Invalid, nil, err.Error()
	if errors.As(err, &f) {
		bare := *f
		bare.Object, batch.Hint, bare.Hint = "", bare.Hint, ""
		batch.Error = bare.Error()
	}
}

// stored is the profile of a window as it is kept.
type stored struct {
	window state.Window
	extent partial.Extent
	rows   int64
	data   []byte
	ledger []byte // its predictions, or the last chunk of them; nil for none
	chunks int    // that were written before
}

// parse reads the object into one profile per window.
func (m *model) parse(ctx context.Context, object state.Object, batch *state.Batch, work *ingestion) ([]stored, error) {
	source := format.Source{
		Name: batch.Key, At: &stoppableAt{ctx, object}, Size: batch.Size,
		Stream: &stoppable{ctx, io.NewSectionReader(object, 0, batch.Size)},
	}
	file, err := format.Open(source, lay.Options(m.config, m.contract))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sheet, err := lay.Over(m.contract, file)
	if err != nil {
		return nil, err
	}
	fallback, err := state.WindowOf(arrival(m.name, batch), m.config.Window.Every)
	if err != nil {
		return nil, err
	}
	router := &routing{Router: &route.Router{Every: m.config.Window.Every, Fallback: fallback, Columns: sheet.Columns, Options: profile.Stored.Keyed(m.IDKey), Divisions: m.divisions()}}
	if m.expects {
		name := profileName(batch.Hash, m.mark)
		router.predicts(newPredictions(m.contract, m.IDKey, m.chunkRows, func(window state.Window, data []byte, chunk int) error {
			return m.DB.PutLedger(ctx, m.name, window, data, name, chunk)
		}))
	}
	if err := work.restore(router); err != nil {
		return nil, err
	}
	all, err := m.routed(ctx, router, sheet, batch, work)
	if err == nil {
		batch.Format, batch.Notes = file.Format(), file.Notes()
	} else if fault.KindOf(err) == fault.Invalid {
		if failed := m.dropChunks(ctx, router, batch, nil); failed != nil {
			return nil, failed
		}
	}
	return all, err
}

// routed reads the rows of an object into one profile per window.
func (m *model) routed(ctx context.Context, router *routing, sheet *lay.Sheet, batch *state.Batch, work *ingestion) ([]stored, error) {
	faults, err := sheet.ReadOn(work, router.add)
	if err != nil {
		return nil, err
	}
	if err := router.failure(); err != nil {
		return nil, err
	}
	if err := lay.Used(router.Rows(), faults); err != nil {
		return nil, err
	}
	batch.Rows = router.Rows()
	parts, err := router.Parts()
	if err != nil {
		return nil, err
	}
	parts, away := router.Strays(parts)
	if err := m.dropChunks(ctx, router, batch, parts); err != nil {
		return nil, err
	}
	batch.First, batch.Last = span(parts)
	if f := router.Astray(away); f != nil {
		faults = append(faults, *f)
		batch.Rows -= f.Count
	}
	batch.Faults = lay.Faults(faults)
	batch.Missing, batch.Unexpected, batch.Renamed = sheet.Missing, sheet.Unexpected, sheet.Renamed
	all := make([]stored, len(parts))
	for i, part := range parts {
		rest, chunks := router.predicted.rest(part.Window)
		all[i] = stored{part.Window, partial.ExtentOf(part.Profile), part.Profile.Rows, sheet.Of(part.Profile).Encode(), rest, chunks}
	}
	return all, nil
}

// dropChunks deletes the predictions that were put away of windows that are not among
// those that count.
func (m *model) dropChunks(ctx context.Context, router *routing, batch *state.Batch, count []route.Part) error {
	if router.predicted == nil {
		return nil
	}
	for window, chunks := range router.predicted.chunks {
		if slices.ContainsFunc(count, func(p route.Part) bool { return p.Window == window }) {
			continue
		}
		if err := m.DB.DropChunks(ctx, m.name, window, profileName(batch.Hash, m.mark), chunks); err != nil {
			return err
		}
	}
	return nil
}

// store keeps the profiles of an object, several at a time: each waits for the
// disk. Its record comes after them.
func (m *model) store(ctx context.Context, parts []stored, batch *state.Batch) error {
	// The name says which bytes, read under which contract, so the same content
	// delivered under two names is one profile, counted once.
	name := profileName(batch.Hash, m.mark)
	errs := make([]error, len(parts))
	var wg sync.WaitGroup
	writing := make(chan struct{}, writers)
	for i, part := range parts {
		batch.Parts = append(batch.Parts, part.record(name))
		writing <- struct{}{}
		wg.Go(func() {
			_, errs[i] = m.DB.PutProfile(ctx, m.name, part.window, part.data, name)
			if errs[i] == nil && part.ledger != nil {
				errs[i] = m.DB.PutLedger(ctx, m.name, part.window, part.ledger, name, part.chunks)
			}
			<-writing
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// record is what is noted of it.
func (s *stored) record(name string) state.Part {
	chunks := s.chunks
	if s.ledger != nil {
		chunks++
	}
	one := state.Part{Window: s.window, Profile: name, Rows: s.rows, Ledger: chunks > 0, First: s.extent.First, Last: s.extent.Last}
	if chunks > 1 {
		one.Chunks = chunks
	}
	return one
}

// span gives the earliest and the latest time of the rows, zero without any.
func span(parts []route.Part) (first, last time.Time) {
	var all partial.Extent
	for i := range parts {
		all.Add(partial.ExtentOf(parts[i].Profile))
	}
	return all.First, all.Last
}

// profileName names the profiles of an object's content under a contract.
func profileName(hash, mark string) string { return state.Short(hash + "\x00" + mark) }

var dated = regexp.MustCompile(`(?:^|[^0-9])(\d{4})[-_/]?(0[1-9]|1[0-2])[-_/]?(0[1-9]|[12]\d|3[01])(?:[^0-9]|$)`)

// arrival is the instant that rows without a time of their own belong to: the
// last date in the object's name below the model's folder, else the time at
// which the object was written.
func arrival(model string, batch *state.Batch) time.Time {
	name := strings.TrimPrefix(batch.Key, "logs/"+model+"/")
	for _, found := range slices.Backward(dated.FindAllStringSubmatch(name, -1)) {
		if t, err := time.Parse("20060102", found[1]+found[2]+found[3]); err == nil {
			return t
		}
	}
	return batch.Arrived.UTC()
}

func contentHash(ctx context.Context, object state.Object) (string, error) {
	h := newHash()
	n, err := io.Copy(h, &stoppable{ctx, io.NewSectionReader(object, 0, object.Info().Size)})
	if err == nil {
		err = complete(object, n)
	}
	return hexOf(h), err
}

// newHash is what the content of objects is named by, and hexOf the name.
func newHash() hash.Hash       { return sha256.New() }
func hexOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// complete tells whether an object had all the bytes that it should.
func complete(object state.Object, n int64) error {
	info := object.Info()
	if n == info.Size {
		return nil
	}
	return &fault.Error{Kind: fault.Unavailable, Object: info.Key, Err: fmt.Errorf("has %d bytes instead of %d", n, info.Size), Hint: "it is still being written; it is read again later"}
}

// stoppable is a reader that ends with its context, so that Ctrl-C stops in
// the middle of a large file.
type stoppable struct {
	ctx context.Context
	io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Reader.Read(p)
}

// stoppableAt is the same of random access.
type stoppableAt struct {
	ctx context.Context
	io.ReaderAt
}

func (s *stoppableAt) ReadAt(p []byte, at int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.ReaderAt.ReadAt(p, at)
}

package s3store

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"leeway/core/fault"
	"leeway/core/state"
)

// What is kept of an object while it is open: the blocks that were used last,
// and as many ahead of a reader that goes on without a gap. Together they are
// 8 MiB an object.
const (
	keptBlocks  = 4
	blocksAhead = 2
)

// object is an open version. What is read holds for its ETag only.
type object struct {
	store   *Store
	ctx     context.Context // of Open: [io.ReaderAt] brings none of its own
	stop    context.CancelFunc
	info    state.Info
	version string // "" where the bucket keeps none

	mu     sync.Mutex
	blocks map[int64]*block
	recent []int64 // the blocks there are, the one used last at the end
	last   int64   // the block that was asked for before
}

// block is a part of the object, there once done is closed.
type block struct {
	done chan struct{}
	data []byte
	err  error
}

// Open opens an object. Its first block comes with the answer, so that a small
// object takes one call. What is read later ends with ctx. Where that answer
// broke off and the object was replaced before it came again, nobody has seen
// the version that is gone, so the new one is opened.
func (s *Store) Open(ctx context.Context, key string) (state.Object, error) {
	if err := ready(ctx, "open", key); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		o, err := s.open(ctx, key)
		switch {
		case err == nil:
			return o, nil
		case fault.KindOf(err) != fault.Conflict || try == s.options.Tries:
			return nil, err
		}
	}
}

func (s *Store) open(ctx context.Context, key string) (*object, error) {
	o := &object{store: s, info: state.Info{Key: key}, blocks: map[int64]*block{}}
	o.ctx, o.stop = context.WithCancel(ctx)
	first := &block{done: make(chan struct{})}
	first.data, first.err = o.fetch(0, s.options.BlockSize)
	if first.err != nil {
		o.stop()
		return nil, first.err
	}
	close(first.done)
	o.blocks[0], o.recent = first, []int64{0}
	return o, nil
}

func (o *object) Info() state.Info { return o.info }

// Close ends what is still being read ahead.
func (o *object) Close() error {
	o.stop()
	return nil
}

// ReadAt reads from the version that was opened.
func (o *object) ReadAt(p []byte, offset int64) (n int, err error) {
	if offset < 0 {
		return 0, &fault.Error{Kind: fault.Internal, Op: "read", Object: o.info.Key, Err: fmt.Errorf("offset %d", offset)}
	}
	for n < len(p) && offset+int64(n) < o.info.Size {
		at := offset + int64(n)
		data, err := o.wait(at / o.store.options.BlockSize)
		if err != nil {
			return n, err
		}
		n += copy(p[n:], data[at%o.store.options.BlockSize:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// wait gives a block, and sees to it that the next ones come if the reader goes
// on from one block to the next.
func (o *object) wait(index int64) ([]byte, error) {
	o.mu.Lock()
	b := o.start(index)
	if index == o.last || index == o.last+1 {
		for next := index + 1; next <= index+blocksAhead && next*o.store.options.BlockSize < o.info.Size; next++ {
			o.start(next)
		}
		o.use(index) // what is ahead pushed it back
	}
	o.last = index
	o.mu.Unlock()
	<-b.done
	if b.err != nil {
		o.drop(index, b)
	}
	return b.data, b.err
}

// start finds a block or begins to fetch it.
func (o *object) start(index int64) *block {
	b := o.blocks[index]
	if b == nil {
		b = &block{done: make(chan struct{})}
		o.blocks[index] = b
		go func() {
			defer close(b.done)
			from := index * o.store.options.BlockSize
			b.data, b.err = o.fetch(from, min(o.store.options.BlockSize, o.info.Size-from))
		}()
	}
	o.use(index)
	return b
}

// use notes that a block was used, and forgets the one that was not for longest.
func (o *object) use(index int64) {
	if at := slices.Index(o.recent, index); at >= 0 {
		o.recent = slices.Delete(o.recent, at, at+1)
	}
	o.recent = append(o.recent, index)
	if len(o.recent) > keptBlocks {
		delete(o.blocks, o.recent[0])
		o.recent = o.recent[1:]
	}
}

// drop forgets a block that could not be had, so that the next reader tries.
func (o *object) drop(index int64, failed *block) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.blocks[index] == failed {
		delete(o.blocks, index)
		o.recent = slices.DeleteFunc(o.recent, func(i int64) bool { return i == index })
	}
}

// fetch reads n bytes from an offset on, again where the connection breaks in
// the middle. The first call, before the version is known, pins it.
func (o *object) fetch(from, n int64) ([]byte, error) {
	for try := 0; ; try++ {
		data, err := o.get(from, n)
		if err == nil {
			return data, nil
		}
		var known *fault.Error
		if errors.As(err, &known) {
			return nil, err
		}
		if !transient(o.ctx, err) || try+1 >= o.store.options.Tries {
			return nil, o.store.problem(o.ctx, "read", o.info.Key, err)
		}
		if err := pause(o.ctx, try); err != nil {
			return nil, o.store.problem(o.ctx, "read", o.info.Key, err)
		}
	}
}

// get makes one call. What the server answered is a fault; an error of any other
// type came while the body was read.
func (o *object) get(from, n int64) ([]byte, error) {
	answer, err := o.ask(from, n)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	span := answer.Header.Get("Content-Range")
	if o.info.ETag == "" {
		if err := o.pin(answer, span); err != nil {
			return nil, err
		}
	}
	n = min(n, o.info.Size-from)
	if span == "" && from > 0 {
		return nil, &fault.Error{Kind: fault.Internal, Op: "read", Object: o.info.Key, Err: errors.New("the server does not read ranges"), Hint: "use a server that honours the Range header"}
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(answer.Body, data); err != nil {
		return nil, err
	}
	sum := answer.Header.Get(checksumHeader) // of the object, or of its parts' sums: AAAAAA==-2
	if n == o.info.Size && sum != "" && !strings.Contains(sum, "-") && sum != checksum(crc32.ChecksumIEEE(data)) {
		return nil, io.ErrUnexpectedEOF
	}
	return data, nil
}

// ask sends the request for a range. A version that was replaced is asked for by
// its name, if it has one: that takes a permission of its own, so only then.
func (o *object) ask(from, n int64) (*http.Response, error) {
	c := &call{method: http.MethodGet, key: o.info.Key, header: http.Header{
		"Range": {fmt.Sprintf("bytes=%d-%d", from, from+n-1)}, "X-Amz-Checksum-Mode": {"ENABLED"}, "Accept-Encoding": {"identity"},
	}}
	if o.info.ETag != "" {
		c.header.Set("If-Match", quoted(o.info.ETag))
	}
	answer, err := o.store.repeat(o.ctx, c)
	status := answered(err).Status
	switch {
	case err == nil:
		return answer, nil
	case status == http.StatusRequestedRangeNotSatisfiable && from == 0 && o.info.ETag == "": // it is empty
		c.header.Del("Range")
		answer, err = o.store.repeat(o.ctx, c)
	case (status == http.StatusPreconditionFailed || status == http.StatusNotFound) && o.version != "":
		c.query = url.Values{"versionId": {o.version}}
		answer, err = o.store.repeat(o.ctx, c)
	}
	if err != nil {
		return nil, o.denied(err, c)
	}
	return answer, nil
}

// denied is the error of a call: that of a version nobody may read is that the
// object has changed.
func (o *object) denied(err error, c *call) error {
	op := "read"
	if o.info.ETag == "" {
		op = "open"
	}
	failed := o.store.problem(o.ctx, op, o.info.Key, err)
	if kind := fault.KindOf(failed); op == "read" && (kind == fault.Conflict || kind == fault.NotFound || kind == fault.Denied && c.query != nil) {
		return &fault.Error{Kind: fault.Conflict, Op: op, Object: o.info.Key, Err: errors.New("was replaced while it was read"), Hint: "it is read again as it is now"}
	}
	return failed
}

// pin takes what is known of the version from the first answer, and from the range that
// it says it is.
func (o *object) pin(answer *http.Response, span string) error {
	size := answer.ContentLength
	if span != "" {
		_, total, _ := strings.Cut(span, "/")
		n, err := strconv.ParseInt(total, 10, 64)
		if err != nil {
			return &fault.Error{Kind: fault.Internal, Op: "open", Object: o.info.Key, Err: fmt.Errorf("the server gives the range %q", span)}
		}
		size = n
	}
	if size < 0 {
		return &fault.Error{Kind: fault.Internal, Op: "open", Object: o.info.Key, Err: errors.New("the server does not say how large it is")}
	}
	o.info = describe(o.info.Key, size, answer.Header.Get("Etag"), instant(answer.Header, "Last-Modified"))
	if id := answer.Header.Get("X-Amz-Version-Id"); id != "null" {
		o.version = id
	}
	return nil
}

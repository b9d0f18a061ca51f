package lay

import (
	"fmt"
	"io"

	"leeway/core/config"
	"leeway/core/format"
	"leeway/core/schema"
)

// Options are those of a file whose contract is known: a short look at its
// beginning tells its columns.
func Options(c *config.Config, contract *schema.Schema) *format.Options {
	return &format.Options{Header: c.Header, Headless: headless(contract), Missing: c.MissingValues, Head: 500}
}

// headless tells whether the contract comes from a file without a header. The
// next one has none either, even if its first row could be taken for one.
func headless(contract *schema.Schema) bool {
	if contract == nil {
		return false
	}
	for i := range contract.Columns {
		if contract.Columns[i].Name != fmt.Sprintf("column_%d", i+1) {
			return false
		}
	}
	return len(contract.Columns) > 0
}

// Counted reports progress by the bytes that go through a stream.
func Counted(stream io.Reader, progress func(int64)) io.Reader { return &counted{stream, progress} }

// counted reports how many bytes went through a stream.
type counted struct {
	io.Reader
	progress func(int64)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.progress(int64(n))
	return n, err
}

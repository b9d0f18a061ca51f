package s3store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"leeway/infra/aws/signed"
)

// call is a request to S3.
type call struct {
	method string
	key    string // "" for the bucket itself
	query  url.Values
	header http.Header
	body   body
}

// body is what is sent, again if need be: it is not copied.
type body interface {
	io.ReaderAt
	Size() int64
}

// mostSaid bounds what is read of an answer without an object in it: a page of 1,000
// keys of 1,024 bytes, each of them escaped.
const mostSaid = 8 << 20

// repeat makes a call that may simply be made again, until it is answered. The answer's
// body is to be closed.
func (s *Store) repeat(ctx context.Context, c *call) (answer *http.Response, err error) {
	err = s.again(ctx, func() (err error) {
		answer, err = s.send(ctx, c)
		return err
	})
	return answer, err
}

// again does something until it goes well, or another attempt does not help.
func (s *Store) again(ctx context.Context, do func() error) error {
	for try := 0; ; try++ {
		err := do()
		if err == nil || try+1 >= s.options.Tries || !transient(ctx, err) || pause(ctx, try) != nil {
			return err
		}
	}
}

// ask is repeat for an answer that is a document, which is read into out; nil for one
// of which only the header counts. One that breaks off is asked for again, too.
func (s *Store) ask(ctx context.Context, c *call, out any) (header http.Header, err error) {
	var said []byte
	err = s.again(ctx, func() error {
		answer, err := s.send(ctx, c)
		if err != nil {
			return err
		}
		header = answer.Header
		said, err = document(answer)
		return err
	})
	if err != nil || out == nil {
		return header, err
	}
	return header, xml.Unmarshal(said, out)
}

// document reads the body of an answer. S3 may find out that a call fails when it has
// said already that it does not.
func document(answer *http.Response) ([]byte, error) {
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, mostSaid))
	if err != nil {
		return nil, err
	}
	if refused := refusal(answer, data); refused.Code != "" {
		return nil, refused
	}
	return data, nil
}

// send makes a call once. What S3 refuses is a [signed.Refusal].
func (s *Store) send(ctx context.Context, c *call) (*http.Response, error) {
	address, err := s.address(c.key)
	if err != nil {
		return nil, err
	}
	address.RawQuery = c.query.Encode()
	request, err := http.NewRequestWithContext(ctx, c.method, address.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	request.URL = address // as it is escaped there
	if c.header != nil {
		request.Header = c.header.Clone()
	}
	sum, crc := sha256.New(), crc32.NewIEEE()
	if c.body != nil && c.body.Size() > 0 {
		request.ContentLength = c.body.Size()
		request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(c.bytes()), nil }
		request.Body = io.NopCloser(c.bytes())
		if _, err := io.Copy(io.MultiWriter(sum, crc), c.bytes()); err != nil {
			return nil, err
		}
	}
	if c.method == http.MethodPut {
		request.Header.Set("Content-Type", "application/octet-stream")
		if s.checksums {
			request.Header.Set("X-Amz-Sdk-Checksum-Algorithm", "CRC32")
			request.Header.Set(checksumHeader, checksum(crc.Sum32()))
		}
	}
	answer, err := s.client.Send(ctx, request, [sha256.Size]byte(sum.Sum(nil)))
	if err != nil || answer.StatusCode < 300 {
		return answer, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, mostSaid))
	if err != nil {
		data = nil // the status is enough
	}
	return nil, refusal(answer, data)
}

func (c *call) bytes() io.Reader { return io.NewSectionReader(c.body, 0, c.body.Size()) }

// refusal reads what S3 answers instead. To HEAD it says nothing.
func refusal(answer *http.Response, data []byte) *signed.Refusal {
	var said struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}
	r := &signed.Refusal{Status: answer.StatusCode, Header: answer.Header}
	if xml.Unmarshal(data, &said) == nil {
		r.Code, r.Message = said.Code, said.Message
	}
	return r
}

// hostable is a bucket that can be in a host's name: a dot in it would not be of the
// server's certificate.
var hostable = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)

// address is where an object is: the bucket is in the host's name, or in the path where
// it has to be.
func (s *Store) address(key string) (*url.URL, error) {
	base, err := url.Parse(s.endpoint)
	switch {
	case err != nil:
		return nil, err
	case base.Host == "":
		return nil, errors.New("the endpoint " + s.endpoint + " has no host")
	}
	path := strings.TrimSuffix(base.Path, "/")
	if s.options.PathStyle || net.ParseIP(base.Hostname()) != nil || !hostable.MatchString(s.bucket) {
		path += "/" + s.bucket
	} else {
		base.Host = s.bucket + "." + base.Host
	}
	base.Path = path + "/" + key
	base.RawPath = escaped(base.Path)
	return base, nil
}

// escaped is a path as S3 wants it signed: every byte but these is %XX.
func escaped(path string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// checksumHeader is where S3 has the checksum of an object or a part.
const checksumHeader = "X-Amz-Checksum-Crc32"

// checksum is a CRC-32 as it stands there.
func checksum(crc uint32) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc))
}

// instant is the time of a header; the zero time for none.
func instant(header http.Header, name string) time.Time {
	at, err := http.ParseTime(header.Get(name))
	if err != nil {
		return time.Time{}
	}
	return at
}

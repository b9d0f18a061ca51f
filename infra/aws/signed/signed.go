// Package signed sends requests to services of AWS, signed by AWS's own signer. What
// is in them is up to who sends them: [leeway/infra/aws/jsoncall] and
// [leeway/infra/aws/querycall] speak two protocols of many services, and
// [leeway/infra/aws/s3store] that of S3.
//
// AWS's clients have all operations of a service, and much that each may need: they
// made the function a fifth larger, for a dozen operations.
package signed

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// Client sends requests to one service. It is safe for concurrent use.
type Client struct {
	config  aws.Config
	service string
	signer  *v4.Signer
}

// connections are what all clients of this process share. Sinks are opened for each
// delivery, and a client of its own would greet its service anew (TLS) each time.
var connections = awshttp.NewBuildableClient().Freeze()

// New is a client with the configuration's region, credentials and HTTP client, for a
// service by its name in signatures.
func New(c aws.Config, service string) *Client {
	if c.HTTPClient == nil {
		c.HTTPClient = connections
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	return &Client{config: c, service: service, signer: signer}
}

// Send signs a request whose body has this SHA-256, and sends it. Answers come back
// whatever their status.
func (c *Client) Send(ctx context.Context, r *http.Request, sum [sha256.Size]byte) (*http.Response, error) {
	credentials, err := c.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	digest := hex.EncodeToString(sum[:])
	r.Header.Set("User-Agent", "leeway")
	if c.service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", digest)
	}
	if err := c.signer.SignHTTP(ctx, credentials, r, digest, c.service, c.config.Region, time.Now()); err != nil {
		return nil, err
	}
	return c.config.HTTPClient.Do(r)
}

// Patience is how long one of a service's operations may take, but for those of S3.
const Patience = 20 * time.Second

// most bounds what is read of an answer.
const most = 1 << 20

// Post sends a body to a service that has one address, and reads the answer.
func (c *Client) Post(ctx context.Context, address string, header http.Header, body []byte) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	request.Header = header
	response, err := c.Send(ctx, request, sha256.Sum256(body))
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, most))
	return response, answer, err
}

// domains are those of regions that are not of the common ones, by how their names begin.
var domains = []struct{ region, domain string }{
	{"cn-", "amazonaws.com.cn"}, {"eusc-", "amazonaws.eu"},
	{"us-iso-", "c2s.ic.gov"}, {"us-isob-", "sc2s.sgov.gov"}, {"us-isof-", "csp.hci.ic.gov"}, {"eu-isoe-", "cloud.adc-e.uk"},
}

// Address is where a service is: at the endpoint of the configuration, else in the
// region. host is what its address begins with there, "states".
func Address(c aws.Config, host string) string {
	if c.BaseEndpoint != nil {
		return *c.BaseEndpoint
	}
	domain := "amazonaws.com"
	for _, d := range domains {
		if strings.HasPrefix(c.Region, d.region) {
			domain = d.domain
		}
	}
	return "https://" + host + "." + c.Region + "." + domain
}

// Refusal is what a service answers instead.
type Refusal struct {
	Code    string // "ExecutionAlreadyExists"; "" where it said none
	Message string
	Status  int
	Header  http.Header
}

func (r *Refusal) Error() string {
	return strings.TrimSuffix(cmp.Or(r.Code, http.StatusText(r.Status))+": "+r.Message, ": ")
}

// Slow tells whether the same request may be taken a moment later: the service is asked
// too much, or does not work.
func (r *Refusal) Slow() bool {
	switch r.Status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusTooManyRequests:
		return true
	}
	switch r.Code {
	case "SlowDown", "InternalError", "RequestTimeout", "RequestTimeoutException", "RequestLimitExceeded", "BandwidthLimitExceeded", "TooManyRequestsException":
		return true
	}
	return strings.Contains(r.Code, "Throttl")
}

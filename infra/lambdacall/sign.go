package lambdacall

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Sign signs a request as AWS asks for (Signature Version 4), for services other than
// S3. A query of it is not signed: there must be none.
func Sign(r *http.Request, body []byte, service, region string, c Credentials, now time.Time) {
	stamp := now.UTC().Format("20060102T150405Z")
	r.Header.Set("X-Amz-Date", stamp)
	if c.Token != "" {
		r.Header.Set("X-Amz-Security-Token", c.Token)
	}
	headers := map[string]string{"host": r.URL.Host}
	for _, name := range []string{"Content-Type", "X-Amz-Date", "X-Amz-Security-Token"} {
		if value := r.Header.Get(name); value != "" {
			headers[strings.ToLower(name)] = value
		}
	}
	var names []string
	for name := range headers {
		names = append(names, name)
	}
	slices.Sort(names)
	var canonical strings.Builder
	for _, name := range names {
		canonical.WriteString(name + ":" + headers[name] + "\n")
	}
	signed := strings.Join(names, ";")
	path := strings.ReplaceAll(r.URL.EscapedPath(), "%", "%25") // escaped once more
	request := strings.Join([]string{r.Method, path, "", canonical.String(), signed, digest(body)}, "\n")
	scope := strings.Join([]string{stamp[:8], region, service, "aws4_request"}, "/")
	text := strings.Join([]string{"AWS4-HMAC-SHA256", stamp, scope, digest([]byte(request))}, "\n")
	key := []byte("AWS4" + c.Secret)
	for _, part := range []string{stamp[:8], region, service, "aws4_request"} {
		key = keyed(key, part)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+c.KeyID+"/"+scope+", SignedHeaders="+signed+", Signature="+hex.EncodeToString(keyed(key, text)))
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func keyed(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

package httpapi_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"leeway/functions/internal/httpapi"
)

const (
	logs = "/api/v1/models/churn/logs"
	file = "a,b\n1,2\n"
)

// TestWho goes through who may write where.
func TestWho(t *testing.T) {
	public := func(o *httpapi.Options) { o.Loopback = false }
	guarded := func(o *httpapi.Options) { o.Loopback, o.Token = false, token }
	for name, try := range map[string]struct {
		options func(*httpapi.Options)
		headers []string
		want    int
	}{
		"loopback":                       {nil, nil, 202},
		"localhost":                      {nil, []string{"Host", "localhost:8080"}, 202},
		"IPv6":                           {nil, []string{"Host", "[::1]:8080"}, 202},
		"its own origin":                 {nil, []string{"Host", "localhost:1", "Origin", "http://localhost:1"}, 202},
		"foreign host":                   {nil, []string{"Host", "evil.example"}, 421},
		"host that begins like a local":  {nil, []string{"Host", "127.0.0.1.evil.example"}, 421},
		"other address":                  {nil, []string{"Host", "192.168.0.1:8080"}, 421},
		"foreign origin":                 {nil, []string{"Origin", "https://evil.example"}, 403},
		"origin of a file":               {nil, []string{"Origin", "null"}, 403},
		"cross-site":                     {nil, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"public without a token":         {public, nil, 403},
		"public with a made-up token":    {public, []string{"Authorization", "Bearer " + token}, 403},
		"no token":                       {guarded, nil, 401},
		"wrong token":                    {guarded, []string{"Authorization", "Bearer " + token + "x"}, 401},
		"half a token":                   {guarded, []string{"Authorization", "Bearer " + token[:8]}, 401},
		"wrong scheme":                   {guarded, []string{"Authorization", "Basic " + token}, 401},
		"empty token":                    {guarded, []string{"Authorization", "Bearer "}, 401},
		"token":                          {guarded, []string{"Authorization", "Bearer " + token}, 202},
		"token behind a proxy":           {guarded, []string{"Authorization", "bearer " + token, "Host", "leeway.example", "Origin", "https://x.example"}, 202},
		"loopback with a token, proxied": {func(o *httpapi.Options) { o.Token = token }, []string{"Authorization", "Bearer " + token, "Host", "leeway.example"}, 202},
		"loopback, token, foreign host":  {func(o *httpapi.Options) { o.Token = token }, []string{"Host", "evil.example"}, 421},
		"loopback with a token, without": {func(o *httpapi.Options) { o.Token = token }, nil, 401},
	} {
		f := start(t, try.options)
		got := f.post(logs, "text/csv", file, try.headers...)
		if got.StatusCode != try.want {
			t.Errorf("%s: %d instead of %d: %s", name, got.StatusCode, try.want, got.body)
		}
		if got.StatusCode == 401 && !strings.HasPrefix(got.Header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s: no WWW-Authenticate", name)
		}
	}
}

// TestRebinding: a web site whose name was made to point here reads nothing.
func TestRebinding(t *testing.T) {
	for name, options := range map[string]func(*httpapi.Options){"bare": nil, "with a token": func(o *httpapi.Options) { o.Token = token }} {
		f := start(t, options)
		for _, path := range []string{"/", "/metrics", "/api/v1/models", "/models/churn"} {
			if got := f.do("GET", path, "", "Host", "evil.example"); got.StatusCode != http.StatusMisdirectedRequest {
				t.Errorf("%s: %s: %d", name, path, got.StatusCode)
			}
			if got := f.do("GET", path, ""); got.StatusCode != http.StatusOK {
				t.Errorf("%s: %s as 127.0.0.1: %d", name, path, got.StatusCode)
			}
		}
	}
	open := start(t, func(o *httpapi.Options) { o.Loopback = false })
	if got := open.do("GET", "/metrics", "", "Host", "monitor.example"); got.StatusCode != 200 {
		t.Errorf("a public listener answers under any name: %d", got.StatusCode)
	}
}

func TestHeaders(t *testing.T) {
	f := start(t, nil)
	for _, path := range []string{"/", "/metrics", "/api/v1/models", "/nothing", "/models/churn/reports/report-1"} {
		h := f.do("GET", path, "").Header
		policy := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "http") || strings.Contains(policy, "script-src 'self' 'unsafe") {
			t.Errorf("%s: %s", path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

// TestSlowClients: every time that a client could take for ever has an end.
func TestSlowClients(t *testing.T) {
	s := httpapi.Server(http.NotFoundHandler())
	for name, limit := range map[string]time.Duration{
		"header": s.ReadHeaderTimeout, "request": s.ReadTimeout, "answer": s.WriteTimeout, "idle": s.IdleTimeout,
	} {
		if limit <= 0 || limit > 5*time.Minute {
			t.Errorf("%s: %v", name, limit)
		}
	}
}

// TestManyUploads: no more bodies are received at a time than there is room for,
// and the others are told when to come again.
func TestManyUploads(t *testing.T) {
	f := start(t, nil)
	var senders []*io.PipeWriter
	answers := make(chan int)
	for range httpapi.Uploads {
		reader, writer := io.Pipe()
		senders = append(senders, writer)
		go func() {
			response, err := http.Post(f.URL+logs, "text/csv", reader)
			if err != nil {
				answers <- 0
				return
			}
			_ = response.Body.Close()
			answers <- response.StatusCode
		}()
		if _, err := io.WriteString(writer, file); err != nil { // the server has begun to read, or soon will
			t.Fatal(err)
		}
	}
	var refused answer
	for begun := time.Now(); time.Since(begun) < 2*time.Minute; time.Sleep(10 * time.Millisecond) { // until the server has begun to read them all
		if refused = f.post(logs, "text/csv", file); refused.StatusCode >= 300 {
			break
		}
	}
	if refused.StatusCode != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" || refused.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("one too many: %d %v", refused.StatusCode, refused.Header)
	}
	if got := f.do("GET", "/api/v1/models", ""); got.StatusCode != http.StatusOK {
		t.Errorf("reading meanwhile: %d", got.StatusCode)
	}
	for _, sender := range senders {
		if err := sender.Close(); err != nil {
			t.Error(err)
		}
	}
	for range senders {
		if status := <-answers; status != http.StatusOK && status != http.StatusAccepted {
			t.Errorf("a slow sender: %d", status)
		}
	}
	if got := f.post(logs, "text/csv", file); got.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %d %s", got.StatusCode, got.body)
	}
}

// TestCutBody: a client that announces more than it sends leaves nothing behind.
func TestCutBody(t *testing.T) {
	f := start(t, nil)
	connection, err := net.Dial("tcp", f.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_, err = connection.Write([]byte("POST " + logs + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\na,b\n1,2\n"))
	if err == nil {
		err = connection.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close() // waits for the handler
	for info, err := range f.store.List(t.Context(), "logs/") {
		t.Errorf("%s %v", info.Key, err)
	}
}

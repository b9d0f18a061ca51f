package httpapi

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"strings"
)

// contentPolicy of the pages: nothing from elsewhere, no script in a page
// itself, so that a column name that looks like one stays text.
const contentPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard stands before every handler: the headers that keep browsers careful,
// and who may be answered.
type guard struct {
	next     http.Handler
	token    string
	loopback bool
	origins  *http.CrossOriginProtection
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	if status, detail := g.refuse(r); status != 0 {
		if status == http.StatusUnauthorized {
			h.Set("WWW-Authenticate", `Bearer realm="leeway"`)
		}
		problem(w, status, detail)
		return
	}
	g.next.ServeHTTP(w, r)
}

// refuse tells why a request is not answered; status 0 lets it pass.
func (g *guard) refuse(r *http.Request) (status int, detail string) {
	// Who shows the token may come under whatever name, as through a proxy. The
	// rules for browsers are for whoever does not.
	bare := g.token == ""
	shown := !bare && g.authorised(r)
	if g.loopback && !shown && !localName(r.Host) {
		if !bare {
			return http.StatusMisdirectedRequest, "without the bearer token this listener answers only as localhost or 127.0.0.1: send Authorization: Bearer TOKEN to use it under " + quoted(r.Host)
		}
		return http.StatusMisdirectedRequest, "this listener answers only as localhost or 127.0.0.1; start serve with --token-file to use it under " + quoted(r.Host)
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
		return 0, ""
	}
	switch {
	case !bare && !shown:
		return http.StatusUnauthorized, "writing needs the bearer token: send Authorization: Bearer TOKEN"
	case bare && !g.loopback:
		return http.StatusForbidden, "writing is off on a public listener without a token: start serve with --token-file"
	case bare && g.origins.Check(r) != nil:
		return http.StatusForbidden, "a page of another site may not write here"
	}
	return 0, ""
}

// authorised compares hashes, so that neither the content nor the length of
// the token can be learnt from the time it takes.
func (g *guard) authorised(r *http.Request) bool {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	a, b := sha256.Sum256([]byte(strings.TrimSpace(given))), sha256.Sum256([]byte(g.token))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// localName tells whether a Host header names this machine and cannot be
// anybody else's name.
func localName(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(strings.Trim(name, "[]"), "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && ip.IsLoopback()
}

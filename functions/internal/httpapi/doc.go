// Package httpapi is the HTTP side of `leeway serve`: the REST API, the metrics,
// the health checks and, through package dash, the pages, behind one guard.
//
// [New] gives the handler, [Server] the http.Server around it. What is promised
// is in the OpenAPI document at /openapi.json; errors are always
// application/problem+json (RFC 9457).
//
// Who may do what. Reading is open to whoever reaches the listener, as with
// Prometheus. Writing needs the bearer token, or a listener on loopback. On
// loopback whoever does not show the token is answered under a local Host alone,
// so that a web site whose name points at 127.0.0.1 can neither write nor read;
// and without a token, writes that a browser makes for another site are refused.
//
// A few uploads are received at a time; who comes in between is asked to come
// again (503 with Retry-After).
package httpapi

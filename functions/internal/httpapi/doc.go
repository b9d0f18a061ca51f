// Package httpapi is the HTTP side of `leeway serve`: the REST API, the metrics,
// the health checks and, through package dash, the pages, behind one guard.
//
// [New] gives the handler, [Listen] and [Serve] the server around it. What is
// promised is in the OpenAPI document at /openapi.json; errors are always
// application/problem+json (RFC 9457).
//
// Who may do what. Reading is open to whoever reaches the listener, as with
// Prometheus. Writing needs the bearer token, or a listener on loopback. On
// loopback without a token nothing is answered under a foreign Host, so that a
// web site whose name points at 127.0.0.1 can neither write nor read, and
// writes that a browser makes for another site are refused.
package httpapi

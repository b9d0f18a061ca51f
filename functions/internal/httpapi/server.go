package httpapi

import (
	"net/http"
	"time"
)

// How long a client may take. Bodies have a pace of their own, see paced.
const (
	headerTime  = 10 * time.Second
	requestTime = 60 * time.Second
	answerTime  = 60 * time.Second
	idleTime    = 2 * time.Minute
	headerBytes = 64 << 10
)

// Server is an http.Server whose connections cannot be held open by clients
// that send or read slowly on purpose.
func Server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
	}
}

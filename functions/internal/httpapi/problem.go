package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"

	"leeway/core/fault"

	"github.com/danielgtaylor/huma/v2"
)

// problem answers with an error document as of RFC 9457.
func problem(w http.ResponseWriter, status int, detail string) {
	body, err := json.Marshal(&huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail})
	if err != nil { // a struct of strings always marshals
		body = nil
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // the client is gone: nobody is left to tell
}

// statusOf is the HTTP status of a kind of error.
func statusOf(err error) int {
	switch fault.KindOf(err) {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Denied:
		return http.StatusForbidden
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Exhausted:
		return http.StatusInsufficientStorage
	}
	return http.StatusInternalServerError
}

// failure is err for the API's answer.
func failure(err error) error {
	return huma.NewError(statusOf(err), err.Error())
}

// quoted is text from outside for an error message: escaped and not endless.
func quoted(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return strconv.Quote(s)
}

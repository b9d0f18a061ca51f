package dash

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"

	"leeway/core/report"
)

// report shows a full report, which is a page of its own that needs nothing
// from here.
func (d *Dash) report(w http.ResponseWriter, r *http.Request) {
	one, err := d.DB.Report(r.Context(), r.PathValue("model"), r.PathValue("id"))
	if err != nil {
		d.fail(w, err)
		return
	}
	// An ID names the content, and Created and Supersedes come from the inputs:
	// together with the program's version they say what the page looks like.
	tag := `"` + digest(strings.Join([]string{d.Version, stylePath, one.Model, one.ID, one.Created, one.Supersedes}, "\x00"))[:32] + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "no-cache")
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	var body bytes.Buffer
	if err := report.HTML(&body, one); err != nil {
		d.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(homeward(body.Bytes(), one.Model)) // the client is gone: nobody is left to tell
}

// homeward adds the way back to a report, which as a file of its own has none.
func homeward(page []byte, model string) []byte {
	nav := []byte(`<nav aria-label="Sections">`)
	link := `<a rel="up" href="` + modelPath(model) + `">← ` + template.HTMLEscapeString(model) + `</a>`
	return bytes.Replace(page, nav, append(nav, link...), 1)
}

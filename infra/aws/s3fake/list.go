package s3fake

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

type listing struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	EncodingType          string   `xml:",omitempty"`
	IsTruncated           bool
	NextContinuationToken string     `xml:",omitempty"`
	Contents              []listed   `xml:",omitempty"`
	CommonPrefixes        []prefixed `xml:",omitempty"`
}

type listed struct {
	Key, ETag    string
	Size         int
	LastModified string
}

type prefixed struct{ Prefix string }

// list answers ListObjectsV2.
func (s *Server) list(w http.ResponseWriter, r *http.Request, b *bucket) {
	query := r.URL.Query()
	prefix, delimiter := query.Get("prefix"), query.Get("delimiter")
	most, err := strconv.Atoi(query.Get("max-keys"))
	if err != nil || most > 1000 {
		most = 1000
	}
	page := listing{EncodingType: query.Get("encoding-type")}
	encode := func(key string) string { return key }
	if page.EncodingType == "url" {
		encode = func(key string) string { return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/") }
	}
	last, count := query.Get("continuation-token"), 0
	for _, key := range slices.Sorted(maps.Keys(b.objects)) {
		below, ok := strings.CutPrefix(key, prefix)
		name := key
		if folder, _, cut := strings.Cut(below, delimiter); cut && delimiter != "" {
			name = prefix + folder + delimiter
		}
		if !ok || name <= last {
			continue
		}
		if count == most {
			page.IsTruncated, page.NextContinuationToken = true, last
			break
		}
		count++
		last = name
		if name != key {
			page.CommonPrefixes = append(page.CommonPrefixes, prefixed{encode(name)})
			continue
		}
		o := b.objects[key]
		page.Contents = append(page.Contents, listed{encode(key), o.etag, len(o.data), o.modified.Format(time.RFC3339Nano)})
	}
	_ = xml.NewEncoder(w).Encode(page) // into memory
}

func (s *Server) begin(w http.ResponseWriter, r *http.Request, key string) {
	s.ids++
	id := fmt.Sprintf("u%d", s.ids)
	s.uploads[id] = &upload{key: key, parts: map[int][]byte{}, headers: r.Header.Clone()}
	_ = xml.NewEncoder(w).Encode(struct {
		XMLName  xml.Name `xml:"InitiateMultipartUploadResult"`
		UploadId string
	}{UploadId: id}) // into memory
}

func (s *Server) part(w http.ResponseWriter, r *http.Request, body []byte) {
	u := s.uploads[r.URL.Query().Get("uploadId")]
	number, err := strconv.Atoi(r.URL.Query().Get("partNumber"))
	if u == nil || err != nil {
		Refuse(w, r, http.StatusNotFound, "NoSuchUpload", "The specified upload does not exist.")
		return
	}
	u.parts[number] = body
	w.Header().Set("Etag", etag(body))
}

func (s *Server) complete(w http.ResponseWriter, r *http.Request, b *bucket, key string, body []byte) {
	id := r.URL.Query().Get("uploadId")
	u := s.uploads[id]
	if u == nil || u.key != key {
		Refuse(w, r, http.StatusNotFound, "NoSuchUpload", "The specified upload does not exist.")
		return
	}
	var asked struct {
		Part []struct {
			PartNumber int
			ETag       string
		}
	}
	if err := xml.Unmarshal(body, &asked); err != nil {
		Refuse(w, r, http.StatusBadRequest, "MalformedXML", err.Error())
		return
	}
	var data, sums bytes.Buffer
	for _, one := range asked.Part {
		part, ok := u.parts[one.PartNumber]
		if !ok || etag(part) != one.ETag {
			Refuse(w, r, http.StatusBadRequest, "InvalidPart", "One or more of the specified parts could not be found.")
			return
		}
		data.Write(part)
		sums.WriteString(one.ETag)
	}
	name := strings.TrimSuffix(etag(sums.Bytes()), `"`) + fmt.Sprintf(`-%d"`, len(asked.Part))
	if !s.write(w, r, b, key, data.Bytes(), name, u.headers) {
		return
	}
	delete(s.uploads, id)
	_ = xml.NewEncoder(w).Encode(struct {
		XMLName xml.Name `xml:"CompleteMultipartUploadResult"`
		ETag    string
	}{ETag: name}) // into memory
}

package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/metric"
	"leeway/core/state"
	"leeway/functions/internal/dash"
	"leeway/infra/prometheus"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// MaxBody is how large a posted file may be unless the options say otherwise,
// in bytes after decompression. Larger ones belong into the bucket itself.
const MaxBody = 256 << 20

// Uploads is how many posted files are received at a time: each may need
// MaxBody bytes of room for temporary files.
const Uploads = 4

// Options is what the handler works on. DB, Data and Now are needed.
type Options struct {
	DB       *state.DB
	Data     state.Store                // where posted files are put
	Notify   func()                     // called after a file was put; nil for nobody
	Token    string                     // bearer token that writing needs; "" for none
	Loopback bool                       // the listener can be reached from this machine alone
	Version  string                     // of the program, for the OpenAPI document and the pages
	Metrics  []metric.Desc              // the catalogue, for /metrics
	Runs     *prometheus.Runs           // what runs took, for /metrics; nil for unknown
	Trouble  func(model string) []error // what stops a model's runs; nil: nothing ever does
	Now      func() time.Time

	// Labels tells what a label file of a model lacks, by its columns; nil: nobody looks.
	Labels func(ctx context.Context, model string, source format.Source) error

	MaxBody int64 // 0 means MaxBody
}

type server struct {
	*Options
	maxBody int64
	room    chan struct{} // holds one for each upload that is being received
}

// New gives the handler of everything that serve answers.
func New(o *Options) http.Handler {
	s := &server{o, o.MaxBody, make(chan struct{}, Uploads)}
	if s.maxBody <= 0 {
		s.maxBody = MaxBody
	}
	mux := http.NewServeMux()
	s.register(humago.New(mux, document(o.Version)))
	mux.Handle("GET /metrics", &prometheus.Exporter{Source: o.DB, Catalogue: o.Metrics, Runs: o.Runs, Trouble: o.Trouble})
	pages := dash.New(&dash.Options{DB: o.DB, Version: o.Version, Now: o.Now, Trouble: o.Trouble})
	pages.Register(mux)
	root := &router{mux: mux, missing: pages.Missing}
	return &guard{next: root, token: o.Token, loopback: o.Loopback, origins: http.NewCrossOriginProtection()}
}

// Document is the OpenAPI document, as /openapi.json has it.
func Document(version string) ([]byte, error) {
	api := humago.New(http.NewServeMux(), document(version))
	(&server{Options: &Options{}}).register(api)
	return json.Marshal(api.OpenAPI())
}

// document is the frame of the OpenAPI document.
func document(version string) huma.Config {
	config := huma.DefaultConfig("Leeway", version)
	config.Info.Description = "Model monitoring: verdicts, reports and the files they are made from. " +
		"Reading is open to whoever reaches the listener; writing needs the bearer token, or a listener on loopback."
	config.DocsPath, config.SchemasPath = "", "" // the documentation pages of the framework load scripts from elsewhere
	config.CreateHooks = nil                     // no links to schemas in answers
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "The content of the --token-file. Not needed on a loopback listener without one."},
	}
	return config
}

func (s *server) register(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "health", Method: http.MethodGet, Path: "/healthz", Tags: []string{"operation"},
		Summary: "The process runs",
	}, s.health)
	huma.Register(api, huma.Operation{
		OperationID: "ready", Method: http.MethodGet, Path: "/readyz", Tags: []string{"operation"},
		Summary: "The bucket can be read", Errors: []int{503},
	}, s.ready)
	huma.Register(api, huma.Operation{
		OperationID: "list-models", Method: http.MethodGet, Path: "/api/v1/models", Tags: []string{"models"},
		Summary: "All models with their present verdict",
	}, s.listModels)
	huma.Register(api, huma.Operation{
		OperationID: "list-reports", Method: http.MethodGet, Path: "/api/v1/models/{model}/reports", Tags: []string{"reports"},
		Summary: "The newest report of each window, newest window first", Errors: []int{404, 422},
	}, s.listReports)
	huma.Register(api, s.reportOperation(), s.oneReport)
	huma.Register(api, s.upload("post-logs", "logs", "Deliver prediction logs",
		"The file is put into the bucket and processed from there. Its key is derived from its content: sending it again is safe."), s.postLogs)
	labels := s.upload("post-labels", "labels", "Deliver ground truth",
		"The file, of ids and what came true, is put into the bucket and joined with the predictions from there, whenever these come. The model has logs, reference data or a configuration already. Its key is derived from its content: sending it again is safe.")
	labels.Errors = append(labels.Errors, http.StatusNotFound)
	huma.Register(api, labels, s.postLabels)
}

// upload describes an operation that takes a file.
func (s *server) upload(id, folder, summary, description string) huma.Operation {
	content := map[string]*huma.MediaType{}
	for kind := range media {
		content[kind] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return huma.Operation{
		OperationID: id, Method: http.MethodPost, Path: "/api/v1/models/{model}/" + folder, Tags: []string{"delivery"},
		Summary: summary, Description: description,
		DefaultStatus: http.StatusAccepted, Errors: []int{400, 401, 403, 413, 415, 422, 503},
		Security:        []map[string][]string{{"token": {}}, {}},
		RequestBody:     &huma.RequestBody{Required: true, Content: content},
		BodyReadTimeout: -1, // paced sets the pace
		MaxBodyBytes:    -1, // spool sets the limit
		Responses: map[string]*huma.Response{
			"200": {Description: "The same content was delivered before; it is counted once.", Content: map[string]*huma.MediaType{
				"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/AcceptedBody"}}}},
		},
	}
}

type word struct {
	Body struct {
		Status string `json:"status" example:"ok" doc:"ok."`
	}
}

func (s *server) health(context.Context, *struct{}) (*word, error) {
	answer := &word{}
	answer.Body.Status = "ok"
	return answer, nil
}

func (s *server) ready(ctx context.Context, _ *struct{}) (*word, error) {
	if _, err := s.DB.Models(ctx); err != nil {
		return nil, huma.NewError(http.StatusServiceUnavailable, err.Error())
	}
	return s.health(ctx, nil)
}

// known refuses unsafe names, and those of models that are not there.
func (s *server) known(ctx context.Context, model string) error {
	if err := state.CheckModel(model); err != nil {
		return failure(err)
	}
	names, err := s.DB.Models(ctx)
	if err != nil {
		return failure(err)
	}
	if !slices.Contains(names, model) {
		return failure(unknownModel(model, names))
	}
	return nil
}

func unknownModel(model string, names []string) error {
	hint := "GET /api/v1/models lists them"
	if nearest := fault.Nearest(model, names); nearest != "" {
		hint = "did you mean " + nearest + "?"
	}
	return fault.New(fault.NotFound, "there is no model "+quoted(model), hint)
}

// router is the mux, with answers of our own where nothing is found, a method
// is wrong, or a path is not clean: the mux would redirect that one, and what
// a path with .. in it was meant to reach is nothing to guide anybody to.
type router struct {
	mux     *http.ServeMux
	missing func(w http.ResponseWriter, r *http.Request) // a page for browsers
}

func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	escaped := r.URL.EscapedPath()
	if escaped == "/" || strings.HasPrefix(escaped, "/") && path.Clean(escaped) == escaped {
		if _, pattern := rt.mux.Handler(r); pattern != "" {
			rt.mux.ServeHTTP(w, r)
			return
		}
		if allowed := rt.methods(r); allowed != "" {
			w.Header().Set("Allow", allowed)
			problem(w, http.StatusMethodNotAllowed, quoted(r.Method)+" is not for this path: use "+allowed)
			return
		}
	}
	if !strings.HasPrefix(escaped, "/api/") && strings.Contains(r.Header.Get("Accept"), "text/html") {
		rt.missing(w, r)
		return
	}
	problem(w, http.StatusNotFound, "there is nothing at "+quoted(r.URL.Path)+": /openapi.json lists what there is")
}

// methods lists the methods that the path would answer.
func (rt *router) methods(r *http.Request) string {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := rt.mux.Handler(probe); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	return strings.Join(allowed, ", ")
}

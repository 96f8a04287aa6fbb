package contract

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// REST is GitHub's description of its REST API.
type REST struct{ router routers.Router }

// LoadREST reads openapi.json in dir. It is read once per process.
func LoadREST(dir string) (*REST, error) {
	once, _ := loaded.LoadOrStore(dir, sync.OnceValues(func() (*REST, error) { return loadREST(dir) }))
	return once.(func() (*REST, error))()
}

var loaded sync.Map

func loadREST(dir string) (*REST, error) {
	text, err := os.ReadFile(filepath.Join(dir, "openapi.json"))
	if err != nil {
		return nil, err
	}
	// OpenAPI cannot say that a path parameter spans slashes; the router's own syntax can.
	for _, template := range []string{"/contents/{path}", "/git/ref/{ref}", "/compare/{basehead}"} {
		text = bytes.Replace(text, []byte(template+`"`), []byte(strings.TrimSuffix(template, "}")+`:.*}"`), 1)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("openapi.json: %w", err)
	}
	doc.Servers = openapi3.Servers{{URL: "/"}}
	amend(doc)
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("openapi.json: %w", err)
	}
	return &REST{router}, nil
}

// Exchange is a request whose operation the document knows.
type Exchange struct {
	input *openapi3filter.RequestValidationInput
	ID    string // the operation's id, such as "pulls/create-review"
}

// Request checks a request. The path must be relative to the API's root. The exchange is nil when the document has no such operation.
func (r *REST) Request(request *http.Request, body []byte) (*Exchange, []string) {
	request = request.Clone(request.Context())
	request.Body = io.NopCloser(bytes.NewReader(body))
	request.ContentLength = int64(len(body))
	request.URL.Scheme, request.URL.Host = "", ""
	if len(body) > 0 && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/json")
	}
	route, params, err := r.router.FindRoute(request)
	if err != nil {
		return nil, []string{fmt.Sprintf("%s %s: %v", request.Method, request.URL.Path, err)}
	}
	exchange := &Exchange{ID: route.Operation.OperationID, input: &openapi3filter.RequestValidationInput{
		Request: request, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
	}}
	var problems []string
	if err := openapi3filter.ValidateRequest(context.Background(), exchange.input); err != nil {
		problems = append(problems, exchange.ID+": request: "+firstLines(err))
	}
	for _, surplus := range append(unknownQuery(route, request), unknownFields(route, body)...) {
		problems = append(problems, exchange.ID+": request: "+surplus)
	}
	return exchange, problems
}

// Response checks the answer. Other media types than JSON, and statuses the document does not describe, are not checked.
func (e *Exchange) Response(status int, header http.Header, body []byte) []string {
	if status != http.StatusNoContent && !strings.HasPrefix(header.Get("Content-Type"), "application/json") {
		return nil
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: e.input, Status: status, Header: header, Options: e.input.Options,
		Body: io.NopCloser(bytes.NewReader(body)),
	}
	if status < 400 {
		input.Options = &openapi3filter.Options{MultiError: true, IncludeResponseStatus: true}
	}
	if err := openapi3filter.ValidateResponse(context.Background(), input); err != nil {
		return []string{fmt.Sprintf("%s: response %d: %s", e.ID, status, firstLines(err))}
	}
	return nil
}

// firstLines drops the schemas that the validator appends to its messages.
func firstLines(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\nSchema:\n")
	if len(text) > 1000 {
		text = text[:1000] + "…"
	}
	return text
}

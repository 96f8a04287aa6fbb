package githubtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/contract"
)

const jsonType = "application/json; charset=utf-8"

type object = map[string]any

// answer is a response before it is sent.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ServeHTTP answers one request: hooks, faults, GitHub itself between two checks against the contract, the record.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == controlPath {
		s.serveState(w)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client is gone
	}
	request, relative := s.read(r, body)
	s.runHooks(request, false)
	fault := s.dueFault(request)
	var real *answer
	if fault == nil || fault.Applied {
		real = s.answer(request, relative)
		s.runHooks(request, true)
	}
	sent := real
	if fault != nil {
		request.Fault = true
		sent = fault.replace(real)
		if !fault.wait(r.Context(), s.closing) {
			s.record(request)
			panic(http.ErrAbortHandler)
		}
	}
	request.Status, request.Answer = sent.status, sent.body
	s.record(request)
	for name, values := range sent.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(sent.body)))
	w.WriteHeader(sent.status)
	if fault != nil && fault.Cut {
		_, _ = w.Write(sent.body[:len(sent.body)/2])
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(sent.body) // the client may be gone
}

// read makes the record of a request, and a copy of it whose path is relative to the API's root.
func (s *Server) read(r *http.Request, body []byte) (*Request, *http.Request) {
	relative := r.Clone(r.Context())
	relative.Body = io.NopCloser(bytes.NewReader(body))
	if r.URL.Path == s.graphqlPath() {
		relative.URL.Path, relative.URL.RawPath = "/graphql", ""
	} else if prefix := s.prefix(); strings.HasPrefix(r.URL.Path, prefix+"/") {
		relative.URL.Path, relative.URL.RawPath = strings.TrimPrefix(r.URL.Path, prefix), strings.TrimPrefix(r.URL.RawPath, prefix)
	} else {
		relative.URL.Path, relative.URL.RawPath = "/outside-the-api"+r.URL.Path, ""
	}
	request := &Request{Method: r.Method, Path: relative.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), Body: body}
	if token := s.token(r.Header); token != nil {
		request.Login = token.Login
	}
	if request.Path == "/graphql" {
		request.describeGraphQL()
	}
	return request, relative
}

func (s *Server) answer(request *Request, r *http.Request) *answer {
	var exchange *contract.Exchange
	if s.rest != nil && request.Path != "/graphql" {
		var problems []string
		exchange, problems = s.rest.Request(r, request.Body)
		s.violate(request, problems)
	}
	a := s.dispatch(request, r)
	if exchange != nil {
		s.violate(request, exchange.Response(a.status, a.header, a.body))
	}
	if etag := a.header.Get("ETag"); etag != "" && r.Header.Get("If-None-Match") == etag {
		return &answer{http.StatusNotModified, a.header, nil}
	}
	return a
}

func encode(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(fmt.Sprintf("githubtest: %v", err))
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

package githubtest

import (
	"net/url"
	"strings"
)

// route is an operation: how it is addressed, which permissions it takes, what answers it. http.ServeMux would not do:
// GitHub has both pulls/comments/{id} and pulls/{number}/files.
type route struct {
	method, rule string
	segments     []string // {name} is one segment, {name...} the rest
	handle       handler
}

func newRoute(pattern, rule string, handle handler) route {
	method, path, _ := strings.Cut(pattern, " ")
	return route{method, rule, strings.Split(path, "/"), handle}
}

// match returns the path's parameters, unescaped; nil if the path is another one's.
func (r route) match(method, escaped string) map[string]string {
	got := strings.Split(escaped, "/")
	if method != r.method {
		return nil
	}
	params := map[string]string{}
	for i, want := range r.segments {
		name, variable := strings.CutPrefix(want, "{")
		if rest, ok := strings.CutSuffix(name, "...}"); ok {
			if i > len(got) {
				return nil
			}
			value, err := url.PathUnescape(strings.Join(got[i:], "/"))
			params[rest] = value
			return orNil(params, err == nil)
		}
		if i >= len(got) || !variable && got[i] != want || variable && got[i] == "" {
			return nil
		}
		if variable {
			value, err := url.PathUnescape(got[i])
			if err != nil {
				return nil
			}
			params[strings.TrimSuffix(name, "}")] = value
		}
	}
	return orNil(params, len(got) == len(r.segments))
}

func orNil(params map[string]string, ok bool) map[string]string {
	if !ok {
		return nil
	}
	return params
}

// route returns the first route that matches a path. Fixed names must come before variables.
func (s *Server) route(method, escaped string) (*route, map[string]string) {
	for i := range s.routes {
		if params := s.routes[i].match(method, escaped); params != nil {
			return &s.routes[i], params
		}
	}
	return nil, nil
}

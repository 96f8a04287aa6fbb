package githubtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Request is what was asked, and how it was answered.
type Request struct {
	Method string
	Path   string // relative to the API's root: /repos/…, or /graphql
	Query  url.Values
	Header http.Header
	Body   []byte
	Login  string // whose token it was; "" without
	// Of GraphQL requests: the operation's name and its own fields ("repository", "minimizeComment"), and whether it is a mutation.
	Operation string
	Fields    []string
	Mutation  bool
	// Status is the answer's: 0 where the connection was dropped. Answer is its body.
	Status int
	Answer []byte
	Fault  bool // answered by a fault
	// Violations are where request or answer broke GitHub's contract.
	Violations []string
}

// Decode reads the request's JSON body.
func (r *Request) Decode(into any) error { return json.Unmarshal(r.Body, into) }

// Variables returns the variables of a GraphQL request.
func (r *Request) Variables() map[string]any {
	var body graphqlBody
	_ = json.Unmarshal(r.Body, &body)
	return body.Variables
}

// Write says whether the request would change something.
func (r *Request) Write() bool {
	if r.Path == "/graphql" {
		return r.Mutation
	}
	return r.Method != http.MethodGet && r.Method != http.MethodHead
}

func (r *Request) String() string {
	text := r.Method + " " + r.Path
	if len(r.Query) > 0 {
		text += "?" + r.Query.Encode()
	}
	if len(r.Fields) > 0 {
		text += " " + r.Operation + "{" + strings.Join(r.Fields, " ") + "}"
	}
	return text
}

// Match picks requests.
type Match func(*Request) bool

// On matches a method ("*" is any) and a path relative to the API's root: "POST /repos/*/*/pulls/*/reviews". A * stands for
// one element, ** at the end for all that follows.
func On(pattern string) Match {
	method, path, _ := strings.Cut(pattern, " ")
	want := strings.Split(path, "/")
	return func(r *Request) bool {
		if method != "*" && method != r.Method {
			return false
		}
		got := strings.Split(r.Path, "/")
		for i, element := range want {
			if element == "**" {
				return len(got) > i
			}
			if i >= len(got) || element != "*" && element != got[i] {
				return false
			}
		}
		return len(got) == len(want)
	}
}

// GraphQL matches requests whose operation has this field, such as "minimizeComment" or "viewer", or this name.
func GraphQL(field string) Match {
	return func(r *Request) bool {
		for _, name := range r.Fields {
			if name == field {
				return true
			}
		}
		return field == r.Operation && r.Operation != ""
	}
}

// Any matches every request.
func Any(*Request) bool { return true }

// Writes matches what changes something.
func Writes(r *Request) bool { return r.Write() }

// Reads matches what changes nothing.
func Reads(r *Request) bool { return !r.Write() }

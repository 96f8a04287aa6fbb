package githubtest

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"
)

// refusal is an answer that GitHub gives instead of doing what was asked. Handlers panic with it; run recovers.
type refusal struct {
	status  int
	message string
	errors  any // of a 422: a list
}

func refuse(status int, message string) *refusal { return &refusal{status: status, message: message} }

func (r *refusal) body() object {
	body := object{"message": r.message, "documentation_url": "https://docs.github.com/rest", "status": strconv.Itoa(r.status)}
	if r.errors != nil {
		body["errors"] = r.errors
	}
	return body
}

func (r *refusal) parts() (int, any) { return r.status, r.body() }

func notFound() *refusal { return refuse(http.StatusNotFound, "Not Found") }

// invalid is a 422 of the kind that names resource, field and code.
func invalid(resource, field, code, message string) *refusal {
	entry := object{"resource": resource, "code": code, "field": field}
	if message != "" {
		entry["message"] = message
	}
	return &refusal{http.StatusUnprocessableEntity, "Validation Failed", []any{entry}}
}

// unprocessable is a 422 of the kind that lists sentences.
func unprocessable(sentences ...string) *refusal {
	return &refusal{http.StatusUnprocessableEntity, "Unprocessable Entity", sentences}
}

// maxBody is the length of comments and reviews that the API states. Reports differ on whether characters or bytes are
// meant and on what is enforced; UTF-16 units and four times as many bytes are the strictest reading.
const maxBody = 65536

func tooLong(body string) bool {
	return len(utf16.Encode([]rune(body))) > maxBody || len(body) > 4*maxBody
}

const tooLongText = "Body is too long (maximum is 65536 characters)"

// checkBody refuses empty and overlong texts.
func checkBody(resource, body string) {
	if strings.TrimSpace(body) == "" {
		panic(invalid(resource, "body", "missing_field", "Body can't be blank"))
	}
	if tooLong(body) {
		panic(invalid(resource, "data", "unprocessable", tooLongText))
	}
}

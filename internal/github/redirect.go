package github

import (
	"fmt"
	"net/http"
)

// checkRedirect follows within GitHub only: another host's answer is not GitHub's, and it must not see the token. A write
// that would become a read is refused as well.
func (t *transport) checkRedirect(req *http.Request, via []*http.Request) error {
	cl := callOf(req.Context())
	fail := func(format string, args ...any) error {
		e := &Error{Kind: Redirected, What: cl.what, Message: t.redact(fmt.Sprintf(format, args...)), Hint: hint(Redirected, cl.family)}
		cl.failed = e
		return e
	}
	switch {
	case !t.origins[origin(req.URL)]:
		return fail("GitHub pointed to another host, %.200q; the token is not sent there", origin(req.URL))
	case req.Method != via[0].Method:
		return fail("GitHub pointed elsewhere for a %s", via[0].Method)
	case len(via) > maxRedirects:
		return fail("more than %d redirects", maxRedirects)
	}
	return nil
}

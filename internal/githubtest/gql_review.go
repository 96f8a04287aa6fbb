package githubtest

import "github.com/tljh-policy/tljh-policy/internal/githubtest/graphql"

// gqlAddReview posts a review with threads, under REST's rules.
func (c *call) gqlAddReview(p *Pull, in args) (node, error) {
	if !c.mayWrite(p) {
		return nil, gqlForbidden()
	}
	body := reviewBody{CommitID: in.String("commitOID"), Body: in.String("body"), Event: in.String("event")}
	threads, _ := in["threads"].([]any)
	for _, one := range threads {
		t, _ := one.(map[string]any)
		line, _ := args(t).Int("line")
		start, _ := args(t).Int("startLine")
		body.Comments = append(body.Comments, draft{Path: args(t).String("path"), Body: args(t).String("body"), Line: line, Side: args(t).String("side"),
			StartLine: start, StartSide: args(t).String("startSide")})
	}
	v, refused := p.createReview(c.viewer(), body)
	if refused != nil {
		sentences, _ := refused.errors.([]string)
		return nil, &graphql.Error{Type: "UNPROCESSABLE", Message: sentences[0]}
	}
	return node{"pullRequestReview": c.gqlReview(v)}, nil
}

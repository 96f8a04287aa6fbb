package github

import (
	"context"
	"fmt"
	"strings"
)

// mutation is one change by GraphQL. Many travel in one request, so that the number of calls does not grow with that of
// comments. All of them may be repeated without harm.
type mutation struct {
	field string         // "minimizeComment"
	input string         // the type of its input
	args  map[string]any // the input
	pick  string         // what to select of the result
}

const mutationsPerCall = 20

func minimize(node, why string) mutation {
	return mutation{"minimizeComment", "MinimizeCommentInput", map[string]any{"subjectId": node, "classifier": why}, "minimizedComment { isMinimized }"}
}

func unminimize(node string) mutation {
	return mutation{"unminimizeComment", "UnminimizeCommentInput", map[string]any{"subjectId": node}, "unminimizedComment { isMinimized }"}
}

func editReviewComment(node, body string) mutation {
	return mutation{"updatePullRequestReviewComment", "UpdatePullRequestReviewCommentInput",
		map[string]any{"pullRequestReviewCommentId": node, "body": body}, "pullRequestReviewComment { id }"}
}

func resolve(thread string) mutation {
	return mutation{"resolveReviewThread", "ResolveReviewThreadInput", map[string]any{"threadId": thread}, "thread { isResolved }"}
}

func unresolve(thread string) mutation {
	return mutation{"unresolveReviewThread", "UnresolveReviewThreadInput", map[string]any{"threadId": thread}, "thread { isResolved }"}
}

// mutate makes the changes and returns what went wrong with each, nil where nothing did.
func (c *Client) mutate(ctx context.Context, what string, family Family, ms []mutation) []*Error {
	out := make([]*Error, len(ms))
	for from := 0; from < len(ms); from += mutationsPerCall {
		to := min(from+mutationsPerCall, len(ms))
		c.mutateSome(ctx, call{what: what, family: family, write: true, again: true, item: true}, ms[from:to], out[from:to])
	}
	return out
}

func (c *Client) mutateSome(ctx context.Context, cl call, ms []mutation, out []*Error) {
	var decl []string
	var body strings.Builder
	vars := map[string]any{}
	for i, m := range ms {
		decl = append(decl, fmt.Sprintf("$i%d: %s!", i, m.input))
		fmt.Fprintf(&body, "  m%d: %s(input: $i%d) { %s }\n", i, m.field, i, m.pick)
		vars[fmt.Sprintf("i%d", i)] = m.args
	}
	doc := fmt.Sprintf("mutation Change(%s) {\n%s}\n", strings.Join(decl, ", "), &body)
	data := map[string]any{}
	errs, err := c.graph(ctx, cl, doc, vars, &data)
	byAlias := map[string]*Error{}
	for _, g := range errs {
		byAlias[g.alias()] = c.said(g, cl)
	}
	for i := range ms {
		alias := fmt.Sprintf("m%d", i)
		switch e, known := byAlias[alias]; {
		case known:
			out[i] = e
		case err != nil:
			out[i] = asError(err)
		case data[alias] == nil:
			out[i] = byAlias[""]
			if out[i] == nil {
				out[i] = &Error{Kind: BadAnswer, What: cl.what, Message: "the answer does not say that it was done"}
			}
		}
		if out[i] != nil {
			c.remember(cl, out[i])
		}
	}
}

package githubtest

import (
	"github.com/tljh-policy/tljh-policy/internal/githubtest/graphql"
)

// mutation makes a field that finds a subject by the node id in input[key], and lets act change it.
func mutation[T any](c *call, payload, key string, act func(subject T, in args) (node, error)) field {
	return func(a args) (any, error) {
		in := a.Input("input")
		subject, ok := c.find(in.String(key)).(T)
		if !ok {
			return nil, gqlNotFound("Could not resolve to a node with the global id of '%s'", in.String(key))
		}
		o, err := act(subject, in)
		if err != nil {
			return nil, err
		}
		o["__typename"], o["clientMutationId"] = payload, nil
		if id, ok := in["clientMutationId"]; ok {
			o["clientMutationId"] = id
		}
		return o, nil
	}
}

func (c *call) gqlMutation() node {
	return node{
		"__typename":      "Mutation",
		"minimizeComment": mutation(c, "MinimizeCommentPayload", "subjectId", c.gqlMinimize("minimizedComment")),
		"unminimizeComment": mutation(c, "UnminimizeCommentPayload", "subjectId", func(subject any, _ args) (node, error) {
			return c.gqlMinimize("unminimizedComment")(subject, args{})
		}),
		"resolveReviewThread":            mutation(c, "ResolveReviewThreadPayload", "threadId", c.gqlResolve(true)),
		"unresolveReviewThread":          mutation(c, "UnresolveReviewThreadPayload", "threadId", c.gqlResolve(false)),
		"updateIssueComment":             mutation(c, "UpdateIssueCommentPayload", "id", c.gqlEdit("issueComment", false)),
		"updatePullRequestReviewComment": mutation(c, "UpdatePullRequestReviewCommentPayload", "pullRequestReviewCommentId", c.gqlEdit("pullRequestReviewComment", true)),
		"updatePullRequestReview": mutation(c, "UpdatePullRequestReviewPayload", "pullRequestReviewId", func(v *review, in args) (node, error) {
			if err := c.gqlText(v.pull, in.String("body")); err != nil {
				return nil, err
			}
			v.body = in.String("body")
			return node{"pullRequestReview": c.gqlReview(v)}, nil
		}),
		"deleteIssueComment":             mutation(c, "DeleteIssueCommentPayload", "id", c.gqlDelete(false)),
		"deletePullRequestReviewComment": mutation(c, "DeletePullRequestReviewCommentPayload", "id", c.gqlDelete(true)),
		"addComment": mutation(c, "AddCommentPayload", "subjectId", func(p *Pull, in args) (node, error) {
			if err := c.gqlText(p, in.String("body")); err != nil {
				return nil, err
			}
			p.addComment(c.viewer(), in.String("body"))
			return node{"subject": c.gqlPull(p)}, nil
		}),
		"addPullRequestReview": mutation(c, "AddPullRequestReviewPayload", "pullRequestId", c.gqlAddReview),
		"addPullRequestReviewThreadReply": mutation(c, "AddPullRequestReviewThreadReplyPayload", "pullRequestReviewThreadId", func(t *thread, in args) (node, error) {
			if err := c.gqlText(t.pull, in.String("body")); err != nil {
				return nil, err
			}
			v := t.pull.addReview(c.viewer(), "COMMENTED", "", t.pull.head)
			return node{"comment": c.gqlComment(t.reply(v, c.viewer(), in.String("body")))}, nil
		}),
	}
}

func (c *call) gqlMinimize(key string) func(any, args) (node, error) {
	return func(subject any, in args) (node, error) {
		switch subject := subject.(type) {
		case *comment:
			if !c.mayWrite(subject.pull) {
				return nil, gqlForbidden()
			}
			subject.minimized = in.String("classifier")
			return node{key: c.gqlComment(subject)}, nil
		case *review:
			if !c.mayWrite(subject.pull) {
				return nil, gqlForbidden()
			}
			subject.minimized = in.String("classifier")
			return node{key: c.gqlReview(subject)}, nil
		}
		return nil, gqlNotFound("Could not resolve to Minimizable node")
	}
}

func (c *call) gqlResolve(resolved bool) func(*thread, args) (node, error) {
	return func(t *thread, _ args) (node, error) {
		if !c.mayResolve() {
			return nil, gqlForbidden()
		}
		if t.resolved = nil; resolved {
			t.resolved = c.viewer()
		}
		return node{"thread": c.gqlThread(t)}, nil
	}
}

func (c *call) gqlEdit(key string, inThread bool) func(*comment, args) (node, error) {
	return func(one *comment, in args) (node, error) {
		if (one.thread != nil) != inThread {
			return nil, gqlNotFound("Could not resolve to a node of the kind")
		}
		if err := c.gqlText(one.pull, in.String("body")); err != nil {
			return nil, err
		}
		one.edit(in.String("body"))
		return node{key: c.gqlComment(one)}, nil
	}
}

func (c *call) gqlDelete(inThread bool) func(*comment, args) (node, error) {
	return func(one *comment, _ args) (node, error) {
		if (one.thread != nil) != inThread {
			return nil, gqlNotFound("Could not resolve to a node of the kind")
		}
		if !c.mayWrite(one.pull) {
			return nil, gqlForbidden()
		}
		one.delete()
		if !inThread {
			return node{}, nil
		}
		return node{"pullRequestReview": c.gqlReview(one.review), "pullRequestReviewComment": c.gqlComment(one)}, nil
	}
}

// gqlText says whether a text may be written to a pull request.
func (c *call) gqlText(p *Pull, body string) error {
	switch {
	case !c.mayWrite(p):
		return gqlForbidden()
	case p.locked && c.viewer().Bot():
		return &graphql.Error{Type: "FORBIDDEN", Message: "Unable to create comment because issue is locked."}
	case body == "":
		return &graphql.Error{Type: "UNPROCESSABLE", Message: "Body can't be blank"}
	case tooLong(body):
		return &graphql.Error{Type: "UNPROCESSABLE", Message: tooLongText}
	}
	return nil
}

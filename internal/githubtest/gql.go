package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/graphql"
)

type (
	node  = graphql.Object
	field = graphql.Field
	args  = graphql.Args
)

type graphqlBody struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// describeGraphQL notes which operation and fields a request names, for matching and assertions.
func (r *Request) describeGraphQL() {
	var body graphqlBody
	if json.Unmarshal(r.Body, &body) != nil {
		return
	}
	if parsed, problems := graphql.Parse(nil, body.Query, body.OperationName, body.Variables); problems == nil {
		r.Operation, r.Fields, r.Mutation = parsed.Name(), parsed.Fields(), parsed.Mutation()
	}
}

// graphql answers POST /graphql: errors come with status 200, except for a missing token.
func (c *call) graphql() (int, any) {
	c.header.Set("X-RateLimit-Resource", "graphql")
	if c.token == nil {
		return refuse(http.StatusUnauthorized, "This endpoint requires you to be authenticated.").parts()
	}
	if c.http.Method != http.MethodPost {
		return notFound().parts()
	}
	var body graphqlBody
	c.decode(&body)
	request, problems := graphql.Parse(c.schema, body.Query, body.OperationName, body.Variables)
	if problems != nil {
		for _, problem := range problems {
			c.violate(c.request, []string{"GraphQL: " + problem.Message})
		}
		return http.StatusOK, object{"errors": problems}
	}
	root := c.gqlQuery()
	if request.Mutation() {
		root = c.gqlMutation()
	}
	result, faults := request.Execute(root)
	c.violate(c.request, faults)
	return http.StatusOK, result
}

func (c *call) gqlQuery() node {
	return node{
		"__typename": "Query",
		"viewer":     c.gqlAccount(c.viewer(), "User", c.viewer().Login),
		"rateLimit":  c.gqlRateLimit(),
		"repository": field(func(a args) (any, error) {
			name := a.String("owner") + "/" + a.String("name")
			r := c.Server.repo(name)
			if r == nil && a["followRenames"] != false {
				r = c.moved[strings.ToLower(name)]
			}
			if r == nil || r.deleted || r.private && !c.token.Permissions.allowed("metadata=read") {
				return nil, gqlNotFound("Could not resolve to a Repository with the name '%s'.", name)
			}
			return c.gqlRepo(r), nil
		}),
		"node": field(func(a args) (any, error) { return c.gqlNode(a.String("id")) }),
	}
}

func (c *call) gqlRateLimit() node {
	if c.enterprise {
		return nil
	}
	return node{"__typename": "RateLimit", "cost": 1, "limit": c.token.limit, "nodeCount": 1, "remaining": c.token.remaining,
		"resetAt": stamp(c.clock.Add(time.Hour)), "used": c.token.limit - c.token.remaining}
}

func gqlNotFound(format string, values ...any) error {
	return &graphql.Error{Type: "NOT_FOUND", Message: fmt.Sprintf(format, values...)}
}

func gqlForbidden() error {
	return &graphql.Error{Type: "FORBIDDEN", Message: notAccessible, Extensions: map[string]any{"saml_failure": false}}
}

// gqlActor is who wrote something. Unlike REST, and unlike `viewer`, it names an app without "[bot]".
func (c *call) gqlActor(u *User) node {
	kind := "User"
	if u.Bot() {
		kind = "Bot"
	}
	return c.gqlAccount(u, kind, strings.TrimSuffix(u.Login, "[bot]"))
}

func (c *call) gqlAccount(u *User, kind, login string) node {
	rest := c.jsonUser(u)
	return node{"__typename": kind, "login": login, "id": nodeID("U", u.ID), "databaseId": int(u.ID), "avatarUrl": rest["avatar_url"],
		"url": rest["html_url"], "resourcePath": "/" + login}
}

func connection(kind string, nodes []node) field {
	return func(a args) (any, error) { return graphql.Connection(kind, nodes, a) }
}

// find returns what a node id stands for: a *Pull, *review, *thread, *comment, or nil.
func (c *call) find(id string) any {
	for _, r := range c.repos {
		for _, p := range r.pulls {
			if nodeID("PR", p.id) == id {
				return p
			}
			for _, one := range p.comments {
				if one.node() == id {
					return one
				}
			}
			for _, v := range p.visibleReviews(c.viewer()) {
				if nodeID("PRR", v.id) == id {
					return v
				}
			}
			for _, t := range p.threads {
				if nodeID("PRRT", t.id) == id {
					return t
				}
				for _, one := range t.visible(c.viewer()) {
					if one.node() == id {
						return one
					}
				}
			}
		}
	}
	return nil
}

func (c *call) gqlNode(id string) (node, error) {
	switch found := c.find(id).(type) {
	case *Pull:
		return c.gqlPull(found), nil
	case *comment:
		return c.gqlComment(found), nil
	case *review:
		return c.gqlReview(found), nil
	case *thread:
		return c.gqlThread(found), nil
	}
	return nil, gqlNotFound("Could not resolve to a node with the global id of '%s'", id)
}

// Package github is everything that talks to GitHub's API: it reads the pull request, its diff and the base version of
// files, and keeps one summary comment and the review comments in step with a run's findings. It knows nothing of rules or
// reports: texts, keys and positions go in; what was done, and what could not be, comes out. Nothing here decides a verdict.
//
// The facts it rests on are GitHub's documentation and the experience of other actions, gathered in reference/github.md §2-§4.
package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/go-github/v60/github"
)

// Config says which GitHub to talk to, as whom, and for how long. Only one of APIURL and ServerURL must be set.
type Config struct {
	APIURL     string // GITHUB_API_URL: https://api.github.com, https://HOST/api/v3, https://api.SUB.ghe.com
	GraphQLURL string // GITHUB_GRAPHQL_URL; "" is derived from APIURL
	ServerURL  string // GITHUB_SERVER_URL; APIURL is derived from it where that is ""
	Token      string // "" reads what is public and writes nothing
	UserAgent  string

	HTTP   *http.Client                                     // its transport is used; nil is the default, with the environment's proxy
	Sleep  func(ctx context.Context, d time.Duration) error // nil really sleeps
	Now    func() time.Time                                 // nil is time.Now
	Budget time.Duration                                    // how long GitHub may keep a run busy, waiting included; 0 is DefaultBudget
}

// DefaultBudget is the time for all calls of a run together: long enough for one secondary rate limit of a minute or two.
const DefaultBudget = 5 * time.Minute

// Client talks to one GitHub as one identity. All its requests are made one after another; it is for one goroutine. Comments that
// another identity wrote, such as an app that was used before, are not ours: they stay as they are.
type Client struct {
	rest     *github.Client
	http     *http.Client
	wire     *transport
	graphURL string
	token    bool

	gaveUp  map[Family]*Error // families of writes that GitHub refused in this run
	noGraph *Error            // why GraphQL is not used any more
	login   *string           // who we are; nil until asked
}

// New checks the addresses. It makes no request.
func New(cfg Config) (*Client, error) {
	api, err := apiURL(cfg)
	if err != nil {
		return nil, err
	}
	graph, err := graphURL(cfg, api)
	if err != nil {
		return nil, err
	}
	wire := newTransport(cfg, api, graph)
	hc := &http.Client{Transport: wire, CheckRedirect: wire.checkRedirect}
	rest := github.NewClient(hc)
	rest.BaseURL = api // not WithEnterpriseURLs: it appends /api/v3 to what it does not know
	if cfg.UserAgent != "" {
		rest.UserAgent = cfg.UserAgent
	}
	return &Client{rest: rest, http: hc, wire: wire, graphURL: graph.String(), token: cfg.Token != "",
		gaveUp: map[Family]*Error{}}, nil
}

// apiURL is the root of the REST API with the trailing slash that go-github needs.
func apiURL(cfg Config) (*url.URL, error) {
	raw := cfg.APIURL
	if raw == "" {
		server, err := address("GITHUB_SERVER_URL", cfg.ServerURL)
		if err != nil {
			return nil, err
		}
		switch host := strings.ToLower(server.Host); {
		case host == "github.com" || strings.HasSuffix(host, ".ghe.com"):
			raw = server.Scheme + "://api." + host
		default:
			raw = strings.TrimSuffix(server.String(), "/") + "/api/v3"
		}
	}
	u, err := address("GITHUB_API_URL", raw)
	if err != nil {
		return nil, err
	}
	u.Path = strings.TrimSuffix(u.Path, "/") + "/"
	return u, nil
}

func graphURL(cfg Config, api *url.URL) (*url.URL, error) {
	if cfg.GraphQLURL != "" {
		return address("GITHUB_GRAPHQL_URL", cfg.GraphQLURL)
	}
	u := *api
	if root, ok := strings.CutSuffix(u.Path, "/api/v3/"); ok {
		u.Path = root + "/api/graphql"
	} else {
		u.Path += "graphql"
	}
	return &u, nil
}

func address(name, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%s must be an address such as https://api.github.com, not %q", name, raw)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%s must be an address without user, query or fragment", name)
	}
	return u, nil
}

package main

import "github.com/tljh-policy/tljh-policy/internal/githubtest"

// description is what a test needs to point something at the server.
type description struct {
	ServerURL  string            `json:"server_url"`
	APIURL     string            `json:"api_url"`
	GraphQLURL string            `json:"graphql_url"`
	Contract   bool              `json:"contract"` // whether requests are held against GitHub's descriptions
	Tokens     map[string]string `json:"tokens"`
	Pulls      []pullDescription `json:"pulls"`
}

type pullDescription struct {
	Repository string `json:"repository"`
	Number     int    `json:"number"`
	Head       string `json:"head"`
	Base       string `json:"base"`
	MergeBase  string `json:"merge_base"`
	Merge      string `json:"merge"`
}

func (in *instance) describe() description {
	d := description{in.URL(), in.APIURL(), in.GraphQLURL(), in.Checked(), map[string]string{
		"write": githubtest.WriteToken, "read": githubtest.ReadToken, "resolver": githubtest.ResolverToken, "person": githubtest.PersonToken,
	}, []pullDescription{}}
	for _, p := range in.pulls {
		d.Pulls = append(d.Pulls, pullDescription{p.repo.FullName(), p.Number(), p.Head(), p.Base(), p.MergeBase(), p.Merge()})
	}
	return d
}

package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// instance is a running server with what the scenario put into it.
type instance struct {
	*githubtest.Server
	repos []*githubtest.Repo
	pulls []*pullOf
}

type pullOf struct {
	repo *githubtest.Repo
	*githubtest.Pull
}

// build puts the scenario into the server. Where githubtest panics at a test's mistake, it is the scenario's here.
func (in *instance) build(s *scenario) (err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("%v", problem)
		}
	}()
	for _, t := range s.Tokens {
		in.AddToken(githubtest.Token{Value: t.Value, Login: t.Login, Permissions: t.Permissions})
	}
	for _, r := range s.Repositories {
		main, err := s.files(r.Main, nil)
		if err != nil {
			return err
		}
		if strings.Count(r.Name, "/") != 1 {
			return fmt.Errorf("repository %q is no owner/name", r.Name)
		}
		repo := in.AddRepo(r.Name, main)
		in.repos = append(in.repos, repo)
		for i, p := range r.Pulls {
			if err := in.open(s, repo, main, p); err != nil {
				return fmt.Errorf("%s, pull request %d: %w", r.Name, i+1, err)
			}
		}
		if r.Private {
			repo.SetPrivate()
		}
	}
	for i, f := range s.Faults {
		match, fault, err := f.arrange()
		if err != nil {
			return fmt.Errorf("fault %d: %w", i+1, err)
		}
		in.Fault(match, fault)
	}
	return nil
}

func (in *instance) open(s *scenario, repo *githubtest.Repo, main githubtest.Files, p pull) error {
	head, err := s.files(p.Head, main)
	if err != nil {
		return err
	}
	source := repo
	if p.Fork != "" {
		source = repo.Fork(p.Fork)
	}
	branch := fmt.Sprintf("change-%d", len(in.pulls)+1)
	source.Commit(branch, head)
	opened := repo.OpenPull(githubtest.PullSpec{Head: branch, HeadRepo: source, Author: p.Author, Title: p.Title, Body: p.Body, Draft: p.Draft})
	in.pulls = append(in.pulls, &pullOf{repo, opened})
	for _, c := range p.Comments {
		opened.Comment(c.Author, c.Body)
	}
	for _, c := range p.ReviewComments {
		opened.ReviewComment(c.Author, c.Path, c.Line, c.Body)
	}
	if p.DeleteFork && p.Fork != "" {
		source.Delete()
	}
	if p.Locked {
		opened.Lock()
	}
	return write(s, repo, opened, p)
}

// write leaves the event and the checkout where the scenario wants them.
func write(s *scenario, repo *githubtest.Repo, opened *githubtest.Pull, p pull) error {
	if p.Event != "" {
		action := p.Action
		if action == "" {
			action = "opened"
		}
		if err := os.WriteFile(s.path(p.Event), opened.Event(action), 0o644); err != nil {
			return err
		}
	}
	if p.Checkout.Dir == "" {
		return nil
	}
	commit := opened.Merge()
	if p.Checkout.Ref == "head" {
		commit = opened.Head()
	} else if p.Checkout.Ref != "" && p.Checkout.Ref != "merge" {
		return fmt.Errorf("checkout.ref is %q; it can be merge or head", p.Checkout.Ref)
	}
	return repo.Checkout(s.path(p.Checkout.Dir), commit, p.Checkout.Depth)
}

func (f fault) arrange() (githubtest.Match, githubtest.Fault, error) {
	match := githubtest.Match(githubtest.Any)
	switch {
	case f.Match != "" && f.GraphQL != "":
		return nil, githubtest.Fault{}, fmt.Errorf("it has both match and graphql")
	case f.Match != "" && !strings.Contains(f.Match, " /"):
		return nil, githubtest.Fault{}, fmt.Errorf("match %q is not METHOD /path", f.Match)
	case f.Match != "":
		match = githubtest.On(f.Match)
	case f.GraphQL != "":
		match = githubtest.GraphQL(f.GraphQL)
	}
	made := githubtest.Fault{Status: f.Status, Header: f.Header, Body: f.Body}
	if f.Secondary {
		if f.Status == 0 {
			f.Status = http.StatusForbidden
		}
		made = githubtest.SecondaryLimit(f.Status, f.RetryAfter)
	}
	if f.Delay != "" {
		var err error
		if made.Delay, err = time.ParseDuration(f.Delay); err != nil {
			return nil, githubtest.Fault{}, err
		}
	}
	made.Times, made.Skip, made.Hang, made.Drop, made.Cut, made.Applied = f.Times, f.Skip, f.Hang, f.Drop, f.Cut, f.Applied
	return match, made, nil
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gopkg.in/yaml.v3"
)

// scenario is the file that says what the server holds. Paths in it are relative to the file.
type scenario struct {
	Enterprise   bool
	Tokens       []token // beside the ones that every server knows
	Repositories []repository
	Faults       []fault
	dir          string
}

type token struct {
	Value       string
	Login       string
	Permissions map[string]string
}

type repository struct {
	Name    string // owner/name
	Private bool
	Main    tree
	Pulls   []pull
}

// tree is the content of a commit: a directory, and over it files by path. A null file is removed.
type tree struct {
	Dir   string
	Files map[string]*string
}

type pull struct {
	Title, Body, Author string
	Fork                string // owner of the fork that the pull request comes from
	DeleteFork          bool   `yaml:"delete_fork"`
	Draft, Locked       bool
	Head                tree // over main's content, unless it has a dir
	Comments            []struct{ Author, Body string }
	ReviewComments      []struct {
		Author, Path, Body string
		Line               int
	} `yaml:"review_comments"`
	Event    string   // file to which the event's payload is written
	Action   string   // of the event; "" is opened
	Checkout checkout // what actions/checkout would leave
}

type checkout struct {
	Dir   string
	Ref   string // merge (default) or head
	Depth int    // 0 is the whole history
}

// fault is what goes wrong with requests that match.
type fault struct {
	Match      string // "POST /repos/*/*/pulls/*/reviews"; "" is every request
	GraphQL    string `yaml:"graphql"` // instead of Match: a field such as minimizeComment
	Status     int
	Header     map[string]string
	Body       string
	Secondary  bool `yaml:"secondary_limit"` // with Status (403 by default) and RetryAfter
	RetryAfter int  `yaml:"retry_after"`
	Times      int
	Skip       int
	Delay      string
	Hang       bool
	Drop       bool
	Cut        bool
	Applied    bool
}

func readScenario(path string) (*scenario, error) {
	if path == "" {
		return nil, errors.New("-scenario FILE is missing")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	s := scenario{dir: filepath.Dir(path)}
	if err := decoder.Decode(&s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(s.Repositories) == 0 {
		return nil, fmt.Errorf("%s: no repositories", path)
	}
	return &s, nil
}

// path makes a path of the scenario one of the process.
func (s *scenario) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(s.dir, p)
}

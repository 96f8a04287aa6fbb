// Package cdk reads programs of the AWS Cloud Development Kit written in Python: the machines that they declare with all
// that belongs to them, under the names of CloudFormation, whose reader passes them on to the adapter of AWS. Programs
// are followed by package python and never run. What only the deployment knows is unknown, and what may make machines in
// a way that is not understood leaves the lists open.
package cdk

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Program is one program that was read, with the infrastructure that it declares.
type Program struct {
	terraform.Module
	Main  string   // the file that is run
	Dir   string   // where the CDK is called: the directory of cdk.json
	Files []string // the Python files that belong to it, Main first
}

// Read reads the programs that Python files make up which import the CDK. Files are those of the checkout; found names
// the files that may be parts of programs. skip says of a directory that what its program makes is known otherwise.
func Read(files step.Files, found []string, skip func(dir string) bool) []Program {
	var out []Program
	done := map[string]bool{}
	read := func(main string, p *project) {
		src, err := files.Open(main)
		if err != nil || done[main] {
			return
		}
		prog := p.read(src)
		for _, f := range prog.Files {
			done[f] = true
		}
		out = append(out, prog)
	}
	projects := map[string]*project{}
	var order []*project
	for _, f := range found {
		p := projectOf(files, path.Dir(f))
		if skip(p.dir) {
			continue
		}
		if had := projects[p.dir]; had == nil {
			projects[p.dir] = p
			order = append(order, p)
		} else {
			p = had
		}
		p.found = append(p.found, f)
	}
	for _, p := range order {
		if p.main != "" {
			read(p.main, p)
		}
		// Files that no program that was read loads: those that say that they are run come first.
		rest := slices.Clone(p.found)
		slices.SortStableFunc(rest, func(a, b string) int { return rank(files, a) - rank(files, b) })
		for _, f := range rest {
			if !done[f] {
				read(f, p)
			}
		}
	}
	return out
}

var isApp = lazyregexp.New(`\bApp\s*\(|\bsynth\s*\(`)

func rank(files step.Files, f string) int {
	if src, err := files.Open(f); err == nil && isApp.MatchString(src.Text) {
		return 0
	}
	return 1
}

// project is a directory from which the CDK is called.
type project struct {
	files   step.Files
	dir     string
	main    string
	found   []string
	context *markup.Node
	at      string // its cdk.json, "" if there is none
}

// projectOf finds the nearest cdk.json above a directory.
func projectOf(files step.Files, dir string) *project {
	for d := path.Clean(dir); ; d = path.Dir(d) {
		if file := path.Join(d, "cdk.json"); files.Exists(file) {
			p := &project{files: files, dir: d, at: file}
			if src, err := files.Open(file); err == nil {
				if n, bad := markup.JSON(src.Whole()); bad == nil {
					p.context = n.Get("context")
					p.main = p.mainOf(n.Get("app").Str())
				}
			}
			return p
		}
		if d == "." || d == "/" || strings.HasPrefix(d, "..") {
			return &project{files: files, dir: path.Clean(dir)}
		}
	}
}

// mainOf is the file that a command runs: "python3 app.py", "python -m infra.app".
func (p *project) mainOf(command string) string {
	words := strings.Fields(command)
	for i, w := range words {
		w = strings.Trim(w, `"'`)
		if i > 0 && words[i-1] == "-m" {
			w = strings.ReplaceAll(w, ".", "/") + ".py"
		}
		if f := path.Join(p.dir, w); strings.HasSuffix(w, ".py") && !path.IsAbs(w) && p.files.Exists(f) {
			return f
		}
	}
	return ""
}

// read follows one program.
func (p *project) read(main *span.Source) Program {
	a := &app{project: p, Program: declare.New(p.files, main, p.dir, "the CDK", "cdk"), made: map[*python.Call]*made{}, names: map[string]bool{}}
	a.Thing = a.thing
	a.Assumed = func(file string) string {
		if p.at == "" || file != p.at {
			return ""
		}
		return "the context in " + p.at + "; cdk deploy --context may give another value"
	}
	if broken := a.Run(a.told, a.answer, nil); broken != "" {
		for _, e := range a.calls {
			e.Maybe = firstOf(e.Maybe, broken)
		}
	}
	a.declare()
	a.fill()
	return Program{Module: terraform.Declared(p.files, a.C, words), Main: main.File, Dir: p.dir, Files: a.Order}
}

// words are the program's names for what reasons call by Terraform's.
var words = strings.NewReplacer(
	"root_block_device.volume_size", "block_devices' volume", "root_block_device.tags", "its own tags",
	"metadata_options.http_tokens", "require_imdsv2", "iam_instance_profile", "role",
	"disable_api_termination", "disable_api_termination", "map_public_ip_on_launch", "vpc_subnets", "associate_public_ip_address is false", "its subnet gives no public address",
	"aws_sns_topic_subscription", "subscription", "known only after apply", "known only when the stack is made",
)

package workflow

import (
	"fmt"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

var (
	// overSSH are actions that run commands on another machine or copy files to it, by their names.
	overSSH = lazyregexp.New(`(?i)(?:^|[/_-])(?:ssh|scp|rsync|sftp)(?:$|[/@_-])|ssh-`)
	// asks are actions that ask an address whether it answers.
	// playbooks are actions that run Ansible's playbooks.
	playbooks = lazyregexp.New(`(?i)ansible-playbook|/action[.-]playbook`)
	asks      = lazyregexp.New(`(?i)health|uptime|check-?url|url-?check|ping`)
)

// before and after are the inputs by which actions for SSH take commands, as far as these come before or after the files.
var (
	before = []string{"first_ssh", "script_before", "SCRIPT_BEFORE"}
	after  = []string{"script", "script_path", "script_file", "command", "commands", "run", "last_ssh", "script_after", "SCRIPT_AFTER"}
	from   = []string{"source", "path", "local", "local_path", "SOURCE"}
	to     = []string{"target", "remote_path", "remote", "destination", "remotePath", "TARGET"}
)

// action is a step that uses an action.
func (u *runs) action(n, name *yaml.Node, sc scope, cond *step.Cond) {
	with := field(n, "with")
	id := name.Value
	switch {
	case strings.HasPrefix(id, "./"):
		u.composite(path.Clean(id), with, sc, cond, u.d.Scalar(name))
	case overSSH.MatchString(id) || field(with, "host") != nil && input(with, after) != nil:
		for _, key := range before {
			u.sent(with, []string{key}, sc)
		}
		u.copies(with, sc)
		for _, key := range after {
			u.sent(with, []string{key}, sc)
		}
		u.password(with, u.d.Scalar(name), sc)
	case playbooks.MatchString(id):
		u.playbook(with, u.d.Scalar(name), sc)
	case u.every > 0 && asks.MatchString(id):
		if url := input(with, []string{"url", "urls", "host", "URL"}); url != nil && url.Kind == yaml.ScalarNode {
			u.checks = append(u.checks, Check{URL: u.render(u.d.Scalar(url), sc), Signal: "http", Hours: u.every, Times: u.times, Notify: span.Literal("true", u.d.Scalar(name)), At: u.d.Scalar(name).Span()})
		}
	default:
		if t := u.d.Scalar(name); with != nil && drives(with) {
			u.out = append(u.out, u.opaque(t, fmt.Sprintf("the action %s is given commands for TLJH, and what it does is not known", span.Show(id))))
		}
	}
}

// playbook is an action that runs a playbook, as the command that it makes of its inputs.
func (u *runs) playbook(with *yaml.Node, at span.Text, sc scope) {
	book := input(with, []string{"playbook"})
	if book == nil || book.Kind != yaml.ScalarNode {
		return
	}
	argv := []span.Text{span.Literal("ansible-playbook", at)}
	for _, o := range [][2]string{{"inventory", "--inventory"}, {"inventory_file", "--inventory"}, {"limit", "--limit"}, {"tags", "--tags"}, {"extra_vars", "--extra-vars"}, {"extra-vars", "--extra-vars"}} {
		n := field(with, o[0])
		if n == nil || n.Kind != yaml.ScalarNode || strings.Contains(strings.TrimSpace(n.Value), "\n") && o[1] == "--inventory" { // an inventory itself
			continue
		}
		argv = append(argv, span.Literal(o[1], at), u.render(u.d.Scalar(n), sc))
	}
	if n := field(with, "options"); n != nil && n.Kind == yaml.ScalarNode {
		words := shell.Read(span.Concat(span.Plain("x "), span.Literal(strings.ReplaceAll(u.render(u.d.Scalar(n), sc).String(), "\n", " "), u.d.Scalar(n))), shell.Options{Args: []span.Text{}, Cwd: shell.Checkout})
		if len(words.Steps) > 0 {
			argv = append(argv, words.Steps[0].Argv[1:]...)
		}
	}
	dir := shell.Checkout
	if n := field(with, "directory"); n != nil && n.Kind == yaml.ScalarNode {
		dir = path.Join(dir, strings.TrimPrefix(u.render(u.d.Scalar(n), sc).String(), workspace))
	}
	u.out = append(u.out, step.Step{Argv: append(argv, u.render(u.d.Scalar(book), sc)), Dir: dir, At: at.Span()})
}

// input is the first of several inputs that is given.
func input(with *yaml.Node, keys []string) *yaml.Node {
	for _, k := range keys {
		if n := field(with, k); n != nil {
			return n
		}
	}
	return nil
}

// drives says whether the inputs of an action hold commands for TLJH.
func drives(with *yaml.Node) bool {
	for k := 1; k < len(with.Content); k += 2 {
		if v := yamltext.Resolve(with.Content[k]).Value; strings.Contains(v, "tljh-config") || strings.Contains(v, "/opt/tljh/") {
			return true
		}
	}
	return false
}

// sent reads commands that an action runs on another machine: given as text, or as a file.
func (u *runs) sent(with *yaml.Node, keys []string, sc scope) {
	n := input(with, keys)
	if n == nil || n.Kind != yaml.ScalarNode {
		return
	}
	text := u.render(u.d.Scalar(n), sc)
	if strings.HasSuffix(keys[0], "_path") || strings.HasSuffix(keys[0], "_file") {
		src := u.open(text)
		if src == nil {
			return
		}
		text = src.Whole()
	}
	res := shell.Read(text, shell.Options{Files: u.files, Args: []span.Text{}, Written: u.written, Cwd: "~", Vars: u.passed(with, sc)})
	u.reads(res)
	remote(res.Steps)
	u.out = append(u.out, res.Steps...)
}

// passed are the variables that the input "envs" takes along to the other machine.
func (u *runs) passed(with *yaml.Node, sc scope) map[string]span.Text {
	out := map[string]span.Text{}
	if n := field(with, "envs"); n != nil {
		for _, k := range strings.FieldsFunc(n.Value, func(c rune) bool { return c == ',' || c == ' ' }) {
			if v, ok := sc.env[k]; ok {
				out[k] = v
			}
		}
	}
	return out
}

// open is a file of the checkout that text names; an unreadable step stands for it when it is not there.
func (u *runs) open(text span.Text) *span.Source {
	name := strings.TrimPrefix(strings.TrimPrefix(text.String(), workspace), "/")
	p := path.Clean(name)
	if !span.IsUnknown(name) && u.files.Exists(p) {
		if src, err := u.files.Open(p); err == nil {
			u.uses[p] = true
			return src
		}
	}
	u.out = append(u.out, u.opaque(text, fmt.Sprintf("the file %s, which is run, is not in the repository", span.Show(name))))
	return nil
}

// maxCopied bounds the files that one action copies.
const maxCopied = 300

// copies writes the files that an action sends, as scp would: a path keeps its directories unless they are stripped.
func (u *runs) copies(with *yaml.Node, sc scope) {
	src, dst := input(with, from), input(with, to)
	if src == nil || dst == nil || src.Kind != yaml.ScalarNode || dst.Kind != yaml.ScalarNode {
		return
	}
	strip := 0
	if n := field(with, "strip_components"); n != nil {
		_, _ = fmt.Sscan(n.Value, &strip)
	}
	target := u.render(u.d.Scalar(dst), sc)
	sources := u.render(u.d.Scalar(src), sc)
	for _, f := range strings.FieldsFunc(sources.String(), func(c rune) bool { return c == ',' || c == '\n' }) {
		f = path.Clean("./" + strings.TrimPrefix(strings.TrimSpace(f), workspace))
		list := []string{f}
		if !u.files.Exists(f) {
			list = nil
			for _, name := range u.files.List(f) {
				list = append(list, path.Join(f, name))
			}
		}
		for _, file := range list[:min(len(list), maxCopied)] {
			s, err := u.files.Open(file)
			if err != nil {
				continue
			}
			u.uses[file] = true
			parts := strings.Split(file, "/")
			dest := strings.TrimSuffix(target.String(), "/") + "/" + path.Join(parts[min(max(strip, 0), len(parts)-1):]...)
			if field(with, "strip_components") == nil && input(with, []string{"target"}) == nil {
				dest = strings.TrimSuffix(target.String(), "/") + "/" + path.Base(file) // rsync and the like
			}
			u.written[dest] = s.Whole()
			u.out = append(u.out, step.Step{Dest: span.Literal(dest, target), Content: s.Whole(), At: target.Span(), Remote: true, OtherHost: true})
		}
		if len(list) == 0 && strings.Contains(target.String(), "/opt/tljh") {
			u.out = append(u.out, u.opaque(sources, "files are copied into TLJH's configuration that are not in the repository"))
		}
	}
}

// password notes that an action logs in with a password to a machine on which TLJH is set up.
func (u *runs) password(with *yaml.Node, at span.Text, sc scope) {
	n := field(with, "password")
	if n == nil || n.Value == "" || field(with, "key") != nil || field(with, "key_path") != nil {
		return
	}
	hub := false
	for _, key := range append(before, after...) {
		v := field(with, key)
		hub = hub || v != nil && (mentionsHub(v.Value) || strings.Contains(v.Value, "jupyterhub"))
	}
	if hub {
		u.out = append(u.out, step.Step{Argv: []span.Text{span.Literal(shell.PasswordLogin, u.d.Scalar(n))}, At: u.d.Scalar(n).Span(), Remote: true, OtherHost: true})
	}
}

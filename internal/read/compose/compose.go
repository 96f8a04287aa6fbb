// Package compose reads Compose files: of each service that holds TLJH the image that is built for it, what the host mounts into
// its container, and what it runs, as steps. Source: docs.docker.com, "Compose file reference".
package compose

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/dockerfile"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// Service is one service.
type Service struct {
	Name  string
	Steps []step.Step
	Uses  []string // the Dockerfile and what it copies, files that are mounted
	At    span.Span
}

// File is one Compose file.
type File struct {
	File     string
	Services []Service
	Problems []step.Problem
	Broken   string // why it cannot be read; "" if it can
	At       span.Span
}

const maxServices = 200

// Read reads a Compose file. It never fails: what cannot be read is a Problem.
func Read(files step.Files, src *span.Source) File {
	r := &reader{files: files, dir: path.Dir(src.File), f: File{File: src.File, At: src.Span(0, 0)}, env: map[string]string{}}
	d, err := yamltext.Parse(src.Whole(), "the Compose file")
	switch {
	case err != nil:
		r.f.Broken = err.Msg
		r.problem(err.At, "%s", err.Msg)
		return r.f
	case d.Root == nil || d.Root.Kind != yaml.MappingNode || field(d.Root, "services") == nil:
		r.f.Broken = "it has no services"
		r.problem(src.Span(0, 0), "a Compose file must be a mapping with the key \"services\"")
		return r.f
	}
	r.d = d
	r.dotenv()
	list := field(d.Root, "services")
	if list.Kind != yaml.MappingNode {
		r.f.Broken = "services is no mapping"
		r.problem(d.At(list), "services must be a mapping of names to services")
		return r.f
	}
	for k := 0; k+1 < len(list.Content) && k < 2*maxServices; k += 2 {
		n := yamltext.Resolve(list.Content[k+1])
		s := Service{Name: list.Content[k].Value, At: d.Scalar(list.Content[k]).Span()}
		if n.Kind != yaml.MappingNode {
			r.problem(s.At, "the service %q must be a mapping", s.Name)
			continue
		}
		r.service(&s, n)
		r.f.Services = append(r.f.Services, s)
	}
	return r.f
}

type reader struct {
	files step.Files
	dir   string
	d     *yamltext.Doc
	f     File
	env   map[string]string // of a committed .env
}

func (r *reader) problem(at span.Span, format string, args ...any) {
	if len(r.f.Problems) < 100 {
		r.f.Problems = append(r.f.Problems, step.Problem{At: at, Msg: fmt.Sprintf(format, args...)})
	}
}

// dotenv reads the .env beside the file, which Compose takes variables from.
func (r *reader) dotenv() {
	src, err := r.files.Open(path.Join(r.dir, ".env"))
	if err != nil {
		return
	}
	for k, line := range strings.Split(src.Text, "\n") {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && k < 1000 && !strings.HasPrefix(name, "#") {
			r.env[strings.TrimSpace(strings.TrimPrefix(name, "export "))] = strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
}

var reference = lazyregexp.New(`\$\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?+])([^{}]*))?\})`)

// scalar is a value with its variables replaced, as Compose does.
func (r *reader) scalar(n *yaml.Node) span.Text {
	n = yamltext.Resolve(n)
	if n == nil || n.Kind != yaml.ScalarNode {
		return span.Text{}
	}
	t := r.d.Scalar(n)
	s := t.String()
	var parts []span.Text
	last := 0
	for _, m := range reference.FindAllStringSubmatchIndex(s, 500) {
		sub := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return s[m[2*n]:m[2*n+1]]
		}
		name, value := sub(1)+sub(2), "$"
		if name != "" {
			v, ok := r.env[name]
			switch {
			case ok:
				value = v
			case strings.HasSuffix(sub(3), "-"):
				value = sub(4)
			default:
				value = span.Unknown("the variable " + name + " is set where Compose is run")
			}
		}
		parts = append(parts, t.Slice(last, m[0]), span.Literal(value, t.Slice(m[0], m[1])))
		last = m[1]
	}
	return span.Concat(append(parts, t.Slice(last, len(s)))...)
}

// service is its image, then what is mounted over it, then what it runs.
func (r *reader) service(s *Service, n *yaml.Node) {
	env := r.pairs(field(n, "environment"))
	entry, command := r.words(field(n, "entrypoint")), r.words(field(n, "command"))
	var mounts []step.Step
	for _, v := range sequence(field(n, "volumes")) {
		mounts = append(mounts, r.mount(s, v)...)
	}
	if b := field(n, "build"); b != nil {
		img, ok := r.build(b, env, entry, command)
		if ok {
			s.Steps = append(s.Steps, img.Steps...)
			s.Uses = append(s.Uses, append(img.Uses, img.File)...)
			r.f.Problems = append(r.f.Problems, img.Problems...)
		}
	} else if words := append(entry, command...); len(words) > 0 {
		written := map[string]span.Text{}
		for _, m := range mounts {
			written[m.Dest.String()] = m.Content
		}
		res := shell.Read(quoted(words), shell.Options{Files: r.files, Vars: env, Args: []span.Text{}, Written: written, Cwd: "/"})
		s.Uses = append(s.Uses, res.Uses...)
		s.Steps = append(s.Steps, res.Steps...)
	}
	s.Steps = append(s.Steps, mounts...)
}

// build reads the Dockerfile of a service.
func (r *reader) build(b *yaml.Node, env map[string]span.Text, entry, command []span.Text) (dockerfile.Image, bool) {
	at, name := r.scalar(b), "Dockerfile"
	o := dockerfile.Options{Env: env, Entrypoint: entry, Command: command}
	if b.Kind == yaml.MappingNode {
		at = r.scalar(field(b, "context"))
		if at.Len() == 0 {
			at = span.Literal(".", r.d.Scalar(b))
		}
		if f := r.scalar(field(b, "dockerfile")); f.Len() > 0 {
			name = f.String()
		}
		o.Target = r.scalar(field(b, "target")).String()
		o.Args = r.pairs(field(b, "args"))
		if text := field(b, "dockerfile_inline"); text != nil {
			r.problem(r.d.At(text), "a Dockerfile inside the Compose file is not read; put it into a file")
		}
	}
	o.Context = path.Join(r.dir, at.String())
	file := path.Join(o.Context, name)
	if span.IsUnknown(file) || !r.files.Exists(file) {
		r.problem(at.Span(), "the Dockerfile of this service (%s) is not in the repository", span.Show(file))
		return dockerfile.Image{}, false
	}
	src, err := r.files.Open(file)
	if err != nil {
		r.problem(at.Span(), "%s cannot be read: %v", file, err)
		return dockerfile.Image{}, false
	}
	return dockerfile.Read(r.files, src, o), true
}

// mount is what a volume puts over the image: files of the repository, or what only the machine has.
func (r *reader) mount(s *Service, v *yaml.Node) []step.Step {
	v = yamltext.Resolve(v)
	text := r.scalar(v)
	from, to := text.String(), ""
	if v.Kind == yaml.MappingNode {
		from, to = r.scalar(field(v, "source")).String(), r.scalar(field(v, "target")).String()
		text = r.scalar(field(v, "target"))
		if t := field(v, "type"); t != nil && t.Value != "bind" {
			return nil
		}
	} else {
		parts := strings.Split(from, ":")
		if len(parts) < 2 {
			return nil
		}
		from, to = parts[0], parts[1]
	}
	to = path.Clean(to)
	if from == "" || !strings.ContainsAny(from[:1], "./~") && !span.IsUnknown(from) {
		return nil // a named volume begins with what the image holds
	}
	var out []step.Step
	write := func(to string, content span.Text) {
		out = append(out, step.Step{Dest: span.Literal(to, text), Content: content, At: text.Span()})
	}
	src := path.Join(r.dir, from)
	inside := strings.HasPrefix(from, ".") && !strings.HasPrefix(src, "..")
	take := func(f, to string) {
		if src, err := r.files.Open(f); err == nil {
			if strings.HasPrefix(to, "/opt/tljh") {
				s.Uses = append(s.Uses, f)
			}
			write(to, src.Whole())
		}
	}
	if inside && r.files.Exists(src) {
		take(src, to)
		return out
	}
	if inside {
		for _, sub := range []string{"", "config", "jupyterhub_config.d", "traefik_config.d", "config/jupyterhub_config.d"} {
			names := r.files.List(path.Join(src, sub))
			for _, f := range names[:min(len(names), 300)] {
				take(path.Join(src, sub, f), path.Join(to, sub, f))
			}
		}
	}
	// what only the machine has covers what the image holds
	config := "/opt/tljh/config/config.yaml"
	covers := to == config || strings.HasPrefix(config, strings.TrimSuffix(to, "/")+"/")
	if covers && !slices.ContainsFunc(out, func(s step.Step) bool { return s.Dest.String() == config }) {
		why := fmt.Sprintf("%s of the machine that runs the container is mounted there, and what it holds is not in the repository", span.Show(from))
		write(config, span.Literal(span.Unknown(why), text))
	}
	return out
}

// words are the words of a command: a list, or one text.
func (r *reader) words(n *yaml.Node) []span.Text {
	if n == nil || n.Tag == "!!null" {
		return nil
	}
	if n.Kind == yaml.SequenceNode {
		var out []span.Text
		for _, w := range n.Content {
			out = append(out, r.scalar(w))
		}
		return out
	}
	return []span.Text{span.Plain("/bin/sh"), span.Plain("-c"), r.scalar(n)}
}

// pairs is a mapping, or a list of NAME=value.
func (r *reader) pairs(n *yaml.Node) map[string]span.Text {
	out := map[string]span.Text{}
	if n != nil && n.Kind == yaml.MappingNode {
		for k := 0; k+1 < len(n.Content); k += 2 {
			out[n.Content[k].Value] = r.scalar(n.Content[k+1])
		}
	}
	for _, e := range sequence(n) {
		t := r.scalar(e)
		name, _, ok := strings.Cut(t.String(), "=")
		if ok {
			out[name] = t.Slice(len(name)+1, t.Len())
		} else if name != "" {
			out[name] = span.Literal(span.Unknown("the variable "+name+" is set where Compose is run"), t)
		}
	}
	return out
}

func sequence(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content[:min(len(n.Content), 1000)]
}

// field is the value of a key of a mapping, nil without it.
func field(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for k := 0; k+1 < len(n.Content); k += 2 {
		if n.Content[k].Value == key {
			return yamltext.Resolve(n.Content[k+1])
		}
	}
	return nil
}

// quoted is words as a text for the shell.
func quoted(words []span.Text) span.Text {
	var parts []span.Text
	for k, w := range words {
		if k > 0 {
			parts = append(parts, span.Plain(" "))
		}
		if s := w.String(); strings.Contains(s, "'") {
			parts = append(parts, span.Literal("'"+strings.ReplaceAll(s, "'", `'\''`)+"'", w))
			continue
		}
		parts = append(parts, span.Plain("'"), w, span.Plain("'"))
	}
	return span.Concat(parts...)
}

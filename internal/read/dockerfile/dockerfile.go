// Package dockerfile reads Dockerfiles: what is done to the file system of an image that holds TLJH, as the same steps that a
// script yields. Stages that the last one does not build on are left out, and so is ONBUILD.
// Source: docs.docker.com, "Dockerfile reference".
package dockerfile

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Bounds of one Dockerfile.
const (
	maxInstructions = 5000
	maxSteps        = 20000
	maxCopied       = 300
)

// Options is what the build is told.
type Options struct {
	Context string               // the directory that files are copied from; "": the Dockerfile's own
	Target  string               // the stage to build; "": the last
	Args    map[string]span.Text // build arguments
	Env     map[string]span.Text // environment of the container
	// Entrypoint and Command replace those of the image; nil: they do not.
	Entrypoint, Command []span.Text
}

// Image is what a Dockerfile makes, and what its container runs.
type Image struct {
	File     string
	Steps    []step.Step
	Uses     []string
	Problems []step.Problem
	At       span.Span
}

// Read reads a Dockerfile. It never fails: what cannot be read is a Problem, and an unreadable step where that matters.
func Read(files step.Files, src *span.Source, o Options) Image {
	if o.Context == "" {
		o.Context = path.Dir(src.File)
	}
	b := &builder{files: files, o: o, img: Image{File: src.File, At: src.Span(0, 0)}, written: map[string]span.Text{}, dirs: map[string]bool{}}
	stages := b.stages(b.parse(src.Whole()))
	if len(stages) == 0 {
		b.problem(b.img.At, "a Dockerfile must begin with FROM; this one builds nothing")
		if mentionsHub(src.Text) {
			b.opaque(src.Whole(), "the Dockerfile cannot be read")
		}
		return b.img
	}
	b.build(stages, b.chosen(stages))
	b.start()
	return b.img
}

type builder struct {
	files   step.Files
	o       Options
	img     Image
	global  map[string]span.Text // ARG before the first FROM
	env     map[string]span.Text
	args    map[string]span.Text
	dir     string // WORKDIR
	written map[string]span.Text
	dirs    map[string]bool
	entry   []span.Text
	command []span.Text
	isShell bool // entry is in shell form: it takes no command
}

func (b *builder) problem(at span.Span, format string, args ...any) {
	if len(b.img.Problems) < 100 {
		b.img.Problems = append(b.img.Problems, step.Problem{At: at, Msg: fmt.Sprintf(format, args...)})
	}
}

func (b *builder) opaque(at span.Text, why string) {
	at = at.Slice(0, min(1, at.Len()))
	b.img.Steps = append(b.img.Steps, step.Step{Argv: []span.Text{span.Literal(shell.OpaqueCommand, at), span.Literal(why, at)}, At: at.Span()})
}

func (b *builder) use(file string) {
	if !slices.Contains(b.img.Uses, file) {
		b.img.Uses = append(b.img.Uses, file)
	}
}

// stage is what follows a FROM.
type stage struct {
	name string
	from span.Text
	body []instruction
}

func (b *builder) stages(list []instruction) []stage {
	var out []stage
	b.global = map[string]span.Text{}
	for _, in := range list {
		switch {
		case in.word == "FROM":
			words := fields(unflagged(in.args))
			s := stage{}
			if len(words) > 0 {
				s.from = words[0]
			}
			if len(words) > 2 && strings.EqualFold(words[1].String(), "as") {
				s.name = words[2].String()
			}
			out = append(out, s)
		case len(out) > 0:
			out[len(out)-1].body = append(out[len(out)-1].body, in)
		case in.word == "ARG":
			b.env, b.args = nil, b.global
			b.arg(in)
		default:
			b.problem(in.at.Span(), "%s stands before FROM; the build stops here", in.word)
		}
	}
	return out
}

func (b *builder) chosen(stages []stage) int {
	for k, s := range stages {
		if b.o.Target != "" && strings.EqualFold(s.name, b.o.Target) {
			return k
		}
	}
	return len(stages) - 1
}

// build runs the instructions of a stage after those of the stage that it is made from.
func (b *builder) build(stages []stage, n int) {
	s := stages[n]
	b.env, b.args = nil, maps.Clone(b.global)
	from := b.expand(s.from)
	if base := slices.IndexFunc(stages[:n], func(p stage) bool { return p.name != "" && strings.EqualFold(p.name, from.String()) }); base >= 0 {
		b.build(stages, base)
		b.args = map[string]span.Text{}
	} else {
		b.env, b.args, b.dir = map[string]span.Text{}, map[string]span.Text{}, "/"
		if name := from.String(); mentionsHub(name) {
			b.problem(s.from.Span(), "the image %s is not in this repository; what it sets is not known", span.Show(name))
			b.opaque(s.from, "the image "+span.Show(name)+" is not in this repository")
		}
	}
	for _, in := range s.body {
		b.instruction(in)
		if len(b.img.Steps) > maxSteps {
			b.problem(in.at.Span(), "the Dockerfile does more than can be followed; split it")
			b.img.Steps = b.img.Steps[:maxSteps]
			b.opaque(in.at, "the Dockerfile does more than can be followed")
			return
		}
	}
}

func (b *builder) instruction(in instruction) {
	switch in.word {
	case "RUN":
		b.run(unflagged(in.args))
	case "ENV":
		b.setEnv(in)
	case "ARG":
		b.arg(in)
	case "WORKDIR":
		d := strings.Trim(b.expand(in.args).String(), "\"' \t")
		if !path.IsAbs(d) && !span.IsUnknown(d) {
			d = path.Join(b.dir, d)
		}
		b.dir = path.Clean(d)
		b.dirs[b.dir] = true
	case "COPY", "ADD":
		b.copy(in)
	case "ENTRYPOINT":
		b.entry, b.isShell = b.words(in.args)
		b.command = nil
	case "CMD":
		b.command, _ = b.words(in.args)
	case "ONBUILD", "LABEL", "EXPOSE", "USER", "VOLUME", "STOPSIGNAL", "HEALTHCHECK", "SHELL", "MAINTAINER":
	default:
		b.problem(in.at.Span(), "%s is no instruction of a Dockerfile; the build stops here", span.Show(in.word))
		if mentionsHub(in.args.String()) {
			b.opaque(in.at, "an instruction that cannot be read")
		}
	}
}

// run is a RUN instruction, in shell form, as a list of words, or as a script in a here-document.
func (b *builder) run(text span.Text) {
	if m := soleHeredoc.FindStringIndex(text.String()); m != nil { // RUN <<EOF: the body is the script
		body := text.Slice(m[1], text.Len())
		if k := strings.LastIndexByte(strings.TrimRight(body.String(), "\n"), '\n'); k >= 0 {
			b.script(body.Slice(0, k+1))
			return
		}
	}
	if words, ok := list(text); ok {
		text = quoted(words)
	}
	b.script(text)
}

func (b *builder) script(text span.Text) {
	vars := maps.Clone(b.args)
	maps.Copy(vars, b.env)
	res := shell.Read(text, shell.Options{Files: b.files, Vars: vars, Args: []span.Text{}, Written: b.written, Cwd: b.dir})
	maps.Copy(b.written, res.Written)
	for _, f := range res.Uses {
		b.use(f)
	}
	for _, s := range res.Steps {
		if len(s.Argv) > 1 && path.Base(s.Argv[0].String()) == "mkdir" {
			for _, a := range s.Argv[1:] {
				b.dirs[path.Clean(a.String())] = true
			}
		}
	}
	b.img.Steps = append(b.img.Steps, res.Steps...)
	b.img.Problems = append(b.img.Problems, res.Problems[:min(len(res.Problems), max(0, 100-len(b.img.Problems)))]...)
}

// start is what the container runs when it starts.
func (b *builder) start() {
	if b.o.Entrypoint != nil {
		b.entry, b.isShell, b.command = b.o.Entrypoint, false, nil
	}
	if b.o.Command != nil {
		b.command = b.o.Command
	}
	words := slices.Clone(b.entry)
	if !b.isShell {
		words = append(words, b.command...)
	}
	if len(words) == 0 {
		return
	}
	maps.Copy(b.env, b.o.Env)
	b.args = map[string]span.Text{}
	b.script(quoted(words))
}

// words are the words of CMD or ENTRYPOINT: a list, or a text for the shell.
func (b *builder) words(t span.Text) (out []span.Text, isShell bool) {
	if w, ok := list(t); ok {
		return w, false
	}
	return []span.Text{span.Plain("/bin/sh"), span.Plain("-c"), t}, true
}

func mentionsHub(s string) bool {
	return strings.Contains(s, "tljh") || strings.Contains(s, "the-littlest-jupyterhub")
}

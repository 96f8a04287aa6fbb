package dockerfile

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// usual are directories that images have.
var usual = []string{"/", "/tmp", "/opt", "/root", "/srv", "/etc", "/usr/local/bin", "/usr/local/sbin", "/opt/tljh", "/opt/tljh/config",
	"/opt/tljh/config/jupyterhub_config.d", "/opt/tljh/config/traefik_config.d", "/opt/tljh/hub", "/opt/tljh/state"}

// copy is COPY and ADD: files of the context, or here-documents, put into the image.
func (b *builder) copy(in instruction) {
	s := in.args.String()
	head, body, doc := strings.Cut(s, "\n")
	flags := strings.Contains(head, "--from=")
	line := in.args
	if doc && heredoc.MatchString(head) {
		line = in.args.Slice(0, len(head))
	}
	words, ok := list(unflagged(line))
	if !ok {
		words = fields(unflagged(line))
	}
	for k := range words {
		words[k] = b.expand(words[k])
	}
	if len(words) < 2 {
		b.problem(in.at.Span(), "%s needs a source and a destination; the build stops here", in.word)
		return
	}
	dest := words[len(words)-1]
	words = words[:len(words)-1]
	to := b.place(dest.String())
	if flags { // from another stage or image
		if strings.HasPrefix(to, "/opt/tljh") {
			b.opaque(dest, "files are copied into TLJH's directory from another image or stage")
		}
		return
	}
	for _, w := range words {
		if m := heredoc.FindStringSubmatch(w.String()); m != nil {
			from := len(head) + 1
			end := strings.LastIndex(body, m[1])
			if end >= 0 {
				b.write(span.Literal(b.into(dest.String(), to, m[1], false), dest), in.args.Slice(from, from+end))
			}
			continue
		}
		b.copyOne(in, w, dest, to, len(words) > 1)
	}
}

// place is an absolute path in the image.
func (b *builder) place(p string) string {
	if path.IsAbs(p) || span.IsUnknown(p) {
		return path.Clean(p)
	}
	return path.Join(b.dir, p)
}

// into is where a file goes: the destination, or the file's name in it.
func (b *builder) into(written, to, name string, several bool) string {
	if several || strings.HasSuffix(written, "/") || strings.HasSuffix(written, ".") || slices.Contains(usual, to) || b.dirs[to] {
		return path.Join(to, path.Base(name))
	}
	return to
}

func (b *builder) copyOne(in instruction, w, dest span.Text, to string, several bool) {
	name := w.String()
	if strings.Contains(name, "://") || span.IsUnknown(name) || strings.HasSuffix(name, ".git") {
		b.absent(w, span.Literal(b.into(dest.String(), to, span.Show(name), several), dest), "the content of "+span.Show(name)+", which is not in the repository")
		return
	}
	from := path.Join(b.o.Context, path.Clean("/" + name)[1:])
	if dir, pattern := path.Split(from); strings.ContainsAny(pattern, "*?[") {
		for _, f := range b.list(path.Clean(dir)) {
			if ok, err := path.Match(pattern, f); ok && err == nil {
				b.file(path.Join(dir, f), span.Literal(path.Join(to, f), dest))
			}
		}
		return
	}
	if b.files.Exists(from) {
		b.file(from, span.Literal(b.into(dest.String(), to, from, several), dest))
		return
	}
	if !b.tree(from, to, dest) {
		b.absent(w, span.Literal(b.into(dest.String(), to, name, several), dest), "the file "+name+" is not in the repository")
	}
}

// tree copies what a directory holds, as far as TLJH's own directories go.
func (b *builder) tree(from, to string, dest span.Text) bool {
	done := false
	for _, sub := range []string{"", "config", "jupyterhub_config.d", "traefik_config.d", "config/jupyterhub_config.d", "config/traefik_config.d",
		"opt/tljh", "opt/tljh/config", "opt/tljh/config/jupyterhub_config.d"} {
		for _, f := range b.list(path.Join(from, sub)) {
			b.file(path.Join(from, sub, f), span.Literal(path.Join(to, sub, f), dest))
			done = true
		}
	}
	return done
}

func (b *builder) list(dir string) []string {
	names := b.files.List(dir)
	return names[:min(len(names), maxCopied)]
}

func (b *builder) file(from string, to span.Text) {
	if strings.Contains(to.String(), "/opt/tljh") { // a copied context is no use of every file in it
		b.use(from)
	}
	src, err := b.files.Open(from)
	if err != nil {
		b.absent(to, to, "the file "+from+" cannot be read: "+err.Error())
		return
	}
	b.write(to, src.Whole())
}

// absent writes a file whose content is not known, where it matters.
func (b *builder) absent(at, to span.Text, why string) {
	if strings.HasPrefix(to.String(), "/opt/tljh") {
		b.write(to, span.Literal(span.Unknown(why), at))
	}
}

func (b *builder) write(to, content span.Text) {
	if len(b.img.Steps) > maxSteps {
		return
	}
	if d := to.String(); !span.IsUnknown(d) {
		b.written[d] = content
	}
	b.img.Steps = append(b.img.Steps, step.Step{Dest: to, Content: content, At: to.Span()})
}

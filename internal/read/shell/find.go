package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// lost notes that a script of the checkout that is run cannot be found.
func (r *run) lost(cmd command, name span.Text) {
	s := name.String()
	if r.quiet > 0 || cmd.remote || span.IsUnknown(s) || !strings.HasSuffix(s, ".sh") || rooted(s) && !strings.HasPrefix(s, Checkout) {
		return
	}
	if r.cwd != "" && !strings.HasPrefix(r.cwd, Checkout) {
		return
	}
	msg := "the script " + s + " is run here, but it is not in the repository; what it does is not known"
	r.problem(name.Span(), msg, false)
	r.opaqueIfHub(name, msg)
}

// source reads a file into the running script: what it sets stays set.
func (r *run) source(name span.Text, args []span.Text) {
	p := name.String()
	if base(p) == "activate" && strings.Contains(p, "/bin/") && !span.IsUnknown(p) {
		if old := r.vars["PATH"]; old.s != "" {
			r.set("PATH", value{s: path.Dir(r.place(p)) + ":" + old.s})
		}
		return
	}
	text, file, ok := r.find(p)
	if !ok {
		if strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~") {
			if strings.HasPrefix(p, "/etc/") || strings.HasPrefix(p, "~/.") || strings.Contains(p, "/etc/profile.d/") {
				return // part of the operating system: sets nothing that matters here
			}
		}
		r.missing = strings.TrimPrefix(path.Clean(span.Show(p)), Checkout+"/")
		if !rooted(p) && r.cwd == "" && !span.IsUnknown(p) {
			r.missing = path.Join(r.dir, r.missing)
		}
		r.problem(name.Span(), "the file "+r.missing+" is sourced here, but it is not in the repository; "+
			"what it sets is not known. Commit it (without secrets)", false)
		r.override()
		return
	}
	if r.depth+4 > maxDepth || !r.spend(1) {
		r.tooDeep()
		return
	}
	dir, nm, saved, known := r.dir, r.name, r.args, r.argsKnown
	if file != "" {
		r.dir = dirOf(file)
	}
	if len(args) > 0 {
		r.args, r.argsKnown = args, true
	}
	r.depth += 4
	r.script(text)
	r.depth -= 4
	if r.ctl == returns {
		r.ctl = goOn
	}
	r.dir, r.name, r.args, r.argsKnown = dir, nm, saved, known
}

// override leaves open what a file that is sourced and not there may have set anew. Paths stay: they say where things are, and
// nobody sets them twice.
func (r *run) override() {
	for name, v := range r.vars {
		if v.arr || v.s == "" || special(name) || name == "IFS" || name == "HOME" || strings.Contains(v.s, "/") || span.IsUnknown(v.s) {
			continue
		}
		r.vars[name] = value{s: span.Unknown("variable $" + name + " is set before, and may be set anew in " + r.missing + ", which is not in the repository")}
	}
}

func dirOf(file string) string {
	if d := path.Dir(file); d != "." {
		return d
	}
	return ""
}

// find is the text of a file that the script names: one that was written before, or one of the checkout, looked for
// beside the script and then at the root. file is its path in the checkout, "" for a written one.
func (r *run) find(p string) (text span.Text, file string, ok bool) {
	if t, ok := r.written[r.place(p)]; ok {
		return t, "", true
	}
	for _, f := range r.candidates(p) {
		if r.o.Files == nil || !r.o.Files.Exists(f) {
			continue
		}
		src, err := r.o.Files.Open(f)
		if err != nil {
			r.problem(r.text.PosOf(0), "the file "+f+" cannot be read: "+err.Error(), false)
			return span.Text{}, "", false
		}
		if !slices.Contains(r.res.Uses, f) {
			r.res.Uses = append(r.res.Uses, f)
		}
		return src.Whole(), f, true
	}
	return span.Text{}, "", false
}

// candidates are the paths in the checkout that p may mean.
func (r *run) candidates(p string) []string {
	if span.IsUnknown(p) {
		// "$(…)/lib.sh", whose directory some program works out: beside the script, if anywhere
		rest := p[strings.LastIndexByte(p, '/')+1:]
		if !strings.HasPrefix(span.Reason(p), "output of") || span.IsUnknown(rest) || rest == "" {
			return nil
		}
		return []string{path.Join(r.dir, rest)}
	}
	if q, ok := strings.CutPrefix(p, Checkout); ok {
		return inside(strings.TrimPrefix(path.Clean("/"+q), "/"), path.Join(r.dir, q))
	}
	if rooted(p) || r.cwd == "?" || p == "" {
		return nil
	}
	if q, ok := strings.CutPrefix(r.cwd, Checkout); ok {
		return inside(path.Join(strings.TrimPrefix(q, "/"), p))
	}
	if r.cwd != "" {
		return nil
	}
	return inside(path.Join(r.dir, p), path.Join(p))
}

func inside(paths ...string) []string {
	return slices.DeleteFunc(paths, func(p string) bool {
		return p == ".." || strings.HasPrefix(p, "../") || strings.HasPrefix(p, "/") || p == "."
	})
}

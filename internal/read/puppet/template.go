package puppet

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// modulePaths are the places of a file that "puppet:///modules/MODULE/FILE" or "MODULE/FILE" means.
func (r *run) modulePaths(source, kind string) []string {
	s := strings.TrimPrefix(strings.TrimPrefix(source, "puppet://"), "/")
	if rest, ok := strings.CutPrefix(s, "modules/"); ok {
		s = rest
	} else if strings.Contains(source, "://") {
		return nil
	}
	module, file, ok := strings.Cut(s, "/")
	if !ok || span.IsUnknown(source) || module == ".." || strings.HasPrefix(path.Clean(file), "..") || path.IsAbs(source) && !strings.Contains(source, "://") {
		return nil
	}
	var out []string
	for _, d := range r.modules() {
		if p := path.Join(d, module, kind, file); !strings.HasPrefix(p, "..") {
			out = append(out, p)
		}
	}
	return out
}

func (r *run) moduleFile(source, kind string) string {
	for _, f := range r.modulePaths(source, kind) {
		if r.files.Exists(f) {
			return f
		}
	}
	return ""
}

// whole is the text of a file of the checkout.
func (r *run) whole(f string, at span.Text) span.Text {
	r.use(f)
	src, err := r.files.Open(f)
	if err != nil {
		return span.Literal(span.Unknown(err.Error()), at)
	}
	r.spend(len(src.Text) / 256)
	return src.Whole()
}

// templates are the texts of templates, one behind the other.
func (r *run) templates(args []value, at span.Text, render func(f string) span.Text) span.Text {
	var parts []span.Text
	for _, a := range args {
		name := r.asText(a).String()
		f := r.moduleFile(name, "templates")
		if f == "" {
			why := "the template " + span.Show(name) + " is not in the repository"
			if span.IsUnknown(name) {
				why = span.Reason(name)
			}
			parts = append(parts, span.Literal(span.Unknown(why), at))
			continue
		}
		parts = append(parts, render(f))
	}
	return span.Concat(parts...)
}

func (r *run) erb(f string, at span.Text, s *scope) span.Text {
	return r.rendered(r.whole(f, at), f, s)
}

var (
	erbVar  = lazyregexp.New(`^\s*(?:@(\w+)|scope\[\s*['"](?:::)?([\w:]+)['"]\s*\]|scope\.lookupvar\(\s*['"](?:::)?([\w:]+)['"]\s*\))(?:\.to_s)?\s*$`)
	eppHead = lazyregexp.New(`^\s*\|`)
)

// tag is one <% … %> of a template.
type tag struct {
	from, to   int // with what its dashes trim
	start, end int // of what is in it
	kind       byte
}

// tags are those of a template; false if one is not closed.
func tags(s string) (out []tag, ok bool) {
	for k := 0; ; {
		i := strings.Index(s[k:], "<%")
		if i < 0 {
			return out, true
		}
		i += k
		if strings.HasPrefix(s[i:], "<%%") { // stands for <%
			out = append(out, tag{from: i, to: i + 3, start: i, end: i, kind: '%'})
			k = i + 3
			continue
		}
		j := strings.Index(s[i:], "%>")
		if j < 0 || len(out) > 2000 {
			return out, false
		}
		j += i
		t := tag{from: i, to: j + 2, start: i + 2, end: j}
		if t.start < len(s) && strings.IndexByte("=#-", s[t.start]) >= 0 && t.start < t.end {
			t.kind = s[t.start]
			t.start++
		}
		if t.kind == '-' {
			for t.from > 0 && (s[t.from-1] == ' ' || s[t.from-1] == '\t') {
				t.from--
			}
		}
		if t.end > t.start && s[t.end-1] == '-' {
			t.end--
			if strings.HasPrefix(s[t.to:], "\n") {
				t.to++
			}
		}
		out = append(out, t)
		k = j + 2
	}
}

// rendered is a template of Ruby: variables are put in; with any other code in it, what it gives is not known.
func (r *run) rendered(t span.Text, name string, s *scope) span.Text {
	return r.filled(t, name, func(body span.Text) (value, bool) {
		m := erbVar.FindStringSubmatch(body.String())
		if m == nil {
			return unknownValue("Ruby code of "+name+" is not run", body), true
		}
		return r.lookup(m[1]+m[2]+m[3], s, body), true
	}, nil)
}

// epp is a template in Puppet's own language.
func (r *run) epp(f string, given value, at span.Text, s *scope) span.Text {
	in := &scope{vars: map[string]value{}, up: r.top}
	if given.kind == undef { // a template without parameters sees what is around the call
		in.up = s
	}
	for i, k := range given.keys {
		in.vars[k] = given.items[i]
	}
	t := r.whole(f, at)
	return r.filled(t, f, func(body span.Text) (value, bool) {
		src := body.Source()
		if src == nil {
			return value{}, false
		}
		from := src.Offset(body.Span().Start)
		ns, err := parse(src, from, min(from+body.Len(), len(src.Text)))
		if err != nil || len(ns) != 1 {
			return unknownValue("code of "+f+" is not run", body), true
		}
		return r.eval(ns[0], in), true
	}, func(body string) bool { return eppHead.MatchString(body) })
}

// filled puts into a template what its tags give.
func (r *run) filled(t span.Text, name string, give func(span.Text) (value, bool), skip func(string) bool) span.Text {
	s := t.String()
	all, ok := tags(s)
	var parts []span.Text
	from := 0
	for _, g := range all {
		body := t.Slice(min(g.start, g.end), g.end)
		parts = append(parts, t.Slice(from, max(from, g.from)))
		from = g.to
		switch {
		case g.kind == '#' || g.kind != '%' && strings.TrimSpace(body.String()) == "" || skip != nil && skip(body.String()):
		case g.kind == '%':
			parts = append(parts, t.Slice(g.start, g.start+2))
		case g.kind == '=':
			v, known := give(body)
			if !known {
				ok = false
			}
			parts = append(parts, span.Literal(r.asText(v).String(), body))
		default:
			ok = false
		}
	}
	if !ok || !r.spend(len(parts)+len(s)/64) {
		return span.Literal(span.Unknown("code of "+name+" decides what is in it"), t.Slice(0, min(1, t.Len())))
	}
	return span.Concat(append(parts, t.Slice(from, len(s)))...)
}

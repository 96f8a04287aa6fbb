package eval

import (
	"encoding/base64"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Resolve finds a file as Terraform does, relative to the root module's directory, and if there is none, to the
// module's own. Paths that leave the checkout are refused; why says what is wrong.
func (m *Module) Resolve(name string) (file, why string) {
	if name == "" || path.IsAbs(name) || strings.HasPrefix(name, "~") || strings.ContainsAny(name, "\x00\\") {
		return "", "the file " + name + " is outside the repository"
	}
	outside := false
	for _, dir := range []string{m.ev.root.Dir, m.Dir} {
		p := path.Join(dir, name)
		if p == ".." || strings.HasPrefix(p, "../") {
			outside = true
			continue
		}
		if m.ev.files.Exists(p) {
			return p, ""
		}
	}
	if outside {
		return "", "the file " + name + " is outside the repository"
	}
	return "", "the file " + name + " is not in the repository"
}

// Open is a file's text by the name that the configuration uses.
func (m *Module) Open(name string) (src *span.Source, why string) {
	p, why := m.Resolve(name)
	if why != "" {
		return nil, why
	}
	src, err := m.ev.files.Open(p)
	if err != nil {
		return nil, "the file " + name + " cannot be read: " + err.Error()
	}
	m.ev.config.use(p)
	return src, ""
}

// open reads the file that argument 0 names.
func (c *call) open() (*span.Source, *Val) {
	name, ok := c.arg(0).Str()
	if !ok {
		return nil, unknown(reasonOf(c.arg(0), "a file name that is not known"), c.at)
	}
	src, why := c.s.mod.Open(name)
	if why != "" {
		return nil, invalid(why, c.at)
	}
	if !utf8.ValidString(src.Text) || len(src.Text) > maxText {
		return nil, unknown("the file "+name+" is not text or too large", c.at)
	}
	return src, nil
}

func file(c *call) *Val {
	src, bad := c.open()
	if bad != nil {
		return bad
	}
	c.ev.steps += len(src.Text) / 256
	return text(src.Whole(), c.at)
}

func fileBase64(c *call) *Val {
	v := *file(c)
	v.Base64 = v.Kind == String
	return &v
}

func fileExists(c *call) *Val {
	name, ok := c.arg(0).Str()
	if !ok {
		return unknown(reasonOf(c.arg(0), "a file name that is not known"), c.at)
	}
	_, why := c.s.mod.Resolve(name)
	if strings.HasSuffix(why, "outside the repository") {
		return unknown(why, c.at)
	}
	return boolean(why == "", c.at)
}

// fileSet matches files below a directory, at most a few levels deep.
func fileSet(c *call) *Val {
	dir, ok := c.arg(0).Str()
	pattern, ok2 := c.arg(1).Str()
	if !ok || !ok2 {
		return unknown(firstReason(c.args...), c.at)
	}
	if strings.Contains(pattern, "**") {
		return unknown("fileset() over whole trees is not evaluated", c.at)
	}
	base := path.Join(c.ev.root.Dir, dir)
	sub := path.Dir(pattern)
	if path.IsAbs(dir) || strings.HasPrefix(path.Join(base, sub), "..") || strings.ContainsAny(sub, "*?[{") {
		return unknown("the files of "+dir+" are not known", c.at)
	}
	out := list(c.at)
	for _, n := range c.ev.files.List(path.Join(base, sub)) {
		rel := path.Join(sub, n)
		if ok, _ := doublestar.Match(path.Clean(pattern), rel); ok && len(out.Items) < maxInstances {
			out.Items = append(out.Items, literal(rel, c.at))
		}
	}
	return makeSet(out)
}

func templateFile(c *call) *Val {
	src, bad := c.open()
	if bad != nil {
		return bad
	}
	if c.ev.texts[src.File] == nil {
		whole := src.Whole()
		c.ev.texts[src.File] = &whole
	}
	return c.ev.template(src.Text, src.File, c.arg(1), c.s, c.at)
}

func templateString(c *call) *Val {
	a := c.arg(0)
	if a.Kind != String {
		return unknown(reasonOf(a, "a template that is not known"), c.at)
	}
	return c.ev.templateText(a.T, c.arg(1), c.s, c.at)
}

// templateText renders a template that is itself a value; its positions are those of the text.
func (ev *evaluator) templateText(t span.Text, vars *Val, s *Scope, at Place) *Val {
	if len(ev.texts) > maxItems {
		return unknown("too many templates", at)
	}
	name := ev.root.dir.Path + "#template" + itoa(len(ev.texts))
	ev.texts[name] = &t
	return ev.template(t.String(), name, vars, s, at)
}

// template renders code, which is registered as name, with vars only.
func (ev *evaluator) template(code, name string, vars *Val, s *Scope, at Place) *Val {
	if ev.steps += len(code)/64 + 10; ev.steps > maxSteps {
		ev.exhaust(at, "this configuration takes too long to evaluate")
	}
	if ev.depth >= maxDepth || ev.exhausted {
		return unknown("templates that are nested too deeply", at)
	}
	e := parseTemplate(code, name)
	if bad, ok := e.(*hclsyntax.ExprSyntaxError); ok {
		p := ev.at(bad.SrcRange)
		msg := "this template cannot be read"
		if len(bad.ParseDiags) > 0 {
			d := bad.ParseDiags[0]
			msg += ": " + d.Summary + ": " + d.Detail
			if d.Subject != nil {
				p = ev.at(*d.Subject)
			}
		}
		ev.problem(p, msg, false)
		return unknown(msg, at)
	}
	in := &Scope{mod: s.mod, vars: map[string]*Val{}, template: true}
	switch {
	case vars.Kind == Map && vars.res == nil:
		for _, k := range vars.Keys {
			in.vars[k] = vars.Child[k]
		}
	case vars.IsUnknown():
		in = &Scope{mod: s.mod, vars: unknownVars(e, vars.Reason(), at), template: true}
	}
	ev.depth++
	v := ev.expr(e, in)
	ev.depth--
	if v.Kind == Bool || v.Kind == Number {
		return text(ev.asText(v, at), at)
	}
	c := *v
	c.At = at
	return &c
}

func unknownVars(e hclsyntax.Expression, why string, at Place) map[string]*Val {
	out := map[string]*Val{}
	for _, t := range e.Variables() {
		out[t.RootName()] = unknown(why, at)
	}
	return out
}

func base(c *call) *Val    { return pathPart(c, path.Base) }
func dirName(c *call) *Val { return pathPart(c, path.Dir) }

func pathPart(c *call, f func(string) string) *Val {
	s, ok := c.arg(0).Str()
	if !ok {
		return unknown(firstReason(c.arg(0)), c.at)
	}
	return literal(f(s), c.arg(0).At)
}

func digestFile(kind string) func(*call) *Val {
	of := digest(kind)
	return func(c *call) *Val {
		src, bad := c.open()
		if bad != nil {
			return bad
		}
		return of(&call{ev: c.ev, s: c.s, at: c.at, args: []*Val{literal(src.Text, c.at)}})
	}
}

// encoded is f for texts in UTF-8; other encodings change the bytes.
func encoded(f func(*call) *Val) func(*call) *Val {
	return func(c *call) *Val {
		if e, ok := c.arg(1).Str(); ok && !strings.EqualFold(e, "UTF-8") {
			return unknown("text in the encoding "+e, c.at)
		}
		return f(c)
	}
}

func base64Gunzip(c *call) *Val {
	a := c.arg(0)
	if a.Kind == String && a.Base64 && a.Gzip {
		v := *a
		v.Base64, v.Gzip = false, false
		return &v
	}
	s, ok := a.Str()
	if !ok {
		return unknown(firstReason(a), c.at)
	}
	b, err := base64.StdEncoding.DecodeString(s)
	if t, ok := gunzip(b); err == nil && ok && utf8.ValidString(t) {
		return text(span.Literal(t, a.T), a.At)
	}
	return invalid("it is no base64 of a compressed text", c.at)
}

func base64Encode(c *call) *Val {
	a := c.arg(0)
	if a.Kind == Unknown || a.Kind == Ref {
		return a
	}
	if a.Base64 || a.Gzip {
		return literal(base64.StdEncoding.EncodeToString([]byte(encode(a))), c.at)
	}
	out := *text(c.text(0), a.At)
	out.Base64, out.Sensitive = true, a.Sensitive
	return &out
}

func base64Gzip(c *call) *Val {
	v := *base64Encode(c)
	v.Gzip = v.Base64
	return &v
}

func base64Decode(c *call) *Val {
	a := c.arg(0)
	switch {
	case a.Kind != String:
		return unknown(firstReason(a), c.at)
	case a.Base64 && !a.Gzip:
		v := *a
		v.Base64 = false
		return &v
	case a.IsUnknown() || a.Base64:
		return unknown(reasonOf(a, "compressed text"), c.at)
	}
	b, err := base64.StdEncoding.DecodeString(a.T.String())
	if err != nil || !utf8.Valid(b) {
		return invalid("it is no base64 of a text", c.at)
	}
	return text(span.Literal(string(b), a.T), a.At)
}

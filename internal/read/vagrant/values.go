package vagrant

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// value is a text with its place; numbers are texts too. What is not known is a token in it.
type value struct {
	text   span.Text
	number bool
	hash   bool // text is a hash, as JSON
}

// set is an assignment: to a variable, to an option of a provisioner, or to a machine.
func (r *reader) set(t, doc span.Text, cond *step.Cond) {
	s := t.String()
	if m := vmx.FindStringSubmatch(s); m != nil {
		r.size(m[1], map[string]string{"memsize": "memory", "numvcpus": "cpus"}[m[2]], m[3], t, cond)
		return
	}
	if m := modifyvm.FindStringSubmatch(s); m != nil {
		r.size(m[1], m[2], m[3], t, cond)
		return
	}
	if m := setting.FindStringSubmatchIndex(s); m != nil {
		name, key, rest := s[m[2]:m[3]], s[m[4]:m[5]], t.Slice(m[6], m[7])
		o := r.object(name)
		switch {
		case o == nil:
		case o.kind == "provision":
			p := &o.machine.provisions[len(o.machine.provisions)-1]
			p.opts[key] = r.listed(key, rest, doc)
		case o.kind == "provider":
			r.size(name, key, rest.String(), t, cond)
		}
		return
	}
	if m := assigns.FindStringSubmatchIndex(s); m != nil {
		name := s[m[2]:m[3]]
		v := r.argument(t.Slice(m[6], m[7]), doc)
		if cond != nil || m[4] >= 0 && r.vars[name].text.Len() > 0 {
			v = value{text: span.Literal(span.Unknown(name+" is set under a condition in the Vagrantfile"), t)}
		}
		if len(r.vars) < 2000 {
			r.vars[name] = v
		}
	}
}

// listed is the value of an option, of which one that may be a list of paths is JSON then.
func (r *reader) listed(key string, t, doc span.Text) value {
	if strings.HasPrefix(strings.TrimSpace(t.String()), "[") && key == "module_path" {
		if h, ok := r.hash(t, 0); ok {
			return value{text: h, hash: true}
		}
	}
	return r.argument(t, doc)
}

// argument is the value of an expression, or the here-document that it begins.
func (r *reader) argument(t, doc span.Text) value {
	if strings.HasPrefix(strings.TrimSpace(t.String()), "<<") && doc.Len() > 0 {
		return value{text: r.interpolated(doc)}
	}
	if h, ok := r.hash(t, 0); ok && strings.HasPrefix(strings.TrimSpace(t.String()), "{") {
		return value{text: h, hash: true}
	}
	return r.eval(t.String(), t)
}

// size sets memory, CPUs or the type of the machine that a provider's block is about.
func (r *reader) size(name, key, expr string, at span.Text, cond *step.Cond) {
	o := r.object(name)
	if o == nil || o.kind != "provider" {
		return
	}
	var to *Value
	switch key {
	case "memory", "memory_mb", "memsize":
		to = &o.machine.Memory
	case "cpus", "cpu_count", "cpu":
		to = &o.machine.CPUs
	case "instance_type", "machine_type", "vm_size", "size", "flavor", "server_type":
		to = &o.machine.Type
	default:
		return
	}
	v := r.eval(expr, at)
	n := Value{Text: v.text.String(), At: at.Span()}
	_, err := strconv.Atoi(n.Text)
	switch {
	case cond != nil:
		n.Why = cond.Why
	case span.IsUnknown(n.Text):
		n.Why = span.Reason(n.Text)
	case to != &o.machine.Type && err != nil:
		n.Why = "this is no whole number"
	case !to.At.IsZero() && (to.Text != n.Text || to.Why != ""):
		n.Why = "several providers are set up, with other sizes"
	}
	*to = n
}

// options are the kind of a provisioner and its options, as written after "provision".
func (r *reader) options(t, doc span.Text) provision {
	p := provision{opts: map[string]value{}}
	for k, part := range split(t, ',') {
		s := strings.TrimSpace(part.String())
		name, rest, ok := option(part)
		switch {
		case ok:
			p.opts[name] = r.listed(name, rest, doc)
		case k <= 1:
			word := strings.Trim(s, `:"'() `)
			word, _, _ = strings.Cut(strings.TrimSuffix(strings.TrimSpace(word), " do"), " ")
			p.kind = strings.Trim(word, `:"'()`)
		}
		if ok && name == "type" {
			p.kind = p.opts["type"].text.String()
		}
	}
	return p
}

var named = lazyregexp.New(`^\s*(?::?["']?(\w+)["']?\s*=>|(\w+):)\s*`)

// option is "name: value" or ":name => value".
func option(t span.Text) (name string, rest span.Text, ok bool) {
	s := t.String()
	m := named.FindStringSubmatchIndex(s)
	if m == nil {
		return "", t, false
	}
	if m[2] >= 0 {
		name = s[m[2]:m[3]]
	} else {
		name = s[m[4]:m[5]]
	}
	rest = t.Slice(m[1], len(s))
	end := len(strings.TrimRight(rest.String(), " )"))
	return name, rest.Slice(0, end), true
}

// split is a text cut at a character outside of quotes and brackets.
func split(t span.Text, at byte) []span.Text {
	s := t.String()
	var out []span.Text
	depth, from, quote := 0, 0, byte(0)
	for k := 0; k < len(s); k++ {
		switch c := s[k]; {
		case quote != 0 && c == '\\':
			k++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[' || c == '{' || c == '(':
			depth++
		case c == ']' || c == '}' || c == ')':
			depth--
		case c == at && depth <= 0 && len(out) < 200:
			out = append(out, t.Slice(from, k))
			from = k + 1
		}
	}
	return append(out, t.Slice(from, len(s)))
}

// interpolated is a text with #{…} replaced.
func (r *reader) interpolated(t span.Text) span.Text {
	s := t.String()
	var parts []span.Text
	last := 0
	for n := 0; n < 500; n++ {
		k := strings.Index(s[last:], "#{")
		if k < 0 {
			break
		}
		k += last
		end := strings.IndexByte(s[k:], '}')
		if end < 0 {
			break
		}
		at := t.Slice(k, k+end+1)
		v := r.eval(s[k+2:k+end], at)
		parts = append(parts, t.Slice(last, k), span.Literal(v.text.String(), at))
		last = k + end + 1
	}
	return span.Concat(append(parts, t.Slice(last, len(s)))...)
}

package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// lookup is the value of a variable, nil if there is none of that name.
func (e *evaluator) lookup(name string) *Value {
	for s := e.st.local; s != nil; s = s.parent {
		if s.outside[name] {
			continue
		}
		if v := s.vars[name]; v != nil {
			return v
		}
	}
	return e.st.globals.vars[name]
}

// set assigns a variable.
func (e *evaluator) set(name string, v *Value) {
	s := e.st.local
	if s == nil {
		s = e.st.globals
	} else if s.outside[name] {
		for s = s.parent; s != nil && s.vars[name] == nil; s = s.parent {
		}
		if s == nil {
			s = e.st.globals
		}
	}
	if old := s.vars[name]; s == e.st.globals && old != nil && old.Kind == Config && name == "c" && v.Kind != Config && v.Tainted {
		e.open("c stops being the configuration", v.At)
	}
	s.vars[name] = v
}

// ident is the value of a name in an expression.
func (e *evaluator) ident(x *syntax.Ident) *Value {
	if span.IsUnknown(x.Name) {
		u := e.unknown(x, "%s", span.Reason(x.Name))
		return u
	}
	if v := e.lookup(x.Name); v != nil {
		if v.Kind == Either {
			if v = e.settled(v); v == nil {
				e.raised = &Issue{x.Name + " is not set", e.at(x)}
				return e.unknown(x, "%s is not set", x.Name)
			}
		}
		return e.placed(v, x)
	}
	if builtins()[x.Name] {
		return &Value{Kind: Ref, Name: x.Name, At: e.at(x)}
	}
	if why := e.looseNames(); why != "" {
		return &Value{Kind: Unknown, Why: why, At: e.at(x)}
	}
	e.may(e.at(x), "the name "+x.Name+" is not defined anywhere in the file; without it the hub does not start")
	return e.unknown(x, "the name %s is not defined in the file", x.Name)
}

// settled drops "not set" from an Either: using it shows that it is set.
func (e *evaluator) settled(v *Value) *Value {
	for i, it := range v.Items {
		if it == nil {
			n := *v
			n.Items = append(append([]*Value(nil), v.Items[:i]...), v.Items[i+1:]...)
			if len(n.Items) == 1 {
				return n.Items[0]
			}
			return &n
		}
	}
	return v
}

func (e *evaluator) looseNames() string {
	return e.st.globals.loose
}

// placed is a value as used at x: evidence is where a value was written, and where the name of a class or function is used.
func (e *evaluator) placed(v *Value, x syntax.Node) *Value {
	code := v.Kind == Ref || v.Kind == Local || v.Kind == Function
	if v.mutable() || !v.At.IsZero() && !code {
		return v
	}
	n := *v
	n.At = e.at(x)
	return &n
}

// assign gives a value to a target.
func (e *evaluator) assign(target syntax.Expr, v *Value) {
	switch t := target.(type) {
	case *syntax.Ident:
		if span.IsUnknown(t.Name) {
			e.open("a name is filled in from elsewhere: "+span.Reason(t.Name), e.at(t))
			return
		}
		e.set(t.Name, v)
	case *syntax.Attr:
		e.assignAttr(t, v)
	case *syntax.Index:
		e.assignItem(t, v)
	case *syntax.Star:
		e.assign(t.X, v)
	case *syntax.Seq:
		e.unpack(t, v)
	}
}

// unpack assigns the members of v to several targets.
func (e *evaluator) unpack(t *syntax.Seq, v *Value) {
	items, known := e.iterate(v)
	star := -1
	for i, x := range t.Items {
		if _, ok := x.(*syntax.Star); ok {
			star = i
		}
	}
	n := len(t.Items)
	if !known || star < 0 && len(items) != n || star >= 0 && len(items) < n-1 {
		if known {
			e.raised = &Issue{"the number of values does not fit the names on the left", e.at(t)}
		}
		for _, x := range t.Items {
			u := e.unknown(x, "%s", firstOf(v.Reason(), "it is a part of something that is not known"))
			u.Tainted = reaches(v)
			e.assign(x, u)
		}
		return
	}
	for i, x := range t.Items {
		switch {
		case i == star:
			e.assign(x, &Value{Kind: List, Items: append([]*Value(nil), items[i:len(items)-(n-1-i)]...), At: v.At})
		case star >= 0 && i > star:
			e.assign(x, items[len(items)-n+i])
		default:
			e.assign(x, items[i])
		}
	}
}

func (e *evaluator) assignAttr(t *syntax.Attr, v *Value) {
	base := e.eval(t.X)
	at := e.at(t)
	switch {
	case span.IsUnknown(t.Name) && (reaches(base) || base.Kind == Unknown):
		e.open("a name is filled in from elsewhere: "+span.Reason(t.Name), at)
	case base.Kind == SectionOf:
		e.setTrait(base.Name, t.Name, v, at)
	case base.Kind == Config && upper(t.Name):
		switch {
		case v.Kind == SectionOf && v.Name == t.Name:
		case v.Kind == None || v.Kind == Text && v.Reason() == "" || v.Kind == Int || v.Kind == Bool || v.Kind == List || v.Kind == Dict:
			e.may(at, "a section of the configuration is replaced by something that is none, which raises a ValueError")
			e.open("a whole section of the configuration is replaced", at)
		default:
			e.open("a whole section of the configuration is replaced", at)
		}
	case base.Tainted:
		e.open("the configuration may be changed through this name", at)
	case base.Kind == Either:
		for _, alt := range base.Items {
			if alt != nil && alt.Kind == SectionOf {
				e.setTrait(alt.Name, t.Name, unknownAt(located(base.Why, at), at), at)
			} else if alt != nil && reaches(alt) {
				e.open("the configuration may be changed through this name", at)
			}
		}
	case base.Kind == Ref:
		// a class of JupyterHub is changed itself: its options are no longer what the configuration says
		if last := base.Name[strings.LastIndexByte(base.Name, '.')+1:]; strings.HasSuffix(last, "Authenticator") || strings.HasSuffix(last, "Spawner") || last == "JupyterHub" {
			e.openSection(e.st.conf.section(last, at), located("the class "+last+" itself is changed", at), at)
		}
	}
}

func upper(s string) bool { return s != "" && s[0] >= 'A' && s[0] <= 'Z' }

func (e *evaluator) assignItem(t *syntax.Index, v *Value) {
	base, key := e.eval(t.X), e.eval(t.I)
	e.setItem(base, key, v, e.at(t))
}

func (e *evaluator) setItem(base, key, v *Value, at span.Span) {
	name, isName := key.Str()
	switch base.Kind {
	case SectionOf:
		if isName {
			e.setTrait(base.Name, name, v, at)
			return
		}
		e.openSection(e.st.conf.section(base.Name, at), located("an option is set whose name is not known", at), at)
	case Config:
		if !isName || upper(name) {
			e.open("a whole section of the configuration is replaced", at)
		}
	case Lazy:
		e.raised = &Issue{"single items of a setting can be set only after this file has set the whole; this raises a TypeError", at}
		e.spoil(base, "single items are set", at)
	case Dict:
		if !key.known() {
			e.spoil(base, "a key is set that is not known", at)
			return
		}
		c := *v
		if !v.mutable() {
			c.KeyAt = key.At
			v = &c
		}
		base.put(key, v)
	case List:
		if key.Kind == Int && index(key.Int, len(base.Items)) >= 0 {
			base.Items[index(key.Int, len(base.Items))] = v
			return
		}
		e.spoil(base, "an item is set whose place is not known", at)
	case Either:
		for _, alt := range base.Items {
			if alt != nil && (alt.mutable() || reaches(alt)) {
				e.setItem(alt, key, v, at)
			}
		}
	case Ref:
		if base.Name == "os.environ" && isName {
			e.st.globals.vars[environment+name] = v
		}
	default:
		if base.Tainted {
			e.open("the configuration may be changed through this name", at)
		}
	}
}

// environment marks variables of the environment that the file sets itself, among its own.
const environment = "os.environ "

// index is where a Python index points in a list of n; -1 if outside.
func index(i int64, n int) int {
	if i < 0 {
		i += int64(n)
	}
	if i < 0 || i >= int64(n) {
		return -1
	}
	return int(i)
}

func (e *evaluator) del(target syntax.Expr) {
	at := e.at(target)
	switch t := target.(type) {
	case *syntax.Ident:
		s := e.st.local
		if s == nil || s.vars[t.Name] == nil {
			s = e.st.globals
		}
		delete(s.vars, t.Name)
	case *syntax.Seq:
		for _, i := range t.Items {
			e.del(i)
		}
	case *syntax.Attr:
		e.remove(e.eval(t.X), t.Name, at)
	case *syntax.Index:
		base, key := e.eval(t.X), e.eval(t.I)
		if name, ok := key.Str(); ok && (base.Kind == SectionOf || base.Kind == Config) {
			e.remove(base, name, at)
			return
		}
		switch base.Kind {
		case Dict:
			if i, sure := base.find(key); i >= 0 {
				base.remove(i)
			} else if !sure {
				e.spoil(base, "a key is deleted that is not known", at)
			} else {
				e.raised = &Issue{"a key is deleted that is not there", at}
			}
		case List:
			if i := -1; key.Kind == Int {
				if i = index(key.Int, len(base.Items)); i >= 0 {
					base.remove(i)
					return
				}
			}
			e.spoil(base, "items are deleted that are not known", at)
		default:
			e.touch(base, "something is deleted", at)
		}
	}
}

// remove takes back what the file set of a class or trait; what was there before is there again.
func (e *evaluator) remove(base *Value, name string, at span.Span) {
	switch base.Kind {
	case Config:
		if s := e.st.conf.byName[name]; s != nil && !e.st.live {
			delete(e.st.conf.byName, name)
			return
		}
		e.open("a section of the configuration is deleted", at)
	case SectionOf:
		s := e.st.conf.section(base.Name, at)
		switch v, ok := s.Traits[name]; {
		case e.st.live:
			s.put(name, unknownAt(located("it is deleted from the configuration", at), at))
		case ok && v.Kind != Either:
			s.remove(name)
		case ok:
			s.put(name, unknownAt(located("it is deleted from the configuration", at), at))
		default:
			e.raised = &Issue{"a setting is deleted that this file has not set; this raises an error", at}
		}
	default:
		e.touch(base, "something is deleted", at)
	}
}

// augment is x op= value.
func (e *evaluator) augment(s *syntax.AugAssign) {
	v := e.eval(s.Value)
	old := e.eval(s.Target)
	at := e.at(s)
	if e.raised != nil {
		return
	}
	if old.Kind == Either {
		for _, alt := range old.Items {
			if alt == nil || alt.Kind == Lazy {
				e.may(at, s.Op+"= fails on a setting that this file has not set before")
			}
		}
	}
	switch {
	case old.Kind == Lazy:
		e.raised = &Issue{s.Op + "= on a setting that this file has not set before raises a TypeError", at}
		e.spoil(old, "it is changed in place", at)
		return
	case old.Kind == List && s.Op == "+":
		if items, ok := e.iterate(v); ok {
			old.Items = append(old.Items, items...)
		} else {
			e.spoil(old, "something is added that is not known", at)
		}
		return
	case old.Kind == Set && s.Op == "|" && v.Kind == Set:
		for _, it := range v.Items {
			old.add(it)
		}
		return
	case old.Kind == Dict && s.Op == "|" && v.Kind == Dict:
		for i, k := range v.Keys {
			old.put(k, v.Items[i])
		}
		return
	case old.Kind == Unknown:
		if a, ok := s.Target.(*syntax.Attr); ok {
			if b := e.eval(a.X); b.Kind == SectionOf {
				e.may(at, s.Op+"= fails on a setting that this file has not set before")
			}
		}
	}
	e.assign(s.Target, e.binary(s.Op, old, v, s))
}

// touchTokens makes unknown what code may change that is not followed.
func (e *evaluator) touchTokens(n syntax.Node, why string) {
	from, to := n.Range()
	f, t := firstLine(e.src, n)
	e.touchRange(e.tokens, from, to, why, e.text.SpanOf(f, t), map[int]bool{}, true)
}

func (e *evaluator) touchRange(tokens []syntax.Token, from, to int, why string, at span.Span, seen map[int]bool, here bool) {
	if seen[from] {
		return
	}
	seen[from] = true
	for i := firstToken(tokens, from); i < len(tokens) && tokens[i].Start < to; i++ {
		t := tokens[i]
		if t.Kind == syntax.String && strings.Contains(t.Text, "{") && (strings.Contains(t.Text, "load_subconfig(") || strings.Contains(t.Text, "exec(") || strings.Contains(t.Text, "eval(") || strings.Contains(t.Text, "{c.")) {
			e.open(why, at)
			return
		}
		if t.Kind != syntax.Name || i > 0 && tokens[i-1].Text == "." {
			continue
		}
		if reaching[t.Text] || span.IsUnknown(t.Text) && here {
			e.open(why, at)
			return
		}
		next := func(k int) syntax.Token { return tokens[min(i+k, len(tokens)-1)] }
		v := e.lookup(t.Text)
		switch {
		case v == nil:
		case v.Kind == Function && v.fn.from != from:
			e.touchRange(v.fn.tokens, v.fn.from, v.fn.to, why, at, seen, false)
		case v.Kind == Config && next(1).Text == "." && upper(next(2).Text) && next(3).Text == "." && next(4).Kind == syntax.Name:
			e.touchTrait(next(2).Text, next(4).Text, next(5).Text == "(", why, at)
		case v.Kind == SectionOf && next(1).Text == "." && next(2).Kind == syntax.Name:
			e.touchTrait(v.Name, next(2).Text, next(3).Text == "(", why, at)
		case v.Kind == Config && next(1).Text == "." && !upper(next(2).Text) && next(2).Kind == syntax.Name && next(3).Text == ".":
		default:
			e.touch(v, why, at)
		}
		if op := next(1).Text; here && v != nil && v.Kind != Config && v.Kind != SectionOf && (op == "=" || len(op) > 1 && strings.HasSuffix(op, "=") && !strings.Contains("== <= >= !=", op)) {
			e.set(t.Text, unknownAt(located(why, at), at))
		}
	}
}

// firstToken is the index of the first token at or after a place.
func firstToken(tokens []syntax.Token, from int) int {
	lo, hi := 0, len(tokens)
	for lo < hi {
		if m := (lo + hi) / 2; tokens[m].Start < from {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

func (e *evaluator) touchTrait(class, trait string, all bool, why string, at span.Span) {
	s := e.st.conf.section(class, at)
	if all {
		e.openSection(s, located(why, at), at)
		return
	}
	s.put(trait, unknownAt(located(why, at), at))
}

// reaching are names by which code can get at the configuration, or at any variable, without naming it.
var reaching = map[string]bool{"get_config": true, "load_subconfig": true, "exec": true, "eval": true, "globals": true, "locals": true, "vars": true, "__import__": true, "compile": true, "__builtins__": true}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func quoted(s string) string {
	s = strings.Join(strings.Fields(span.Show(s)), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:59]) + "…"
	}
	return "“" + s + "”"
}

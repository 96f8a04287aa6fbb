package tljh

import (
	_ "embed"
	"sort"
	"strings"
	"sync"
)

//go:embed classes.txt
var classesText string

// class is what is known of a Configurable: where it is, what it descends from, and the types of its own traits.
type class struct {
	name     string
	full     string   // as the hub's own resolver reports it
	bases    []string // in the order in which their sections are read, the class itself not among them
	family   string
	provider string
	needs    string // a package that TLJH does not install
	since    int    // first TLJH major version
	traits   map[string]trait
	custom   bool // defined in a snippet, or of a package of which not all is known
}

type trait struct {
	kind  string
	none  bool
	since int
}

type classTable struct {
	byName map[string]*class // bare class name
	byPath map[string]*class // dotted import path
	entry  map[string]entry  // entry-point name, lower case
}

type entry struct {
	class *class
	since int
}

// classes parses the table once. A line of the table that makes no sense is a bug, and the tests would find it.
var classes = sync.OnceValue(func() *classTable {
	t := &classTable{map[string]*class{}, map[string]*class{}, map[string]entry{}}
	var c *class
	for _, line := range strings.Split(classesText, "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || f[0] == "#":
		case f[0] == "class":
			c = &class{name: f[1], full: f[2], traits: map[string]trait{}}
			t.byName[c.name], t.byPath[c.full] = c, c
			for _, opt := range f[3:] {
				t.option(c, opt)
			}
		default:
			for _, s := range f {
				name, kind, _ := strings.Cut(s, ":")
				kind, since := versioned(kind)
				c.traits[name] = trait{strings.TrimSuffix(kind, "?"), strings.HasSuffix(kind, "?"), since}
			}
		}
	}
	t.addLocals()
	return t
})

func versioned(s string) (string, int) {
	s, v, ok := strings.Cut(s, "@")
	if ok {
		return s, int(v[0] - '0')
	}
	return s, 0
}

func (t *classTable) option(c *class, opt string) {
	k, v, _ := strings.Cut(opt, "=")
	switch k {
	case "bases":
		c.bases = strings.Split(v, ",")
	case "family":
		c.family = v
	case "provider":
		c.provider = v
	case "custom":
		c.custom = true
	case "needs":
		c.needs = v
	case "since":
		c.since = int(v[0] - '0')
	case "paths":
		t.byPath[v] = c
	case "names":
		for _, n := range strings.Split(v, ",") {
			n, since := versioned(n)
			t.entry[n] = entry{c, since}
		}
	}
}

// addLocals adds oauthenticator's Local variants (local-github and so on), which also want a unix account.
func (t *classTable) addLocals() {
	for _, name := range t.names() {
		e := t.entry[name]
		if e.class.family != "oauth" || e.class.provider == "mediawiki" {
			continue
		}
		l := *e.class
		l.name = "Local" + e.class.name
		l.full = strings.TrimSuffix(e.class.full, e.class.name) + l.name
		l.bases = append([]string{"LocalAuthenticator", e.class.name}, e.class.bases...)
		l.traits = map[string]trait{}
		t.byName[l.name], t.byPath[l.full], t.entry["local-"+name] = &l, &l, entry{&l, 0}
		if t.byPath["oauthenticator."+e.class.name] != nil {
			t.byPath["oauthenticator."+l.name] = &l
		}
	}
}

func (t *classTable) names() []string {
	var out []string
	for n := range t.entry {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// trait is the type of a trait of c or of the bases it inherits it from.
func (c *class) trait(name string, major int) (trait, bool) {
	for _, s := range append([]string{c.name}, c.bases...) {
		k := c
		if s != c.name {
			k = classes().byName[s]
		}
		if k == nil {
			continue
		}
		if t, ok := k.traits[name]; ok && t.since <= major {
			return t, true
		}
	}
	return trait{}, false
}

// isA says whether c is, or descends from, the class called name.
func (c *class) isA(name string) bool {
	return c != nil && (c.name == name || contains(c.bases, name))
}

package evaluator

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// lazy compiles a pattern when it is first needed: most runs have no custom rules.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// validID is what a rule may be called: it stands in settings, file names and addresses.
var validID = lazy(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)

// custom is the custom rules and the files they are made of.
type custom struct {
	files []*file // parsed, in packages that custom rules may use
	rules []*rule
}

// loadCustom parses custom modules and finds the rules in them. What is wrong with a file becomes a broken rule.
func loadCustom(modules []Module) *custom {
	var files []*file
	for _, m := range modules {
		if !strings.HasSuffix(m.File, "_test.rego") {
			files = append(files, &file{name: m.File, source: m.Source})
		}
	}
	slices.SortStableFunc(files, func(a, b *file) int { return strings.Compare(a.name, b.name) })
	parseAll(files)
	c := &custom{}
	for i, f := range files {
		if i > 0 && files[i-1].name == f.name {
			c.breakFile(f, faultAt(Position{File: f.name}, "the file is given twice"))
			continue
		}
		c.add(f)
	}
	for _, r := range c.rules {
		if len(r.sets) > 0 && r.sets[0].conftest {
			r.sets[0].evidence = evidence(r.files, r.sets[0].name())
		}
	}
	slices.SortStableFunc(c.rules, func(a, b *rule) int { return strings.Compare(a.info.ID, b.info.ID) })
	return c
}

func (c *custom) add(f *file) {
	if f.err != nil {
		c.breakFile(f, f.err)
		return
	}
	pkg := f.pkg()
	at := position(f.module.Package.Location)
	if len(pkg) == 0 || pkg[0] != "tljh" {
		c.files = append(c.files, f)
		c.addConftest(f, pkg)
		return
	}
	switch {
	case len(pkg) < 3 || pkg[1] != "rules":
		c.breakFile(f, faultAt(at, `the package tljh belongs to tljh-policy; write: package tljh.rules["my-rule"]`))
	case slices.Contains(builtinIDs(), pkg[2]):
		c.breakFile(f, faultAt(at, "a built-in rule is called %q; choose another name", pkg[2]))
	case !validID().MatchString(pkg[2]):
		c.breakFile(f, faultAt(at, "a rule's id is 1 to 80 of the characters A-Z a-z 0-9 . _ - and starts with a letter or digit"))
	case len(pkg) > 3:
		c.files = append(c.files, f) // a package below a rule, for its helpers
	default:
		c.addRule(f, pkg[2])
	}
}

// addRule adds a file of a rule of the rule contract. A rule may have several files, in one folder.
func (c *custom) addRule(f *file, id string) {
	r := c.find(id)
	switch {
	case r == nil:
		r = &rule{info: Rule{ID: id, Custom: true}}
		c.rules = append(c.rules, r)
	case len(r.files) == 0 || r.info.At.File != "" && path.Dir(r.info.At.File) != path.Dir(f.name):
		c.breakFile(f, faultAt(position(f.module.Package.Location), "a rule called %q is in %s too", id, r.info.At.File))
		return
	}
	c.files = append(c.files, f)
	r.files = append(r.files, f)
	r.info.Params, r.info.Resources, r.sets, r.broken = nil, nil, nil, nil
	r.describe()
}

func (c *custom) find(id string) *rule {
	for _, r := range c.rules {
		if r.info.ID == id {
			return r
		}
	}
	return nil
}

// breakFile adds a broken rule that stands for a file, so that it is seen and nothing is green because of it.
func (c *custom) breakFile(f *file, err error) {
	id := c.freeID(f)
	at := Position{File: f.name}
	if f.module != nil {
		at = position(f.module.Package.Location)
	}
	c.rules = append(c.rules, &rule{
		info:   Rule{ID: id, Title: id, Severity: SeverityError, Custom: true, At: at},
		broken: err,
	})
}

var packageClause = lazy(`(?m)^package[ \t]+(\S+)`)

// freeID is an id for a broken file: that of the rule it seems to be, or made of its name.
func (c *custom) freeID(f *file) string {
	candidates := []string{strings.TrimSuffix(path.Base(f.name), ".rego"), f.name}
	if m := packageClause().FindStringSubmatch(f.source); m != nil {
		if ref, err := ast.ParseRef("data." + m[1]); err == nil {
			if k := keys(ref[1:]); len(k) > 2 && k[0] == "tljh" && k[1] == "rules" {
				candidates = slices.Insert(candidates, 0, k[2])
			}
		}
	}
	for n := 2; ; n++ {
		for _, id := range candidates {
			id = safeID(id)
			if c.find(id) == nil && !slices.Contains(builtinIDs(), id) {
				return id
			}
		}
		candidates = []string{fmt.Sprintf("%.60s-%d", safeID(f.name), n)}
	}
}

var unsafeInID = lazy(`[^A-Za-z0-9._-]+`)

func safeID(name string) string {
	id := strings.TrimLeft(unsafeInID().ReplaceAllString(name, "-"), "-._")
	if len(id) > 80 {
		id = id[len(id)-80:]
		id = strings.TrimLeft(id, "-._")
	}
	if id == "" {
		return "rule"
	}
	return id
}

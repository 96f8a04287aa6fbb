package evaluator

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// conftestName is what conftest evaluates in a package.
var conftestName = lazy(`^(deny|violation|warn)(_[a-zA-Z0-9]+)*$`)

// addConftest adds the rules of a file that is written for conftest. Each name is a rule, "main.deny_root" for instance;
// like OPA, it takes a name in several files of a package for one.
func (c *custom) addConftest(f *file, pkg []string) {
	for _, r := range f.module.Rules {
		name := headName(r)
		if !conftestName().MatchString(name) || len(r.Head.Args) > 0 {
			continue
		}
		id := strings.Join(append(pkg[:len(pkg):len(pkg)], name), ".")
		if known := c.find(id); known != nil {
			if known.files[len(known.files)-1] != f {
				known.files = append(known.files, f)
			}
			continue
		}
		c.rules = append(c.rules, conftestRule(f, r, id, name))
	}
}

func conftestRule(f *file, first *ast.Rule, id, name string) *rule {
	r := &rule{files: []*file{f}, info: Rule{ID: id, Title: id, Severity: SeverityError, Custom: true, At: position(first.Location)}}
	if strings.HasPrefix(name, "warn") {
		r.info.Severity = SeverityWarning
	}
	notes := ruleNotes(f.module, name)
	if notes == nil {
		notes = packageNotes(f.module)
	}
	if notes != nil { // conftest gives custom no meaning, so neither is it looked at here
		if notes.Title != "" {
			r.info.Title = notes.Title
		}
		r.info.Description = strings.TrimSpace(notes.Description)
	}
	if !validID().MatchString(id) {
		r.info.ID = safeID(id)
	}
	r.sets = []set{{outcome: Fail, ref: f.module.Package.Path.Append(ast.StringTerm(name)), conftest: true}}
	return r
}

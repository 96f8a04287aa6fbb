package eval

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// variant is a tfvars file that Terraform reads only when told to (-var-file): one environment of several, usually.
type variant struct {
	file   string
	values map[string]*hclsyntax.Attribute
	broken bool
	more   string // why it may set other variables too
}

var example = lazyregexp.New(`(?i)(^|[^a-z])(example|sample|template|dist|skel(eton)?)([^a-z]|$)`)

// Loaded says whether Terraform reads a tfvars file in its module's directory by itself.
func Loaded(name string) bool {
	base := strings.TrimSuffix(name, ".json")
	return base == "terraform.tfvars" || strings.HasSuffix(base, ".auto.tfvars")
}

// IsVarFile says whether name is that of a file that sets variables: a tfvars file, or Terragrunt's.
func IsVarFile(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(name, ".json"), ".tfvars") || IsTerragrunt(name)
}

// AddVariant reads a tfvars file that may be given to the root module d. It says whether the file is about d at all.
func (d *Dir) AddVariant(files step.Files, file string) bool {
	rel, err := filepath.Rel(d.Path, file)
	if err != nil {
		return false
	}
	if example.MatchString(filepath.Base(file)) {
		d.varFiles = append(d.varFiles, file)
		return false // what people copy and fill in
	}
	if IsTerragrunt(file) {
		return d.addTerragrunt(files, file)
	}
	if d.IsAbout(files, file) {
		before := len(d.Broken)
		v := variant{file: file, values: map[string]*hclsyntax.Attribute{}}
		if body := d.parse(files, filepath.ToSlash(rel)); body != nil {
			v.values = body.Attributes
		}
		v.broken = len(d.Broken) > before
		d.variants = append(d.variants, v)
		return true
	}
	return false
}

// IsAbout says whether a tfvars file sets one of d's variables; one that cannot be read may.
func (d *Dir) IsAbout(files step.Files, file string) bool {
	if IsTerragrunt(file) {
		return terragruntSource(files, file) == d.Path
	}
	src, err := files.Open(file)
	if err != nil {
		return true
	}
	p := parseVars(src, func(span.Text) string { return "" })
	for name := range p.attributes() {
		if d.variables[name] != nil {
			return true
		}
	}
	return p.broken
}

func (p parsed) attributes() hclsyntax.Attributes {
	if p.body == nil {
		return nil
	}
	return p.body.Attributes
}

// explained says whether one of the repository's other tfvars files gives a variable the value v. Where one file was
// chosen, a plan made with another is of another environment.
func (m *Module) explained(name string, v *Val) bool {
	if m.ev.varFile != "" {
		return false
	}
	for _, f := range m.dir.variants {
		if a := f.values[name]; a != nil {
			if eq, known := equal(m.ev.expr(a.Expr, m.scope()), v, 0); known && eq {
				return true
			}
		}
	}
	return false
}

// chosen is the value of a root variable by the tfvars files that Terraform has to be told of: the chosen one's, else the
// one that all of them agree on. base is what holds without any, nil if nothing does.
func (m *Module) chosen(name string, base *Val) *Val {
	var files []variant
	for _, f := range m.dir.variants {
		if m.ev.varFile == "" || f.file == m.ev.varFile {
			files = append(files, f)
		}
	}
	type candidate struct {
		v    *Val
		from string
	}
	var all []candidate
	for _, f := range files {
		switch a := f.values[name]; {
		case f.broken:
			return unknown(f.file+" cannot be read wholly", Place{})
		case a != nil:
			all = append(all, candidate{m.ev.expr(a.Expr, m.scope()), "in " + f.file})
		case f.more != "":
			return unknown(f.more, Place{})
		default:
			all = append(all, candidate{base, "in " + f.file})
		}
	}
	if m.ev.varFile == "" && m.optional() {
		all = append(all, candidate{base, "without a tfvars file"})
	}
	if len(all) == 0 {
		return base
	}
	first := all[0]
	for _, c := range all[1:] {
		if first.v == c.v {
			continue
		}
		if first.v != nil && c.v != nil {
			if eq, known := equal(first.v, c.v, 0); known && eq {
				continue
			}
		}
		at := Place{}
		if first.v != nil {
			at = first.v.At
		}
		return unknown(fmt.Sprintf("variable %q %s %s and %s %s; say which file the hub is made with (its sources, in .tljh-policy.yaml), or state the value in an infra.yaml",
			name, m.shown(name, first.v), first.from, m.shown(name, c.v), c.from), at)
	}
	return first.v
}

var secretName = lazyregexp.New(`(?i)pass|secret|token|key|cred|cert`)

// shown is a value for a message, unless it may be a secret.
func (m *Module) shown(name string, v *Val) string {
	switch s, ok := v.Str(); {
	case v == nil:
		return "has no value"
	case v.IsNull():
		return "is null"
	case ok && len(s) < 60 && !secretName.MatchString(name) && m.dir.variables[name].Body.Attributes["sensitive"] == nil:
		return "is " + strconv.Quote(s)
	}
	return "has one value"
}

// optional says whether Terraform runs without being told of a tfvars file: every variable has a value all the same.
func (m *Module) optional() bool {
	for _, f := range m.dir.variants {
		if IsTerragrunt(f.file) {
			return false // it is what Terraform is run with
		}
	}
	for name, b := range m.dir.variables {
		if b.Body.Attributes["default"] == nil && m.dir.tfvars[name] == nil {
			return false
		}
	}
	return true
}

// leavesOut says whether a file is another environment's than the chosen one.
func (ev *evaluator) leavesOut(d *Dir, file string) bool {
	for _, v := range d.variants {
		if v.file == file {
			return ev.varFile != "" && ev.varFile != file
		}
	}
	return false
}

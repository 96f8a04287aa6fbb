package pulumi

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/zclconf/go-cty/cty"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// What a Terraform configuration says, the same says as a Pulumi program: the blocks of the archives that Terraform's
// adapters are tested with are rewritten, as far as they hold no expressions that only Terraform has, and both are read.
func TestSameAsTerraform(t *testing.T) {
	files, err := filepath.Glob("../terraform/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives of Terraform's")
	}
	kept := 0
	for _, file := range files {
		switch filepath.Base(file) {
		case "old-and-broken.txtar", "tofu.txtar": // of what Terraform makes of several or of wrong files
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, text := steptest.Files{}, ""
		for _, f := range txtar.Parse(b).Files {
			if filepath.Ext(f.Name) == ".tf" && filepath.Dir(f.Name) == "." {
				text += string(f.Data) + "\n"
			} else if filepath.Ext(f.Name) != ".tf" && f.Name != "want" && filepath.Ext(f.Name) != ".json" && filepath.Ext(f.Name) != ".tfvars" {
				m[f.Name] = string(f.Data)
			}
		}
		for _, single := range []bool{false, true} {
			w := &rewriter{single: single, blocks: map[string]*hclsyntax.Block{}, src: []byte(text)}
			if !w.load() {
				continue
			}
			kept += len(w.blocks)
			m["main.tf"], m["Pulumi.yaml"] = w.terraform(), w.pulumi()
			want, got := facts(terraform.Read(m, terraform.Input{Dirs: []string{"."}}).Modules[0]), facts(read(m, "Pulumi.yaml"))
			bad := 0
			for _, k := range keys(want, got) {
				if want[k] != got[k] && bad < 12 {
					bad++
					t.Errorf("%s (single %v): %s\n   Terraform %s\n      Pulumi %s", filepath.Base(file), single, k, want[k], got[k])
				}
			}
			if bad > 0 && testing.Verbose() {
				t.Log(m["Pulumi.yaml"])
			}
		}
	}
	if kept < 250 {
		t.Errorf("only %d blocks could be rewritten", kept)
	}
}

var placed = regexp.MustCompile(`@?\S*:\d+:\d+|<nil>`)

// facts are what a model says, without places and reasons.
func facts(m terraform.Module) map[string]string {
	out := map[string]string{}
	for k, v := range moduletest.Describe(m) {
		if strings.HasSuffix(k, " why") || strings.HasPrefix(k, "/inputs") || strings.HasPrefix(k, "problem") {
			continue
		}
		out[k] = strings.TrimSpace(placed.ReplaceAllString(v, ""))
	}
	return out
}

func keys(maps ...map[string]string) (out []string) {
	seen := map[string]bool{}
	for _, m := range maps {
		for k := range m {
			if !seen[k] {
				seen[k] = true
				out = append(out, k)
			}
		}
	}
	sort.Strings(out)
	return out
}

// rewriter makes a Pulumi program of a Terraform file.
type rewriter struct {
	src    []byte
	single bool // blocks that stand alone are written as one, not as a list
	blocks map[string]*hclsyntax.Block
	order  []string
	err    error
}

// load takes the blocks that can be rewritten, and nothing that refers to others.
func (w *rewriter) load() bool {
	f, diags := hclsyntax.ParseConfig(w.src, "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	for _, b := range f.Body.(*hclsyntax.Body).Blocks {
		key := ""
		switch {
		case b.Type == "resource" || b.Type == "data":
			key = strings.TrimPrefix(b.Type+"."+strings.Join(b.Labels, "."), "resource.")
			if token(b) == "" {
				continue
			}
		case b.Type == "variable":
			key = "var." + b.Labels[0]
		case b.Type == "locals":
			for n := range b.Body.Attributes {
				w.blocks["local."+n] = b
				w.order = append(w.order, "local."+n)
			}
			continue
		default:
			continue
		}
		w.blocks[key] = b
		w.order = append(w.order, key)
	}
	for again := true; again; {
		again = false
		for key, b := range w.blocks {
			w.err = nil
			if b.Type == "locals" {
				w.expr(b.Body.Attributes[strings.TrimPrefix(key, "local.")].Expr)
			} else if b.Type != "variable" {
				w.properties(b, 0)
			} else if d := b.Body.Attributes["default"]; d != nil {
				w.expr(d.Expr)
			}
			if w.err != nil {
				delete(w.blocks, key)
				again = true
			}
		}
	}
	return len(w.blocks) > 0
}

// token is the shortest of a block's tokens.
func token(b *hclsyntax.Block) (out string) {
	for _, line := range strings.Split(tokensText, "\n") {
		tok, typ, _ := strings.Cut(line, " ")
		isData := strings.Contains(tok, ":get")
		if typ == b.Labels[0] && isData == (b.Type == "data") && !strings.HasPrefix(tok, "#") && (out == "" || len(tok) < len(out)) {
			out = tok
		}
	}
	if pkg, name, ok := strings.Cut(b.Labels[0], "_"); ok && out == "" && !strings.HasPrefix(name, "cloud_") { // of a type that no adapter asks for
		for p, t := range providers {
			if t == pkg {
				pkg = p
			}
		}
		name = camel(name)
		name = strings.ToUpper(name[:1]) + name[1:]
		if b.Type == "data" {
			name = "get" + name
		}
		if out = pkg + ":" + name; terraformType(out) != quiet {
			out = ""
		}
	}
	return out
}

func (w *rewriter) fail(why string) string { w.err = fmt.Errorf("%s", why); return "null" }

func (w *rewriter) terraform() string {
	var out strings.Builder
	for _, k := range w.order {
		if b := w.blocks[k]; b != nil {
			r := hcl.RangeBetween(b.TypeRange, b.CloseBraceRange)
			if b.Type == "locals" {
				a := b.Body.Attributes[strings.TrimPrefix(k, "local.")]
				fmt.Fprintf(&out, "locals {\n%s\n}\n", a.SrcRange.SliceBytes(w.src))
				continue
			}
			out.Write(r.SliceBytes(w.src))
			out.WriteString("\n")
		}
	}
	return out.String()
}

func (w *rewriter) pulumi() string {
	sections := map[string]string{}
	for _, k := range w.order {
		b := w.blocks[k]
		switch {
		case b == nil:
		case b.Type == "locals":
			for n, a := range b.Body.Attributes {
				if k == "local."+n {
					sections["variables"] += fmt.Sprintf("  %q: %s\n", k, w.expr(a.Expr))
				}
			}
		case b.Type == "variable":
			def := "type: string"
			if d := b.Body.Attributes["default"]; d != nil {
				def = "default: " + w.expr(d.Expr)
			}
			sections["config"] += fmt.Sprintf("  %q: {%s}\n", k, def)
		case b.Type == "data":
			sections["variables"] += fmt.Sprintf("  %q: {\"fn::invoke\": {function: %q, arguments: %s}}\n", k, token(b), w.properties(b, 0))
		default:
			sections["resources"] += fmt.Sprintf("  %q:\n    type: %q\n    properties: %s\n    options: %s\n", k, token(b), w.properties(b, 0), w.options(b))
		}
	}
	out := "name: p\nruntime: yaml\n"
	for _, s := range []string{"config", "variables", "resources"} {
		if sections[s] != "" {
			out += s + ":\n" + sections[s]
		}
	}
	return out
}

func (w *rewriter) options(b *hclsyntax.Block) string {
	for _, n := range b.Body.Blocks {
		if n.Type != "lifecycle" {
			continue
		}
		var parts []string
		if a := n.Body.Attributes["prevent_destroy"]; a != nil {
			parts = append(parts, "protect: "+w.expr(a.Expr))
		}
		if a := n.Body.Attributes["ignore_changes"]; a != nil {
			var names []string
			if l, ok := a.Expr.(*hclsyntax.TupleConsExpr); ok {
				for _, e := range l.Exprs {
					if k := hcl.ExprAsKeyword(e); k != "" {
						names = append(names, camel(k))
					}
				}
			}
			parts = append(parts, "ignoreChanges: ["+strings.Join(names, ", ")+"]")
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "{}"
}

func (w *rewriter) properties(b *hclsyntax.Block, depth int) string {
	var parts []string
	var names []string
	for n := range b.Body.Attributes {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		switch n {
		case "count", "for_each", "provider", "depends_on":
			return w.fail(n)
		}
		name := camel(n)
		if _, list := b.Body.Attributes[n].Expr.(*hclsyntax.TupleConsExpr); list && lists[n] {
			name = plural(name)
		}
		parts = append(parts, strconv.Quote(name)+": "+w.expr(b.Body.Attributes[n].Expr))
	}
	groups := map[string][]string{}
	var order []string
	for _, n := range b.Body.Blocks {
		switch n.Type {
		case "lifecycle":
			if depth == 0 {
				continue // an option
			}
		case "provisioner", "connection", "dynamic":
			return w.fail(n.Type)
		}
		if groups[n.Type] == nil {
			order = append(order, n.Type)
		}
		groups[n.Type] = append(groups[n.Type], w.properties(n, depth+1))
	}
	for _, n := range order {
		if len(groups[n]) == 1 && w.single {
			parts = append(parts, strconv.Quote(camel(n))+": "+groups[n][0])
		} else {
			parts = append(parts, strconv.Quote(plural(camel(n)))+": ["+strings.Join(groups[n], ", ")+"]")
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// expr is an expression as YAML in one line.
func (w *rewriter) expr(e hclsyntax.Expression) string {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		switch {
		case e.Val.IsNull():
			return "null"
		case e.Val.Type() == cty.String:
			return strconv.Quote(escape(e.Val.AsString()))
		case e.Val.Type() == cty.Bool:
			return strconv.FormatBool(e.Val.True())
		}
		return e.Val.AsBigFloat().Text('f', -1)
	case *hclsyntax.TemplateExpr:
		s := ""
		for _, p := range e.Parts {
			if l, ok := p.(*hclsyntax.LiteralValueExpr); ok && l.Val.Type() == cty.String {
				s += escape(l.Val.AsString())
			} else {
				s += w.reference(p)
			}
		}
		return strconv.Quote(s)
	case *hclsyntax.TemplateWrapExpr:
		return strconv.Quote(w.reference(e.Wrapped))
	case *hclsyntax.TupleConsExpr:
		var items []string
		for _, it := range e.Exprs {
			items = append(items, w.expr(it))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case *hclsyntax.ObjectConsExpr:
		var items []string
		for _, it := range e.Items {
			k, diags := it.KeyExpr.Value(nil)
			if diags.HasErrors() || k.Type() != cty.String {
				return w.fail("a key")
			}
			items = append(items, strconv.Quote(k.AsString())+": "+w.expr(it.ValueExpr))
		}
		return "{" + strings.Join(items, ", ") + "}"
	case *hclsyntax.ScopeTraversalExpr:
		return strconv.Quote(w.reference(e))
	case *hclsyntax.FunctionCallExpr:
		if fn := functions[e.Name]; fn != "" && len(e.Args) == 1 {
			return "{" + fn + ": " + w.expr(e.Args[0]) + "}"
		}
	}
	return w.fail("an expression of Terraform's")
}

var functions = map[string]string{"base64encode": "fn::toBase64", "jsonencode": "fn::toJSON", "file": "fn::readFile", "tostring": "fn::unsecret", "toset": "fn::unsecret"}

func escape(s string) string {
	return strings.NewReplacer("$$", "$$$$", "${", "$${").Replace(s)
}

func (w *rewriter) reference(e hclsyntax.Expression) string {
	t, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		return w.fail("an expression in a text")
	}
	words := []string{t.Traversal.RootName()}
	var rest []hcl.Traverser
	n := map[string]int{"data": 3, "var": 2}[words[0]]
	if n == 0 {
		n = 2
	}
	for _, step := range t.Traversal[1:] {
		if a, ok := step.(hcl.TraverseAttr); ok && len(words) < n {
			words = append(words, a.Name)
		} else {
			rest = append(rest, step)
		}
	}
	key := strings.Join(words, ".")
	if w.blocks[key] == nil {
		return w.fail(key + " is not there")
	}
	out := "${[" + strconv.Quote(key) + "]"
	for _, step := range rest {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			out += "." + camel(step.Name)
		case hcl.TraverseIndex:
			if step.Key.Type() != cty.Number {
				return w.fail("an index")
			}
			out += "[" + step.Key.AsBigFloat().Text('f', 0) + "]"
		}
	}
	return out + "}"
}

package pulumi

import (
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// The package command runs scripts and copies files, as Terraform's provisioners do: on a machine, or where Pulumi runs.

func isCommand(token string) bool {
	switch short(token) {
	case "command:remote:command", "command:local:command", "command:remote:copyfile", "command:remote:copytoremote":
		return true
	}
	return false
}

// command gives a command's script to the machine that it runs on.
func (p *runner) command(r *resource, v *eval.Val) {
	for _, k := range v.Keys {
		r.res.Give(k, v.Child[k])
	}
	switch kind := short(r.token); kind {
	case "command:remote:copyfile":
		p.copied(r, v, "localPath")
	case "command:remote:copytoremote":
		p.copied(r, v, "source")
	default:
		create, update := v.Attr("create"), v.Attr("update")
		p.runs(r.res, kind, v, create)
		if update.IsNull() || same(create, update) {
			return
		}
		// What is run when the command changes, after it was run first.
		if again := p.c.Declare("null_resource", r.name+".update", r.at); again != nil {
			again.Cond = "it runs only when " + r.name + " changes"
			again.Give("triggers", v.Attr("triggers"))
			p.runs(again, kind, v, update)
		}
	}
}

func (p *runner) copied(r *resource, v *eval.Val, from string) {
	body := eval.MapAt(r.at)
	body.Put("source", v.Attr(from))
	body.Put("destination", v.Attr("remotePath"))
	r.res.Run(eval.Provisioner{Type: "file", Body: body, Connection: v.Attr("connection")})
}

// shellAlone is a command that runs what it reads.
var shellAlone = lazyregexp.New(`^\s*(?:sudo\s+)?(?:/\S+/)?(?:ba|da)?sh(?:\s+-[a-z]+|\s+-)*\s*$`)

const heredoc = "PULUMI_STDIN"

// runs has res run script.
func (p *runner) runs(res *eval.Resource, kind string, v, script *eval.Val) {
	if script.IsNull() {
		return
	}
	body := eval.MapAt(script.At)
	if kind == "command:local:command" {
		body.Put("command", script)
		for key, name := range map[string]string{"dir": "working_dir", "interpreter": "interpreter", "environment": "environment"} {
			if c := v.Attr(key); !c.IsNull() {
				body.Put(name, c)
			}
		}
		res.Run(eval.Provisioner{Type: "local-exec", Body: body, Connection: eval.None()})
		return
	}
	if script.Kind == eval.String && !script.Sensitive {
		text := append(p.exports(v.Attr("environment")), script.T)
		if in := v.Attr("stdin"); !in.IsNull() {
			given := p.c.Module().InText(in, in.At.Text())
			if shellAlone.MatchString(script.T.String()) {
				text[len(text)-1] = given
			} else if !strings.Contains(strings.TrimSpace(script.T.String()), "\n") {
				text = append(text, span.Literal(" <<'"+heredoc+"'\n", given), given, span.Literal("\n"+heredoc+"\n", given))
			}
		}
		script = eval.TextOf(span.Concat(text...)).AtPlace(script.At)
	}
	body.Put("inline", script)
	res.Run(eval.Provisioner{Type: "remote-exec", Body: body, Connection: v.Attr("connection")})
}

// exports are the variables that a command is given.
func (p *runner) exports(env *eval.Val) (out []span.Text) {
	if env.Kind != eval.Map {
		return nil
	}
	for _, k := range env.Keys {
		t := p.c.Module().InText(env.Child[k], env.Child[k].At.Text())
		if strings.Contains(t.String(), "'") {
			t = span.Literal(span.Unknown("a variable whose value has quotes"), t)
		}
		out = append(out, span.Literal("export "+k+"='", t), t, span.Literal("'\n", t))
	}
	return out
}

// sorted puts commands in an order in which they can run: those that another depends on first, else as they are written.
func (p *runner) sorted(commands []*resource) []*resource {
	var out []*resource
	seen := map[*resource]bool{}
	var visit func(r *resource, depth int)
	visit = func(r *resource, depth int) {
		if seen[r] || depth > maxDepth {
			return
		}
		seen[r] = true
		for _, name := range names(r.node, 0) {
			if on := p.resources[name]; on != nil {
				visit(on, depth+1)
			}
		}
		if slices.Contains(commands, r) {
			out = append(out, r)
		}
	}
	for _, r := range commands {
		visit(r, 0)
	}
	return out
}

var named = lazyregexp.New(`\$\{([A-Za-z_$][\w$-]*)`)

// names are the names that the texts below n refer to.
func names(n *markup.Node, depth int) (out []string) {
	if n == nil || depth > maxDepth {
		return nil
	}
	if n.Kind == markup.String {
		for _, m := range named.FindAllStringSubmatch(n.Str(), 100) {
			out = append(out, m[1])
		}
	}
	for _, it := range n.Items {
		out = append(out, names(it, depth+1)...)
	}
	for _, m := range n.Members {
		out = append(out, names(m.Value, depth+1)...)
	}
	return out
}

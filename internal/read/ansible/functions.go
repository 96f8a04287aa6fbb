package ansible

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// call is name(args): lookup, query, range, dict and now.
func (ev *eval) call(name string, args []arg, at span.Text) value {
	if !ev.spend(1) {
		return unknownValue("the playbook does more than can be followed", at)
	}
	pos, named := ev.values(args)
	switch name {
	case "lookup", "query", "q":
		if len(pos) > 0 && pos[0].kind == str {
			return ev.lookupPlugin(pos[0].text.String(), pos[1:], at)
		}
	case "range":
		return ev.rangeOf(pos, at)
	case "dict":
		v := dictValue(at)
		if len(pos) == 0 {
			for _, a := range args {
				v.put(a.name, named[a.name])
			}
			return v
		}
	case "undef":
		return value{why: "a variable that must be given is not", text: at}
	}
	return unknownValue(show(at)+" is not worked out", at)
}

func (ev *eval) rangeOf(pos []value, at span.Text) value {
	from, to, by := 0.0, 0.0, 1.0
	for _, p := range pos {
		if p.kind != number {
			return unknownValue(openWhy(p), at)
		}
	}
	switch len(pos) {
	case 1:
		to = pos[0].n
	case 2, 3:
		from, to = pos[0].n, pos[1].n
		if len(pos) == 3 {
			by = pos[2].n
		}
	default:
		return unknownValue(show(at)+" is not worked out", at)
	}
	v := listValue(nil, at)
	if by == 0 || (to-from)/by > maxItems {
		return unknownValue("a loop with too many turns", at)
	}
	for n := from; by > 0 && n < to || by < 0 && n > to; n += by {
		v.items = append(v.items, numValue(n, at))
	}
	return v
}

// lookupPlugin is lookup('file', …) and its like: what the machine that runs Ansible knows. Files of the repository are known.
func (ev *eval) lookupPlugin(plugin string, args []value, at span.Text) value {
	plugin = plugin[strings.LastIndexByte(plugin, '.')+1:]
	switch plugin {
	case "env":
		return unknownValue(show(at)+" is taken from the environment of Ansible", at)
	case "file", "template", "unvault":
		if len(args) == 1 && args[0].kind == str {
			return ev.fileLookup(args[0].text, plugin, at)
		}
	case "subelements":
		return ev.subelements(args, at)
	case "list", "items", "flattened":
		v := listValue(nil, at)
		for _, a := range args {
			if a.kind == list {
				v.items = append(v.items, a.items...)
			} else {
				v.items = append(v.items, a)
			}
		}
		return v
	case "dict":
		if len(args) == 1 && args[0].kind == dict {
			return items(args[0])
		}
	case "vars":
		if len(args) > 0 && args[0].kind == str {
			return ev.lookup(args[0].text.String(), at)
		}
	}
	return unknownValue(show(at)+" is not worked out", at)
}

func (ev *eval) fileLookup(name span.Text, plugin string, at span.Text) value {
	if span.IsUnknown(name.String()) {
		return unknownValue(span.Reason(name.String()), at)
	}
	sub := "files"
	if plugin == "template" {
		sub = "templates"
	}
	f := ev.locate(name.String(), sub)
	if f == "" {
		return unknownValue("the file "+span.Show(name.String())+" is not in the repository", at)
	}
	src, err := ev.files.Open(f)
	if err != nil {
		return unknownValue(err.Error(), at)
	}
	ev.lib.use(f)
	if strings.HasPrefix(src.Text, "$ANSIBLE_VAULT") {
		return unknownValue("it is encrypted with Ansible Vault", at)
	}
	whole := src.Whole()
	if plugin == "template" {
		return value{kind: str, text: ev.render(whole)}
	}
	return value{kind: str, text: whole.Slice(0, len(strings.TrimRight(src.Text, " \t\r\n")))}
}

// locate finds a file that a task names, as Ansible looks for it: in sub, then directly, in the role, beside the tasks, and
// beside the playbook. "" when the repository does not hold it.
func (ev *eval) locate(name, sub string) string {
	name = strings.TrimPrefix(name, "./")
	if rest, ok := strings.CutPrefix(name, shell.Checkout); ok {
		return ev.existing(strings.TrimPrefix(rest, "/"))
	}
	if strings.HasPrefix(name, "/") || strings.HasPrefix(name, "~") || name == "" {
		return ""
	}
	for _, dir := range ev.search {
		if sub != "" {
			if f := ev.existing(path.Join(dir, sub, name)); f != "" {
				return f
			}
		}
		if f := ev.existing(path.Join(dir, name)); f != "" {
			return f
		}
	}
	return ""
}

func (ev *eval) existing(f string) string {
	f = path.Clean(f)
	if f == ".." || strings.HasPrefix(f, "../") || ev.files == nil || !ev.spend(1) || !ev.files.Exists(f) {
		return ""
	}
	return f
}

// method is of.name(args): those of Python's strings and dicts that playbooks use.
func (ev *eval) method(of value, name string, args []arg, at span.Text) value {
	pos, _ := ev.values(args)
	arg := func(i int) string {
		if i < len(pos) {
			return pos[i].python()
		}
		return ""
	}
	for _, p := range pos {
		if why, open := p.open(); open {
			return unknownValue(why, at)
		}
	}
	if name == "join" && of.kind == str && len(pos) == 1 {
		return ev.join(pos[0], []value{of}, nil, at)
	}
	switch of.kind {
	case undefined, unknown:
		return unknownValue(of.why, at)
	case dict:
		switch name {
		case "items":
			v := listValue(nil, at)
			for _, k := range of.keys {
				v.items = append(v.items, listValue([]value{strValue(k, of.text), of.child[k]}, of.text))
			}
			return v
		case "keys":
			l, _ := sequence(of)
			return listValue(l, at)
		case "values":
			v := listValue(nil, at)
			for _, k := range of.keys {
				v.items = append(v.items, of.child[k])
			}
			return v
		case "get":
			if c, ok := of.child[arg(0)]; ok {
				return ev.ready(c)
			}
			if of.rest != "" {
				return unknownValue(of.rest, at)
			}
			if len(pos) > 1 {
				return pos[1]
			}
			return value{kind: null, text: at}
		}
	case str:
		s := of.text.String()
		if why, open := of.open(); open {
			return unknownValue(why, at)
		}
		switch name {
		case "lower", "upper", "title", "capitalize", "replace", "split", "splitlines":
			return ev.known(of, name, pos, nil, at)
		case "strip":
			return strValue(strings.TrimSpace(s), at)
		case "startswith":
			return boolValue(strings.HasPrefix(s, arg(0)), at)
		case "endswith":
			return boolValue(strings.HasSuffix(s, arg(0)), at)
		}
	}
	return unknownValue(show(at)+" is not worked out", at)
}

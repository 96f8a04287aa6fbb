package ansible

import (
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// turns are the items of a loop.
type turns struct {
	list  []value
	known bool
	why   string
	at    span.Text
	index string  // the variable that counts
	from  *origin // of items that are not known: the task in a cloud whose result they are
}

// loopOf is the loop of a task: its variable and items.
func (r *run) loopOf(n *yaml.Node) (name string, t turns, loops bool) {
	name = "item"
	for k := 0; k+1 < len(n.Content); k += 2 {
		key := n.Content[k].Value
		plugin, with := strings.CutPrefix(key, "with_")
		if !with {
			plugin = ""
		}
		if key != "loop" && !with {
			continue
		}
		v := r.ready(fromNode(r.doc, n.Content[k+1]))
		if plugin != "nested" && plugin != "together" {
			v = r.shallow(v)
		}
		t = r.turnsOf(plugin, v)
		t.at = r.doc.Scalar(n.Content[k+1])
		loops = true
	}
	if c := fromNode(r.doc, orNull(field(n, "loop_control"))); c.kind == dict {
		if lv := c.child["loop_var"]; lv.kind == str {
			name = lv.text.String()
		}
		if iv := c.child["index_var"]; iv.kind == str {
			t.index = iv.text.String()
		}
	}
	return name, t, loops
}

// shallow renders the items of a list, which may be lists themselves.
func (r *run) shallow(v value) value {
	if v.kind != list {
		return v
	}
	items := make([]value, len(v.items))
	for i, it := range v.items {
		items[i] = r.ready(it)
	}
	v.items = items
	return v
}

func (r *run) turnsOf(plugin string, v value) turns {
	if why, open := v.open(); open && (v.kind == unknown || v.kind == undefined || v.rest != "") {
		return turns{why: why, from: v.from}
	}
	switch plugin {
	case "", "list":
		if v.kind == list {
			return turns{list: v.items, known: true}
		}
		return turns{why: "it is no list"}
	case "items", "flattened":
		if v.kind != list {
			return turns{list: []value{v}, known: true}
		}
		var out []value
		for _, it := range v.items {
			switch {
			case it.kind == list:
				out = append(out, r.shallow(it).items...)
			case it.kind == unknown || it.kind == undefined:
				return turns{why: it.why, from: it.from} // one item, or a list of them
			default:
				out = append(out, it)
			}
		}
		return turns{list: out, known: true}
	case "dict":
		if v.kind == dict {
			return turns{list: items(v).items, known: true}
		}
	case "indexed_items":
		out := listValue(nil, v.text)
		for i, it := range v.items {
			out.items = append(out.items, listValue([]value{numValue(float64(i), it.text), it}, it.text))
		}
		return turns{list: out.items, known: v.kind == list}
	case "subelements":
		if out := r.subelements(v.items, v.text); out.kind == list {
			return turns{list: out.items, known: true}
		} else {
			return turns{why: openWhy(out)}
		}
	case "nested", "cartesian":
		return r.nested(v)
	case "sequence":
		return turns{why: "with_sequence is not worked out"}
	case "file":
		if v.kind == str {
			v = listValue([]value{v}, v.text)
		}
		var out []value
		for _, it := range v.items {
			out = append(out, r.lookupPlugin("file", []value{it}, it.text))
		}
		return turns{list: out, known: v.kind == list}
	case "fileglob":
		return r.glob(v)
	case "first_found":
		return r.firstFound(v)
	}
	return turns{why: "with_" + plugin + " is not worked out"}
}

// nested are all pairs of the items of two lists or more, as lists.
func (r *run) nested(v value) turns {
	out := []value{listValue(nil, v.text)}
	for _, l := range v.items {
		l = r.shallow(r.ready(l))
		if l.kind != list || len(out)*len(l.items) > maxItems {
			return turns{why: openWhy(l)}
		}
		var next []value
		for _, have := range out {
			for _, it := range l.items {
				next = append(next, listValue(append(append([]value(nil), have.items...), it), it.text))
			}
		}
		out = next
	}
	return turns{list: out, known: v.kind == list}
}

// glob are the files of the repository that with_fileglob means.
func (r *run) glob(v value) turns {
	var out []value
	patterns := v.items
	if v.kind == str {
		patterns = []value{v}
	}
	for _, p := range patterns {
		s := p.python()
		if span.IsUnknown(s) || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "~") {
			return turns{why: "the files of " + span.Show(s) + " are not known"}
		}
		s = strings.TrimPrefix(strings.TrimPrefix(s, shell.Checkout), "/")
		for _, dir := range r.search {
			n := len(out)
			for _, base := range []string{path.Join(dir, "files", path.Dir(s)), path.Join(dir, path.Dir(s)), path.Dir(s)} {
				for _, f := range r.files.List(base) {
					if ok, err := path.Match(path.Base(s), f); ok && err == nil && len(out) < maxItems {
						out = append(out, strValue(path.Join(shell.Checkout, base, f), p.text))
					}
				}
				if len(out) > n {
					break
				}
			}
			if len(out) > n {
				break
			}
		}
	}
	return turns{list: out, known: true}
}

func (r *run) firstFound(v value) turns {
	options := v.items
	if v.kind == dict {
		options = r.shallow(v.child["files"]).items
	}
	for _, o := range options {
		o = r.ready(o)
		if why, open := o.open(); open {
			return turns{why: why}
		}
		for _, sub := range []string{"vars", "tasks", "files", "templates", ""} {
			if f := r.locate(o.python(), sub); f != "" {
				return turns{list: []value{strValue(path.Join(shell.Checkout, f), o.text)}, known: true}
			}
		}
	}
	return turns{why: "none of its files is in the repository"}
}

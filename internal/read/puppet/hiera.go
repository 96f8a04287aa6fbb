package puppet

import (
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// data are the values of common.yaml, and the keys that other files of the hierarchy hold.
type data struct {
	common map[string]value
	others map[string]string // by key: a file that may say otherwise
}

// readHiera looks for the data beside the manifests.
func (r *run) readHiera() {
	r.hiera = &data{map[string]value{}, map[string]string{}}
	for _, d := range r.dirs {
		base := d
		if path.Base(d) == "manifests" {
			base = path.Dir(d)
		}
		for _, b := range slices.Compact([]string{base, path.Dir(base)}) {
			for _, dir := range []string{"data", "hieradata", "hiera", "hiera/data"} {
				at := path.Join(b, dir)
				if strings.HasPrefix(at, "..") {
					continue
				}
				if f := path.Join(at, "common.yaml"); r.files.Exists(f) {
					r.common(f)
					r.otherData(at, 0)
					return
				}
			}
		}
	}
}

// otherData notes the keys of other files of data.
func (r *run) otherData(dir string, depth int) {
	for _, below := range []string{"", "nodes", "node", "os", "osfamily", "environment", "env", "roles", "role", "domain", "hosts", "fqdn"} {
		for i, n := range r.files.List(path.Join(dir, below)) {
			if i > 50 || below == "" && n == "common.yaml" || !strings.HasSuffix(n, ".yaml") || !r.spend(10) {
				continue
			}
			src, err := r.files.Open(path.Join(dir, below, n))
			if err != nil {
				continue
			}
			for line := range strings.Lines(src.Text) {
				key, _, ok := strings.Cut(strings.Trim(line, "\r\n"), ": ")
				if !ok {
					key, ok = strings.CutSuffix(strings.TrimRight(line, "\r\n "), ":")
				}
				if ok && line[0] != ' ' && line[0] != '#' && len(r.hiera.others) < 5000 {
					r.hiera.others[strings.Trim(key, `"'`)] = src.File
				}
			}
		}
	}
}

func (r *run) common(f string) {
	src, err := r.files.Open(f)
	if err != nil {
		return
	}
	r.use(f)
	d, bad := yamltext.Parse(src.Whole(), "the data")
	if bad != nil {
		r.problem(bad.At, "%s cannot be read: %s", f, bad.Msg)
		return
	}
	if d.Root == nil || d.Root.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(d.Root.Content) && r.spend(1); i += 2 {
		r.hiera.common[d.Root.Content[i].Value] = r.fromYAML(d, d.Root.Content[i+1], 0)
	}
}

func (r *run) fromYAML(d *yamltext.Doc, n *yaml.Node, depth int) value {
	n = yamltext.Resolve(n)
	if n == nil || depth > 30 || !r.spend(1) {
		return value{}
	}
	at := d.Scalar(n)
	switch n.Kind {
	case yaml.SequenceNode:
		out := value{kind: list, at: at}
		for _, x := range n.Content {
			out.items = append(out.items, r.fromYAML(d, x, depth+1))
		}
		return out
	case yaml.MappingNode:
		out := value{kind: hash, at: at}
		for i := 0; i+1 < len(n.Content); i += 2 {
			out = out.with(n.Content[i].Value, r.fromYAML(d, n.Content[i+1], depth+1))
		}
		return out
	}
	switch n.Tag {
	case "!!null":
		return value{at: at}
	case "!!bool":
		return boolValue(strings.EqualFold(n.Value, "true") || strings.EqualFold(n.Value, "yes") || strings.EqualFold(n.Value, "on"), at)
	case "!!int", "!!float":
		return value{kind: num, text: at, at: at}
	}
	switch s := at.String(); {
	case strings.HasPrefix(s, "ENC["):
		return unknownValue("the value is encrypted", at)
	case strings.Contains(s, "%{"):
		return unknownValue("the value is put together from others", at)
	}
	return strValue(at)
}

// datum is a value of the data; false if it is certain that they do not hold it.
func (r *run) datum(key string, at span.Text) (value, bool) {
	if r.hiera == nil || span.IsUnknown(key) {
		return value{}, false
	}
	if f := r.hiera.others[key]; f != "" {
		return unknownValue(f+" may set "+key+" for some machines", at), true
	}
	v, ok := r.hiera.common[key]
	return v, ok
}

// lookupData is lookup() and its like.
func (r *run) lookupData(name string, args []value, at span.Text) value {
	if len(args) == 0 {
		return r.notKnown(name, args, at)
	}
	key := r.asText(args[0]).String()
	if v, ok := r.datum(key, at); ok {
		return v
	}
	if k, rest, ok := strings.Cut(key, "."); ok {
		if v, ok := r.datum(k, at); ok && v.kind == hash {
			if x, ok := v.get(rest); ok {
				return x
			}
		}
	}
	return unknownValue(span.Show(key)+" is looked up in data that are not in the repository", at)
}

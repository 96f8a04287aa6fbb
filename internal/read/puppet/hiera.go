package puppet

import (
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// data are the values of common.yaml, and the keys that other files of the hierarchy hold.
type data struct {
	common map[string]value
	others map[string]string // by key: a file that may say otherwise
	lost   string            // why there may be data that are not found
}

// readHiera looks for the data beside the manifests.
func (r *run) readHiera() {
	r.hiera = &data{}
	for _, d := range r.dirs {
		base := d
		if path.Base(d) == "manifests" {
			base = path.Dir(d)
		}
		for _, b := range slices.Compact([]string{base, path.Dir(base)}) {
			if r.hiera = r.dataIn(b); len(r.hiera.common) > 0 || len(r.hiera.others) > 0 || r.hiera.lost != "" {
				return
			}
		}
	}
}

var (
	levelDir = lazyregexp.New(`([\w.-]+(?:/[\w.-]+)*)/%\{`)
	dataDir  = lazyregexp.New(`(?m)^\s*:?datadir:\s*["']?([\w./-]+)`)
	layers   = []string{"", "nodes", "node", "os", "osfamily", "environment", "env", "environments", "roles", "role", "domain", "hosts", "fqdn"}
)

// dataIn are the data of the environment, or of the module, in a directory.
func (r *run) dataIn(base string) *data {
	out := &data{common: map[string]value{}, others: map[string]string{}}
	if strings.HasPrefix(base, "..") {
		return out
	}
	dirs, below := []string{"data", "hieradata", "hiera", "hiera/data"}, layers
	config := path.Join(base, "hiera.yaml")
	if src, err := r.files.Open(config); r.files.Exists(config) && err == nil {
		out.lost = config + " tells where more data are"
		for _, m := range dataDir.FindAllStringSubmatch(src.Text, 10) {
			dirs = append(dirs, m[1])
		}
		for _, m := range levelDir.FindAllStringSubmatch(src.Text, 50) {
			below = append(below[:len(below):len(below)], m[1])
		}
	}
	for _, dir := range dirs {
		at := path.Join(base, dir)
		if strings.HasPrefix(at, "..") || path.IsAbs(at) {
			continue
		}
		if f := path.Join(at, "common.yaml"); r.files.Exists(f) {
			r.common(f, out)
			out.lost = ""
		}
		for _, b := range below {
			r.otherData(path.Join(at, b), out)
		}
	}
	return out
}

// otherData notes the keys of other files of data than the common ones.
func (r *run) otherData(dir string, out *data) {
	if strings.HasPrefix(dir, "..") {
		return
	}
	for i, n := range r.files.List(dir) {
		if i > 200 || n == "common.yaml" || !strings.HasSuffix(n, ".yaml") && !strings.HasSuffix(n, ".yml") && !strings.HasSuffix(n, ".json") || !r.spend(10) {
			continue
		}
		src, err := r.files.Open(path.Join(dir, n))
		if err != nil {
			continue
		}
		for line := range strings.Lines(src.Text) {
			line = strings.TrimRight(line, "\r\n \t")
			key, _, ok := strings.Cut(line, ": ")
			if !ok {
				key, ok = strings.CutSuffix(line, ":")
			}
			if ok && len(out.others) < 5000 {
				out.others[strings.Trim(key, "\"' \t{,")] = src.File
			}
		}
	}
}

// common are the values of the file for all machines.
func (r *run) common(f string, out *data) {
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
		out.common[d.Root.Content[i].Value] = r.fromYAML(d, d.Root.Content[i+1], 0)
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
			out.keys, out.items = append(out.keys, n.Content[i].Value), append(out.items, r.fromYAML(d, n.Content[i+1], depth+1))
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

// datum is a value of the data; false if it is certain that they do not hold it. Those of the environment come before a module's own.
func (r *run) datum(key string, at span.Text) (value, bool) {
	if r.hiera == nil || span.IsUnknown(key) {
		return value{}, false
	}
	all := []*data{r.hiera}
	if m, _, ok := strings.Cut(key, "::"); ok {
		all = append(all, r.ofModule(m))
	}
	for _, d := range all {
		if f := d.others[key]; f != "" {
			return unknownValue(f+" may set "+key+" for some machines", at), true
		}
		if v, ok := d.common[key]; ok {
			return v, true
		}
		if d.lost != "" {
			return unknownValue(key+" may be set in data that are not found: "+d.lost, at), true
		}
	}
	return value{}, false
}

// ofModule are the data that a module brings along.
func (r *run) ofModule(name string) *data {
	if d := r.moduleData[name]; d != nil {
		return d
	}
	d := &data{}
	for _, dir := range r.modules() {
		if d = r.dataIn(path.Join(dir, name)); len(d.common) > 0 || len(d.others) > 0 || d.lost != "" {
			break
		}
	}
	if r.moduleData == nil {
		r.moduleData = map[string]*data{}
	}
	r.moduleData[name] = d
	return d
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

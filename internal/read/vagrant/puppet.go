package vagrant

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/puppet"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// puppet is a provisioner that applies Puppet's manifests, with Vagrant's defaults for where they lie.
func (r *reader) puppet(m *machine, p provision, written map[string]span.Text) {
	option := func(key, otherwise string) string {
		if v, ok := p.opts[key]; ok && v.text.Len() > 0 {
			return v.text.String()
		}
		return otherwise
	}
	lost := func(why string) {
		r.problem(p.at.Span(), "%s; what Puppet does is not known", why)
		m.Steps = append(m.Steps, opaque(p.at, why))
	}
	dir, file := option("manifests_path", "manifests"), option("manifest_file", "default.pp")
	o := puppet.Options{Written: written, Shares: r.sharesOf(m), Facts: map[string]span.Text{}}
	if env, ok := p.opts["environment_path"]; ok {
		of := path.Join(env.text.String(), option("environment", "production"))
		if _, own := p.opts["manifests_path"]; !own { // else that is what is applied, in the environment
			dir, file = path.Join(of, "manifests"), option("manifest_file", "")
		}
		if !span.IsUnknown(of) {
			o.Modules = append(o.Modules, path.Join(r.dir, of, "modules"))
		}
	}
	if span.IsUnknown(dir + file) {
		lost("which manifest is applied is not known: " + span.Reason(dir+file))
		return
	}
	for _, d := range pathsOf(p.opts["module_path"]) {
		if !path.IsAbs(d) && !span.IsUnknown(d) {
			o.Modules = append(o.Modules, path.Join(r.dir, d))
		}
	}
	if v, ok := p.opts["facter"]; ok && v.hash {
		var given map[string]any
		if json.Unmarshal([]byte(v.text.String()), &given) == nil {
			for k, x := range given {
				o.Facts[k] = span.Literal(fmt.Sprint(x), v.text)
			}
		}
	}
	sources := r.manifests(path.Join(dir, file))
	if len(sources) == 0 {
		lost("the manifest " + path.Join(dir, file) + " is not in the repository")
		return
	}
	res := puppet.Read(r.files, sources, o)
	maps.Copy(written, res.Written)
	for _, f := range res.Uses {
		r.use(f)
	}
	m.Steps = append(m.Steps, res.Steps...)
	r.f.Problems = append(r.f.Problems, res.Problems[:min(len(res.Problems), max(0, 100-len(r.f.Problems)))]...)
}

// manifests are a manifest, or those in a directory.
func (r *reader) manifests(name string) []*span.Source {
	f := path.Join(r.dir, name)
	if strings.HasPrefix(f, "..") || path.IsAbs(f) {
		return nil
	}
	return puppet.Manifests(r.files, f)
}

// pathsOf are the paths of an option that is one or a list of them.
func pathsOf(v value) []string {
	if s := v.text.String(); s != "" && !v.hash {
		return []string{s}
	}
	var out []string
	_ = json.Unmarshal([]byte(v.text.String()), &out)
	return out
}

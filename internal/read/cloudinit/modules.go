package cloudinit

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

const maxText = 1 << 20 // of a file, unpacked

// files is write_files; deferred ones are written after packages and users.
func (r *reader) files(n *yaml.Node, deferred bool) {
	n = yamltext.Resolve(n)
	if n == nil || n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		if !deferred {
			r.problem(r.t.At(n), "write_files must be a list; cloud-init ignores it", false)
		}
		return
	}
	for _, item := range n.Content {
		item = yamltext.Resolve(item)
		name := get(item, "path")
		late := get(item, "defer")
		if (late != nil && truth(late.Value) == "true") != deferred {
			continue
		}
		if name == nil || name.Kind != yaml.ScalarNode || name.Value == "" {
			r.problem(r.t.At(item), "an entry of write_files needs a path", false)
			continue
		}
		s := step.Step{Dest: r.t.Scalar(name), At: r.t.Scalar(name).Span()}
		if c := get(item, "content"); c != nil && c.Tag != "!!null" {
			s.Content = r.t.Scalar(c)
			if c.Tag == "!!binary" {
				s.Content = decodeLayers(s.Content, "b64")
			}
		} else if src := get(item, "source"); src != nil {
			s.Content = span.Literal(span.Unknown("the content of a file that is downloaded at first boot"), s.Dest)
		} else {
			s.Content = span.Literal("", s.Dest)
		}
		if e := get(item, "encoding"); e != nil {
			written := s.Content
			s.Content = decodeLayers(written, strings.ToLower(e.Value))
			if !span.IsUnknown(written.String()) && span.IsUnknown(s.Content.String()) {
				r.problem(written.Span(), "the content cannot be decoded as "+e.Value, false)
			}
		}
		if a := get(item, "append"); a != nil {
			s.Append = truth(a.Value) == "true"
		}
		if m := get(item, "permissions"); m != nil {
			s.Mode = m.Value
		}
		whole := s.Content
		if before, ok := r.written[path.Clean(s.Dest.String())]; ok && s.Append {
			whole = span.Concat(before, whole)
		}
		r.written[path.Clean(s.Dest.String())] = whole
		r.res.Steps = append(r.res.Steps, s)
	}
}

// decodeLayers undoes write_files' encodings: b64, base64, gzip, gz, gz+b64 and so on.
func decodeLayers(t span.Text, encoding string) span.Text {
	fail := span.Literal(span.Unknown("content that cannot be decoded"), t)
	if span.IsUnknown(t.String()) {
		return t
	}
	if strings.Contains(encoding, "b64") || strings.Contains(encoding, "base64") {
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(t.String()), ""))
		if err != nil {
			return fail
		}
		t = span.Literal(string(b), t)
	}
	if strings.Contains(encoding, "gz") {
		b, ok := gunzip([]byte(t.String()))
		if !ok {
			return fail
		}
		t = span.Literal(string(b), t)
	}
	return t
}

func gunzip(in []byte) ([]byte, bool) {
	z, err := gzip.NewReader(bytes.NewReader(in))
	if err != nil {
		return nil, false
	}
	out, err := io.ReadAll(io.LimitReader(z, maxText+1))
	return out, err == nil && len(out) <= maxText
}

// users is what says who may log in, and how.
func (r *reader) users(top map[string]*yaml.Node) {
	r.keys(top["ssh_authorized_keys"], "ssh_authorized_keys")
	r.keys(top["ssh_import_id"], "ssh_import_id")
	if n := yamltext.Resolve(top["users"]); n != nil && n.Kind == yaml.SequenceNode {
		for _, u := range n.Content {
			u = yamltext.Resolve(u)
			r.keys(get(u, "ssh_authorized_keys"), "ssh_authorized_keys")
			r.keys(get(u, "ssh_import_id"), "ssh_import_id")
			for _, key := range []string{"plain_text_passwd", "passwd", "hashed_passwd"} {
				if p := get(u, key); p != nil {
					r.pseudo("password", span.Literal(key, r.t.Scalar(p)))
				}
			}
		}
	}
	if n := yamltext.Resolve(top["password"]); n != nil && n.Kind == yaml.ScalarNode {
		r.pseudo("password", span.Literal("password", r.t.Scalar(n)))
	}
	if n := yamltext.Resolve(top["chpasswd"]); n != nil && n.Kind == yaml.MappingNode {
		r.pseudo("password", span.Literal("chpasswd", r.t.Scalar(n)))
	}
	r.setting(top, "ssh_pwauth")
	r.setting(top, "disable_root")
	for _, key := range []string{"ubuntu_pro", "ubuntu_advantage"} {
		if n := yamltext.Resolve(top[key]); n != nil {
			r.pseudo("ubuntu_pro", span.Literal("true", r.t.Scalar(n)))
		}
	}
}

func (r *reader) keys(n *yaml.Node, key string) {
	n = yamltext.Resolve(n)
	switch {
	case n == nil || n.Tag == "!!null":
	case n.Kind == yaml.ScalarNode:
		r.pseudo(key, r.t.Scalar(n))
	case n.Kind == yaml.SequenceNode:
		for _, k := range n.Content {
			if k = yamltext.Resolve(k); k.Kind == yaml.ScalarNode {
				r.pseudo(key, r.t.Scalar(k))
			}
		}
	}
}

// apt is apt configuration: apt.conf, or the old apt_conf style keys.
func (r *reader) apt(top map[string]*yaml.Node) {
	if n := get(yamltext.Resolve(top["apt"]), "conf"); n != nil && n.Kind == yaml.ScalarNode {
		r.pseudo("apt_conf", r.t.Scalar(n))
	}
}

// packages are installed after they were updated and upgraded.
func (r *reader) packages(top map[string]*yaml.Node) {
	r.setting(top, "package_update")
	r.setting(top, "package_upgrade")
	n := yamltext.Resolve(top["packages"])
	if n == nil || n.Kind != yaml.SequenceNode {
		if n != nil && n.Tag != "!!null" && !span.IsUnknown(n.Value) {
			r.problem(r.t.At(n), "packages must be a list; cloud-init ignores it", false)
		}
		return
	}
	var add func(n *yaml.Node, depth int)
	add = func(n *yaml.Node, depth int) {
		n = yamltext.Resolve(n)
		switch {
		case n == nil || depth > 3:
		case n.Kind == yaml.ScalarNode:
			r.install(r.t.Scalar(n))
		case n.Kind == yaml.SequenceNode && depth == 0 && len(n.Content) > 0: // [name, version]
			add(n.Content[0], 3)
		case n.Kind == yaml.MappingNode: // apt: […]
			for k := 0; k+1 < len(n.Content); k += 2 {
				if v := yamltext.Resolve(n.Content[k+1]); v.Kind == yaml.SequenceNode {
					for _, c := range v.Content {
						if c = yamltext.Resolve(c); c.Kind == yaml.SequenceNode && len(c.Content) > 0 {
							c = c.Content[0]
						}
						add(c, 3)
					}
				}
			}
		}
	}
	for _, item := range n.Content {
		add(item, 0)
	}
}

func (r *reader) install(name span.Text) {
	if name.Len() == 0 {
		return
	}
	r.res.Steps = append(r.res.Steps, step.Step{At: name.Span(), Argv: []span.Text{
		span.Literal("apt-get", name), span.Literal("install", name), name}})
}

// disks is disk_setup, fs_setup and mounts.
func (r *reader) disks(top map[string]*yaml.Node) {
	if n := yamltext.Resolve(top["fs_setup"]); n != nil && n.Kind == yaml.SequenceNode {
		for _, f := range n.Content {
			f = yamltext.Resolve(f)
			dev, kind := get(f, "device"), get(f, "filesystem")
			if dev != nil && kind != nil {
				name := r.t.Scalar(dev)
				if p := get(f, "partition"); p != nil && p.Value != "auto" && p.Value != "any" && p.Value != "none" {
					name = span.Concat(name, r.t.Scalar(p))
				}
				r.pseudo("fs_setup", name, r.t.Scalar(kind))
			}
		}
	}
	if n := yamltext.Resolve(top["mounts"]); n != nil && n.Kind == yaml.SequenceNode {
		for _, m := range n.Content {
			if m = yamltext.Resolve(m); m.Kind != yaml.SequenceNode {
				continue
			}
			var args []span.Text
			for _, w := range m.Content {
				args = append(args, r.t.Scalar(yamltext.Resolve(w)))
			}
			if len(args) > 0 {
				r.pseudo("mounts", args...)
			}
		}
	}
}

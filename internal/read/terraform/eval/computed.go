package eval

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// computed are the attributes that can be worked out although the provider makes them; nil for all others.
func (r *Resource) computed(name string) *Val {
	ev := r.Module.ev
	switch r.Type + "." + name {
	case "template_file.rendered":
		t := r.Attr("template")
		if t.Kind != String {
			return unknown(reasonOf(t, "a template that is not known"), r.At)
		}
		return r.once(name, func() *Val { return ev.templateText(t.T, asMap(r.Attr("vars")), r.scope, t.At) })
	case "cloudinit_config.rendered", "template_cloudinit_config.rendered":
		return r.once(name, r.multipart)
	case "terraform_data.output":
		return r.Attr("input")
	case "null_data_source.outputs":
		return r.Attr("inputs")
	case "local_file.content":
		if f, ok := r.Attr("filename").Str(); ok && r.Data {
			src, why := r.Module.Open(f)
			if why != "" {
				return unknown(why, r.At)
			}
			return text(src.Whole(), r.At)
		}
	}
	return nil
}

func (r *Resource) once(name string, f func() *Val) *Val {
	key := "computed " + name
	if v := r.memo[key]; v != nil {
		return v
	}
	if r.busy[key] {
		return invalid("it refers to itself ("+r.Addr+")", r.At)
	}
	r.busy[key] = true
	v := f()
	delete(r.busy, key)
	r.memo[key] = v
	return v
}

// multipart is the MIME text that a cloudinit_config renders; its parts keep their positions.
func (r *Resource) multipart() *Val {
	at := r.At
	boundary := "MIMEBOUNDARY"
	if b, ok := r.Attr("boundary").Str(); ok {
		boundary = b
	}
	plain := func(s string) span.Text { return span.Literal(s, at.Text()) }
	texts := []span.Text{plain("Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\nMIME-Version: 1.0\r\n\r\n")}
	for _, p := range r.Attr("part").Blocks() {
		head := "--" + boundary + "\r\n"
		if p.Kind != Map {
			texts = append(texts, plain(head+"Content-Type: text/plain\r\n\r\n"), r.Module.ev.asText(p, at), plain("\r\n"))
			continue
		}
		typ, ok := p.Attr("content_type").Str()
		if !ok {
			typ = "text/plain"
		}
		head += "Content-Transfer-Encoding: 7bit\r\nContent-Type: " + headerValue(typ) + "\r\nMime-Version: 1.0\r\n"
		if f, ok := p.Attr("filename").Str(); ok {
			head += "Content-Disposition: attachment; filename=\"" + headerValue(f) + "\"\r\n"
		}
		if m, ok := p.Attr("merge_type").Str(); ok {
			head += "X-Merge-Type: " + headerValue(m) + "\r\n"
		}
		c := p.Attr("content")
		body := r.Module.ev.asText(c, p.At)
		if c.Kind == String {
			body = c.T
		}
		texts = append(texts, plain(head+"\r\n"), body, plain("\r\n"))
	}
	v := text(span.Concat(append(texts, plain("--"+boundary+"--\r\n"))...), at)
	v.Base64 = true
	if b, ok := r.Attr("base64_encode").Bool(); ok && !b {
		v.Base64 = false
	}
	v.Gzip = true
	if b, ok := r.Attr("gzip").Bool(); ok && !b {
		v.Gzip = false
	}
	return v
}

func headerValue(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == '"' {
			return -1
		}
		return r
	}, s)
}

// asMap is a map that Terraform 0.11 let people write as a block: vars { a = 1 }.
func asMap(v *Val) *Val {
	if v.Kind == List && len(v.Items) == 1 && v.Items[0].Kind == Map {
		return plain(v.Items)
	}
	return v
}

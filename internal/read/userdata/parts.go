package userdata

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/textproto"
	"strings"

	"bufio"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

const maxParts = 100

// multipart reads a MIME multipart message. The boundaries are looked for by hand, so that the parts keep their places;
// scripts run after the cloud-config, whatever their order.
func multipart(text span.Text, o shell.Options, depth int) (out shell.Result) {
	s := text.String()
	head, bodyAt := header(s)
	kind, params, err := mime.ParseMediaType(head.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		if head.Get("Content-Type") != "" && bodyAt < len(s) {
			_, r := read(decode(text.Slice(bodyAt, len(s)), head), o, depth+1)
			return r
		}
		return problem(text, "this MIME message cannot be read; cloud-init ignores it", false)
	}
	if params["boundary"] == "" {
		return unread(text, "this MIME message names no boundary, so its parts cannot be told apart")
	}
	var late shell.Result
	for _, p := range parts(text.Slice(bodyAt, len(s)), params["boundary"]) {
		ph, at := header(p.String())
		body := decode(p.Slice(at, p.Len()), ph)
		partKind, _, _ := mime.ParseMediaType(ph.Get("Content-Type"))
		format, r := part(body, partKind, o, depth)
		if format == "shell" {
			add(&late, r)
		} else {
			add(&out, r)
		}
	}
	add(&out, late)
	return out
}

// part reads one part; its declared type stands in for a missing first line.
func part(body span.Text, kind string, o shell.Options, depth int) (string, shell.Result) {
	first := strings.TrimLeft(body.String(), " \t\r\n")
	if !strings.HasPrefix(first, "#") {
		switch kind {
		case "text/cloud-config":
			return read(span.Concat(span.Plain("#cloud-config\n"), body), o, depth+1)
		case "text/x-shellscript", "text/x-shellscript-per-boot", "text/x-shellscript-per-instance", "text/x-shellscript-per-once":
			return "shell", shell.Read(body, o)
		case "text/x-include-url", "text/x-include-once-url":
			return "include", opaque(body, "user data is fetched from elsewhere (an include part)")
		}
	}
	return read(body, o, depth+1)
}

// header parses the header lines at the front of s, and says where the body begins.
func header(s string) (textproto.MIMEHeader, int) {
	end, skip := strings.Index(s, "\n\n"), 2
	if crlf := strings.Index(s, "\r\n\r\n"); crlf >= 0 && (end < 0 || crlf < end) {
		end, skip = crlf, 4
	}
	if strings.HasPrefix(s, "\n") || strings.HasPrefix(s, "\r\n") {
		return textproto.MIMEHeader{}, strings.Index(s, "\n") + 1
	}
	if end < 0 || end > 1<<16 {
		return textproto.MIMEHeader{}, len(s)
	}
	block := s[:end] + "\r\n\r\n"
	if strings.HasPrefix(block, "From ") {
		if _, rest, ok := strings.Cut(block, "\n"); ok {
			block = rest
		}
	}
	h, err := textproto.NewReader(bufio.NewReader(strings.NewReader(block))).ReadMIMEHeader()
	if err != nil && h == nil {
		h = textproto.MIMEHeader{}
	}
	return h, end + skip
}

// parts cuts a multipart body at its boundary lines.
func parts(body span.Text, boundary string) (out []span.Text) {
	if boundary == "" {
		return nil
	}
	s := body.String()
	start := -1
	for pos := 0; pos < len(s) && len(out) < maxParts; {
		end := strings.IndexByte(s[pos:], '\n')
		next := pos + end + 1
		if end < 0 {
			end, next = len(s)-pos, len(s)
		}
		line := strings.TrimRight(s[pos:pos+end], " \t\r")
		if line == "--"+boundary || line == "--"+boundary+"--" {
			if start >= 0 && pos > start {
				out = append(out, body.Slice(start, max(start, pos-1)))
			}
			if start = next; strings.HasSuffix(line, boundary+"--") {
				return out
			}
		}
		pos = next
	}
	if start >= 0 && start < len(s) {
		out = append(out, body.Slice(start, len(s)))
	}
	return out
}

// decode undoes a part's transfer encoding.
func decode(body span.Text, h textproto.MIMEHeader) span.Text {
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "base64":
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body.String()), ""))
		if err == nil {
			return span.Literal(string(b), body)
		}
	case "quoted-printable":
		b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body.String())))
		if err == nil {
			return span.Literal(string(b), body)
		}
	}
	return body
}

// archive reads #cloud-config-archive: a list of {type, content} or plain texts.
func archive(text span.Text, o shell.Options, depth int) (out shell.Result) {
	var items []yaml.Node
	if err := safeUnmarshal(text.String(), &items); err != nil {
		return unread(text, "this cloud-config-archive is not a list in valid YAML")
	}
	for k, item := range items {
		if k >= maxParts {
			break
		}
		content, kind := item.Value, ""
		for j := 0; item.Kind == yaml.MappingNode && j+1 < len(item.Content); j += 2 {
			switch item.Content[j].Value {
			case "content":
				content = item.Content[j+1].Value
			case "type":
				kind = item.Content[j+1].Value
			}
		}
		_, r := part(located(text, content), kind, o, depth)
		add(&out, r)
	}
	return out
}

// unread is a text that cannot be read: where it speaks of the hub, what it does to it is not known.
func unread(text span.Text, why string) shell.Result {
	if s := text.String(); strings.Contains(s, "tljh") || strings.Contains(s, "jupyterhub") {
		return opaque(text, why)
	}
	return problem(text, why+"; cloud-init ignores it", false)
}

// located is content with the place where it stands in text, the whole where its characters cannot be found as they are.
func located(text span.Text, content string) span.Text {
	if k := strings.Index(text.String(), content); k >= 0 && content != "" && !strings.Contains(content, "\n") {
		return text.Slice(k, k+len(content))
	}
	return span.Literal(content, text)
}

func safeUnmarshal(s string, out any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = io.ErrUnexpectedEOF
		}
	}()
	return yaml.Unmarshal([]byte(s), out)
}

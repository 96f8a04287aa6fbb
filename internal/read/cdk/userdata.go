package cdk

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// script is the user data of a machine, as text in the order in which the program adds to it; nil: there is none. m is
// the machine, or the user data by itself.
func (a *app) script(m *made, data *python.Value) *eval.Val {
	ud := a.of(data)
	if data != nil && ud == nil {
		return eval.NotKnown("the user data is not known: "+declare.Reason(data), a.Place(data.At))
	}
	var events []*event
	at := a.Place(m.Head)
	if ud == nil && strings.HasPrefix(short(m.kind), "UserData.") {
		ud, m = m, nil
	}
	if ud != nil {
		events = append(events, ud.events...)
		at = a.Place(ud.Head)
	}
	if m != nil {
		for _, e := range m.events {
			if e.name == "add_user_data" || len(e.attrs) > 0 && e.attrs[len(e.attrs)-1] == "user_data" {
				events = append(events, e)
			}
		}
	}
	slices.SortStableFunc(events, func(x, y *event) int { return x.n - y.n })
	like := at.Text()
	var parts, last []span.Text
	line := func(s string, like span.Text) span.Text { return span.Literal(s, like) }
	switch {
	case ud == nil || ud.kind == "aws_ec2.UserData.for_linux":
		bang := line("#!/bin/bash", like)
		if ud != nil && ud.has("shebang") {
			bang = a.Text(ud.prop("shebang"), like)
		}
		parts = append(parts, bang, line("\n", like))
	case ud.kind == "aws_ec2.UserData.custom":
		v := ud.arg(0, "content")
		if len(events) == 0 {
			if x := a.Val(v); x.Kind == eval.String {
				return x.Encoded()
			}
		}
		parts = append(parts, a.Text(v, like), line("\n", like))
	default:
		return eval.NotKnown("the user data is put together by "+short(ud.kind)+", which is not followed", at)
	}
	for _, e := range events {
		out, end := a.commands(e)
		if len(out) > 0 && e.Maybe != "" && (m == nil || e.Maybe != m.Maybe) {
			out = append([]span.Text{line("if ", like), line(span.Unknown(e.Maybe), a.Place(e.Head).Text()), line("; then\n", like)}, append(out, line("fi\n", like))...)
		}
		if end {
			last = append(last, out...)
		} else {
			parts = append(parts, out...)
		}
	}
	if ud == nil && len(events) == 0 && (m == nil || !m.has("init")) {
		return nil // only the line that says which shell it is for
	}
	parts = append(parts, last...)
	if m != nil && m.has("init") {
		v := m.prop("init")
		parts = append(parts, line(span.Unknown("what cfn-init does is not followed"), a.Place(v.At).Text()), line("\n", like))
	}
	return eval.TextOf(span.Concat(parts...)).AtPlace(at).Encoded()
}

// commands are the lines that one call adds to a script, and whether they come at its end.
func (a *app) commands(e *event) (out []span.Text, end bool) {
	e.done = true
	like := a.Place(e.Head).Text()
	say := func(s string) { out = append(out, span.Literal(s, like)) }
	switch e.name {
	case "add_commands", "add_user_data", "add_on_exit_commands":
		for _, v := range e.Args {
			out = append(out, a.Text(v, like))
			say("\n")
		}
		if e.Loose && len(e.Args) == 0 {
			say(span.Unknown("the commands are not known") + "\n")
		}
		return out, e.name == "add_on_exit_commands"
	case "add_s3_download_command":
		to := a.Text(e.Gives, like)
		if text, ok := a.asset(e.prop("bucket_key")); ok {
			say("cat > '")
			out = append(out, to)
			say("' <<'CDK_ASSET_FILE'\n")
			out = append(out, text)
			say("\nCDK_ASSET_FILE\n")
			return out, false
		}
		say("aws s3 cp 's3://" + span.Unknown(onlyThen) + "' '")
		out = append(out, to)
		say("'\n")
	case "add_execute_file_command":
		file := a.Text(e.prop("file_path"), like)
		say("chmod +x '")
		out = append(out, file)
		say("'\n")
		out = append(out, file)
		if v := e.prop("arguments"); v != nil {
			say(" ")
			out = append(out, a.Text(v, like))
		}
		say("\n")
	case "add_signal_on_exit_command", "render":
	default:
		if strings.HasPrefix(e.name, "add") {
			say(span.Unknown("it is added by "+e.name+", which is not followed") + "\n")
		} else {
			e.done = false
		}
	}
	return out, false
}

// asset is the text of a file of the repository that is put where the machine can fetch it.
func (a *app) asset(key *python.Value) (span.Text, bool) {
	of, attrs := key.Origin()
	m := a.of(of)
	if m == nil || len(attrs) == 0 || !strings.HasSuffix(m.kind, ".Asset") {
		return span.Text{}, false
	}
	v := m.prop("path")
	s, ok := v.Str()
	if !ok && v != nil && v.Kind == python.Unknown && v.Name == python.OpenFile {
		s, ok = v.Text.String(), true
	}
	if !ok || span.IsUnknown(s) || path.Ext(s) == ".zip" {
		return span.Text{}, false
	}
	return a.Open(s)
}

package shell

import (
	"encoding/base64"
	"path"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// silent programs print nothing that anybody keeps.
var silent = map[string]bool{
	"mkdir": true, "cp": true, "mv": true, "rm": true, "chmod": true, "chown": true, "sleep": true, "touch": true, "ln": true,
	"true": true, "install": true,
}

// contentOf is what a builtin prints.
func (r *run) contentOf(cmd command, in *span.Text) span.Text {
	return span.Literal("", cmd.at.Slice(0, 0))
}

// produced is what a command prints; when that is not known, a text with an unknown token and false.
func (r *run) produced(cmd command, in *span.Text) (span.Text, bool) {
	name, args := base(cmd.argv[0].String()), cmd.argv[1:]
	nl := span.Plain("\n")
	switch name {
	case "echo":
		if in != nil && in != r.stdin && in.Len() > 0 && r.quiet == 0 {
			r.problem(cmd.at.Span(), "echo does not read its input: the text fed to it is written nowhere. Use cat", false)
		}
		return echo(args), true
	case "printf":
		if len(args) == 0 {
			return span.Text{}, true
		}
		return format(args), true
	case "cat":
		return r.cat(cmd, args, in)
	case "tee":
		if in != nil {
			return *in, true
		}
	case "seq":
		return r.seq(cmd, args)
	case "pwd":
		if r.cwd == "" {
			return span.Literal(Checkout+"\n", cmd.at), true
		}
		if r.cwd != "?" {
			return span.Literal(r.cwd+"\n", cmd.at), true
		}
	case "basename", "dirname", "realpath", "readlink":
		for len(args) > 0 && strings.HasPrefix(args[0].String(), "-") {
			args = args[1:]
		}
		if len(args) == 0 {
			break
		}
		a := args[0].String()
		if span.IsUnknown(a) && (name != "basename" || span.IsUnknown(base(a))) {
			return span.Literal(a, cmd.at), false
		}
		switch name {
		case "basename":
			a = base(strings.TrimRight(a, "/"))
			if len(args) > 1 {
				a = strings.TrimSuffix(a, args[1].String())
			}
		case "dirname":
			a = path.Dir(a)
		}
		return span.Concat(span.Literal(a, cmd.at), nl), true
	case "base64":
		if in != nil && len(args) > 0 && (args[0].String() == "-d" || args[0].String() == "--decode" || args[0].String() == "-D") {
			if b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(in.String()), "")); err == nil {
				return span.Literal(string(b), *in), true
			}
		}
	case "crontab": // "crontab -l" on a new machine: there is none yet
		if len(args) > 0 && args[0].String() == "-l" {
			return span.Text{}, true
		}
	case "envsubst":
		if in != nil && len(args) == 0 && !span.IsUnknown(in.String()) {
			return r.envsubst(*in), true
		}
	}
	if silent[name] {
		return span.Text{}, true
	}
	return span.Literal(span.Unknown("output of the command "+strconv.Quote(span.Show(name))), cmd.at), false
}

func echo(args []span.Text) span.Text {
	newline, escapes := true, false
	for len(args) > 0 {
		a := args[0].String()
		if len(a) < 2 || a[0] != '-' || strings.Trim(a[1:], "neE") != "" {
			break
		}
		newline = newline && !strings.Contains(a, "n")
		escapes = strings.Contains(a, "e")
		args = args[1:]
	}
	t := spaced(args)
	if escapes && strings.Contains(t.String(), `\`) {
		t = span.Literal(unescape(t.String()), t)
	}
	if !newline {
		return t
	}
	return span.Concat(t, span.Plain("\n"))
}

// format is printf with a literal format; text of the format itself keeps its place.
func format(args []span.Text) span.Text {
	f, rest := args[0], args[1:]
	s := f.String()
	var parts []span.Text
	for round := 0; round == 0 || len(rest) > 0 && round < 1000; round++ {
		before := len(rest)
		for from, i := 0, 0; i <= len(s); i++ {
			if i < len(s) && s[i] != '%' {
				continue
			}
			if i > from {
				t := f.Slice(from, i)
				if strings.Contains(t.String(), `\`) {
					t = span.Literal(unescape(t.String()), t)
				}
				parts = append(parts, t)
			}
			if i == len(s) {
				break
			}
			j := i + 1
			for j < len(s) && strings.IndexByte("-+ #0123456789.", s[j]) >= 0 {
				j++
			}
			from = min(j+1, len(s))
			switch {
			case j >= len(s):
			case s[j] == '%':
				parts = append(parts, f.Slice(j, j+1))
			case len(rest) > 0:
				t := rest[0]
				if rest = rest[1:]; j > i+1 && s[j] != 's' {
					t = span.Literal(span.Unknown("a formatted number"), t)
				} else if s[j] == 'b' {
					t = span.Literal(unescape(t.String()), t)
				}
				parts = append(parts, t)
			}
			i = from - 1
		}
		if len(rest) == before {
			break
		}
	}
	return span.Concat(parts...)
}

func (r *run) cat(cmd command, args []span.Text, in *span.Text) (span.Text, bool) {
	var parts []span.Text
	files := 0
	for _, a := range args {
		s := a.String()
		if strings.HasPrefix(s, "-") && s != "-" {
			continue
		}
		files++
		if s == "-" && in != nil {
			parts = append(parts, *in)
			continue
		}
		t, _, ok := r.find(s)
		if !ok {
			what := "the content of the file " + span.Show(s) + ", which is not in the repository"
			return span.Literal(span.Unknown(what), cmd.at), false
		}
		parts = append(parts, t)
	}
	if files == 0 {
		if in == nil {
			return span.Literal(span.Unknown("what is typed in"), cmd.at), false
		}
		return *in, true
	}
	return span.Concat(parts...), true
}

func (r *run) seq(cmd command, args []span.Text) (span.Text, bool) {
	n := []int{1, 1, 1}
	var nums []int
	for _, a := range args {
		v, err := strconv.Atoi(a.String())
		if err != nil {
			why := "output of the command \"seq\""
			if span.IsUnknown(a.String()) {
				why = span.Reason(a.String())
			}
			return span.Literal(span.Unknown(why), cmd.at), false
		}
		nums = append(nums, v)
	}
	switch len(nums) {
	case 1:
		n[2] = nums[0]
	case 2:
		n[0], n[2] = nums[0], nums[1]
	case 3:
		copy(n, nums)
	default:
		return span.Text{}, false
	}
	if n[1] <= 0 || (n[2]-n[0])/n[1] > 10*maxLoop {
		return span.Literal(span.Unknown("a long sequence"), cmd.at), false
	}
	var b strings.Builder
	for i := n[0]; i <= n[2]; i += n[1] {
		b.WriteString(strconv.Itoa(i) + "\n")
	}
	return span.Literal(b.String(), cmd.at), true
}

// envsubst fills $NAME and ${NAME} from the exported variables.
func (r *run) envsubst(t span.Text) span.Text {
	s := t.String()
	var parts []span.Text
	from := 0
	for i := 0; i+1 < len(s) && r.spend(0) && len(parts) < maxExactTabs; i++ {
		if s[i] != '$' {
			continue
		}
		start, end := i+1, i+1
		if s[start] == '{' {
			start++
			end++
		}
		for end < len(s) && end-start < 64 && isName(s[start:end+1]) {
			end++
		}
		name, next := s[start:end], end
		if start == i+2 {
			if end >= len(s) || s[end] != '}' {
				continue
			}
			next++
		}
		if name == "" || next <= i+1 {
			continue
		}
		v, ok, why := r.get(name)
		if !ok {
			v.s = span.Unknown(why)
		}
		parts = append(parts, t.Slice(from, i), span.Literal(v.s, t.Slice(i, next)))
		from, i = next, next-1
	}
	return span.Concat(append(parts, t.Slice(from, len(s)))...)
}

package shell

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

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

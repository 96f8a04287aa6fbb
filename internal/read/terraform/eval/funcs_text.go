package eval

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	gocidr "github.com/apparentlymart/go-cidr/cidr"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func itoa(n int) string { return strconv.Itoa(n) }

func join(c *call) *Val {
	if c.arg(0).IsUnknown() {
		return unknown(firstReason(c.arg(0)), c.at)
	}
	sep := c.text(0)
	var parts []span.Text
	n := 0
	for i := 1; i < len(c.args); i++ {
		items, ok := c.items(i)
		if !ok {
			items = []*Val{c.notKnown(i)}
		}
		for _, it := range items {
			if len(parts) > 0 {
				parts = append(parts, sep)
			}
			t := c.ev.asText(it, c.at)
			if n += t.Len() + sep.Len(); n > maxText {
				return unknown("a text that is too long", c.at)
			}
			parts = append(parts, t)
		}
	}
	c.ev.steps += n/256 + len(parts)/4
	if len(parts) == 1 && len(c.args) == 2 {
		if items, _ := c.items(1); len(items) == 1 {
			return items[0] // a reference stays one
		}
	}
	return text(span.Concat(parts...), c.at)
}

var simpleVerb = regexp.MustCompile(`%[sdv%]`)
var anyVerb = regexp.MustCompile(`%[^sdv%]`)

// format keeps positions for %s, %d and %v; other verbs go through the library.
func format(c *call) *Val {
	f := c.arg(0)
	if f.Kind != String || f.IsUnknown() {
		return unknown(firstReason(f), c.at)
	}
	s := f.T.String()
	if anyVerb.MatchString(simpleVerb.ReplaceAllString(s, "")) || strings.HasSuffix(s, "%") && !strings.HasSuffix(s, "%%") {
		if regexp.MustCompile(`\d{4}`).MatchString(s) {
			return unknown("format() with a large width", c.at)
		}
		return c.ev.call(stdlib.FormatFunc, c.at, c.args...)
	}
	var parts []span.Text
	run, next, n := 0, 1, 0
	for _, m := range simpleVerb.FindAllStringIndex(s, maxItems) {
		parts = append(parts, f.T.Slice(run, m[0]))
		if run = m[1]; s[m[0]+1] == '%' {
			parts = append(parts, f.T.Slice(m[0], m[0]+1))
			continue
		}
		if next >= len(c.args) {
			return invalid("format() with too few arguments", c.at)
		}
		t := c.ev.asText(c.args[next], c.at)
		if n += t.Len(); n > maxText {
			return unknown("a text that is too long", c.at)
		}
		parts = append(parts, t)
		next++
	}
	if s == "%s" && len(c.args) == 2 {
		return c.args[1]
	}
	return text(span.Concat(append(parts, f.T.Slice(run, len(s)))...), c.at)
}

func formatList(c *call) *Val {
	n := -1
	for _, a := range c.args[min(1, len(c.args)):] {
		if a.Kind == List {
			if n >= 0 && n != len(a.Items) {
				return invalid("formatlist() over lists of different length", c.at)
			}
			n = len(a.Items)
		} else if a.Kind == Unknown {
			return unknown(a.Why, c.at)
		}
	}
	out := list(c.at)
	for i := 0; i < n; i++ {
		one := *c
		one.args = nil
		for _, a := range c.args {
			if a.Kind == List {
				a = a.Items[i]
			}
			one.args = append(one.args, a)
		}
		out.Items = append(out.Items, format(&one))
	}
	c.ev.steps += max(n, 0)
	return out
}

// replace keeps positions for plain text; /regular expressions/ go through the library.
func replace(c *call) *Val {
	from, ok := c.arg(1).Str()
	if c.arg(0).Kind != String || !ok || c.arg(2).IsUnknown() || from == "" {
		return unknown(firstReason(c.args...), c.at)
	}
	if len(from) > 1 && from[0] == '/' && from[len(from)-1] == '/' {
		if c.arg(0).T.Len() > 1<<16 {
			return unknown("replace() over a long text", c.at)
		}
		return c.ev.call(stdlib.RegexReplaceFunc, c.at, c.arg(0), literal(from[1:len(from)-1], c.at), c.arg(2))
	}
	t, by := c.arg(0).T, c.text(2)
	var parts []span.Text
	run, n := 0, 0
	for s := t.String(); ; {
		i := strings.Index(s[run:], from)
		if i < 0 {
			break
		}
		parts = append(parts, t.Slice(run, run+i), by)
		run += i + len(from)
		if n += i + by.Len(); n > maxText || len(parts) > maxItems {
			return unknown("a text that is too long", c.at)
		}
	}
	c.ev.steps += n/256 + len(parts)
	v := text(span.Concat(append(parts, t.Slice(run, t.Len()))...), c.at)
	return inherit(c.arg(0), v)
}

// cut keeps the bytes [i, j) that keep says of a text.
func cut(c *call, keep func(s string) (i, j int)) *Val {
	a := c.arg(0)
	if a.Kind != String {
		return a
	}
	i, j := keep(a.T.String())
	v := *a
	v.T = a.T.Slice(i, j)
	return &v
}

func trimSpace(c *call) *Val {
	return cut(c, func(s string) (int, int) {
		right := strings.TrimRightFunc(s, unicode.IsSpace)
		return len(right) - len(strings.TrimLeftFunc(right, unicode.IsSpace)), len(right)
	})
}

func chomp(c *call) *Val {
	return cut(c, func(s string) (int, int) { return 0, len(strings.TrimRight(s, "\r\n")) })
}

// indent puts spaces at the beginning of every line but the first.
func indent(c *call) *Val {
	n, ok := c.arg(0).Int()
	a := c.arg(1)
	if !ok || a.Kind != String || n < 0 || n > 200 {
		return unknown(firstReason(c.args...), c.at)
	}
	pad := span.Literal(strings.Repeat(" ", int(n)), c.at.Text())
	var parts []span.Text
	run, s := 0, a.T.String()
	if len(s)+strings.Count(s, "\n")*int(n) > maxText {
		return unknown("a text that is too long", c.at)
	}
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' {
			parts = append(parts, a.T.Slice(run, i+1), pad)
			run = i + 1
		}
	}
	c.ev.steps += len(parts)
	v := *a
	v.T = span.Concat(append(parts, a.T.Slice(run, len(s)))...)
	return &v
}

func compare(c *call, f func(a, b string) bool) *Val {
	a, ok := c.arg(0).Str()
	b, ok2 := c.arg(1).Str()
	if !ok || !ok2 {
		return unknown(firstReason(c.args...), c.at)
	}
	return boolean(f(a, b), c.at)
}

func startsWith(c *call) *Val  { return compare(c, strings.HasPrefix) }
func endsWith(c *call) *Val    { return compare(c, strings.HasSuffix) }
func strContains(c *call) *Val { return compare(c, strings.Contains) }

func urlEncode(c *call) *Val {
	s, ok := c.arg(0).Str()
	if !ok {
		return unknown(firstReason(c.arg(0)), c.at)
	}
	return literal(url.QueryEscape(s), c.arg(0).At)
}

// jsonEncode writes JSON, also for yamlencode: JSON is YAML. Every string keeps its place.
func jsonEncode(c *call) *Val {
	var parts []span.Text
	size := 0
	emit := func(t span.Text) { parts, size = append(parts, t), size+t.Len()+1 }
	var walk func(v *Val, depth int)
	walk = func(v *Val, depth int) {
		if size > maxText || depth > 100 {
			return
		}
		plain := func(s string) { emit(span.Literal(s, c.at.Text())) }
		switch {
		case v.Kind == Null:
			plain("null")
		case v.Kind == List:
			plain("[")
			for i, it := range v.Items {
				if i > 0 {
					plain(", ")
				}
				walk(it, depth+1)
			}
			plain("]")
		case v.Kind == Map && v.res == nil:
			plain("{")
			for i, k := range v.Keys {
				if i > 0 {
					plain(", ")
				}
				emit(quoteJSON(span.Literal(k, v.Child[k].At.Text())))
				plain(": ")
				walk(v.Child[k], depth+1)
			}
			plain("}")
		case v.Kind == Bool || v.Kind == Number:
			emit(c.ev.asText(v, c.at))
		default:
			emit(quoteJSON(c.ev.asText(v, c.at)))
		}
	}
	if a := c.arg(0); a.Kind == Unknown || a.Kind == Ref {
		return unknown(a.Reason(), c.at)
	}
	walk(c.arg(0), 0)
	c.ev.steps += size/64 + len(parts)
	if size > maxText {
		return unknown("a text that is too long", c.at)
	}
	return text(span.Concat(parts...), c.at)
}

// quoteJSON is t as a JSON string; runs that need no escape keep their exact place.
func quoteJSON(t span.Text) span.Text {
	s := t.String()
	parts := []span.Text{span.Literal(`"`, t.Slice(0, 0))}
	run := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= ' ' && s[i] != '"' && s[i] != '\\' {
			continue
		}
		b, _ := json.Marshal(s[i : i+1])
		parts = append(parts, t.Slice(run, i), span.Literal(string(b[1:len(b)-1]), t.Slice(i, i+1)))
		run = i + 1
	}
	return span.Concat(append(parts, t.Slice(run, len(s)), span.Literal(`"`, t.Slice(len(s), len(s))))...)
}

func digest(kind string) func(*call) *Val {
	return func(c *call) *Val {
		s, ok := c.arg(0).Str()
		if !ok {
			return unknown(firstReason(c.arg(0)), c.at)
		}
		b := []byte(s)
		switch kind {
		case "md5":
			h := md5.Sum(b)
			return literal(hex.EncodeToString(h[:]), c.at)
		case "sha1":
			h := sha1.Sum(b)
			return literal(hex.EncodeToString(h[:]), c.at)
		case "sha256":
			h := sha256.Sum256(b)
			return literal(hex.EncodeToString(h[:]), c.at)
		case "sha512":
			h := sha512.Sum512(b)
			return literal(hex.EncodeToString(h[:]), c.at)
		case "base64sha256":
			h := sha256.Sum256(b)
			return literal(base64.StdEncoding.EncodeToString(h[:]), c.at)
		}
		h := sha512.Sum512(b)
		return literal(base64.StdEncoding.EncodeToString(h[:]), c.at)
	}
}

func cidr(kind string) func(*call) *Val {
	return func(c *call) *Val {
		s, ok := c.arg(0).Str()
		_, network, err := net.ParseCIDR(s)
		if !ok || err != nil {
			return unknown(reasonOf(c.arg(0), "an address range that is not known"), c.at)
		}
		ints := make([]int, 0, 4)
		for i := 1; i < len(c.args) && kind != "netmask"; i++ {
			n, ok := c.arg(i).Int()
			if !ok || n < -1<<40 || n > 1<<40 {
				return unknown(firstReason(c.args...), c.at)
			}
			ints = append(ints, int(n))
		}
		switch {
		case kind == "netmask":
			return literal(net.IP(network.Mask).String(), c.at)
		case kind == "host" && len(ints) == 1:
			if ip, err := gocidr.HostBig(network, big.NewInt(int64(ints[0]))); err == nil {
				return literal(ip.String(), c.at)
			}
		case kind == "subnet" && len(ints) == 2:
			if n, err := gocidr.SubnetBig(network, ints[0], big.NewInt(int64(ints[1]))); err == nil {
				return literal(n.String(), c.at)
			}
		}
		return unknown("cidr"+kind+"() is not evaluated", c.at)
	}
}

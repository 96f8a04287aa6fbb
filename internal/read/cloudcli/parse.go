package cloudcli

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// call is a command line, taken apart.
type call struct {
	words []*eval.Val // the program, what it is told to do, and names
	opts  map[string][]*eval.Val
	order []string
}

// several are the options that take all words up to the next option; flags take none; all others take one.
var (
	several = set("security-group-ids security-groups instance-ids block-device-mappings tag-specifications dimensions alarm-actions tags resources " +
		"ssh-key-values data-disk-sizes-gb network-interfaces ip-permissions instance-names source-address-prefixes destination-port-ranges nsg-rule")
	flags = set("wait no-wait enable-backups enable-backup enable-monitoring enable-ipv6 enable-private-networking generate-ssh-keys no-address no-service-account " +
		"no-scopes deletion-protection no-boot-disk-auto-delete quiet async dry-run encrypted no-encrypted associate-public-ip-address no-associate-public-ip-address " +
		"ebs-optimized disable-api-termination preemptible no-cli-pager debug without-ipv6 without-ipv4 enable-protection allow-reassociation assign-identity start-on-create " +
		"actions-enabled no-actions-enabled can-ip-forward no-restart-on-failure yes h help json text automount no-header no-preemptible shielded-secure-boot")
	short = map[string]string{"n": "name", "g": "resource-group", "l": "location", "q": "quiet", "y": "yes"}
)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// parse takes a command's words apart.
func parse(argv []span.Text) *call {
	c := &call{opts: map[string][]*eval.Val{}}
	for i := 0; i < len(argv); i++ {
		w := argv[i].String()
		dashes := len(w) - len(strings.TrimLeft(w, "-"))
		if dashes == 0 || dashes > 2 || dashes == len(w) {
			c.words = append(c.words, eval.TextOf(argv[i]))
			continue
		}
		name, _, valued := strings.Cut(w[dashes:], "=")
		value := argv[i].Slice(min(len(w), dashes+len(name)+1), len(w))
		if long := short[name]; long != "" {
			name = long
		}
		name = strings.ReplaceAll(name, "_", "-") // linode-cli's names
		if _, had := c.opts[name]; !had {
			c.order = append(c.order, name)
			c.opts[name] = nil
		}
		switch {
		case valued:
			c.opts[name] = append(c.opts[name], eval.TextOf(value))
		case flags[name]:
			if i+1 < len(argv) && (argv[i+1].String() == "true" || argv[i+1].String() == "false") {
				i++
				c.opts[name] = append(c.opts[name], eval.TextOf(argv[i]))
			} else {
				c.opts[name] = append(c.opts[name], eval.BoolOf(true, eval.At(argv[i])))
			}
		default:
			for i+1 < len(argv) && !strings.HasPrefix(argv[i+1].String(), "-") {
				i++
				c.opts[name] = append(c.opts[name], eval.TextOf(argv[i]))
				if !several[name] {
					break
				}
			}
		}
	}
	return c
}

// opt is the last value of the first of the options that is given; nil if none is.
func (c *call) opt(names ...string) *eval.Val {
	for _, n := range names {
		if v := c.opts[n]; len(v) > 0 {
			return v[len(v)-1]
		}
	}
	return nil
}

// all are all values of options, those with commas in them taken apart.
func (c *call) all(names ...string) []*eval.Val {
	var out []*eval.Val
	for _, n := range names {
		for _, v := range c.opts[n] {
			out = append(out, v.SplitCommas().List()...)
		}
	}
	return out
}

func (c *call) has(name string) bool { _, ok := c.opts[name]; return ok }

// rest are the words behind those of the verb.
func (c *call) rest(v verb) []*eval.Val {
	return c.words[min(len(c.words), len(strings.Fields(v.words))):]
}

// name is how a command calls what it makes.
func (c *call) name() *eval.Val {
	if v := c.opt("name", "label", "instance-names", "group-name", "alarm-name"); !v.IsNull() {
		return v
	}
	if v, ok := verbOf(c); ok && v.named {
		if r := c.rest(v); len(r) > 0 {
			return r[0]
		}
	}
	return nil
}

// pairs is "key=value,key=value" as a map; several of them are merged.
func pairs(vs []*eval.Val) *eval.Val {
	if len(vs) == 0 {
		return nil
	}
	out := eval.MapAt(vs[0].At)
	for _, v := range vs {
		for _, it := range v.SplitCommas().List() {
			s := it.TextString()
			k, val, ok := strings.Cut(s, "=")
			if !ok {
				val = ""
			}
			out.Put(k, eval.TextOf(it.T.Slice(len(s)-len(val), len(s))))
		}
	}
	return out
}

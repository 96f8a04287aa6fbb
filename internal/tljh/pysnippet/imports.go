package pysnippet

import "strings"

// Modules that the hub's environment of TLJH has: Python's own that configurations use, and TLJH's requirements.
var modules = map[string]bool{}

func init() {
	for _, m := range strings.Fields(`__future__ abc argparse ast asyncio base64 binascii collections contextlib copy csv dataclasses datetime enum errno fnmatch functools
		getpass glob grp hashlib hmac html http importlib inspect io ipaddress itertools json logging math operator os pathlib pickle platform pprint pwd queue random re
		secrets shlex shutil signal socket sqlite3 ssl stat string struct subprocess sys tempfile textwrap threading time tomllib traceback types typing unicodedata
		urllib uuid warnings weakref xml zipfile
		tljh jupyterhub traitlets tornado jinja2 sqlalchemy ruamel requests jupyterhub_idle_culler jupyterhub_traefik_proxy systemdspawner
		oauthenticator nativeauthenticator firstuseauthenticator ldapauthenticator tmpauthenticator ldap3 bcrypt pluggy jsonschema backoff toml filelock`) {
		modules[m] = true
	}
}

// imports reads import statements: what the names stand for, and whether the module is one that TLJH has.
func (r *reader) imports(ts []token) {
	var rest []token
	from := ""
	if ts[0].text == "from" {
		i := 1
		for i < len(ts) && ts[i].text != "import" {
			from += ts[i].text
			i++
		}
		r.module(ts, from)
		if i+1 < len(ts) {
			rest = ts[i+1:]
		}
	} else {
		rest = ts[1:]
	}
	for len(rest) > 0 && rest[0].text == "(" && rest[len(rest)-1].text == ")" {
		rest = rest[1 : len(rest)-1]
	}
	for _, part := range split(rest, ",") {
		full, as := "", ""
		for i := 0; i < len(part); i++ {
			if part[i].text == "as" && i+1 < len(part) {
				as = part[i+1].text
				break
			}
			full += part[i].text
		}
		if from == "" {
			r.module(ts, full)
		}
		if from != "" {
			if as == "" {
				as = full
			}
			full = from + "." + full
		} else if as == "" {
			as, _, _ = strings.Cut(full, ".")
			full = as
		}
		if r.aliases[as] {
			r.unknown("", "", r.at(ts), as+" stops being the configuration")
		}
		delete(r.vars, as)
		r.refs[as] = full
	}
}

func (r *reader) module(ts []token, dotted string) {
	if root, _, _ := strings.Cut(dotted, "."); !modules[root] {
		r.may(r.at(ts), "it imports "+dotted+", which TLJH does not install; without it the hub does not start")
	}
}

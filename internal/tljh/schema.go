package tljh

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// schemaRefuses says why tljh-config would refuse to save the file, "" if it would not or that is not known
// (TLJH: tljh/config_schema.py; releases before 2.0.0 do not validate; reference/tljh.md §13).
func schemaRefuses(root *doc.Node, v version) string {
	if v.old() {
		return ""
	}
	types := schemaTypes
	if !v.main {
		types = strings.NewReplacer("limits.memory: string null", "limits.memory: string", "limits.cpu: positive null", "limits.cpu: integer").Replace(types)
	}
	for _, line := range strings.Split(strings.TrimSpace(types), "\n") {
		path, want, _ := strings.Cut(strings.TrimSpace(line), ": ")
		keys := strings.Split(path, ".")
		n := root
		for _, k := range keys {
			if isDict(n) {
				n = n.Child[k]
			} else {
				n = nil
			}
		}
		if n == nil || isUnknown(n) {
			continue
		}
		if why := schemaType(n, strings.Fields(want)); why != "" {
			return path + " " + why
		}
	}
	return ""
}

func schemaType(n *doc.Node, want []string) string {
	if strings.HasPrefix(want[0], "{") {
		if !isDict(n) {
			return "must be a mapping, not " + typeName(n)
		}
		allowed := strings.Split(strings.Trim(want[0], "{}"), ",")
		for _, k := range n.Keys {
			if want[0] != "{}" && !contains(allowed, k) {
				return fmt.Sprintf("has no key %q", k)
			}
		}
		return ""
	}
	for _, w := range want {
		f, isNum := n.Value.(float64)
		_, isInt := n.Value.(int64)
		ok := false
		switch w {
		case "string":
			ok = n.Kind == doc.String
		case "null":
			ok = n.Kind == doc.Null
		case "boolean":
			ok = n.Kind == doc.Bool
		case "integer":
			ok = isInt || isNum && f == float64(int64(f))
		case "positive":
			x, num := number(n)
			ok = n.Kind == doc.Number && num && x >= 0
		case "strings":
			ok = n.Kind == doc.List
			for _, it := range n.Items {
				ok = ok && (it.Kind == doc.String || it.State == doc.Unknown)
			}
		case "app":
			ok = n.Value == "jupyterlab" || n.Value == "classic"
		}
		if ok {
			return ""
		}
	}
	return "cannot be " + typeName(n)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// schemaTypes: a path and the types it may have; a mapping lists its only keys, {} takes any.
const schemaTypes = `
	base_url: string
	user_environment: {default_app}
	user_environment.default_app: app
	users: {extra_user_groups,allowed,banned,admin}
	users.extra_user_groups: {}
	users.allowed: strings
	users.banned: strings
	users.admin: strings
	limits: {memory,cpu}
	limits.memory: string null
	limits.cpu: positive null
	https: {enabled,address,port,tls,letsencrypt}
	https.enabled: boolean
	https.address: string
	https.port: integer
	https.tls: {key,cert}
	https.tls.key: string
	https.tls.cert: string
	https.letsencrypt: {email,domains,staging}
	https.letsencrypt.email: string
	https.letsencrypt.domains: strings
	https.letsencrypt.staging: boolean
	http: {address,port}
	http.address: string
	http.port: integer
	traefik_api: {ip,port,username,password}
	traefik_api.ip: string
	traefik_api.port: integer
	traefik_api.username: string
	traefik_api.password: string
	services: {}
	services.cull: {enabled,timeout,every,concurrency,users,max_age,remove_named_servers}
	services.cull.enabled: boolean
	services.cull.timeout: integer
	services.cull.every: integer
	services.cull.concurrency: integer
	services.cull.users: boolean
	services.cull.max_age: integer
	services.cull.remove_named_servers: boolean
`

package host

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// TLJH's files (reference/tljh.md §3).
const (
	root       = "/opt/tljh"
	configDir  = root + "/config"
	configFile = configDir + "/config.yaml"
	snippetDir = configDir + "/jupyterhub_config.d"
	traefikDir = configDir + "/traefik_config.d"
	userEnv    = root + "/user"
	hubEnv     = root + "/hub"
)

type targetKind uint8

const (
	elsewhere targetKind = iota
	theConfig            // config.yaml
	snippet              // jupyterhub_config.d/*.py
	traefik              // traefik_config.d/*.toml
	dead                 // where TLJH looked before version 0.1
	start                // a whole jupyterhub_config.py, with which JupyterHub may be started
	vague                // in TLJH's configuration, but the name is not known
)

type target struct {
	kind targetKind
	name string
}

// classify says what a path on the machine is to TLJH.
func classify(p string) target {
	if span.IsUnknown(p) {
		if strings.HasPrefix(p, configDir+"/") || strings.Contains(p, "jupyterhub_config.d/") {
			return target{vague, ""}
		}
		return target{}
	}
	dir, name := path.Split(p)
	switch dir = path.Clean(dir); {
	case p == configFile:
		return target{theConfig, name}
	case p == snippetDir || p == traefikDir:
		return target{vague, ""}
	case dir == snippetDir && strings.HasSuffix(name, ".py") && !strings.HasPrefix(name, "."):
		return target{snippet, name}
	case dir == traefikDir && strings.HasSuffix(name, ".toml") && !strings.HasPrefix(name, "."):
		return target{traefik, name}
	case name == "jupyterhub_config.py":
		return target{start, p}
	case p == root+"/config.yaml" || strings.HasPrefix(p, root+"/jupyterhub_config.d"):
		return target{dead, name}
	}
	return target{}
}

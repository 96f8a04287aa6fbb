package shell

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// installs says whether a step is TLJH's installer, as far as later tests for what it makes are concerned.
func installs(s *step.Step) bool {
	if len(s.Argv) == 0 || !strings.HasPrefix(base(s.Argv[0].String()), "python") {
		return false
	}
	for _, words := range [][]span.Text{s.Argv, s.Upstream} {
		for _, t := range words {
			w := t.String()
			if w == "tljh.installer" || strings.HasSuffix(w, "bootstrap.py") && (strings.Contains(w, "jupyter") || base(w) == w) {
				return true
			}
		}
	}
	return false
}

// alwaysMade are the paths that are there once TLJH is installed (reference: tljh/installer.py, bootstrap.py).
func alwaysMade(p string) bool {
	switch p {
	case "/opt/tljh", "/opt/tljh/hub", "/opt/tljh/user", "/opt/tljh/config", "/opt/tljh/state", "/opt/tljh/hub/bin", "/opt/tljh/user/bin",
		"/opt/tljh/hub/bin/tljh-config", "/opt/tljh/hub/bin/python3", "/opt/tljh/hub/bin/pip", "/opt/tljh/user/bin/activate",
		"/opt/tljh/user/bin/conda", "/opt/tljh/user/bin/mamba", "/opt/tljh/user/bin/python", "/opt/tljh/user/bin/python3", "/opt/tljh/user/bin/pip":
		return true
	}
	return false
}

// settled answers a test for what TLJH's installer makes, after it has run.
func (r *run) settled(s status) status {
	if s.kind == unsure && s.made && r.installed {
		switch s.fresh {
		case no:
			return status{kind: yes}
		case yes:
			return status{kind: no}
		}
	}
	return s
}

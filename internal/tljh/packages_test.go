package tljh

import (
	"strings"
	"testing"
)

func TestModulesOf(t *testing.T) {
	for spec, want := range map[string]string{
		"dockerspawner":                                    "dockerspawner",
		"jupyterhub-ltiauthenticator==1.6.2":               "jupyterhub_ltiauthenticator ltiauthenticator",
		"Some-Package[extra] >= 1; python_version > '3'":   "some_package",
		"git+https://example.org/x/jhub-cas-authenticator": "jhub_cas_authenticator",
		"git+https://example.org/x/thing.git@v1":           "thing",
		"git+ssh://git@example.org/x/y#egg=thing&sub=1":    "thing",
		"thing @ git+https://example.org/x/other.git":      "thing",
		"https://example.org/files/":                       "files",
		"python-dotenv":                                    "python_dotenv dotenv",
		"jupyterhub_":                                      "jupyterhub_",
		"":                                                 "",
		"==1":                                              "",
		"git+https://":                                     "git+https:",
	} {
		if got := strings.Join(modulesOf(spec), " "); got != want {
			t.Errorf("%q: %q, want %q", spec, got, want)
		}
	}
}

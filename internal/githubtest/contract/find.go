// Package contract checks HTTP exchanges against GitHub's own machine-readable descriptions: the OpenAPI document of the
// REST API and the schema of the GraphQL API. They lie in a folder beside the checkout, which not everybody has.
package contract

import (
	"os"
	"path/filepath"
)

// Env names the folder of the descriptions; set but empty it switches them off.
const Env = "TLJH_POLICY_GITHUB_API"

// Find returns the folder of the descriptions: where Env says, else ../shared/github-api beside the module that holds the
// working directory; "" if there is none.
func Find() string {
	if dir, ok := os.LookupEnv(Env); ok {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			candidate := filepath.Join(filepath.Dir(dir), "shared", "github-api")
			if _, err := os.Stat(candidate); err == nil {
				return candidate
			}
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

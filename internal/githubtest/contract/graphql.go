package contract

import (
	"os"
	"path/filepath"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// LoadGraphQL reads graphql/schema.graphql in dir. It is read once per process.
func LoadGraphQL(dir string) (*ast.Schema, error) {
	once, _ := schemas.LoadOrStore(dir, sync.OnceValues(func() (*ast.Schema, error) {
		text, err := os.ReadFile(filepath.Join(dir, "graphql", "schema.graphql"))
		if err != nil {
			return nil, err
		}
		return gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)})
	}))
	return once.(func() (*ast.Schema, error))()
}

var schemas sync.Map

package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// OpenAPI lets a request carry whatever the document does not mention, and so does the service, silently: a misspelt
// `perpage` or `startline` would go unnoticed. Here it is found.

func unknownQuery(route *routers.Route, request *http.Request) (problems []string) {
	known := map[string]bool{}
	for _, list := range []openapi3.Parameters{route.PathItem.Parameters, route.Operation.Parameters} {
		for _, parameter := range list {
			known[parameter.Value.In+" "+parameter.Value.Name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(request.URL.Query())) {
		if !known["query "+name] {
			problems = append(problems, fmt.Sprintf("no query parameter %q", name))
		}
	}
	return problems
}

func unknownFields(route *routers.Route, body []byte) []string {
	var value any
	if len(body) == 0 || json.Unmarshal(body, &value) != nil {
		return nil
	}
	if route.Operation.RequestBody == nil {
		return []string{"the operation takes no body"}
	}
	media := route.Operation.RequestBody.Value.Content.Get("application/json")
	if media == nil {
		return nil
	}
	return surplus("body", media.Schema, value)
}

// surplus looks only where the schema is plain: objects with properties and arrays; not into oneOf and the like.
func surplus(where string, ref *openapi3.SchemaRef, value any) (problems []string) {
	if ref == nil || ref.Value == nil {
		return nil
	}
	schema := ref.Value
	switch value := value.(type) {
	case []any:
		for i, element := range value {
			problems = append(problems, surplus(fmt.Sprintf("%s[%d]", where, i), schema.Items, element)...)
		}
	case map[string]any:
		if len(schema.Properties) == 0 || len(schema.OneOf)+len(schema.AnyOf)+len(schema.AllOf) > 0 {
			return nil
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if property, ok := schema.Properties[name]; ok {
				problems = append(problems, surplus(where+"."+name, property, value[name])...)
			} else {
				problems = append(problems, fmt.Sprintf("no field %q in %s", name, where))
			}
		}
	}
	return problems
}

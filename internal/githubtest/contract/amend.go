package contract

import "github.com/getkin/kin-openapi/openapi3"

// amend allows what the document forbids and the service does.
func amend(doc *openapi3.T) {
	schemas := doc.Components.Schemas
	for _, name := range []string{"pull-request", "pull-request-simple"} {
		nullable(schemas[name].Value.Properties["head"].Value, "repo", "user") // the fork was deleted
	}
	nullable(schemas["pull-request-review-comment"].Value, "line", "position") // the comment is outdated
	contents := doc.Paths.Value("/repos/{owner}/{repo}/contents/{path:.*}")
	for _, parameter := range contents.Get.Parameters {
		if parameter.Value.Name == "path" {
			parameter.Value.Required = false // the root directory
		}
	}
}

func nullable(schema *openapi3.Schema, fields ...string) {
	for _, field := range fields {
		if property := schema.Properties[field]; property != nil {
			changed := *property.Value
			changed.Nullable = true
			schema.Properties[field] = &openapi3.SchemaRef{Value: &changed}
		}
	}
}

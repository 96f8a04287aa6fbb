package settings

import _ "embed" // the schema is a file, so that editors can use it too

//go:embed settings.schema.json
var schema []byte

// Schema is the JSON Schema (draft 7) of the settings file.
func Schema() []byte { return schema }

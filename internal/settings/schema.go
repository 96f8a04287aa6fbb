package settings

import _ "embed" // the schema is a file, so that editors can use it too

// Schema is the JSON Schema (draft 7) of the settings file.
//
//go:embed settings.schema.json
var Schema []byte

package hub

import _ "embed"

// Schema is the JSON Schema (draft 2020-12, no oneOf: it serves OPA's type checker) of what Print writes.
//
//go:embed hub.schema.json
var Schema []byte

package report

import (
	"bytes"
	_ "embed" // the schema is a file, so that other programs can use it too
	"encoding/json"
	"io"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// Schema is the JSON Schema (draft 7) of the JSON report.
//
//go:embed report.schema.json
var Schema []byte

// JSON writes the report as JSON. Text from the repository is in it as it is, but spelt so that no log takes it for a
// command.
func JSON(w io.Writer, r *Report) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return err
	}
	_, err := w.Write(sanitize.JSON(b.Bytes()))
	return err
}

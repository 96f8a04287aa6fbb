package contract

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi3"
)

// Events is GitHub's description of the payloads that workflows get.
type Events struct{ doc *openapi3.T }

// LoadEvents reads event-payloads.json in dir.
func LoadEvents(dir string) (*Events, error) {
	text, err := os.ReadFile(filepath.Join(dir, "event-payloads.json"))
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("event-payloads.json: %w", err)
	}
	return &Events{doc}, nil
}

// Check holds a payload against the schema of an event, such as "pull-request-opened".
func (e *Events) Check(event string, payload []byte) error {
	schema := e.doc.Components.Schemas["webhook-"+event]
	if schema == nil {
		return fmt.Errorf("no event %q", event)
	}
	var value any
	if err := json.Unmarshal(payload, &value); err != nil {
		return err
	}
	if err := schema.Value.VisitJSON(value, openapi3.MultiErrors()); err != nil {
		return fmt.Errorf("%s: %s", event, firstLines(err))
	}
	return nil
}

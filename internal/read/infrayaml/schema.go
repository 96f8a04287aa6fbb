package infrayaml

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Schema is the JSON Schema of infra.yaml (draft 2020-12). The reader follows it, so that editors and the tool agree.
//
//go:embed infra.schema.json
var Schema []byte

// schema is the part of JSON Schema that infra.schema.json uses.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       typeSet            `json:"type"`
	Enum       []any              `json:"enum"`
	Properties map[string]*schema `json:"properties"`
	Additional additional         `json:"additionalProperties"`
	Required   []string           `json:"required"`
	Items      *schema            `json:"items"`
	Minimum    *float64           `json:"minimum"`
	Maximum    *float64           `json:"maximum"`
	MinLength  int                `json:"minLength"`
	MaxLength  int                `json:"maxLength"`
	Pattern    string             `json:"pattern"`
	Defs       map[string]*schema `json:"$defs"`
	keys       []string           // of Properties, sorted
}

type typeSet []string

func (t *typeSet) UnmarshalJSON(b []byte) error {
	if b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(t))
	}
	*t = make(typeSet, 1)
	return json.Unmarshal(b, &(*t)[0])
}

// additional is the schema of keys that are not listed; nil where there must be none.
type additional struct{ schema *schema }

func (a *additional) UnmarshalJSON(b []byte) error {
	if b[0] == 'f' {
		return nil
	}
	return json.Unmarshal(b, &a.schema)
}

var root = sync.OnceValue(func() *schema {
	s := new(schema)
	if err := json.Unmarshal(Schema, s); err != nil {
		panic("infra.schema.json: " + err.Error()) // embedded: tests decode it
	}
	s.link(s.Defs)
	return s
})

// link resolves references in place and sorts keys.
func (s *schema) link(defs map[string]*schema) {
	for k, c := range s.Properties {
		s.Properties[k] = c.resolve(defs)
		s.keys = append(s.keys, k)
	}
	slices.Sort(s.keys)
	if s.Items != nil {
		s.Items = s.Items.resolve(defs)
	}
	if s.Additional.schema != nil {
		s.Additional.schema = s.Additional.schema.resolve(defs)
	}
}

func (s *schema) resolve(defs map[string]*schema) *schema {
	if s.Ref != "" {
		s = defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
	}
	if s.keys == nil {
		s.keys = []string{}
		s.link(defs)
	}
	return s
}

func (s *schema) allows(t string) bool {
	return slices.Contains(s.Type, t) || t == "integer" && slices.Contains(s.Type, "number")
}

// choices are the words of an enum.
func (s *schema) choices() []string {
	var out []string
	for _, e := range s.Enum {
		if w, ok := e.(string); ok {
			out = append(out, w)
		}
	}
	return out
}

func (s *schema) matches(text string) bool {
	return s.Pattern == "" || regexp.MustCompile(s.Pattern).MatchString(text)
}

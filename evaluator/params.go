package evaluator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// declaredParams reads custom.params of METADATA: name to {type, default, description}.
func declaredParams(declared any) ([]Param, error) {
	if declared == nil {
		return nil, nil
	}
	byName, ok := stringMap(declared)
	if !ok {
		return nil, fmt.Errorf("METADATA: custom.params must map names to {type, default, description}")
	}
	var out []Param
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		fields, ok := stringMap(byName[name])
		if !ok {
			return nil, fmt.Errorf("METADATA: parameter %q must have type, default and description", name)
		}
		p := Param{Name: name, Default: fields["default"]}
		p.Type, _ = fields["type"].(string)
		p.Description, _ = fields["description"].(string)
		p.Description = strings.TrimSpace(p.Description)
		if !slices.Contains([]string{"number", "string", "boolean", "array"}, p.Type) {
			return nil, fmt.Errorf("METADATA: the type of parameter %q must be number, string, boolean or array", name)
		}
		if reason := p.refuse(p.Default); reason != "" {
			return nil, fmt.Errorf("METADATA: the default of parameter %q: %s", name, reason)
		}
		out = append(out, p)
	}
	return out, nil
}

func stringMap(v any) (map[string]any, bool) {
	m, ok := v.(map[string]any)
	return m, ok
}

// refuse says why v cannot be a value of p, "" if it can.
func (p Param) refuse(v any) string {
	ok := false
	switch p.Type {
	case "number":
		ok = isNumber(v)
	case "string":
		_, ok = v.(string)
	case "boolean":
		_, ok = v.(bool)
	case "array":
		ok = isScalars(v)
	}
	if ok {
		return ""
	}
	return "it must be " + map[string]string{
		"number": "a number", "string": "a text", "boolean": "true or false", "array": "a list of texts, numbers, true or false",
	}[p.Type]
}

func isNumber(v any) bool {
	switch v.(type) {
	case int, int64, uint64, float64, json.Number:
		return true
	}
	return false
}

func isScalars(v any) bool {
	list, ok := v.([]any)
	if !ok {
		return false
	}
	for _, item := range list {
		switch item.(type) {
		case string, bool:
		default:
			if !isNumber(item) {
				return false
			}
		}
	}
	return true
}

// paramData is data.tljh.params for rules: the values given, and the defaults of what is not.
func paramData(rules []*rule, given map[string]map[string]any) (map[string]any, error) {
	data := map[string]any{}
	for _, r := range rules {
		if r.broken != nil {
			continue // what its METADATA declares is not known
		}
		values := map[string]any{}
		for _, p := range r.info.Params {
			values[p.Name] = p.Default
		}
		for _, name := range slices.Sorted(maps.Keys(given[r.info.ID])) {
			i := slices.IndexFunc(r.info.Params, func(p Param) bool { return p.Name == name })
			if i < 0 {
				return nil, &ParamError{Rule: r.info.ID, Name: name, Reason: "the rule has no such parameter" + others(r.info.Params)}
			}
			value := given[r.info.ID][name]
			if reason := r.info.Params[i].refuse(value); reason != "" {
				return nil, &ParamError{Rule: r.info.ID, Name: name, Reason: reason}
			}
			values[name] = value
		}
		if len(values) > 0 {
			data[r.info.ID] = values
		}
	}
	return map[string]any{"tljh": map[string]any{"params": data}}, nil
}

func others(params []Param) string {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.Name
	}
	if len(names) == 0 {
		return "; it has none"
	}
	return "; it has " + strings.Join(names, ", ")
}

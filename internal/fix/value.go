package fix

import (
	"encoding/json"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// word is a text that a shell and YAML both take as it stands.
var word = lazyregexp.New(`^[A-Za-z0-9_./@+][A-Za-z0-9_./@+:-]*$`)

// quotedAs is text between quotes as they stand in the file; ok is false where it needs more than that.
func quotedAs(text string, quote byte) (string, bool) {
	bad := "\"\\$`"
	if quote == '\'' {
		bad = "'"
	}
	return string(quote) + text + string(quote), !strings.ContainsAny(text, bad)
}

// shellWord is a value as a word of a command.
func shellWord(v any) (string, bool) {
	text, ok := scalar(v)
	if !ok || text == "" {
		return "", false
	}
	if word.MatchString(text) {
		return text, true
	}
	return quotedAs(text, '\'')
}

// yamlScalar is a value as YAML 1.2 reads it, with no more quotes than needed.
func yamlScalar(v any) (string, bool) {
	text, ok := scalar(v)
	if !ok {
		return "", false
	}
	if _, isText := v.(string); !isText || word.MatchString(text) && !special.MatchString(text) && !strings.HasSuffix(text, ":") {
		return text, true
	}
	return quotedAs(text, '"')
}

// special is what a plain scalar may not be if it is meant as a text: other readers than TLJH's included.
var special = lazyregexp.New(`(?i)^(?:true|false|yes|no|on|off|y|n|null|none|~|[-+.0-9][-+.0-9e_:xob]*|.*: .*)$`)

// yamlValue is a scalar or a list of them.
func yamlValue(v any) (string, bool) {
	list, ok := v.([]any)
	if !ok {
		return yamlScalar(v)
	}
	parts := make([]string, len(list))
	for i, item := range list {
		if parts[i], ok = yamlScalar(item); !ok {
			return "", false
		}
	}
	return "[" + strings.Join(parts, ", ") + "]", true
}

// jsonText is v for flow collections whose other texts are in double quotes.
func jsonText(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

package runnertest

import (
	"strings"
	"unicode"
)

// Command is a workflow command found in a log line.
type Command struct {
	Name       string // as written
	Properties map[string]string
	Data       string
	Legacy     bool // written as ##[name …], which may stand anywhere in a line
}

// is compares names as the runner does.
func (c Command) is(name string) bool { return strings.EqualFold(c.Name, name) }

// registered are the commands that a step may give.
var registered = []string{
	"add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice", "remove-matcher",
	"save-state", "set-env", "set-output", "stop-commands", "warning",
}

// parse finds the command in a line, first in today's form, then in the legacy one, as ActionCommand.cs does.
func parse(line string, known func(string) bool) (Command, bool) {
	if c, ok := parseV2(line, known); ok {
		return c, true
	}
	return parseLegacy(line, known)
}

// parseV2 reads ::name key=value,key=value::data, which must begin the line but for white space.
func parseV2(line string, known func(string) bool) (Command, bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::")
	if !ok {
		return Command{}, false
	}
	info, data, ok := strings.Cut(rest, "::")
	if !ok {
		return Command{}, false
	}
	name, properties, _ := strings.Cut(info, " ")
	if !known(name) {
		return Command{}, false
	}
	return Command{
		Name:       name,
		Properties: readProperties(strings.TrimSpace(properties), ",", unescaper("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")),
		Data:       unescaper("%0D", "\r", "%0A", "\n", "%25", "%")(data),
	}, true
}

// parseLegacy reads ##[name key=value;key=value]data anywhere in the line; only the first "##[" counts.
func parseLegacy(line string, known func(string) bool) (Command, bool) {
	_, rest, ok := strings.Cut(line, "##[")
	if !ok {
		return Command{}, false
	}
	info, data, ok := strings.Cut(rest, "]")
	if !ok {
		return Command{}, false
	}
	name, properties, _ := strings.Cut(info, " ")
	if !known(name) {
		return Command{}, false
	}
	unescape := unescaper("%3B", ";", "%0D", "\r", "%0A", "\n", "%5D", "]", "%25", "%")
	return Command{Name: name, Properties: readProperties(properties, ";", unescape), Data: unescape(data), Legacy: true}, true
}

func readProperties(text, separator string, unescape func(string) string) map[string]string {
	properties := map[string]string{}
	for _, part := range strings.Split(text, separator) {
		key, value, _ := strings.Cut(strings.TrimLeft(part, "="), "=")
		// Empty halves are dropped, and with them the property.
		if value = strings.TrimLeft(value, "="); value != "" {
			properties[canonical(key)] = unescape(value)
		}
	}
	return properties
}

// canonical gives property names, whose case does not matter, one spelling.
func canonical(key string) string {
	for _, name := range []string{"file", "line", "endLine", "col", "endColumn", "title", "name"} {
		if strings.EqualFold(key, name) {
			return name
		}
	}
	return key
}

// unescaper replaces one escape after the other, as the runner does: %253A becomes %3A only where %25 comes last.
func unescaper(pairs ...string) func(string) string {
	return func(s string) string {
		for i := 0; i < len(pairs); i += 2 {
			s = strings.ReplaceAll(s, pairs[i], pairs[i+1])
		}
		return s
	}
}

package runnertest

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
)

// Annotation is an issue that a step recorded.
type Annotation struct {
	Level, Message, Title, File      string
	Line, EndLine, Column, EndColumn int
	Truncated                        bool // the message was longer than the runner keeps
}

// What the runner keeps of a step's annotations (ExecutionContext.cs).
const (
	maxPerLevel = 10
	maxMessage  = 4096 // UTF-16 code units
)

// Log is what the runner makes of a step's standard output and error.
type Log struct {
	Lines       []string     // what people see: lines that were no commands
	Commands    []Command    // every command that was obeyed, in order
	Annotations []Annotation // what is recorded: at most ten of a level
	Dropped     map[string]int
	Outputs     map[string]string // set by the deprecated set-output
	Masks       []string
	Errors      []string // what the runner itself complains about; each fails the step

	mu    sync.Mutex
	token string // the word that ends stop-commands, while commands are stopped
}

// Write takes a line as it comes from the container.
func (l *Log) Write(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, ok := parse(line, l.known)
	if !ok {
		l.Lines = append(l.Lines, line)
		return
	}
	if l.token != "" {
		if c.is(l.token) {
			l.token = ""
		}
		l.Lines = append(l.Lines, line)
		return
	}
	l.Commands = append(l.Commands, c)
	l.obey(c)
}

func (l *Log) known(name string) bool {
	return slices.ContainsFunc(registered, func(r string) bool { return strings.EqualFold(r, name) }) ||
		l.token != "" && strings.EqualFold(l.token, name)
}

func (l *Log) obey(c Command) {
	switch strings.ToLower(c.Name) {
	case "stop-commands":
		if c.Data == "" || l.known(c.Data) || strings.EqualFold(c.Data, "pause-logging") {
			l.Errors = append(l.Errors, "an invalid token for stop-commands: "+c.Data)
			return
		}
		l.token = c.Data
		if len(c.Data) > 6 {
			l.Masks = append(l.Masks, c.Data)
		}
	case "error", "warning", "notice":
		l.annotate(c)
	case "add-mask":
		if strings.TrimSpace(c.Data) == "" {
			l.Errors = append(l.Errors, "add-mask without a value")
		}
		l.Masks = append(l.Masks, c.Data)
	case "set-output":
		if c.Properties["name"] == "" {
			l.Errors = append(l.Errors, "set-output without a name")
			return
		}
		if l.Outputs == nil {
			l.Outputs = map[string]string{}
		}
		l.Outputs[c.Properties["name"]] = c.Data
	case "set-env", "add-path":
		l.Errors = append(l.Errors, c.Name+" is disabled")
	}
}

// annotate records an issue as ValidateLinesAndColumns and AddIssue do.
func (l *Log) annotate(c Command) {
	a := Annotation{
		Level: strings.ToLower(c.Name), Message: c.Data, Title: c.Properties["title"],
		File: strings.TrimPrefix(c.Properties["file"], containerWorkspace+"/"),
	}
	line, hasLine := number(c, "line")
	endLine, hasEndLine := number(c, "endLine")
	column, hasColumn := number(c, "col")
	endColumn, hasEndColumn := number(c, "endColumn")
	if hasEndLine && !hasLine {
		line, hasLine = endLine, true
	}
	if hasEndColumn && !hasColumn {
		column, hasColumn = endColumn, true
	}
	if !hasLine || hasEndLine && line != endLine || hasColumn && hasEndColumn && endColumn < column {
		column, endColumn = 0, 0
	}
	if hasLine && hasEndLine && endLine < line {
		line, endLine = 0, 0
	}
	a.Line, a.EndLine, a.Column, a.EndColumn = line, endLine, column, endColumn
	if units := utf16.Encode([]rune(a.Message)); len(units) > maxMessage {
		a.Message, a.Truncated = string(utf16.Decode(units[:maxMessage])), true
	}
	count := 0
	for _, other := range l.Annotations {
		if other.Level == a.Level {
			count++
		}
	}
	if count == maxPerLevel {
		if l.Dropped == nil {
			l.Dropped = map[string]int{}
		}
		l.Dropped[a.Level]++
		return
	}
	l.Annotations = append(l.Annotations, a)
}

func number(c Command, name string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(c.Properties[name]))
	return n, err == nil
}

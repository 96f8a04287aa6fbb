package host

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// A config.yaml that is moved away leaves the hub with nothing of what was set before.
func TestMovingTheConfigurationAwayRemovesIt(t *testing.T) {
	src := span.NewSource("a.sh", "tljh-config set limits.memory 2G\nsudo mv /opt/tljh/config/config.yaml /root/\n")
	r := shell.Read(src.Whole(), shell.Options{})
	m := Interpret([]step.Carrier{{File: "a.sh", Steps: r.Steps}}, nil)
	last := m.Ops[len(m.Ops)-1]
	if len(m.Ops) != 2 || last.Kind != tljh.OpConfigFile || last.Content.String() != "{}\n" || last.At.Start.Line != 2 {
		t.Errorf("got %d operations, the last is %+v", len(m.Ops), last)
	}
}

package assemble

import (
	"context"
	"strings"
	"testing"
	"time"
)

// Runbooks are read where the settings ask for it, and what rests on one says so.
func TestRunbooks(t *testing.T) {
	files := map[string]string{"install.sh": install, "OPERATIONS.md": "# The hub\n\n```bash\nsudo tljh-config set limits.memory 2G\n```\n"}
	off := load(t, files)
	if got := at(off.Hubs[0].Root, "config/limits/memory"); got != "null" {
		t.Errorf("without the setting: %s", got)
	}
	on := off.With(context.Background(), nil)
	on.opts = Options{Now: time.Now(), Runbooks: true}
	on = (&loader{ctx: context.Background(), tree: off.Files, opts: on.opts}).load()
	n := on.Hubs[0].Root.Get("config", "limits", "memory")
	if got := at(on.Hubs[0].Root, "config/limits/memory"); got != "2G" || !strings.Contains(n.Why, "runbook OPERATIONS.md") || n.At.String() != "OPERATIONS.md:4:36" {
		t.Errorf("with it: %s, %q at %s", got, n.Why, n.At)
	}
	said := false
	for _, p := range on.Problems {
		said = said || strings.Contains(p.Msg, "is a runbook")
	}
	if !said {
		t.Errorf("nobody is told: %+v", on.Problems)
	}
}

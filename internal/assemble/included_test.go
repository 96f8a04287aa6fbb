package assemble

import "testing"

// User data that only names addresses is fetched when the machine starts: the hub's configuration may be set there. By itself it is no hub.
func TestIncludedUserData(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"beside a script":         {map[string]string{"install.sh": install, "user-data": "#include\nhttps://example.org/machine.yaml\n"}, "?"},
		"once, on one line":       {map[string]string{"install.sh": install, "cloud/init.yaml": "#include-once https://example.org/machine.yaml\n"}, "?"},
		"that speaks of TLJH":     {map[string]string{"user-data.txt": "#include\nhttps://example.org/tljh.yaml\n"}, "?"},
		"given to a machine":      {map[string]string{"install.sh": install, "main.tf": "resource \"hcloud_server\" \"hub\" {\n  user_data = file(\"user-data\")\n}\n", "user-data": "#include\nhttps://example.org/machine.yaml\n"}, "?"},
		"that is a program's":     {map[string]string{"install.sh": install, "main": "#include <stdio.h>\n"}, "null"},
		"with nothing beside it":  {map[string]string{"user-data": "#include\nhttps://example.org/machine.yaml\n"}, "no hub"},
		"below another directory": {map[string]string{"hub/install.sh": install, "hub/user-data": "#include\n# first\nhttps://example.org/machine.yaml\n"}, "?"},
	} {
		res, got := load(t, c.files), "no hub"
		if len(res.Hubs) > 0 {
			got = at(res.Hubs[0].Root, "config/limits/memory")
		}
		if got != c.want || len(res.Hubs) > 1 {
			t.Errorf("%s: %s, want %s (%d hubs)", name, got, c.want, len(res.Hubs))
		}
	}
}

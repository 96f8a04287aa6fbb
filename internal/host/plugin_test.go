package host

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func TestPluginActions(t *testing.T) {
	m := interpret(`
-- a.sh --
python3 bootstrap.py --plugin ./plug
-- plug/setup.py --
setup(name="tljh-plug", entry_points={"tljh": ["plug = plug"]})
-- plug/plug.py --
import os
from tljh.hooks import hookimpl

BASE = ["numpy==1.26"]

@hookimpl
def tljh_extra_apt_packages():
    return ["unattended-upgrades"]

@hookimpl
def tljh_extra_user_conda_packages():
    return BASE + ["scipy"]

@hookimpl
def tljh_extra_user_pip_packages():
    return [os.environ["PACKAGE"]]

@hookimpl
def tljh_post_install():
    os.system("tljh-config set limits.memory 2G")

@hookimpl
def tljh_new_user_create(username):
    os.system("tljh-config set limits.memory 9G")
`)
	want := "1-1 install \"(unknown)\" [--plugin] [./plug] plugin plug plug/plug.py\n20-20 set \"limits.memory\" \"2G\"\n"
	if got := ops(m); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var kinds []string
	for _, n := range m.Environment.List() {
		target, _ := n.Get("target").Str()
		kinds = append(kinds, n.Get("kind").Value.(string)+" "+span.Show(target))
	}
	if got := strings.Join(kinds, "; "); got != "plugin ./plug; packages numpy==1.26 scipy; packages " {
		t.Errorf("environment: %s", got)
	}
	if m.Guest.Get("patching") == nil {
		t.Error("unattended-upgrades is installed, and nothing says so")
	}
}

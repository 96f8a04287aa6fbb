package assemble

import (
	"strings"
	"testing"
)

// A repository that holds nothing but a plugin of TLJH holds no hub, in whatever form the plugin is written; anything that
// sets up a hub beside it makes one.
func TestPlugins(t *testing.T) {
	const (
		hook   = "from tljh.hooks import hookimpl\n\n\n@hookimpl\ndef tljh_extra_user_pip_packages():\n    return ['numpy']\n"
		setup  = "from setuptools import setup\nsetup(name='tljh-x', entry_points={'tljh': ['x = tljh_x']}, py_modules=['tljh_x'])\n"
		writes = "from tljh.hooks import hookimpl\nimport subprocess\n\n\n@hookimpl\ndef tljh_post_install():\n    f = open('/opt/tljh/config/jupyterhub_config.d/x.py', 'w')\n" +
			"    f.write('c.Spawner.mem_limit = \"1G\"')\n    subprocess.call('sudo tljh-config reload', shell=True)\n    subprocess.call('tljh-config set limits.memory 1G', shell=True)\n"
		try = "from tljh_x import tljh_custom_jupyterhub_config\n\ntljh_custom_jupyterhub_config(c)\n"
	)
	for name, c := range map[string]struct {
		files map[string]string
		hubs  int
		at    string // where it says that it is a plugin
	}{
		"setup.py":                     {map[string]string{"setup.py": setup, "tljh_x.py": hook}, 0, "setup.py:2"},
		"setup.cfg":                    {map[string]string{"setup.cfg": "[options.entry_points]\ntljh =\n    x = tljh_x\n", "tljh_x.py": hook}, 0, "setup.cfg:3"},
		"pyproject.toml":               {map[string]string{"p/pyproject.toml": "[project.entry-points.tljh]\nx = \"tljh_x\"\n", "p/src/tljh_x/__init__.py": hook}, 0, "p/pyproject.toml:2"},
		"only its code":                {map[string]string{"tljh_x.py": hook}, 0, "tljh_x.py:1"},
		"that writes a snippet":        {map[string]string{"setup.py": setup, "tljh_x.py": writes}, 0, "setup.py:2"},
		"that has a program to help":   {map[string]string{"setup.py": setup, "tljh_x/__init__.py": hook, "tljh_x/build.py": "import os\nos.system('tljh-config set limits.memory 1G')\n"}, 0, "setup.py:2"},
		"with a hub to try it out":     {map[string]string{"setup.py": setup, "tljh_x.py": hook, "jupyterhub_config.py": try}, 0, "setup.py:2"},
		"beside an installer":          {map[string]string{"setup.py": setup, "tljh_x.py": writes, "install.sh": install}, 1, "setup.py:2"},
		"beside a script of settings":  {map[string]string{"setup.py": setup, "tljh_x.py": writes, "set.sh": "sudo tljh-config set limits.memory 1G\n"}, 1, "setup.py:2"},
		"beside another program":       {map[string]string{"setup.py": setup, "tljh_x.py": hook, "ops/deploy.py": "import os\nos.system('tljh-config set limits.memory 1G')\n"}, 1, "setup.py:2"},
		"beside a jupyterhub_config.d": {map[string]string{"setup.py": setup, "tljh_x.py": hook, "jupyterhub_config.d/a.py": "c.Spawner.mem_limit = '1G'\n"}, 1, "setup.py:2"},
		"of something else":            {map[string]string{"setup.py": "from setuptools import setup\nsetup(entry_points={'console_scripts': ['x = x']})\n", "x.py": "print(1)\n"}, 0, ""},
	} {
		res := load(t, c.files)
		at := ""
		if !res.Plugin.IsZero() {
			at = res.Plugin.String()
		}
		if len(res.Hubs) != c.hubs || (at == "") != (c.at == "") || !strings.HasPrefix(at, c.at) {
			t.Errorf("%s: %d hubs, plugin at %q; want %d and %q", name, len(res.Hubs), at, c.hubs, c.at)
		}
	}
}

package assemble

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// From a template to what rules see: what it leaves in the image is the hub's, the machine that it builds on is not.
func TestPackerTemplates(t *testing.T) {
	template := func(provisioner string) string {
		return "source \"amazon-ebs\" \"hub\" {\n  ami_name = \"x\"\n  instance_type = \"t3.micro\"\n}\nbuild {\n  sources = [\"source.amazon-ebs.hub\"]\n" + provisioner + "}\n"
	}
	script := template("  provisioner \"shell\" {\n    script = \"install.sh\"\n  }\n  provisioner \"shell\" {\n    inline = [\"apt-get purge -y unattended-upgrades\"]\n  }\n")
	show := []string{"config/auth/type", "infra/instances/0/machine", "environment/images/0/id"}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"with a script": {map[string]string{"hub.pkr.hcl": script, "install.sh": install},
			"hub(hub.pkr.hcl install.sh) config/auth/type=firstuseauthenticator.FirstUseAuthenticator infra/instances/0/machine=? environment/images/0/id=packer.amazon-ebs.hub removed"},
		"with a playbook": {map[string]string{"hub.pkr.hcl": template("  provisioner \"shell\" {\n    inline = [\"apt-get purge -y unattended-upgrades\"]\n  }\n  provisioner \"ansible\" {\n    playbook_file = \"site.yml\"\n  }\n"), "site.yml": installPlay},
			"hub(site.yml) config/auth/type=firstuseauthenticator.FirstUseAuthenticator infra/instances/0/machine=? environment/images/0/id=packer.amazon-ebs.hub removed"},
		"of something else": {map[string]string{"hub.pkr.hcl": template("  provisioner \"shell\" {\n    inline = [\"apt-get purge -y unattended-upgrades\"]\n  }\n"), "install.sh": install},
			"hub(install.sh) config/auth/type=firstuseauthenticator.FirstUseAuthenticator infra/instances/0/machine=? environment/images/0/id=- ?"},
		"a playbook that is elsewhere": {map[string]string{"hub.pkr.hcl": "# TLJH\n" + template("  provisioner \"ansible\" {\n    playbook_file = \"sub/site.yml\"\n  }\n")},
			"hub(hub.pkr.hcl) config/auth/type=? infra/instances/0/machine=? environment/images/0/id=packer.amazon-ebs.hub ?"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range load(t, c.files).Hubs {
				line := brief(d)
				for _, p := range show {
					if strings.HasPrefix(p, "environment") && len(d.Root.Get("environment", "images").List()) == 0 {
						line += " " + p + "=-"
						continue
					}
					line += " " + p + "=" + at(d.Root, p)
				}
				kind := "?"
				for _, e := range d.Root.Get("infra", "instances").List()[0].Get("patching").List() {
					if k, ok := e.Get("kind").Str(); ok && e.State != "unknown" {
						kind = k
					}
				}
				got = append(got, line+" "+kind)
			}
			if d := cmp.Diff([]string{c.want}, got); d != "" {
				t.Error(d)
			}
		})
	}
}

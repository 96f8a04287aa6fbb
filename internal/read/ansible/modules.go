package ansible

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// modules are what the modules do that may matter for a hub, each as the commands or writes that it amounts to.
func modules(name string) func(*call) {
	switch name {
	case "shell", "raw":
		return (*call).shell
	case "command", "expect":
		return (*call).command
	case "script":
		return (*call).script
	case "docker_container_exec":
		return (*call).inContainer
	case "copy":
		return (*call).copy
	case "template":
		return (*call).template
	case "file":
		return (*call).fileState
	case "lineinfile":
		return (*call).lineInFile
	case "blockinfile":
		return (*call).blockInFile
	case "replace":
		return (*call).replace
	case "ini_file":
		return (*call).iniFile
	case "patch", "assemble", "yedit", "xml", "htpasswd", "openssl_certificate", "x509_certificate":
		return (*call).edits
	case "get_url", "uri":
		return (*call).getURL
	case "unarchive":
		return (*call).unarchive
	case "synchronize":
		return (*call).synchronize
	case "git":
		return (*call).git
	case "pip":
		return (*call).pip
	case "conda", "mamba", "conda_env":
		return (*call).conda
	case "apt", "package", "yum", "dnf", "dnf5", "zypper", "snap":
		return (*call).packages
	case "systemd", "systemd_service", "service", "sysvinit":
		return (*call).service
	case "ufw":
		return (*call).ufw
	case "iptables":
		return (*call).iptables
	case "firewalld":
		return (*call).firewalld
	case "cron":
		return (*call).cron
	case "authorized_key":
		return (*call).authorizedKey
	case "mount":
		return (*call).mount
	case "filesystem":
		return (*call).filesystem
	case "docker_container", "docker_swarm_service", "podman_container":
		return (*call).container
	}
	return nil
}

// harmless are modules that change nothing that is asked about.
var harmless = " debug fail assert stat wait_for wait_for_connection setup gather_facts service_facts package_facts ping pause reboot hostname timezone group user getent " +
	"slurp find tempfile fetch set_stats apt_key apt_repository rpm_key yum_repository debconf sysctl modprobe locale_gen known_hosts acl " +
	"git_config lvg lvol parted zfs selinux seboolean alternatives npm gem cpanm yarn composer docker_image docker_network docker_volume docker_login docker_compose docker_compose_v2 docker_swarm " +
	"docker_stack openssl_privatekey openssl_csr openssl_dhparam acme_account acme_certificate make async_status include_vars mysql_db mysql_user postgresql_db postgresql_user postgresql_ext " +
	"mail slack read_csv import_role pam_limits pamd capabilities swap sysrc ec2_metadata_facts ansible_galaxy_install dpkg_selections dpkg_divert apt_repo deb822_repository homebrew "

// makers are modules that make machines.
var makers = map[string]bool{"ec2_instance": true, "ec2": true, "ec2_asg": true, "ec2_launch_template": true, "server": true, "os_server": true, "hcloud_server": true,
	"digital_ocean_droplet": true, "digital_ocean": true, "droplet": true, "gcp_compute_instance": true, "gce": true, "azure_rm_virtualmachine": true, "azure_rm_vm": true, "linode_v4": true,
	"linode": true, "instance": true, "vultr_server": true, "proxmox": true, "proxmox_kvm": true, "vmware_guest": true, "virt": true, "lxd_container": true, "cloudformation": true, "terraform": true,
	"azure_rm_deployment": true, "lightsail": true, "os_stack": true, "stack": true, "cs_instance": true, "scaleway_compute": true, "ovh_public_cloud_instance": true}

// module does what a task's module does.
func (r *run) module(n, key, arg *yaml.Node) {
	if !r.spend(10) {
		r.tooMuch(n)
		return
	}
	c := r.callOf(n, key, arg)
	switch c.name {
	case "include_tasks", "import_tasks", "include":
		c.includeTasks()
		return
	case "include_role", "import_role":
		c.includeRole(n)
		return
	case "include_vars":
		c.includeVars()
		return
	case "set_fact":
		c.setFact()
		return
	case "meta":
		switch c.free.String() {
		case "flush_handlers":
			r.flush()
		case "end_play", "end_host", "end_batch":
			r.finishPlay()
		}
		return
	case "add_host":
		c.addHost()
		return
	case "group_by":
		return
	}
	if strings.Contains(" "+harmless, " "+c.name+" ") {
		return
	}
	if c.inCloud() {
		return
	}
	if do := modules(c.name); do != nil {
		do(c)
		return
	}
	c.other()
}

// finishPlay ends a play, or makes the rest of it conditional.
func (r *run) finishPlay() {
	if r.cond == nil {
		r.ended = true
	} else if r.early == nil {
		r.early = &step.Cond{Why: "the play may have ended before: " + r.cond.Why, At: r.cond.At}
	}
}

// other is a module that is not known here: its words are given to package host, which looks whether they name TLJH's files.
func (c *call) other() {
	words := []span.Text{c.key}
	for _, k := range sortedKeys(c.args) {
		if t, ok := c.text(k); ok {
			words = append(words, t)
		}
	}
	if c.free.Len() > 0 {
		words = append(words, c.free)
	}
	for _, w := range words {
		if strings.Contains(w.String(), "tljh") {
			c.r.opaque(c.key, "the module "+c.name+" may configure the hub; what it does is not worked out")
			return
		}
	}
	c.run(words)
}

// run emits a command.
func (c *call) run(argv []span.Text) {
	dir := "~"
	if d := c.str("chdir"); d != "" {
		dir = d
	}
	c.r.emit(step.Step{Argv: argv, Env: c.r.env, Dir: dir, At: c.at})
}

// write emits a file that is written.
func (c *call) write(dest, content span.Text, more bool) {
	c.r.emit(step.Step{Dest: dest, Content: content, Append: more, Mode: c.str("mode"), Dir: "~", At: c.at})
}

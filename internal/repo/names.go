package repo

import (
	"path"
	"strings"
)

// templateExt are extensions of files that something renders before use.
var templateExt = []string{".j2", ".jinja2", ".jinja", ".tpl", ".tmpl", ".template", ".tftpl", ".erb", ".in"}

// untemplated is name without a template's extension, and whether it had one.
func untemplated(name string) (string, bool) {
	for _, e := range templateExt {
		if s, ok := strings.CutSuffix(name, e); ok && s != "" {
			return s, true
		}
	}
	return name, false
}

func isTerraform(name string) bool {
	return hasSuffix(name, ".tf", ".tofu", ".tf.json", ".tofu.json")
}

func isVarFile(name string) bool {
	return hasSuffix(name, ".tfvars", ".tfvars.json") || name == "terragrunt.hcl"
}

func isPacker(name string) bool { return hasSuffix(name, ".pkr.hcl", ".pkr.json") }

func isYAML(name string) bool { return hasSuffix(name, ".yaml", ".yml") }

func isShell(name string) bool { return hasSuffix(name, ".sh", ".bash") }

// odd says whether a name tells nothing about the content, so that the first line has to: no extension, or one of
// those that user data and scripts are given.
func odd(name string) bool {
	switch ext := path.Ext(name); ext {
	case "", ".cfg", ".init", ".txt", ".run", ".command", ".userdata", ".user-data", ".cloud-config", ".cloudinit", ".mime", ".jinja":
		return !strings.HasPrefix(name, ".")
	}
	return false
}

// relevant says whether a file of that name may matter at all.
func relevant(name string) bool {
	name, _ = untemplated(name)
	return isTerraform(name) || isVarFile(name) || isPacker(name) || isYAML(name) || isShell(name) || odd(name)
}

func hasSuffix(s string, suffixes ...string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) && len(s) > len(x) {
			return true
		}
	}
	return false
}

// Kinds of files that have a reader.
const (
	WorkflowKind   = "GitHub workflow"
	GitLabKind     = "GitLab pipeline"
	MakefileKind   = "Makefile"
	PackerKind     = "Packer template"
	VagrantKind    = "Vagrantfile"
	ProxyKind      = "web server configuration"
	DockerfileKind = "Dockerfile"
	ComposeKind    = "Compose file"
	PuppetKind     = "Puppet manifest"
)

// HasReader says whether files of a kind are read: what they set is only unknown where they cannot be.
func HasReader(kind string) bool {
	switch kind {
	case AnsibleKind, WorkflowKind, GitLabKind, MakefileKind, PackerKind, DockerfileKind, ComposeKind, VagrantKind, ProxyKind, PuppetKind:
		return true
	}
	return Stack(kind)
}

// nearProxy says whether a path speaks of nginx, or of the directories of its sites.
func nearProxy(file string) bool {
	low := strings.ToLower(file)
	return strings.Contains(low, "nginx") || strings.Contains(low, "sites-available/") || strings.Contains(low, "sites-enabled/")
}

// unreadKind is the kind of a file in a format without a reader, by its name and place; "" if it is none.
func unreadKind(file string) string {
	name, _ := untemplated(path.Base(file))
	low := strings.ToLower(name)
	dir := path.Dir(file)
	switch {
	case low == "makefile" || low == "gnumakefile" || hasSuffix(low, ".mk"):
		return MakefileKind
	case low == "justfile" || low == "taskfile.yml" || low == "taskfile.yaml":
		return "task file"
	case low == "vagrantfile":
		return VagrantKind
	case strings.HasPrefix(low, "dockerfile") || hasSuffix(low, ".dockerfile") || strings.HasPrefix(low, "containerfile"):
		return DockerfileKind
	case isYAML(low) && (strings.HasPrefix(low, "docker-compose") || strings.HasPrefix(low, "compose.")):
		return ComposeKind
	case isYAML(low) && strings.HasSuffix("/"+dir, "/.github/workflows"):
		return WorkflowKind
	case low == ".gitlab-ci.yml" || low == ".gitlab-ci.yaml":
		return GitLabKind
	case isYAML(low) && (strings.HasSuffix("/"+dir, "/.circleci") || low == "azure-pipelines.yml" || low == "cloudbuild.yaml"):
		return "CI pipeline"
	case low == "caddyfile" || low == "haproxy.cfg" || low == "nginx.conf" || hasSuffix(low, ".nginx", ".caddyfile"),
		hasSuffix(low, ".conf") && nearProxy(file):
		return ProxyKind
	case low == "jenkinsfile":
		return "CI pipeline"
	case isPacker(low):
		return PackerKind
	case hasSuffix(low, ".bicep"):
		return BicepKind
	case hasSuffix(low, ".ps1", ".bat", ".cmd"):
		return "Windows script"
	case hasSuffix(low, ".pp"):
		return PuppetKind
	case hasSuffix(low, ".sls"):
		return "Salt state"
	case hasSuffix(low, ".rb") && (strings.Contains("/"+dir+"/", "/recipes/") || strings.Contains("/"+dir+"/", "/cookbooks/")):
		return "Chef recipe"
	case hasSuffix(low, ".nix"):
		return "Nix expression"
	}
	return ""
}
